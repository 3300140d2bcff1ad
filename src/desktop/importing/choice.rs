//! A list to choose from by mouse or keyboard: with the keyboard on it, up and down choose at once, Enter unfolds it.

use egui::{ComboBox, EventFilter, Key, Ui};
use std::fmt::Debug;
use std::hash::Hash;

/// Draws a list that folds down; `shown` stands for what is chosen, since that need not be among the offers.
pub fn choose<T: PartialEq + Clone>(
    ui: &mut Ui,
    salt: impl Hash + Debug,
    (name, width): (&str, f32),
    shown: &str,
    offers: &[(T, String)],
    chosen: &mut T,
) {
    let combo = ComboBox::from_id_salt(salt).selected_text(shown).width(width).truncate();
    let before = chosen.clone();
    let mut moved = false;
    let folded = combo.show_ui(ui, |ui| {
        for (value, label) in offers {
            ui.selectable_value(chosen, value.clone(), label);
        }
    });
    let button = folded.response;
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, name));
    if button.has_focus() && before == *chosen {
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(button.id, filter));
        let at = offers.iter().position(|(value, _)| value == chosen);
        let next = step(ui, at, offers.len());
        if let Some((value, _)) = next.and_then(|next| offers.get(next)) {
            *chosen = value.clone();
            moved = true;
        }
    }
    if moved {
        button.scroll_to_me(None);
    }
}

/// The place in a list after the keys that were pressed; `None` where none was, or where it is already there.
pub fn step(ui: &Ui, at: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let next = ui.input(|input| {
        let by = [(Key::ArrowDown, 1), (Key::PageDown, PAGE), (Key::ArrowUp, -1), (Key::PageUp, -PAGE)];
        let moved: isize = by.iter().filter(|(key, _)| input.key_pressed(*key)).map(|(_, by)| by).sum();
        let place = at.map_or(-1, |at| at.min(last) as isize);
        match (input.key_pressed(Key::Home), input.key_pressed(Key::End), moved) {
            (true, ..) => Some(0),
            (_, true, _) => Some(last),
            (.., 0) => None,
            _ => Some((place + moved).clamp(0, last as isize) as usize),
        }
    })?;
    (Some(next) != at).then_some(next)
}

/// Rows that a page key passes.
const PAGE: isize = 8;
