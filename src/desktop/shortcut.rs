//! Keys of the whole window. None fires while a text field has the keyboard or an input method composes.

use crate::workspace::{Command, Navigate, Panel, Task, Tool};
use egui::{Key, KeyboardShortcut, Modifiers};

/// What a key asks for beyond commands: things that only the window knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Put the cursor in the search box.
    Find,
    /// Choose files.
    Open,
    /// Cancel: sketch, then selection, then panel.
    Escape,
    /// Whole screen or window.
    FullScreen,
    /// The list of keys.
    Help,
}

/// Either a command or a wish of the window.
#[derive(Debug, Clone)]
pub enum Action {
    /// For the workspace.
    Command(Command),
    /// For the window.
    Wish(Wish),
}

fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

/// Keys that work anywhere, and those that work only while nobody types.
pub fn pressed(context: &egui::Context) -> Vec<Action> {
    let typing = context.text_edit_focused();
    let mut actions = Vec::new();
    let mut take = |shortcut: KeyboardShortcut, action: Action| {
        if context.input_mut(|input| input.consume_shortcut(&shortcut)) {
            actions.push(action);
        }
    };
    let navigate = |step: Navigate| Action::Command(Command::Navigate(step));
    take(ctrl(Key::F), Action::Wish(Wish::Find));
    take(ctrl(Key::O), Action::Wish(Wish::Open));
    take(ctrl(Key::P), navigate(Navigate::Show(Panel::Sheet)));
    take(plain(Key::F11), Action::Wish(Wish::FullScreen));
    take(plain(Key::F1), Action::Wish(Wish::Help));
    take(KeyboardShortcut::new(Modifiers::ALT, Key::ArrowLeft), navigate(Navigate::Back));
    take(KeyboardShortcut::new(Modifiers::ALT, Key::ArrowRight), navigate(Navigate::Forward));
    if typing {
        return actions;
    }
    take(KeyboardShortcut::new(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z), Action::Command(Command::Redo));
    take(ctrl(Key::Z), Action::Command(Command::Undo));
    take(ctrl(Key::Y), Action::Command(Command::Redo));
    // an open list is put away first, by itself
    if !egui::Popup::is_any_open(context) {
        take(plain(Key::Escape), Action::Wish(Wish::Escape));
    }
    take(plain(Key::OpenBracket), navigate(Navigate::Back));
    take(plain(Key::CloseBracket), navigate(Navigate::Forward));
    for (key, tool) in TOOLS {
        take(plain(key), navigate(Navigate::Take(tool)));
    }
    actions.extend(pasted(context).map(|text| Action::Command(Command::Run(Task::Paste(text)))));
    actions
}

fn pasted(context: &egui::Context) -> Option<String> {
    context.input(|input| {
        input.events.iter().find_map(|event| match event {
            egui::Event::Paste(text) => Some(text.clone()),
            _ => None,
        })
    })
}

/// Tools and their keys, in the order of the bar.
pub const TOOLS: [(Key, Tool); 9] = [
    (Key::Num1, Tool::Browse),
    (Key::Num2, Tool::Polygon),
    (Key::Num3, Tool::Rectangle),
    (Key::Num8, Tool::Circle),
    (Key::Num9, Tool::Corridor),
    (Key::Num4, Tool::Reshape),
    (Key::Num5, Tool::Measure),
    (Key::Num6, Tool::Words),
    (Key::Num7, Tool::Arrow),
];
