//! Grade of a black-odour water: 城市黑臭水体整治工作指南 (2015), table 1 and the 60 / 30 % rule of points and reaches.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How bad a black-odour water is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OdourGrade {
    /// No reading in the range of black-odour water.
    None,
    /// 轻度黑臭
    Light,
    /// 重度黑臭
    Heavy,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Guide {
    #[allow(dead_code)]
    title: String,
    #[allow(dead_code)]
    issued: String,
    one_indicator: f64,
    two_indicators: f64,
    reach_points: usize,
    body_share: f64,
    fewest_points: usize,
    fewest_rounds: usize,
    shallow_cm: f64,
    shallow_share: f64,
    #[serde(rename = "indicator")]
    indicators: Vec<OdourIndicator>,
}

/// One of the four indicators of the guide.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OdourIndicator {
    /// Its code, as in the atlas: `transparency_cm` …
    pub code: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Unit.
    pub unit: String,
    worse: Worse,
    light: f64,
    heavy: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Worse {
    Lower,
    Higher,
}

fn guide() -> &'static Guide {
    static GUIDE: LazyLock<Guide> =
        LazyLock::new(|| super::bundled("black_odour.toml", include_str!("../../assets/standard/black_odour.toml")));
    &GUIDE
}

/// The four indicators.
pub fn odour_indicators() -> &'static [OdourIndicator] {
    &guide().indicators
}

/// One round of readings at a point: code → value, and the depth where it was taken.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OdourSample {
    /// Indicator code → value.
    pub values: BTreeMap<String, f64>,
    /// Depth of the water in cm, when told; shallow water has its own transparency limits.
    pub depth_cm: Option<f64>,
}

/// Grade of one reading; absent for what is no indicator of the guide or no number.
pub fn grade_reading(code: &str, value: f64, depth_cm: Option<f64>) -> Option<OdourGrade> {
    let guide = guide();
    let indicator = guide.indicators.iter().find(|indicator| indicator.code == code)?;
    if !value.is_finite() {
        return None;
    }
    let (mut light, mut heavy) = (indicator.light, indicator.heavy);
    if let Some(depth) = depth_cm.filter(|depth| code == "transparency_cm" && *depth < guide.shallow_cm) {
        // 水深不足 25 cm 时，该指标按水深的 40% 取值
        heavy = depth * guide.shallow_share;
        light = depth;
    }
    let (is_heavy, is_light) = match indicator.worse {
        Worse::Lower => (value < heavy, value <= light),
        Worse::Higher => (value > heavy, value >= light),
    };
    Some(match (is_heavy, is_light) {
        (true, _) => OdourGrade::Heavy,
        (false, true) => OdourGrade::Light,
        (false, false) => OdourGrade::None,
    })
}

/// Grade of a point from its rounds: heavy when one indicator is heavy in at least 60 % of its readings, or two in at
/// least 30 % each; else light when any reading is in range. Absent without a reading.
pub fn grade_point(samples: &[OdourSample]) -> Option<OdourGrade> {
    let guide = guide();
    let (mut over_one, mut over_two, mut worst) = (0, 0, None);
    for indicator in &guide.indicators {
        let grades: Vec<OdourGrade> = samples
            .iter()
            .filter_map(|sample| grade_reading(&indicator.code, *sample.values.get(&indicator.code)?, sample.depth_cm))
            .collect();
        let Some(worst_here) = grades.iter().max() else { continue };
        worst = worst.max(Some(*worst_here));
        let heavy = grades.iter().filter(|grade| **grade == OdourGrade::Heavy).count();
        let share = heavy as f64 / grades.len() as f64;
        over_one += usize::from(share >= guide.one_indicator);
        over_two += usize::from(share >= guide.two_indicators);
    }
    let worst = worst?;
    let is_heavy = over_one >= 1 || over_two >= 2;
    Some(if is_heavy { OdourGrade::Heavy } else { worst.min(OdourGrade::Light) })
}

/// Grade of a whole water from its points in order along it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OdourBody {
    /// Grade of the whole: heavy when at least 60 % of its points are.
    pub grade: OdourGrade,
    /// First and last point (from 0) of each run of at least three heavy points: the reaches between are heavy.
    pub heavy_reaches: Vec<(usize, usize)>,
    /// Whether the guide's least of three points, each of three rounds, is reached.
    pub is_sufficient: bool,
}

/// Grades a whole water; absent when no point has a reading.
pub fn grade_body(points: &[Vec<OdourSample>]) -> Option<OdourBody> {
    let guide = guide();
    let grades: Vec<Option<OdourGrade>> = points.iter().map(|samples| grade_point(samples)).collect();
    let known: Vec<OdourGrade> = grades.iter().flatten().copied().collect();
    let worst = known.iter().max()?;
    let heavy = known.iter().filter(|grade| **grade == OdourGrade::Heavy).count();
    let is_heavy = heavy as f64 / known.len() as f64 >= guide.body_share;
    let (mut heavy_reaches, mut start) = (Vec::new(), None);
    for (number, grade) in grades.iter().copied().chain([None]).enumerate() {
        match (grade, start) {
            (Some(OdourGrade::Heavy), None) => start = Some(number),
            (Some(OdourGrade::Heavy), Some(_)) => {}
            (_, Some(first)) => {
                if number - first >= guide.reach_points {
                    heavy_reaches.push((first, number - 1));
                }
                start = None;
            }
            (_, None) => {}
        }
    }
    Some(OdourBody {
        grade: if is_heavy { OdourGrade::Heavy } else { (*worst).min(OdourGrade::Light) },
        heavy_reaches,
        is_sufficient: known.len() >= guide.fewest_points
            && points.iter().all(|samples| samples.len() >= guide.fewest_rounds),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(readings: &[(&str, &[f64])]) -> Vec<OdourSample> {
        let most = readings.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
        let sample = |round: usize| OdourSample {
            values: readings
                .iter()
                .filter_map(|(code, values)| Some(((*code).to_owned(), *values.get(round)?)))
                .collect(),
            depth_cm: None,
        };
        (0..most).map(sample).collect()
    }

    #[test]
    fn bounds_belong_to_the_milder_grade() {
        for (code, value, expected) in [
            ("transparency_cm", 25.1, OdourGrade::None),
            ("transparency_cm", 25.0, OdourGrade::Light),
            ("transparency_cm", 10.0, OdourGrade::Light),
            ("transparency_cm", 9.9, OdourGrade::Heavy),
            ("do_mg_l", 2.0, OdourGrade::Light),
            ("do_mg_l", 0.19, OdourGrade::Heavy),
            ("orp_mv", -200.0, OdourGrade::Light),
            ("orp_mv", -201.0, OdourGrade::Heavy),
            ("orp_mv", 51.0, OdourGrade::None),
            ("nh3n_mg_l", 8.0, OdourGrade::Light),
            ("nh3n_mg_l", 15.0, OdourGrade::Light),
            ("nh3n_mg_l", 15.1, OdourGrade::Heavy),
            ("nh3n_mg_l", 7.9, OdourGrade::None),
        ] {
            assert_eq!(grade_reading(code, value, None), Some(expected), "{code} {value}");
        }
        assert_eq!(grade_reading("transparency_cm", 9.0, Some(20.0)), Some(OdourGrade::Light));
        assert_eq!(grade_reading("transparency_cm", 7.9, Some(20.0)), Some(OdourGrade::Heavy));
    }

    #[test]
    fn one_indicator_needs_sixty_percent_and_two_need_thirty() {
        let heavy = |readings: &[(&str, &[f64])]| grade_point(&rounds(readings)) == Some(OdourGrade::Heavy);
        assert!(heavy(&[("nh3n_mg_l", &[16.0, 16.0, 16.0, 9.0, 9.0])]));
        assert!(!heavy(&[("nh3n_mg_l", &[16.0, 16.0, 9.0, 9.0, 9.0])]));
        let ten = [16.0, 16.0, 16.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0];
        let oxygen = [0.1, 0.1, 0.1, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        assert!(heavy(&[("nh3n_mg_l", &ten), ("do_mg_l", &oxygen)]));
        assert!(!heavy(&[("nh3n_mg_l", &ten), ("do_mg_l", &oxygen[1..])]));
        assert_eq!(grade_point(&rounds(&[("do_mg_l", &[5.0, 1.5])])), Some(OdourGrade::Light));
        assert_eq!(grade_point(&rounds(&[("do_mg_l", &[5.0, 6.0])])), Some(OdourGrade::None));
        assert_eq!(grade_point(&[]), None);
    }

    #[test]
    fn three_heavy_points_make_a_reach_and_sixty_percent_the_water() {
        let heavy = rounds(&[("do_mg_l", &[0.1, 0.1, 0.1])]);
        let light = rounds(&[("do_mg_l", &[1.0, 1.0, 1.0])]);
        let point = |is_heavy: &bool| if *is_heavy { heavy.clone() } else { light.clone() };
        let grade = |marks: &[bool]| grade_body(&marks.iter().map(point).collect::<Vec<_>>()).unwrap();
        let body = grade(&[true, true, true, false, false, false]);
        assert_eq!((body.grade, body.heavy_reaches.as_slice()), (OdourGrade::Light, &[(0, 2)][..]));
        let body = grade(&[true, false, true, true, false]);
        assert_eq!((body.grade, body.heavy_reaches.len(), body.is_sufficient), (OdourGrade::Heavy, 0, true));
        assert!(grade_body(&[vec![], vec![]]).is_none());
    }
}
