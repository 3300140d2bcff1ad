//! The list of project kinds, narrowed by typing a part of a name, its pinyin, its initials or the code.

use super::kind_name;
use crate::siting::ProjectKind;
use crate::text::Text;
use crate::workspace::fit;
use egui::{ComboBox, Key, PopupCloseBehavior, ScrollArea, TextEdit, Ui};

/// Height of the list at most.
const HEIGHT: f32 = 360.0;

/// A drop-down list of kinds; the kind that was chosen, or none of them, when one was.
#[allow(clippy::option_option)]
pub(super) fn choose<'a>(
    ui: &mut Ui,
    salt: &str,
    name: &str,
    none: &str,
    current: &str,
    kinds: &'a [ProjectKind],
    text: &Text,
) -> Option<Option<&'a ProjectKind>> {
    let language = text.language;
    let known = kinds.iter().find(|kind| kind.code == current);
    let shown = known.map_or(none, |kind| kind_name(kind, language));
    let combo = ComboBox::from_id_salt(salt)
        .selected_text(shown)
        .width(ui.available_width() - 8.0)
        .height(HEIGHT + 40.0)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let seek = egui::Id::unique((salt, "seek"));
    let combo = combo.show_ui(ui, |ui| {
        // what was typed belongs to the list that is open; the next one begins empty
        let is_new = ui.data(|data| data.get_temp::<String>(seek).is_none());
        let mut typed = ui.data(|data| data.get_temp::<String>(seek)).unwrap_or_default();
        let edit =
            TextEdit::singleline(&mut typed).hint_text(&text.panel.siting.kind_seek).desired_width(f32::INFINITY);
        let field = ui.add(edit).accessible_name(&text.panel.siting.kind_seek);
        if is_new {
            field.request_focus();
        }
        let wanted = typed.trim().to_owned();
        ui.data_mut(|data| data.insert_temp(seek, typed));
        let found = meant(kinds, &wanted);
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let mut chosen = None;
        if entered && !wanted.is_empty() {
            chosen = found.first().map(|kind| Some(*kind));
        }
        ScrollArea::vertical().max_height(HEIGHT).show(ui, |ui| {
            if wanted.is_empty() && ui.selectable_label(known.is_none(), none).clicked() {
                chosen = Some(None);
            }
            for kind in &found {
                if ui.selectable_label(kind.code == current, kind_name(kind, language)).clicked() {
                    chosen = Some(Some(*kind));
                }
            }
            if found.is_empty() {
                ui.weak(&text.panel.siting.kind_nothing);
            }
        });
        if chosen.is_some() || ui.input(|input| input.key_pressed(Key::Escape)) {
            ui.close();
        }
        chosen
    });
    combo.response.accessible_name(name);
    if combo.inner.is_none() {
        ui.data_mut(|data| data.remove::<String>(seek));
    }
    // choosing the kind that it is changes nothing
    combo.inner.flatten().filter(|chosen| chosen.map_or("", |kind| kind.code.as_str()) != current)
}

/// The kinds that what was typed may mean, the likeliest first; all where nothing was.
fn meant<'a>(kinds: &'a [ProjectKind], wanted: &str) -> Vec<&'a ProjectKind> {
    let wanted = wanted.to_lowercase();
    let rank = |kind: &ProjectKind| {
        if kind.zh.contains(&wanted) {
            return Some((0, None));
        }
        let written = kind.code.contains(&wanted) || kind.en.to_lowercase().contains(&wanted);
        let sound = fit(&kind.zh, &wanted).map(|fit| (2, Some(fit)));
        if written { Some((1, None)) } else { sound }
    };
    let mut found: Vec<_> = kinds.iter().filter_map(|kind| Some((rank(kind)?, kind))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, kind)| kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::Rulebook;

    #[test]
    fn a_kind_is_found_by_part_pinyin_initials_english_and_code() {
        let found = |wanted: &str| -> Vec<&str> {
            meant(&Rulebook::bundled().kinds, wanted).into_iter().map(|kind| kind.code.as_str()).collect()
        };
        for wanted in ["住宅", "zhuzhai", "zz", "hous", "HOUSING"] {
            assert!(found(wanted).contains(&"housing"), "{wanted}: {:?}", found(wanted));
        }
        assert!(found("没有这种").is_empty());
        assert_eq!(found("工业").first(), Some(&"industry"));
        assert_eq!(found("").len(), Rulebook::bundled().kinds.len());
    }
}
