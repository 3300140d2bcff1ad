//! Typesetting: a source and files in memory to pages, and pages to PDF, PNG or SVG. Touches no disk and no clock.

use crate::cartography::font;
use std::collections::HashMap;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::{LazyHash, Scalar};
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use typst_render::RenderOptions;
use typst_svg::SvgOptions;

/// Most pixels of a picture; it is held in memory whole, four bytes each.
pub const MOST_PIXELS: f64 = 120.0e6;

/// Points in an inch, the unit of the typesetter.
const POINTS_PER_INCH: f64 = 72.0;

/// A template that could not be typeset, or a picture that is too large.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TypesetError {
    /// What the typesetter says.
    #[error("{0}")]
    Template(String),
    /// More than [`MOST_PIXELS`] pixels.
    #[error("{megapixels} million pixels are too many; at most {most_dpi} dpi")]
    TooLarge {
        /// Millions of pixels asked for.
        megapixels: u32,
        /// Highest resolution that is not refused.
        most_dpi: u32,
    },
}

/// Pages, set.
#[derive(Debug)]
pub struct Pages(PagedDocument);

static FONTS: LazyLock<(Vec<Font>, LazyHash<FontBook>)> = LazyLock::new(|| {
    let faces = [font::REGULAR, font::BOLD].into_iter();
    let fonts: Vec<Font> = faces.flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect();
    let book = FontBook::from_fonts(&fonts);
    (fonts, LazyHash::new(book))
});

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// All that the typesetter may see.
struct Desk {
    main: Source,
    files: HashMap<FileId, Bytes>,
}

fn identity(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.1
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.0.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Sets a source that may read the files named beside it.
pub fn pages(source: &str, files: Vec<(String, Vec<u8>)>) -> Result<Pages, TypesetError> {
    let main = identity("main.typ").ok_or_else(|| TypesetError::Template("main.typ".into()))?;
    let files = files.into_iter().filter_map(|(name, bytes)| Some((identity(&name)?, Bytes::new(bytes)))).collect();
    let desk = Desk { main: Source::new(main, source.to_owned()), files };
    let document = typst::compile::<PagedDocument>(&desk).output;
    // Typst remembers every step of every document; what the last sheets did not use is let go
    typst::comemo::evict(2);
    document.map(Pages).map_err(|faults| complaint(&faults))
}

fn complaint(faults: &[SourceDiagnostic]) -> TypesetError {
    let words: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    TypesetError::Template(words.join("; "))
}

impl Pages {
    /// Vector pages with the used glyphs of each face embedded; the text can be selected and searched.
    pub fn pdf(&self) -> Result<Vec<u8>, TypesetError> {
        let options = PdfOptions {
            creator: Smart::Custom(Some(concat!("Redline Atlas ", env!("CARGO_PKG_VERSION")).into())),
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&self.0, &options).map_err(|faults| complaint(&faults))
    }

    /// The first page as a picture that says its resolution.
    pub fn png(&self, dpi: f64) -> Result<Vec<u8>, TypesetError> {
        let Some(page) = self.0.pages().first() else { return Ok(Vec::new()) };
        let size = page.frame.size();
        let square_inches = size.x.to_pt() * size.y.to_pt() / (POINTS_PER_INCH * POINTS_PER_INCH);
        let pixels = square_inches * dpi * dpi;
        if !(pixels <= MOST_PIXELS && dpi > 0.0) {
            let most_dpi = (MOST_PIXELS / square_inches).sqrt().floor() as u32;
            return Err(TypesetError::TooLarge { megapixels: (pixels / 1e6).ceil() as u32, most_dpi });
        }
        let options = RenderOptions { pixel_per_pt: Scalar::new(dpi / POINTS_PER_INCH), ..RenderOptions::default() };
        let picture = typst_render::render(page, &options).encode_png();
        let picture = picture.map_err(|error| TypesetError::Template(error.to_string()))?;
        Ok(with_resolution(picture, dpi))
    }

    /// The first page as SVG; glyphs become outlines.
    pub fn svg(&self) -> Vec<u8> {
        let page = self.0.pages().first();
        page.map(|page| typst_svg::svg(page, &SvgOptions::default()).into_bytes()).unwrap_or_default()
    }
}

/// Length of the signature and the header chunk of every PNG.
const PNG_HEADER: usize = 33;

/// Puts the `pHYs` chunk (pixels per metre) behind the header.
fn with_resolution(picture: Vec<u8>, dpi: f64) -> Vec<u8> {
    let (Some(header), Some(rest)) = (picture.get(..PNG_HEADER), picture.get(PNG_HEADER..)) else { return picture };
    let per_metre = ((dpi / 0.0254).round() as u32).to_be_bytes();
    let mut body = b"pHYs".to_vec();
    body.extend(per_metre);
    body.extend(per_metre);
    body.push(1);
    let check = checksum(&body);
    let mut whole = header.to_vec();
    whole.extend(9_u32.to_be_bytes());
    whole.extend(body);
    whole.extend(check.to_be_bytes());
    whole.extend(rest);
    whole
}

/// CRC-32 of ISO 3309, as PNG asks.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(checksum(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn the_same_source_gives_the_same_bytes_and_sees_only_its_files() {
        let set = || {
            pages(
                "#set text(font: \"Noto Sans CJK SC\")\n= 无锡 #read(\"a.txt\")",
                vec![("a.txt".into(), b"x".to_vec())],
            )
        };
        assert_eq!(set().unwrap().pdf().unwrap(), set().unwrap().pdf().unwrap());
        assert!(matches!(pages("#read(\"/etc/passwd\")", Vec::new()), Err(TypesetError::Template(_))));
    }

    #[test]
    fn a_picture_too_large_is_refused_with_the_largest_resolution() {
        let page = pages("#set page(width: 10in, height: 10in)\nx", Vec::new()).unwrap();
        assert_eq!(page.png(2000.0).unwrap_err(), TypesetError::TooLarge { megapixels: 400, most_dpi: 1095 });
    }
}
