//! Many projects of one file, judged together: opened like a document, beside the project and not part of its undo.

use crate::atlas::{Date, Site, Value};
use crate::format::ProjectRow;
use crate::siting::{Rulebook, settle_kinds};
use std::sync::Arc;

/// From this number on the projects of a file open as a batch instead of one by one.
pub const MANY: usize = 12;

/// Many projects of one file.
#[derive(Debug)]
pub struct Batch {
    /// The file.
    pub name: String,
    /// The projects.
    pub sites: Vec<Arc<Site>>,
    /// The columns of each.
    pub columns: Vec<Vec<(String, Value)>>,
    /// Kinds of project that the catalogue does not know.
    pub unknown_kinds: Vec<String>,
}

/// Columns that tell the day of a project.
const DAYS: [&str; 9] =
    ["date", "日期", "批复日期", "立项日期", "申请日期", "受理日期", "备案日期", "approved_on", "created_on"];

impl Batch {
    /// Projects with the columns of their rows.
    pub fn new(name: &str, rows: Vec<ProjectRow>, rulebook: &Rulebook) -> Self {
        let (mut sites, columns): (Vec<Site>, Vec<_>) = rows.into_iter().unzip();
        let unknown_kinds = settle_kinds(&mut sites, rulebook);
        Batch { name: name.to_owned(), sites: sites.into_iter().map(Arc::new).collect(), columns, unknown_kinds }
    }

    /// The day that the row of a project tells.
    pub fn day(&self, place: usize) -> Option<Date> {
        let columns = self.columns.get(place)?;
        let known = DAYS.iter().find_map(|day| columns.iter().find(|(name, _)| name == day));
        known.and_then(|(_, value)| value.as_date())
    }

    /// Names of all columns, in the order in which they first stand.
    pub fn fields(&self) -> Vec<String> {
        let mut known = std::collections::HashSet::new();
        let names = self.columns.iter().flatten().map(|(name, _)| name);
        names.filter(|name| known.insert(name.as_str())).cloned().collect()
    }
}
