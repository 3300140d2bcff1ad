//! The system's own dialogs for files; they wait for the person, so they run on jobs.

use crate::storage::{clock, file, settings};
use crate::text::Text;
use crate::workspace::{Notice, Outcome};
use rfd::FileDialog;
use std::path::PathBuf;

/// Seconds within which nobody calls a dialog off: there was none.
const NO_DIALOG: f64 = 0.15;

/// Files of these endings to open; else what there is to say: nothing when the person called it off.
pub fn files(filter: &str, endings: &[&str], title: &str, text: &Text) -> Result<Vec<PathBuf>, Vec<Outcome>> {
    // some systems tell cases apart
    let endings: Vec<String> =
        endings.iter().flat_map(|ending| [(*ending).to_owned(), ending.to_uppercase()]).collect();
    answered(FileDialog::new().add_filter(filter, &endings).set_title(title), FileDialog::pick_files, text)
}

/// One file of any kind to open.
pub fn file(title: &str, text: &Text) -> Result<PathBuf, Vec<Outcome>> {
    answered(FileDialog::new().set_title(title), FileDialog::pick_file, text)
}

/// Where to write a file of this ending.
pub fn save(name: &str, ending: &str) -> Result<PathBuf, Vec<Outcome>> {
    let dialog = FileDialog::new().add_filter(ending.to_uppercase(), &[ending]);
    let dialog = dialog.set_file_name(format!("{name}.{ending}"));
    let started = clock::since_start();
    let Some(mut file) = dialog.save_file() else {
        // without a dialog it goes among the documents, and what was written is told with its place
        let is_absent = clock::since_start() - started < NO_DIALOG;
        let place = settings::documents().join(format!("{name}.{ending}"));
        return if is_absent { Ok(file::free(place)) } else { Err(Vec::new()) };
    };
    if file.extension().is_none() {
        file.set_extension(ending);
    }
    Ok(file)
}

fn answered<T>(dialog: FileDialog, ask: fn(FileDialog) -> Option<T>, text: &Text) -> Result<T, Vec<Outcome>> {
    let started = clock::since_start();
    ask(dialog).ok_or_else(|| {
        let is_absent = clock::since_start() - started < NO_DIALOG;
        let notice = is_absent.then(|| Notice { is_problem: true, sentence: text.bar.no_dialog.clone() });
        notice.map(Outcome::Said).into_iter().collect()
    })
}
