//! Many projects: what a table shows of each, and the kinds that an office writes by name.

use super::{Consequence, Rulebook, ThemeCheck, Verdict};
use crate::atlas::Site;

/// What a table shows of a verdict beside its grade.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Digest<'a> {
    /// The theme of the worst finding; absent when nothing found has a consequence.
    pub worst: Option<&'a ThemeCheck>,
    /// Ground shared with that theme, each spot counted once, square metres.
    pub overlap_m2: f64,
    /// The same as a share of the site, 0…1.
    pub overlap_share: f64,
}

impl Verdict {
    /// What a table shows of it.
    pub fn digest(&self) -> Digest<'_> {
        // findings stand worst first
        let worst = self.findings.first().filter(|finding| finding.consequence != Consequence::None);
        let worst = worst.and_then(|finding| self.checks.iter().find(|check| check.theme == finding.theme));
        Digest {
            worst,
            overlap_m2: worst.map_or(0.0, |check| check.overlap_m2),
            overlap_share: worst.map_or(0.0, |check| check.overlap_share),
        }
    }
}

/// Puts the code of the catalogue where a project tells its kind by name, Chinese or English. Returns the kinds that
/// the catalogue does not know, each once; those projects are judged as if they had told none.
pub fn settle_kinds(sites: &mut [Site], rulebook: &Rulebook) -> Vec<String> {
    let mut unknown: Vec<String> = Vec::new();
    for site in sites {
        let told = site.kind.trim();
        if told.is_empty() {
            site.kind.clear();
            continue;
        }
        let plain = told.to_lowercase();
        let kind = rulebook.kinds.iter().find(|kind| {
            let names = [&kind.code, &kind.zh, &kind.en];
            names.into_iter().any(|name| name.to_lowercase() == plain) || kind.zh.split('、').any(|name| name == told)
        });
        match kind {
            Some(kind) => site.kind.clone_from(&kind.code),
            None => {
                if !unknown.iter().any(|known| known == told) {
                    unknown.push(told.to_owned());
                }
                site.kind.clear();
            }
        }
    }
    unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_code_and_by_name_in_both_languages() {
        let site = |kind: &str| Site { kind: kind.into(), ..Site::default() };
        let mut sites = ["housing", "住宅", " Housing ", "中小学", "没有这种", "没有这种", ""].map(site);
        assert_eq!(settle_kinds(&mut sites, Rulebook::bundled()), ["没有这种"]);
        let kinds: Vec<&str> = sites.iter().map(|site| site.kind.as_str()).collect();
        assert_eq!(kinds, ["housing", "housing", "housing", "school", "", "", ""]);
    }
}
