//! The bundled Chinese faces, and words measured with them, so that screen and paper break lines alike.

use std::sync::LazyLock;
use ttf_parser::Face;

/// Noto Sans SC Regular, cut to GBK and the rare characters of names.
pub const REGULAR: &[u8] = include_bytes!("../../assets/font/NotoSansSC-Regular.otf");
/// Noto Sans SC Bold, cut to GBK and the rare characters of names.
pub const BOLD: &[u8] = include_bytes!("../../assets/font/NotoSansSC-Bold.otf");

static REGULAR_FACE: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::parse(REGULAR, 0).ok());
static BOLD_FACE: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::parse(BOLD, 0).ok());

fn face(is_bold: bool) -> Option<&'static Face<'static>> {
    if is_bold { BOLD_FACE.as_ref() } else { REGULAR_FACE.as_ref() }
}

/// Width of words in the unit of `size`.
pub fn width(words: &str, size: f64, is_bold: bool) -> f64 {
    words.chars().map(|letter| advance(letter, size, is_bold)).sum()
}

/// Advance of one character in the unit of `size`; one that is missing counts as a full square.
pub fn advance(letter: char, size: f64, is_bold: bool) -> f64 {
    let known = face(is_bold).and_then(|face| {
        let advance = face.glyph_hor_advance(face.glyph_index(letter)?)?;
        Some(f64::from(advance) / f64::from(face.units_per_em()))
    });
    known.unwrap_or(1.0) * size
}

/// Whether both faces can draw the character.
pub fn has(letter: char) -> bool {
    [false, true].into_iter().all(|is_bold| face(is_bold).is_some_and(|face| face.glyph_index(letter).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_han_character_is_a_square_and_rare_names_have_glyphs() {
        assert!((width("无锡", 10.0, false) - 20.0).abs() < 1e-9);
        assert!("渎氿㳇潼涑喆堃昇Ⅲ①公顷㎡²×°′″—…≤≥".chars().all(has));
    }
}
