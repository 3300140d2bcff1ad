//! What the report says, as blocks that the template sets: headings, pairs, tables, conflicts, maps. Order and wording
//! are here, the look is the template's.

use super::conflict::{conflict_block, further_table};
use super::evidence::{Attached, name};
use super::figure::{Figures, MOST};
use super::points;
use super::seal::fingerprint;
use super::surroundings::Surroundings;
use super::{Case, KeptLayer};
use crate::atlas::{LandUse, Quality, Site};
use crate::geometry::GaussKruger;
use crate::siting::{Consequence, Finding, Grade, Status, Verdict, along_edge, usual_accuracy};
use crate::text::siting::{areas, grouped, percent, problem_kind, theme_sentence};
use crate::text::{Language, Text, fill};
use crate::waters::Waters;
use geo::{BoundingRect, Centroid, CoordsIter};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A finding that has its own number, table and map.
#[derive(Debug)]
pub(super) struct Conflict<'a> {
    pub number: usize,
    pub finding: &'a Finding,
    pub figure: Option<usize>,
}

/// Everything that is set.
pub(super) struct Content {
    pub data: Value,
    /// Pictures that the template reads.
    pub files: Vec<Attached>,
    words: &'static Text,
}

/// Findings with a number: what shares ground or a border and has a consequence.
pub(super) fn conflicts(verdict: &Verdict) -> Vec<Conflict<'_>> {
    let found = verdict.findings.iter().filter(|finding| finding.consequence != Consequence::None);
    (1..).zip(found).map(|(number, finding)| Conflict { number, finding, figure: None }).collect()
}

impl Content {
    /// `layers` are those at hand and `program` the program when the report was first made.
    pub fn of(
        case: &Case,
        around: &[Surroundings],
        layers: &[KeptLayer],
        program: &str,
        text: &'static Text,
    ) -> Content {
        let figures = Figures::new(case, text);
        let mut writer = Writer { case, layers, program, text, figures, sections: Vec::new() };
        let is_alone = case.sites.len() == 1;
        let told: Vec<_> = case.sites.iter().zip(&case.screening.sites).zip(around).collect();
        if let (true, Some(((site, verdict), around))) = (is_alone, told.first()) {
            writer.site(site, verdict, around, 1);
        } else {
            writer.sources(1);
            writer.method(1);
            for ((site, verdict), around) in &told {
                writer.chapter(verdict);
                writer.site(site, verdict, around, 2);
            }
        }
        writer.closing();
        let (sections, files) = (writer.sections, writer.figures.files);
        let data = frame(case, text, sections);
        Content { data, files, words: text }
    }

    /// Lists what is attached, and says when the answer does not follow from it.
    pub fn attach(&mut self, attached: &[Attached], proves: bool) {
        let text = self.words;
        let words = &text.report.proof;
        let counts = attached.iter().find(|(file, _)| file == name::LAYERS).map(|(_, bytes)| bytes);
        let layers: Vec<KeptLayer> = counts
            .and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok())
            .and_then(|kept| serde_json::from_value(kept.get("layers")?.clone()).ok())
            .unwrap_or_default();
        let rows = attached.iter().map(|(file, bytes)| {
            let stem = file.split(['-', '.']).next().unwrap_or_default();
            let said = words.content.get(stem).map_or("", String::as_str);
            let layer = layers.iter().find(|layer| layer.attached.as_deref() == Some(file));
            let said = match layer {
                Some(layer) => {
                    let (kept, all) = (layer.kept.to_string(), layer.features.to_string());
                    format!("{}{}{}", layer.title, text.report.colon, fill(said, &[("n", &kept), ("all", &all)]))
                }
                None => said.to_owned(),
            };
            let sha = fingerprint(bytes).get(..16).unwrap_or_default().to_owned();
            json!([file, said, {"t": sha, "mono": true}])
        });
        let rows: Vec<Value> = rows.collect();
        let is_withheld = !attached.iter().any(|(file, _)| file == name::SITES);
        let mut blocks = Vec::new();
        match (is_withheld, proves) {
            (true, _) => blocks.push(paragraph(&text.report.points.withheld)),
            (false, true) => blocks.push(paragraph(&words.intro)),
            (false, false) => blocks.push(json!({"kind": "warning", "text": words.unproven})),
        }
        let columns = [column(&words.file, "1.1fr"), column(&words.use_, "1.5fr"), column(&words.sha, "auto")];
        blocks.push(dense(table(&columns, rows)));
        let section = section(&text.report.section.proof, 1, blocks);
        if let Some(sections) = self.data.get_mut("sections").and_then(Value::as_array_mut) {
            sections.push(section);
        }
        let names: Vec<Value> = attached.iter().map(|(file, _)| json!({"name": file, "mime": mime(file)})).collect();
        if let Some(data) = self.data.as_object_mut() {
            data.insert("attachments".into(), names.into());
        }
    }
}

fn mime(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("geojson") => "application/geo+json",
        Some("json") => "application/json",
        Some("toml") => "application/toml",
        _ => "text/plain",
    }
}

/// A direction in degrees and by its wind.
pub(super) fn wind(degrees: f64, text: &Text) -> String {
    let place = (degrees / 45.0).round().rem_euclid(8.0) as usize;
    let wind = text.certainty.winds.get(place).map_or("", String::as_str);
    format!("{degrees:.0}° {wind}")
}

/// A day in words.
pub(super) fn day_words(day: crate::atlas::Date, text: &Text) -> String {
    let year = day.year().to_string();
    let (month, date) = match text.language {
        Language::Zh => (day.month().to_string(), day.day().to_string()),
        Language::En => (format!("{:02}", day.month()), format!("{:02}", day.day())),
    };
    fill(&text.report.date, &[("year", &year), ("month", &month), ("day", &date)])
}

pub(super) fn tone(grade: Grade) -> &'static str {
    grade.code()
}

pub(super) fn paragraph(words: &str) -> Value {
    json!({"kind": "text", "text": words})
}

pub(super) fn column(title: &str, width: &str) -> Value {
    json!({"title": title, "width": width, "align": "left"})
}

pub(super) fn figures_column(title: &str, width: &str) -> Value {
    json!({"title": title, "width": width, "align": "right"})
}

pub(super) fn table(columns: &[Value], rows: Vec<Value>) -> Value {
    json!({"kind": "table", "columns": columns, "rows": rows})
}

/// The same in smaller letters.
pub(super) fn dense(mut table: Value) -> Value {
    if let Some(members) = table.as_object_mut() {
        members.insert("dense".into(), true.into());
    }
    table
}

fn section(title: &str, level: usize, blocks: Vec<Value>) -> Value {
    json!({"title": title, "level": level, "blocks": blocks})
}

/// What frames the sections: cover, running heads.
fn frame(case: &Case, text: &Text, sections: Vec<Value>) -> Value {
    let words = &text.report;
    let cover = case.cover;
    let worst = worst_quality(case);
    let notice = if worst == Quality::Schematic {
        text.common.schematic_notice.clone()
    } else {
        fill(&words.quality_notice, &[("quality", text.common.quality(worst))])
    };
    let secrecy = if cover.secrecy.trim().is_empty() { &words.internal } else { &cover.secrecy };
    let title = project_title(case, text);
    let fields = [
        (&words.cover.project, title.clone()),
        (&words.cover.number, cover.number.trim().to_owned()),
        (&words.cover.unit, cover.unit.trim().to_owned()),
        (&words.cover.secrecy, cover.secrecy.trim().to_owned()),
        (&words.cover.date, day_words(case.made, text)),
        (&words.cover.as_of, day_words(case.screening.as_of, text)),
        (&words.cover.valid, day_words(case.screening.valid_until, text)),
    ];
    let conclusion = match case.screening.sites.as_slice() {
        [verdict] => json!({
            "tone": tone(verdict.verdict),
            "grade": grade_word(verdict.verdict, text),
            "lines": conclusion_lines(verdict, text),
        }),
        several => several_sites(several, text),
    };
    let signature = &words.signature;
    json!({
        "lang": if text.language == Language::Zh { "zh" } else { "en" },
        "document_title": format!("{} {}", words.title, title),
        "author": cover.unit.trim(),
        "date": [case.made.year(), case.made.month(), case.made.day()],
        "running": {
            "left": fill(&words.running, &[("number", cover.number.trim())]),
            "notice": notice,
            "secrecy": secrecy,
            "foot": words.closing.reservation,
            "pages": words.pages,
        },
        "cover": {
            "title": words.title,
            "subtitle": words.subtitle,
            "fields": fields.map(|(name, value)| json!([name, value])),
            "heading": words.cover.conclusion,
            "conclusion": conclusion,
            "valid": words.cover.valid_note,
        },
        "sections": sections,
        "signature": [
            [signature.made, cover.made.trim()],
            [signature.reviewed, cover.reviewed.trim()],
            [signature.approved, cover.approved.trim()],
            [signature.unit, cover.unit.trim()],
            [signature.date, ""],
        ],
        "signature_heading": words.section.signature,
        "attachments": [],
    })
}

fn worst_quality(case: &Case) -> Quality {
    case.screening.sites.iter().map(|verdict| verdict.data_quality).max().unwrap_or(Quality::Schematic)
}

fn project_title(case: &Case, text: &Text) -> String {
    match (case.cover.project.trim(), case.screening.sites.as_slice()) {
        ("", [verdict]) => verdict.name.clone(),
        ("", several) => fill(&text.report.cover.several, &[("n", &several.len().to_string())]),
        (named, _) => named.to_owned(),
    }
}

pub(super) fn grade_word(grade: Grade, text: &Text) -> &str {
    text.panel.siting.grade.get(grade.code()).map_or(grade.code(), String::as_str)
}

fn several_sites(verdicts: &[Verdict], text: &Text) -> Value {
    let words = &text.report.cover;
    let columns = [
        column(&words.column_number, "auto"),
        column(&words.column_name, "1fr"),
        column(&words.column_grade, "auto"),
        figures_column(&words.column_area, "auto"),
        figures_column(&words.column_findings, "auto"),
    ];
    let rows = (1..).zip(verdicts).map(|(number, verdict): (usize, &Verdict)| {
        let counts = verdict.counts().map(|count| count.to_string()).join(" / ");
        json!([
            number.to_string(),
            verdict.name,
            {"t": grade_word(verdict.verdict, text), "tone": tone(verdict.verdict)},
            grouped(verdict.area_ha, 4),
            counts,
        ])
    });
    json!({"table": table(&columns, rows.collect())})
}

/// The result in a sentence, with what stays open and what the data are worth.
fn conclusion_lines(verdict: &Verdict, text: &Text) -> Vec<String> {
    let words = &text.report.conclusion;
    let named = |consequence: Consequence| {
        let mut names: Vec<&str> = Vec::new();
        for finding in verdict.findings.iter().filter(|finding| finding.consequence == consequence) {
            if !names.contains(&finding.name.as_str()) {
                names.push(&finding.name);
            }
        }
        let told = names.iter().take(3).copied().collect::<Vec<_>>().join(&text.report.point);
        if names.len() <= 3 {
            told
        } else {
            fill(&words.names_more, &[("names", &told), ("n", &names.len().to_string())])
        }
    };
    let open: Vec<&str> = verdict.unchecked_required().map(|check| title_of(check, text)).collect();
    let open = open.join(&text.report.point);
    let first = match verdict.verdict {
        Grade::Prohibited => fill(&words.prohibited, &[("names", &named(Consequence::Prohibited))]),
        Grade::Restricted => fill(&words.restricted, &[("names", &named(Consequence::Restricted))]),
        Grade::Attention => fill(&words.attention, &[("names", &named(Consequence::Attention))]),
        Grade::Unchecked => fill(&words.unchecked, &[("themes", &open)]),
        Grade::Clear => words.clear.clone(),
    };
    let [involved, clear, unchecked] = verdict.counts();
    let all = (involved + clear + unchecked).to_string();
    let [involved, clear, unchecked] = [involved, clear, unchecked].map(|count| count.to_string());
    let counts = [("all", all.as_str()), ("involved", &involved), ("clear", &clear), ("unchecked", &unchecked)];
    let mut lines = vec![first, fill(&words.counts, &counts)];
    if let Some(with) = verdict.verdict_with_overrides {
        let values = [("grade", grade_word(with, text)), ("computed", grade_word(verdict.verdict, text))];
        lines.push(fill(&words.overridden, &values));
    }
    if !open.is_empty() && verdict.verdict != Grade::Unchecked {
        lines.push(fill(&words.open, &[("themes", &open)]));
    }
    lines.extend(crate::text::rules::later_note(verdict, text));
    let quality = text.common.quality(verdict.data_quality);
    let notice = match verdict.data_quality {
        Quality::Schematic => text.report.closing.schematic.as_str(),
        _ => "",
    };
    lines.push(fill(&words.quality, &[("quality", quality), ("notice", notice)]).trim_end().to_owned());
    lines
}

pub(super) fn title_of<'a>(check: &'a crate::siting::ThemeCheck, text: &Text) -> &'a str {
    if text.language == Language::Zh { &check.title } else { &check.title_en }
}

struct Writer<'a> {
    case: &'a Case<'a>,
    layers: &'a [KeptLayer],
    program: &'a str,
    text: &'static Text,
    figures: Figures<'a>,
    sections: Vec<Value>,
}

impl Writer<'_> {
    fn push(&mut self, title: &str, level: usize, blocks: Vec<Value>) {
        self.sections.push(section(title, level, blocks));
    }

    fn chapter(&mut self, verdict: &Verdict) {
        let block = json!({
            "kind": "conclusion",
            "tone": tone(verdict.verdict),
            "grade": grade_word(verdict.verdict, self.text),
            "lines": conclusion_lines(verdict, self.text),
        });
        let mut chapter = section(&verdict.name, 1, vec![block]);
        if let Some(chapter) = chapter.as_object_mut() {
            chapter.insert("new_page".into(), true.into());
        }
        self.sections.push(chapter);
    }

    /// The parts of one site; those common to all sites stand among them when it is the only one.
    fn site(&mut self, site: &Site, verdict: &Verdict, around: &Surroundings, level: usize) {
        let words = &self.text.report.section;
        let mut conflicts = conflicts(verdict);
        let maps = self.figures.of_site(site, &mut conflicts);
        self.push(&words.card, level, vec![self.card(site, verdict, around)]);
        if level == 1 {
            self.sources(level);
            self.method(level);
        }
        self.push(&words.matrix, level, self.matrix(verdict));
        self.push(&words.conflicts, level, self.conflicts(verdict, &conflicts));
        self.push(&words.distances, level, self.distances(verdict));
        self.push(&words.waters, level, self.waters(verdict, around));
        let mut blocks = maps;
        if blocks.is_empty() {
            blocks.push(paragraph(&self.text.report.figure.none));
        } else {
            blocks.push(json!({"kind": "small", "text": self.text.report.figure.note}));
        }
        if conflicts.len() > MOST {
            let more = (conflicts.len() - MOST).to_string();
            blocks.push(paragraph(&fill(&self.text.report.figure.more, &[("n", &more)])));
        }
        self.push(&words.figures, level, blocks);
        self.push(&words.points, level, points::blocks(self.case, site, &conflicts, self.text));
        self.push(&words.repairs, level, self.repairs(verdict));
        self.push(&words.decisions, level, super::decision::blocks(verdict, self.text));
    }

    fn card(&self, site: &Site, verdict: &Verdict, around: &Surroundings) -> Value {
        let (text, words) = (self.text, &self.text.report.card);
        let (m2, ha, mu) = areas(verdict.area_m2);
        let meridian = format!("{:.0}", verdict.central_meridian);
        let kind = self.case.rulebook.kind(&verdict.kind);
        let kind = kind.map(|kind| if text.language == Language::Zh { kind.zh.as_str() } else { kind.en.as_str() });
        let land_use = match verdict.land_use {
            Some(LandUse::First) => &text.siting.land_first,
            Some(LandUse::Second) => &text.siting.land_second,
            None => &text.siting.land_untold,
        };
        let mut pairs = vec![
            (words.name.clone(), verdict.name.clone()),
            (words.kind.clone(), kind.unwrap_or(&text.siting.kind_untold).to_owned()),
            (words.land_use.clone(), land_use.clone()),
            (words.area.clone(), fill(&words.area_value, &[("m2", &m2), ("ha", &ha), ("mu", &mu)])),
            (
                words.plane.clone(),
                fill(&words.plane_value, &[("m2", &grouped(verdict.plane_area_m2, 2)), ("meridian", &meridian)]),
            ),
            (String::new(), fill(&words.difference, &[("m2", &grouped(verdict.plane_area_m2 - verdict.area_m2, 2))])),
        ];
        let shares = around.districts.iter().map(|district| match around.districts.as_slice() {
            [_] if district.share > 0.9999 => district.name.clone(),
            _ => fill(&words.district_share, &[("name", &district.name), ("percent", &percent(district.share))]),
        });
        let district = shares.collect::<Vec<_>>().join(&text.report.point);
        pairs.push((words.district.clone(), if district.is_empty() { text.report.none.clone() } else { district }));
        self.place(site, &mut pairs);
        let holes: usize = site.shape.iter().map(|polygon| polygon.interiors().len()).sum();
        let count = site.shape.coords_count().saturating_sub(site.shape.0.len() + holes);
        let (parts, holes, count) = (site.shape.0.len().to_string(), holes.to_string(), count.to_string());
        let values = [("parts", parts.as_str()), ("holes", &holes), ("points", &count)];
        pairs.push((words.parts.clone(), fill(&words.parts_value, &values)));
        let zone = format!("{:.0}", verdict.central_meridian / 3.0);
        pairs.push((words.system.clone(), fill(&words.system_value, &[("zone", &zone), ("meridian", &meridian)])));
        json!({"kind": "pairs", "rows": pairs.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>()})
    }

    /// Where the site lies, unless coordinates are withheld.
    fn place(&self, site: &Site, pairs: &mut Vec<(String, String)>) {
        let words = &self.text.report.card;
        if !self.case.shows_coordinates {
            pairs.push((words.bounds.clone(), words.withheld.clone()));
            return;
        }
        let Some(bounds) = site.shape.bounding_rect() else { return };
        let degrees = |value: f64| format!("{value:.6}");
        let (low, high) = (bounds.min(), bounds.max());
        let [west, south, east, north] = [low.x, low.y, high.x, high.y].map(degrees);
        let values = [("west", west.as_str()), ("south", &south), ("east", &east), ("north", &north)];
        pairs.push((words.bounds.clone(), fill(&words.bounds_geographic, &values)));
        let plane = GaussKruger::three_degree(bounds.center().x).and_then(|plane| plane.with_zone_prefix());
        if let Ok(plane) = plane {
            let points = site.shape.coords_iter().filter_map(|at| plane.forward(at).ok());
            let reach =
                points.fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |reach, point| {
                    let [west, south, east, north] = reach;
                    [west.min(point.east), south.min(point.north), east.max(point.east), north.max(point.north)]
                });
            if reach.iter().all(|side| side.is_finite()) {
                let [west, south, east, north] = reach.map(|side| format!("{side:.3}"));
                let values = [("west", west.as_str()), ("south", &south), ("east", &east), ("north", &north)];
                pairs.push((String::new(), fill(&words.bounds_plane, &values)));
            }
        }
        if let Some(centre) = site.shape.centroid() {
            let (lon, lat) = (degrees(centre.x()), degrees(centre.y()));
            pairs.push((words.centroid.clone(), fill(&words.centroid_value, &[("lon", &lon), ("lat", &lat)])));
        }
    }

    fn sources(&mut self, level: usize) {
        let (text, words) = (self.text, &self.text.report.source);
        let columns = [
            column(&words.layer, "1.3fr"),
            column(&words.version, "auto"),
            column(&words.provider, "2fr"),
            column(&words.quality, "auto"),
            column(&words.precision, "auto"),
            figures_column(&words.features, "auto"),
        ];
        let precision = |layer: &KeptLayer| {
            let (form, metres) = match layer.accuracy_m {
                Some(metres) => (&words.precision_told, metres),
                None => (&words.precision_assumed, usual_accuracy(layer.quality)),
            };
            // 0.5 mm on the map
            let scale = grouped(metres / 0.0005, 0);
            fill(form, &[("m", &grouped(metres, usize::from(metres.fract() > 0.0))), ("scale", &scale)])
        };
        let told =
            |words: &str| if words.is_empty() { self.text.report.source.unknown.clone() } else { words.to_owned() };
        let mut rows = Vec::new();
        for layer in self.layers.iter().filter(|layer| layer.asked) {
            let file = fill(&words.file, &[("file", &layer.file)]);
            let sha = fill(&words.fingerprint, &[("sha", &layer.sha256)]);
            rows.push(json!({
                "cells": [
                    layer.title,
                    told(&layer.version),
                    told(&layer.source),
                    text.common.quality(layer.quality),
                    precision(layer),
                    layer.features.to_string(),
                ],
                "below": [file, sha],
            }));
        }
        let blocks = vec![
            paragraph(&words.intro),
            json!({"kind": "small", "text": fill(&words.atlas, &[("atlas", self.case.ground.title())])}),
            table(&columns, rows),
            json!({"kind": "small", "text": fill(&words.accuracy, &[("m", &grouped(along_edge(), 0))])}),
        ];
        self.push(&text.report.section.sources, level, blocks);
    }

    fn method(&mut self, level: usize) {
        let (text, words, case) = (self.text, &self.text.report.method, self.case);
        let question = case.question;
        let kind = question.kind.as_deref().filter(|kind| !kind.is_empty());
        let kind = kind.map(|code| {
            let known = case.rulebook.kind(code);
            known.map_or(code, |kind| if text.language == Language::Zh { &kind.zh } else { &kind.en }).to_owned()
        });
        let land_use = question.land_use.map(|class| match class {
            LandUse::First => text.siting.land_first.clone(),
            LandUse::Second => text.siting.land_second.clone(),
        });
        let packs = case.rulebook.packs.iter().zip(&case.rulebook.texts).map(|(pack, (_, own))| {
            let title = pack.title_in(text.language == Language::Zh);
            let office = if crate::siting::is_bundled(own) { "" } else { words.office.as_str() };
            let values = [("title", title), ("id", &pack.id), ("version", &pack.version), ("office", office)];
            fill(&words.rule_pack, &values)
        });
        let pairs = [
            (&words.as_of, day_words(question.as_of, text)),
            (&words.near, fill(&words.near_value, &[("m", &grouped(question.near_m, 0))])),
            (&words.kind, kind.unwrap_or_else(|| words.own.clone())),
            (&words.land_use, land_use.unwrap_or_else(|| words.own.clone())),
            (&words.rules, packs.collect::<Vec<_>>().join(&text.report.semicolon)),
            (&words.program, self.program.to_owned()),
        ];
        let tolerance = fill(&words.tolerance, &[("m", &grouped(along_edge(), 0))]);
        let blocks = vec![
            json!({"kind": "list", "items": [words.computation, words.dissolve, tolerance, words.three]}),
            json!({"kind": "pairs", "rows": pairs.map(|(name, value)| json!([name, value]))}),
        ];
        self.push(&text.report.section.method, level, blocks);
    }

    fn matrix(&self, verdict: &Verdict) -> Vec<Value> {
        let (text, words) = (self.text, &self.text.report.matrix);
        let columns = [column(&words.theme, "1.25fr"), column(&words.status, "auto"), column(&words.reason, "2.4fr")];
        let mut rows = Vec::new();
        for status in [Status::Involved, Status::Unchecked, Status::NotInvolved] {
            for check in verdict.checks.iter().filter(|check| check.status == status) {
                let code = check.shown_status();
                let word = text.panel.siting.status.get(code).map_or(code, String::as_str);
                let (mark, tone) = match status {
                    _ if !check.applies() => ("－", "unchecked"),
                    Status::Involved => {
                        let worst = verdict.of_theme(&check.theme).map(|finding| finding.consequence).min();
                        let grade = worst.and_then(Consequence::grade).unwrap_or(Grade::Attention);
                        ("●", tone(grade))
                    }
                    Status::NotInvolved => ("○", "clear"),
                    Status::Unchecked => ("？", "unchecked"),
                };
                let mut marks = Vec::new();
                if check.required {
                    marks.push(words.required.as_str());
                }
                if check.reference {
                    marks.push(words.reference.as_str());
                }
                let theme = json!({"t": title_of(check, text), "mark": marks.join(&text.report.point)});
                rows.push(json!([theme, {"t": format!("{mark} {word}"), "tone": tone}, theme_sentence(check, text)]));
            }
        }
        vec![table(&columns, rows), json!({"kind": "small", "text": words.legend})]
    }

    fn conflicts(&self, verdict: &Verdict, conflicts: &[Conflict]) -> Vec<Value> {
        let text = self.text;
        let mut blocks: Vec<Value> = conflicts.iter().map(|conflict| conflict_block(conflict, verdict, text)).collect();
        if blocks.is_empty() {
            blocks.push(paragraph(&text.report.conflict.none));
        }
        blocks.extend(further_table(verdict, text));
        blocks
    }

    fn distances(&self, verdict: &Verdict) -> Vec<Value> {
        let (text, words) = (self.text, &self.text.report.distance);
        let columns = [
            column(&words.theme, "1.2fr"),
            column(&words.name, "1.3fr"),
            figures_column(&words.distance, "auto"),
            column(&words.bearing, "auto"),
        ];
        let mut told: BTreeSet<(String, String)> = BTreeSet::new();
        let mut rows: Vec<[String; 4]> = Vec::new();
        let mut add = |theme: &str, id: &str, name: &str, distance: f64, bearing: Option<f64>| {
            if told.insert((theme.to_owned(), id.to_owned())) {
                let bearing = bearing.map(|degrees| wind(degrees, text)).unwrap_or_default();
                rows.push([theme.to_owned(), name.to_owned(), grouped(distance, 2), bearing]);
            }
        };
        for check in &verdict.checks {
            let title = title_of(check, text);
            if let Some(nearest) = &check.nearest {
                add(title, &nearest.feature_id, &nearest.name, nearest.distance_m, nearest.bearing_deg);
            }
            let apart = verdict.of_theme(&check.theme).filter(|finding| !finding.relation.shares_ground());
            apart.for_each(|finding| {
                add(title, &finding.feature_id, &finding.name, finding.distance_m, finding.bearing_deg);
            });
        }
        let near = grouped(self.case.question.near_m, 0);
        let intro = paragraph(&fill(&words.intro, &[("m", &near)]));
        if rows.is_empty() {
            return vec![intro, paragraph(&words.none)];
        }
        vec![intro, table(&columns, rows.iter().map(|row| json!(row)).collect())]
    }

    fn waters(&self, verdict: &Verdict, around: &Surroundings) -> Vec<Value> {
        let mut blocks = self.near_waters(around);
        blocks.extend(
            verdict.downstream.as_ref().map(|answer| below(answer, self.case.atlas, self.text)).unwrap_or_default(),
        );
        blocks
    }

    fn near_waters(&self, around: &Surroundings) -> Vec<Value> {
        let (text, words) = (self.text, &self.text.report.water);
        if around.waters.is_empty() {
            return vec![paragraph(&words.none)];
        }
        let class = |class: Option<crate::waters::WaterClass>| match class {
            Some(class) if class.number() == 6 => fill(&text.waters.class_beyond, &[("numeral", class.numeral())]),
            Some(class) => fill(&text.waters.class, &[("numeral", class.numeral())]),
            None => text.waters.no_class.clone(),
        };
        let columns = [
            column(&words.name, "1fr"),
            figures_column(&words.distance, "auto"),
            column(&words.class, "auto"),
            column(&words.due, "auto"),
            column(&words.chiefs, "1.9fr"),
        ];
        let rows = around.waters.iter().map(|water| {
            let now = class(water.class);
            let now = match &water.month {
                Some(month) => fill(&words.month, &[("class", &now), ("month", month)]),
                None => now,
            };
            let tone = match water.meets {
                Some(true) => "clear",
                Some(false) => "restricted",
                None => "unchecked",
            };
            let distance = if water.distance_m > 0.0 { grouped(water.distance_m, 2) } else { words.crosses.clone() };
            let chiefs = water.chiefs.iter().map(|chief| {
                let (level, role) = (code_of(&chief.level), code_of(&chief.role));
                let level = text.waters.level.get(&level).map_or("", String::as_str);
                let role = text.waters.role.get(&role).map_or("", String::as_str);
                fill(&words.chief, &[("level", level), ("role", role), ("post", &chief.post)])
            });
            let chiefs = chiefs.collect::<Vec<_>>().join(&text.report.semicolon);
            json!([water.name, distance, {"t": now, "tone": tone}, class(water.class_due), chiefs])
        });
        let day = Waters::as_of(self.case.atlas);
        let day = fill(&words.records, &[("day", &day_words(day, text))]);
        vec![paragraph(&words.intro), table(&columns, rows.collect()), json!({"kind": "small", "text": day})]
    }

    fn repairs(&self, verdict: &Verdict) -> Vec<Value> {
        let (text, words) = (self.text, &self.text.report.repair);
        if verdict.problems.is_empty() {
            return vec![paragraph(&words.none)];
        }
        let columns = [
            column(&words.kind, "1fr"),
            column(&words.at, "1.2fr"),
            figures_column(&words.change, "auto"),
            column(&words.result, "1.4fr"),
        ];
        let rows = verdict.problems.iter().map(|problem| {
            let place = problem.at.filter(|_| self.case.shows_coordinates);
            let place = place.map(|[lon, lat]| format!("{lon:.7}, {lat:.7}")).unwrap_or_default();
            let change = problem.area_change_m2.map(|change| grouped(-change, 2)).unwrap_or_default();
            let result = if problem.repaired { &words.repaired } else { &words.unrepaired };
            json!([problem_kind(problem, text), place, change, result])
        });
        vec![table(&columns, rows.collect())]
    }

    fn closing(&mut self) {
        let (text, words) = (self.text, &self.text.report.closing);
        let valid = fill(&words.valid, &[("day", &day_words(self.case.screening.valid_until, text))]);
        let mut items = vec![words.scope.clone(), words.unchecked.clone(), valid];
        if worst_quality(self.case) == Quality::Schematic {
            items.push(words.schematic.clone());
        }
        let blocks =
            vec![json!({"kind": "reservation", "text": words.reservation}), json!({"kind": "list", "items": items})];
        self.push(&text.report.section.closing, 1, blocks);
        self.sections
            .push(json!({"title": text.report.section.signature, "level": 1, "blocks": [{"kind": "signature"}]}));
    }
}

/// Where the water of the site goes.
fn below(answer: &crate::siting::Downstream, atlas: &crate::atlas::Atlas, text: &Text) -> Vec<Value> {
    use crate::text::downstream as say;
    let mut lines = say::water_sentences(answer, text);
    lines.extend(say::reach_sentences(answer, text));
    lines.extend(answer.sections.iter().map(|section| say::section_sentence(answer, section, text)));
    lines.extend(answer.water_sources.iter().map(|source| say::source_sentence(answer, source, text)));
    if answer.sections.is_empty() && answer.water_sources.is_empty() {
        lines.push(text.downstream.nothing.clone());
    }
    lines.extend(say::mouth_sentences(answer, |id| say::water_name(atlas, id), text));
    let mut blocks = vec![
        json!({"kind": "caption", "text": text.downstream.title}),
        json!({"kind": "points", "items": lines}),
        json!({"kind": "small", "text": say::data_sentence(answer, text)}),
    ];
    let hint = say::discharge_sentence(answer, text).map(|said| json!({"kind": "warning", "text": said}));
    blocks.extend(hint);
    blocks
}

/// The word of a code in files.
fn code_of<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
