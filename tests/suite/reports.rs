//! Map sheets as they leave the house: what they say, how true the scale is, the same bytes twice.

use geo::{Coord, Rect};
use redline_atlas::atlas::{Atlas, Date};
use redline_atlas::report::{Extent, SheetFormat, SheetRequest, sheet};
use redline_atlas::storage::atlas::open_bundled;
use std::collections::HashMap;

fn request(atlas: &Atlas, format: SheetFormat) -> SheetRequest {
    let layers = atlas.layers.iter().map(|layer| (layer.id, 1.0)).collect();
    let day: Date = "2026-11-24".parse().unwrap();
    let area = Rect::new(Coord { x: 120.25, y: 31.50 }, Coord { x: 120.40, y: 31.60 });
    SheetRequest { format, dpi: 40.0, extent: Extent::Area(area), ..SheetRequest::new(layers, day) }
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let atlas = open_bundled().unwrap();
    for (format, start) in
        [(SheetFormat::Pdf, &b"%PDF-"[..]), (SheetFormat::Png, &b"\x89PNG"[..]), (SheetFormat::Svg, &b"<svg"[..])]
    {
        let make = || sheet(&request(&atlas, format), &atlas, &HashMap::new()).unwrap().bytes;
        let bytes = make();
        assert!(bytes.starts_with(start), "{format:?}");
        assert!(bytes == make(), "{format:?}");
    }
}

#[test]
fn the_printed_scale_is_true() {
    let atlas = open_bundled().unwrap();
    let asked = SheetRequest { scale: Some(50_000.0), ..request(&atlas, SheetFormat::Svg) };
    let made = sheet(&asked, &atlas, &HashMap::new()).unwrap();
    assert_eq!(made.denominator, 50_000.0);
    assert!((made.bar.millimetres * 50.0 / made.bar.metres - 1.0).abs() < 0.002);
    let free = sheet(&request(&atlas, SheetFormat::Svg), &atlas, &HashMap::new()).unwrap();
    assert!(redline_atlas::report::layout::SCALES.contains(&free.denominator));
}

#[test]
fn faces_are_embedded_and_the_title_is_told() {
    let atlas = open_bundled().unwrap();
    let asked = SheetRequest { title: "示例图".into(), ..request(&atlas, SheetFormat::Pdf) };
    let made = sheet(&asked, &atlas, &HashMap::new()).unwrap();
    assert_eq!(made.title, "示例图");
    let has = |words: &[u8]| made.bytes.windows(words.len()).any(|part| part == words);
    assert!(has(b"NotoSansCJKsc-Regular") && has(b"NotoSansCJKsc-Bold") && has(b"/ToUnicode"));
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let atlas = open_bundled().unwrap();
    let base = request(&atlas, SheetFormat::Png);
    let away = Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 1.0, y: 1.0 });
    let broken = [
        SheetRequest { extent: Extent::Area(away), ..base.clone() },
        SheetRequest { dpi: f64::NAN, ..base.clone() },
        SheetRequest { dpi: 2400.0, paper: redline_atlas::report::Paper::A0, ..base.clone() },
        SheetRequest { scale: Some(0.0), ..base.clone() },
        SheetRequest { extent: Extent::Feature(redline_atlas::atlas::Theme::Rivers, "none".into()), ..base },
    ];
    for asked in broken {
        assert!(sheet(&asked, &atlas, &HashMap::new()).is_err());
    }
}
