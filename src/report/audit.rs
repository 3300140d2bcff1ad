//! An audit as a workbook, and as features: ground lost, ground gained, the zones of the new version.

use super::book::{BookError, Cell, Page, bind};
use crate::atlas::{Feature, Layer, Quality, Value};
use crate::format::{self, Format, Target, WriteError, WriteLayer, Written};
use crate::siting::audit::{Audit, VersionUsed, ZoneChange};
use crate::text::{Text, audit as words};
use geo::{Geometry, MultiPolygon};

/// An audit as a workbook: summary, zones, types, projects, sources.
pub fn audit_workbook(audit: &Audit, text: &Text) -> Result<Vec<u8>, BookError> {
    let sheet = &text.audit.sheet;
    let mut pages = vec![summary(audit, text)?, zones(audit, text)?];
    if !audit.types.is_empty() {
        pages.push(types(audit, text)?);
    }
    if audit.projects.is_some() {
        pages.push(projects(audit, text)?);
    }
    let mut sources = Page::new(&sheet.sources)?;
    sources.widths(&[16.0, 30.0, 30.0, 16.0, 68.0, 40.0, 12.0])?;
    let source = &text.batch.source;
    sources.subhead([
        text.audit.column.figure.as_str(),
        &source.title,
        &source.file,
        &source.version,
        &source.sha256,
        &source.origin,
        &text.batch.data_quality,
    ])?;
    for (name, used) in [(&sheet.old, &audit.old), (&sheet.new, &audit.new)] {
        sources.row(version(name, used, text))?;
    }
    pages.push(sources);
    bind(pages, &text.audit.title, audit.as_of)
}

fn version(name: &str, used: &VersionUsed, text: &Text) -> [Cell; 7] {
    [
        Cell::words(name),
        Cell::words(&used.title),
        Cell::words(&used.file),
        Cell::words(&used.version),
        Cell::words(&used.sha256),
        Cell::words(&used.source),
        Cell::words(text.common.quality(used.quality)),
    ]
}

fn summary(audit: &Audit, text: &Text) -> Result<Page, BookError> {
    let (sheet, column) = (&text.audit.sheet, &text.audit.column);
    let mut page = Page::new(&sheet.summary)?;
    page.widths(&[24.0, 22.0, 18.0])?;
    page.subhead([column.figure.as_str(), &column.square_metres, &column.hectares])?;
    let hectares = &audit.hectares;
    for (name, m2, ha) in [
        (&sheet.old, audit.old_m2, hectares.old),
        (&sheet.new, audit.new_m2, hectares.new),
        (&sheet.unchanged, audit.unchanged_m2, hectares.unchanged),
        (&sheet.lost, audit.lost_m2, hectares.lost),
        (&sheet.gained, audit.gained_m2, hectares.gained),
        (&sheet.net, audit.net_m2, hectares.new - hectares.old),
    ] {
        page.row([Cell::words(name), Cell::Number(m2), Cell::Number(ha)])?;
    }
    page.line("")?;
    for line in words::head_sentences(audit, text) {
        page.line(&line)?;
    }
    page.line(&words::counts_sentence(audit, text))?;
    page.line(&text.audit.panel.own_note)?;
    page.line(&text.siting.reservation)?;
    page.line(audit.method)?;
    Ok(page)
}

fn zones(audit: &Audit, text: &Text) -> Result<Page, BookError> {
    let column = &text.audit.column;
    let mut page = Page::new(&text.audit.sheet.zones)?;
    page.head([
        (column.id.as_str(), 18.0),
        (&column.name, 28.0),
        (&column.class, 20.0),
        (&column.state, 10.0),
        (&column.matched, 14.0),
        (&column.match_share, 12.0),
        (&column.old, 18.0),
        (&column.new, 18.0),
        (&column.unchanged, 18.0),
        (&column.lost, 18.0),
        (&column.gained, 18.0),
        (&column.uncovered, 22.0),
        (&column.newly_covered, 22.0),
        (&column.fields, 40.0),
        (&text.batch.data_quality, 10.0),
    ])?;
    for zone in &audit.zones {
        page.row([
            Cell::words(&zone.id),
            Cell::words(&zone.name),
            Cell::words(text.common.value(&zone.class_field, &zone.class)),
            Cell::words(words::state_word(zone.state, text)),
            Cell::words(words::matched_word(zone, text)),
            Cell::number(zone.match_share),
            Cell::Number(zone.old_m2),
            Cell::Number(zone.new_m2),
            Cell::Number(zone.unchanged_m2),
            Cell::Number(zone.lost_m2),
            Cell::Number(zone.gained_m2),
            Cell::Number(zone.uncovered_m2),
            Cell::Number(zone.newly_covered_m2),
            Cell::words(words::fields_words(zone, text)),
            Cell::words(text.common.quality(audit.data_quality)),
        ])?;
    }
    Ok(page)
}

fn types(audit: &Audit, text: &Text) -> Result<Page, BookError> {
    let column = &text.audit.column;
    let mut page = Page::new(&text.audit.sheet.types)?;
    page.head([
        (column.field.as_str(), 14.0),
        (&column.value, 28.0),
        (&column.old_zones, 10.0),
        (&column.new_zones, 10.0),
        (&column.old, 18.0),
        (&column.new, 18.0),
        (&column.unchanged, 18.0),
        (&column.lost, 18.0),
        (&column.gained, 18.0),
    ])?;
    for kind in &audit.types {
        page.row([
            Cell::words(text.common.field(&kind.field)),
            Cell::words(text.common.value(&kind.field, &kind.value)),
            Cell::count(kind.old_zones),
            Cell::count(kind.new_zones),
            Cell::Number(kind.old_m2),
            Cell::Number(kind.new_m2),
            Cell::Number(kind.unchanged_m2),
            Cell::Number(kind.lost_m2),
            Cell::Number(kind.gained_m2),
        ])?;
    }
    Ok(page)
}

fn projects(audit: &Audit, text: &Text) -> Result<Page, BookError> {
    let column = &text.audit.column;
    let mut page = Page::new(&text.audit.sheet.projects)?;
    page.head([
        (text.batch.column_id.as_str(), 16.0),
        (&text.batch.column_name, 28.0),
        (&column.old_verdict, 14.0),
        (&column.new_verdict, 14.0),
        (&column.by, 28.0),
        (&column.old_overlap, 18.0),
        (&column.new_overlap, 18.0),
        (&text.batch.data_quality, 10.0),
    ])?;
    let grade = |grade: crate::siting::Grade| {
        Cell::words(text.panel.siting.grade.get(grade.code()).map_or(grade.code(), String::as_str))
    };
    let quality = || Cell::words(text.common.quality(audit.data_quality));
    for project in audit.projects.iter().flat_map(|projects| projects.flipped.iter().chain(&projects.touched)) {
        let head = || {
            [
                Cell::words(&project.id),
                Cell::words(&project.name),
                grade(project.old_verdict),
                grade(project.new_verdict),
            ]
        };
        for zone in &project.zones {
            let told = [
                Cell::words(&zone.name),
                Cell::Number(zone.old_overlap_m2),
                Cell::Number(zone.new_overlap_m2),
                quality(),
            ];
            page.row(head().into_iter().chain(told))?;
        }
        if project.zones.is_empty() {
            let told = [Cell::words(&text.audit.untold), Cell::Empty, Cell::Empty, quality()];
            page.row(head().into_iter().chain(told))?;
        }
    }
    Ok(page)
}

/// An audit as features: ground lost, ground gained, every zone with what became of it.
pub fn audit_features(
    audit: &Audit,
    (old, new): (&Layer, &Layer),
    format: Format,
    text: &Text,
) -> Result<Written, WriteError> {
    let notice = match audit.data_quality {
        Quality::Schematic => Value::Text(text.common.schematic_notice.clone()),
        _ => Value::Null,
    };
    let ground = |change: &str, shape: &MultiPolygon, m2: f64| {
        let parts = shape.0.iter().enumerate().map(|(number, part)| {
            let values = [
                ("change", Value::Text(change.to_owned())),
                ("area_m2", Value::Real(part_area(part))),
                ("total_m2", Value::Real(m2)),
                ("data_quality", Value::Text(audit.data_quality.code().to_owned())),
                ("notice", notice.clone()),
            ];
            Feature {
                id: format!("{change}-{}", number + 1),
                shape: Some(Geometry::Polygon(part.clone())),
                values: values.map(|(name, value)| (name.to_owned(), value)).into(),
            }
        });
        parts.collect::<Vec<Feature>>()
    };
    let lost = ground("lost", &audit.lost, audit.lost_m2);
    let gained = ground("gained", &audit.gained, audit.gained_m2);
    let zones: Vec<Feature> = audit.zones.iter().map(|zone| feature(zone, old, new, &notice)).collect();
    let sheet = &text.audit.sheet;
    let layers = [
        WriteLayer::of(&sheet.lost, &lost),
        WriteLayer::of(&sheet.gained, &gained),
        WriteLayer::of(&sheet.zones, &zones),
    ];
    format::write(format, &layers, &Target::default())
}

fn part_area(part: &geo::Polygon) -> f64 {
    (crate::geometry::polygon_area(part).square_metres() * 1e4).round() / 1e4
}

/// A zone with its outline in the new version, or in the old one where it was removed.
fn feature(zone: &ZoneChange, old: &Layer, new: &Layer, notice: &Value) -> Feature {
    let of = |layer: &Layer, ids: &[String]| -> Vec<geo::Polygon> {
        let shapes = ids.iter().filter_map(|id| layer.find(id)?.1.shape.clone());
        let polygons = shapes.flat_map(|shape| match shape {
            Geometry::Polygon(polygon) => vec![polygon],
            Geometry::MultiPolygon(polygons) => polygons.0,
            _ => Vec::new(),
        });
        polygons.collect()
    };
    let polygons = if zone.new_ids.is_empty() { of(old, &zone.old_ids) } else { of(new, &zone.new_ids) };
    let matched = zone.matched_by.map_or(Value::Null, |by| Value::Text(by.code().to_owned()));
    let values = [
        ("name", Value::Text(zone.name.clone())),
        ("class", Value::Text(zone.class.clone())),
        ("change", Value::Text(zone.state.code().to_owned())),
        ("matched_by", matched),
        ("old_m2", Value::Real(zone.old_m2)),
        ("new_m2", Value::Real(zone.new_m2)),
        ("unchanged_m2", Value::Real(zone.unchanged_m2)),
        ("lost_m2", Value::Real(zone.lost_m2)),
        ("gained_m2", Value::Real(zone.gained_m2)),
        ("uncovered_m2", Value::Real(zone.uncovered_m2)),
        ("newly_covered_m2", Value::Real(zone.newly_covered_m2)),
        ("notice", notice.clone()),
    ];
    Feature {
        id: zone.id.clone(),
        shape: (!polygons.is_empty()).then_some(Geometry::MultiPolygon(MultiPolygon(polygons))),
        values: values.map(|(name, value)| (name.to_owned(), value)).into(),
    }
}
