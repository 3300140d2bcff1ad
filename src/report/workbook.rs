//! Verdicts of many projects as a workbook: the projects, the findings, the matrix, the sources. Every figure is that
//! of the verdict, as the JSON document has it.

use super::book::{BookError, Cell, Page, bind};
use crate::atlas::{Date, LandUse, Quality, Site, Value};
use crate::geometry::geo::{BoundingRect, MultiPolygon};
use crate::geometry::{GaussKruger, surveyed};
use crate::siting::{Finding, Rulebook, Screening, Status, Verdict};
use crate::text::rules::override_sentence;
use crate::text::{Language, Text, certainty, fill};

/// Rows of boundary points at most: a sheet holds little more than a million.
const MOST_POINTS: u32 = 1_000_000;

/// A project with what its file said of it and what it came to.
#[derive(Debug, Clone, Copy)]
pub struct Project<'a> {
    /// The project.
    pub site: &'a Site,
    /// The columns of its file.
    pub columns: &'a [(String, Value)],
    /// The answer.
    pub verdict: &'a Verdict,
}

/// A workbook under way: projects are added one by one and need not be kept.
#[derive(Debug)]
pub struct Batch<'a> {
    text: &'static Text,
    rulebook: &'a Rulebook,
    fields: Vec<String>,
    projects: Page,
    findings: Page,
    matrix: Page,
    points: Page,
    themes: Vec<(String, String)>,
    worst: Option<Quality>,
    /// The first of the days on which an answer ends.
    valid_until: Option<Date>,
    language: Language,
}

impl<'a> Batch<'a> {
    /// An empty one; `fields` are the columns of the input that are kept.
    pub fn new(fields: Vec<String>, rulebook: &'a Rulebook, text: &'static Text) -> Result<Self, BookError> {
        let words = &text.batch;
        let mut projects = Page::new(&words.sheet_projects)?;
        let own = words.project_columns();
        projects.head(own.iter().copied().chain(fields.iter().map(|name| (name.as_str(), 16.0))))?;
        let mut findings = Page::new(&words.sheet_findings)?;
        findings.head(words.finding_columns())?;
        let matrix = Page::new(&words.sheet_matrix)?;
        let mut points = Page::new(&words.sheet_points)?;
        points.head(words.point_columns())?;
        Ok(Batch {
            text,
            rulebook,
            fields,
            projects,
            findings,
            matrix,
            points,
            themes: Vec::new(),
            worst: None,
            valid_until: None,
            language: text.language,
        })
    }

    /// Adds a project.
    pub fn add(&mut self, project: &Project, head: &Screening) -> Result<(), BookError> {
        let verdict = project.verdict;
        self.valid_until = self.valid_until.into_iter().chain([verdict.valid_until]).min();
        self.worst = self.worst.max(Some(verdict.data_quality));
        let kept = self.fields.iter().map(|field| {
            let found = project.columns.iter().find(|(name, _)| name == field);
            found.map_or(Cell::Empty, |(_, value)| Cell::value(value))
        });
        let cells: Vec<Cell> = self.project(verdict, head).into_iter().chain(kept).collect();
        self.projects.row(cells)?;
        for finding in &verdict.findings {
            let cells = self.finding(verdict, finding);
            self.findings.row(cells)?;
        }
        self.points(verdict, &project.site.shape)?;
        self.matrix(verdict)
    }

    /// The boundary points of a project, on the earth and in the plane of its place.
    fn points(&mut self, verdict: &Verdict, shape: &MultiPolygon) -> Result<(), BookError> {
        let plane = shape.bounding_rect().and_then(|bounds| GaussKruger::three_degree(bounds.center().x).ok());
        let Some(plane) = plane.and_then(|plane| plane.with_zone_prefix().ok()) else { return Ok(()) };
        let round = |value: f64, digits: i32| (value * 10_f64.powi(digits)).round() / 10_f64.powi(digits);
        let mut label = 0;
        for (part, polygon) in (1..).zip(&surveyed(shape)) {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            for (ring, line) in (1..).zip(rings) {
                for at in line.0.split_last().map(|(_, open)| open).unwrap_or_default() {
                    if self.points.rows() >= MOST_POINTS {
                        return if self.points.rows() == MOST_POINTS {
                            self.points.line(&self.text.batch.points_more)
                        } else {
                            Ok(())
                        };
                    }
                    label += 1;
                    let Ok(point) = plane.forward(*at) else { continue };
                    self.points.row([
                        Cell::words(&verdict.id),
                        Cell::words(&verdict.name),
                        Cell::count(part),
                        Cell::count(ring),
                        Cell::words(format!("J{label}")),
                        Cell::Number(round(at.x, 9)),
                        Cell::Number(round(at.y, 9)),
                        Cell::Number(round(point.north, 3)),
                        Cell::Number(round(point.east, 3)),
                    ])?;
                }
            }
        }
        Ok(())
    }

    fn project(&self, verdict: &Verdict, head: &Screening) -> Vec<Cell> {
        let (words, codes) = (&self.text.batch, &self.text.panel.siting);
        let kind = self.rulebook.kind(&verdict.kind);
        let kind = kind.map(|kind| if self.language == Language::Zh { &kind.zh } else { &kind.en });
        let digest = verdict.digest();
        let [involved, clear, unchecked] = verdict.counts();
        let grade = verdict.verdict.code();
        let worst = digest.worst.map(|check| title(check.title.as_str(), &check.title_en, self.language));
        vec![
            Cell::words(&verdict.id),
            Cell::words(&verdict.name),
            Cell::words(kind.map_or(verdict.kind.as_str(), String::as_str)),
            match verdict.land_use {
                Some(LandUse::First) => Cell::words(&words.land_first),
                Some(LandUse::Second) => Cell::words(&words.land_second),
                None => Cell::Empty,
            },
            Cell::words(codes.grade.get(grade).map_or(grade, String::as_str)),
            Cell::words(grade),
            Cell::Number(verdict.area_m2),
            Cell::Number(verdict.area_ha),
            Cell::Number(verdict.area_mu),
            Cell::Number(verdict.plane_area_m2),
            Cell::words(worst.unwrap_or_default()),
            digest.worst.map_or(Cell::Empty, |_| Cell::Number(digest.overlap_m2)),
            digest.worst.map_or(Cell::Empty, |_| Cell::Number(digest.overlap_share)),
            Cell::count(involved),
            Cell::count(clear),
            Cell::count(unchecked),
            Cell::words(self.text.common.quality(verdict.data_quality)),
            Cell::Day(head.as_of),
            Cell::Day(verdict.valid_until),
        ]
    }

    fn finding(&self, verdict: &Verdict, finding: &Finding) -> Vec<Cell> {
        let (text, codes) = (self.text, &self.text.panel.siting);
        let word = |words: &std::collections::BTreeMap<String, String>, code: &str| {
            Cell::words(words.get(code).map_or(code, String::as_str))
        };
        let theme = verdict.checks.iter().find(|check| check.theme == finding.theme);
        let theme = theme.map(|check| title(&check.title, &check.title_en, self.language));
        let rule = finding.rule.as_ref();
        let said = rule.map(|rule| title(&rule.text, &rule.text_en, self.language)).unwrap_or_default();
        let next_step = rule.map(|rule| title(&rule.next_step, &rule.next_step_en, self.language)).unwrap_or_default();
        let lists = crate::text::siting::verbatim_sentences(finding, text).into_iter();
        let next_step = std::iter::once(next_step.to_owned()).chain(lists).collect::<Vec<_>>().join("\n");
        let next_step = next_step.trim();
        let document = rule.map(|rule| title(&rule.document, &rule.document_en, self.language)).unwrap_or_default();
        let further: Vec<&str> = finding.further_rules.iter().map(|rule| rule.id.as_str()).collect();
        let overridden = finding.overridden.as_ref().map(|word| override_sentence(word, text)).unwrap_or_default();
        vec![
            Cell::words(&verdict.id),
            Cell::words(&verdict.name),
            word(&codes.consequence, finding.consequence.code()),
            Cell::words(theme.unwrap_or(&finding.theme)),
            Cell::words(&finding.feature_id),
            Cell::words(&finding.name),
            Cell::words(text.common.value(&finding.class_field, &finding.class)),
            word(&codes.relation, finding.relation.code()),
            Cell::Number(finding.overlap_m2),
            Cell::Number(finding.overlap_ha),
            Cell::Number(finding.overlap_mu),
            Cell::Number(finding.plane_overlap_m2),
            Cell::Number(finding.overlap_share),
            Cell::number(finding.zone_share),
            Cell::number(finding.overlap_length_m),
            Cell::Number(finding.distance_m),
            Cell::number(finding.bearing_deg),
            Cell::number(finding.depth_m),
            Cell::words(certainty::grade_word(finding, text)),
            Cell::words(certainty::grounds(finding, text)),
            word(&codes.certainty, finding.certainty.code()),
            Cell::number(finding.mean_width_m),
            Cell::Flag(finding.verified),
            Cell::number(finding.belt_m),
            Cell::words(rule.map(|rule| rule.id.as_str()).unwrap_or_default()),
            Cell::words(said),
            Cell::words(rule.map(|rule| rule.source.as_str()).unwrap_or_default()),
            Cell::words(rule.map(|rule| rule.clause.as_str()).unwrap_or_default()),
            Cell::words(rule.map(|rule| rule.confidence.as_str()).unwrap_or_default()),
            Cell::words(next_step),
            Cell::words(document),
            Cell::words(further.join(", ")),
            Cell::words(&overridden),
            Cell::words(text.common.quality(finding.quality)),
            Cell::words(&finding.source),
        ]
    }

    /// 涉及, 不涉及, 未核查: a column a theme, those of the first project first.
    fn matrix(&mut self, verdict: &Verdict) -> Result<(), BookError> {
        for check in &verdict.checks {
            if !self.themes.iter().any(|(theme, _)| *theme == check.theme) {
                let name = title(&check.title, &check.title_en, self.language);
                self.themes.push((check.theme.clone(), name.to_owned()));
            }
        }
        if self.matrix.rows() == 0 {
            // the row of names is written when all are known
            self.matrix.line("")?;
        }
        let words = &self.text.panel.siting.status;
        let cells = self.themes.iter().map(|(theme, _)| {
            let Some(check) = verdict.checks.iter().find(|check| check.theme == *theme) else { return Cell::Empty };
            let code = check.shown_status();
            let word = words.get(code).map_or(code, String::as_str).to_owned();
            match check.status {
                Status::Involved => Cell::Strong(word),
                Status::NotInvolved if !check.applies() => Cell::Faint(word),
                Status::NotInvolved => Cell::Words(word),
                Status::Unchecked => Cell::Faint(word),
            }
        });
        let named = [Cell::words(&verdict.id), Cell::words(&verdict.name)];
        let cells: Vec<Cell> = named.into_iter().chain(cells).collect();
        self.matrix.row(cells)
    }

    /// The file; `head` says by what was judged.
    pub fn finish(mut self, head: &Screening) -> Result<Vec<u8>, BookError> {
        let words = &self.text.batch;
        let names = [(words.column_id.as_str(), 14.0), (words.column_name.as_str(), 28.0)];
        let themes = self.themes.iter().map(|(_, name)| (name.as_str(), 16.0));
        self.matrix.head(names.into_iter().chain(themes))?;
        let sources = sources(head, self.worst, self.valid_until.unwrap_or(head.valid_until), self.text)?;
        let mut pages = vec![self.projects, self.findings, self.matrix, sources];
        // answers alone tell no outline
        if self.points.rows() > 1 {
            pages.push(self.points);
        }
        bind(pages, &words.title, head.as_of)
    }
}

/// By what was judged: method, day, rules, layers with their fingerprints, and what the worst of them is worth.
fn sources(head: &Screening, worst: Option<Quality>, valid_until: Date, text: &Text) -> Result<Page, BookError> {
    let words = &text.batch;
    let mut page = Page::new(&words.sheet_sources)?;
    page.widths(&[24.0, 40.0, 30.0, 16.0, 68.0, 40.0, 12.0, 10.0])?;
    let quality = worst.unwrap_or(Quality::Schematic);
    page.entry(&words.data_quality, text.common.quality(quality))?;
    if quality == Quality::Schematic {
        page.entry(&words.notice, &text.common.schematic_notice)?;
    }
    page.entry(&words.reservation, &text.siting.reservation)?;
    page.entry(&words.atlas, &head.atlas)?;
    page.entry(&words.as_of, &head.as_of.to_string())?;
    page.entry(&words.valid_until, &valid_until.to_string())?;
    page.entry(&words.near, &fill(&text.batch.metres, &[("m", &head.near_m.to_string())]))?;
    page.entry(&words.method, &words.method_said)?;
    page.entry(&words.method_code, head.method)?;
    let rules: Vec<String> = head.rules.iter().map(|pack| format!("{} {}", pack.id, pack.version)).collect();
    page.entry(&words.rules, &rules.join("\n"))?;
    page.line("")?;
    page.subhead(words.source_columns())?;
    for layer in &head.layers {
        page.row([
            Cell::words(text.common.theme(layer.theme)),
            Cell::words(&layer.title),
            Cell::words(&layer.file),
            Cell::words(&layer.version),
            Cell::words(&layer.sha256),
            Cell::words(&layer.source),
            Cell::words(text.common.quality(layer.quality)),
            Cell::count(layer.features),
        ])?;
    }
    Ok(page)
}

fn title<'a>(zh: &'a str, en: &'a str, language: Language) -> &'a str {
    if language == Language::En && !en.is_empty() { en } else { zh }
}

/// The verdicts of a screening as a workbook; boundary points are told of the sites given.
pub fn workbook(
    screening: &Screening,
    sites: &[Site],
    rulebook: &Rulebook,
    text: &'static Text,
) -> Result<Vec<u8>, BookError> {
    let mut batch = Batch::new(Vec::new(), rulebook, text)?;
    for (place, verdict) in screening.sites.iter().enumerate() {
        let untold = Site { id: verdict.id.clone(), name: verdict.name.clone(), ..Site::default() };
        let site = sites.get(place).unwrap_or(&untold);
        batch.add(&Project { site, columns: &[], verdict }, screening)?;
    }
    batch.finish(screening)
}
