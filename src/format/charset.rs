//! Bytes to text: UTF-8, GBK and GB18030, UTF-16, or what the person says.

use super::{FormatError, How, Problem, ProblemKind, Problems, Progress};
use encoding_rs::Encoding;
use std::borrow::Cow;

/// Bytes that are decoded at once.
const PIECE: usize = 16 << 20;

/// The text and its encoding. Where the encoding had to be recognised, or does not fit, that is told.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    told: Option<&str>,
    progress: &Progress,
    problems: &mut Problems,
) -> Result<(Cow<'a, str>, (String, How)), FormatError> {
    let (text, name, how, is_broken) = decode_watched(bytes, told, progress).map_err(FormatError::UnknownEncoding)?;
    if how == How::Recognised && name != "UTF-8" {
        problems.add(Problem::of_file(ProblemKind::EncodingRecognised(name.to_owned())));
    }
    if is_broken {
        problems.add(Problem::of_file(ProblemKind::EncodingBroken(name.to_owned())));
    }
    Ok((text, (name.to_owned(), how)))
}

/// The text, the name of its encoding, how that became known, and whether letters did not fit it. Fails with the name
/// of an encoding that is not known.
pub(super) fn decode_text<'a>(
    bytes: &'a [u8],
    told: Option<&str>,
) -> Result<(Cow<'a, str>, &'static str, How, bool), String> {
    decode_watched(bytes, told, &Progress::default())
}

fn decode_watched<'a>(
    bytes: &'a [u8],
    told: Option<&str>,
    progress: &Progress,
) -> Result<(Cow<'a, str>, &'static str, How, bool), String> {
    let (encoding, how) = match (told, encoding_rs::Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some(name), _, _) => {
            let encoding = encoding_rs::Encoding::for_label(name.trim().as_bytes());
            (encoding.ok_or_else(|| name.to_owned())?, How::Declared)
        }
        (None, Some((encoding, _)), _) => (encoding, How::Declared),
        (None, None, Ok(text)) => {
            let how = if bytes.is_ascii() { How::Assumed } else { How::Recognised };
            return Ok((Cow::Borrowed(text), "UTF-8", how, false));
        }
        // a file cut within a letter is still UTF-8
        (None, None, Err(error)) if error.error_len().is_none() => (encoding_rs::UTF_8, How::Recognised),
        (None, None, Err(_)) => (encoding_rs::GB18030, How::Recognised),
    };
    let (text, is_broken) = decoded(bytes, encoding, progress);
    // the library writes this one small
    let name = if encoding == encoding_rs::GB18030 { "GB18030" } else { encoding.name() };
    Ok((text, name, how, is_broken))
}

/// Decodes bytes; piece by piece where there are many, so that it can be called off.
fn decoded<'a>(bytes: &'a [u8], encoding: &'static Encoding, progress: &Progress) -> (Cow<'a, str>, bool) {
    if bytes.len() <= PIECE {
        let (text, _, is_broken) = encoding.decode(bytes);
        return (text, is_broken);
    }
    let mut decoder = encoding.new_decoder();
    let mut text = String::new();
    let mut is_broken = false;
    let count = bytes.len().div_ceil(PIECE);
    for (number, piece) in (1..).zip(bytes.chunks(PIECE)) {
        if progress.is_cancelled() {
            break;
        }
        text.reserve(decoder.max_utf8_buffer_length(piece.len()).unwrap_or(piece.len()));
        let (.., had_errors) = decoder.decode_to_string(piece, &mut text, number == count);
        is_broken |= had_errors;
    }
    (Cow::Owned(text), is_broken)
}
