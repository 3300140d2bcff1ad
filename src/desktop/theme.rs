//! Every colour, size and font of the window's chrome, light and dark. Symbols of the map are data in assets/legend.

use crate::cartography::legend::{Legend, Rgb};
use crate::workspace::Appearance;
use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, RichText, Shadow, Stroke, TextStyle, Theme, ThemePreference,
    Vec2, Visuals,
};

/// How narrow and how wide a side panel may be in a window of some width, points: at most a share of it, so that the map
/// keeps its part, and never less than its contents need.
pub fn side(window: f32, least: f32, share: f32, most: f32) -> std::ops::RangeInclusive<f32> {
    least..=(window * share).clamp(least, most)
}

/// Corners of cards, fields and buttons.
pub const ROUND: u8 = 5;
/// Space between two groups in a panel.
pub const GAP: f32 = 10.0;
/// Height of a row in lists and tables.
pub const ROW: f32 = 26.0;
/// Width of the names in a list of fields.
pub const FIELD_NAME_WIDTH: f32 = 104.0;
/// The same where names are short.
pub const NARROW_NAME_WIDTH: f32 = 76.0;
/// Side of a drawn icon.
pub const ICON: f32 = 16.0;

/// Colours of one appearance.
#[derive(Debug)]
pub struct Palette {
    /// Words.
    pub ink: Color32,
    /// Words of less weight.
    pub ink_soft: Color32,
    /// Hints and units.
    pub ink_faint: Color32,
    /// Behind panels.
    pub ground: Color32,
    /// Behind cards.
    pub raised: Color32,
    /// Behind text fields and charts.
    pub sunk: Color32,
    /// Lines between parts.
    pub line: Color32,
    /// Buttons at rest.
    pub button: Color32,
    /// Buttons under the pointer.
    pub button_hovered: Color32,
    /// What is chosen, links, the main button.
    pub accent: Color32,
    /// Behind what is chosen.
    pub accent_ground: Color32,
    /// Words on the accent.
    pub on_accent: Color32,
    /// The product's mark.
    pub brand: Color32,
    tones: [(Color32, Color32); 6],
    series: [Color32; 2],
}

/// What something means, told by colour, icon and word together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Forbidden, failed, overdue.
    Prohibited,
    /// Only with conditions; late soon.
    Restricted,
    /// To be noted.
    Attention,
    /// In order.
    Clear,
    /// Not known.
    Unchecked,
    /// No judgement.
    Neutral,
}

const fn rgb(code: u32) -> Color32 {
    Color32::from_rgb((code >> 16) as u8, (code >> 8) as u8, code as u8)
}

static LIGHT: Palette = Palette {
    ink: rgb(0x1a2330),
    ink_soft: rgb(0x4d5a69),
    ink_faint: rgb(0x76828f),
    ground: rgb(0xf5f6f8),
    raised: rgb(0xffffff),
    sunk: rgb(0xffffff),
    line: rgb(0xdce1e7),
    button: rgb(0xe9edf1),
    button_hovered: rgb(0xdde4eb),
    accent: rgb(0x1f5f9e),
    accent_ground: rgb(0xdbe8f5),
    on_accent: rgb(0xffffff),
    brand: rgb(0xb3202a),
    tones: [
        (rgb(0xb3202a), rgb(0xfbe6e6)),
        (rgb(0xa85100), rgb(0xfdeedd)),
        (rgb(0x7a6000), rgb(0xfaf3cf)),
        (rgb(0x1c7443), rgb(0xe2f3e8)),
        (rgb(0x5c6672), rgb(0xe8ebee)),
        (rgb(0x4d5a69), rgb(0xe9edf1)),
    ],
    series: [rgb(0x1f5f9e), rgb(0x8a4fa3)],
};

static DARK: Palette = Palette {
    ink: rgb(0xe7ebef),
    ink_soft: rgb(0xb3bcc6),
    ink_faint: rgb(0x8a95a1),
    ground: rgb(0x1b2026),
    raised: rgb(0x232a32),
    sunk: rgb(0x15191e),
    line: rgb(0x363f49),
    button: rgb(0x2d353e),
    button_hovered: rgb(0x39434e),
    accent: rgb(0x73ade8),
    accent_ground: rgb(0x27415c),
    on_accent: rgb(0x0d1a28),
    brand: rgb(0xef6a6a),
    tones: [
        (rgb(0xff8a80), rgb(0x4a2326)),
        (rgb(0xffb266), rgb(0x47311c)),
        (rgb(0xecd25a), rgb(0x3f391c)),
        (rgb(0x76d19a), rgb(0x1d3b2a)),
        (rgb(0xb0bac5), rgb(0x323a43)),
        (rgb(0xb3bcc6), rgb(0x2d353e)),
    ],
    series: [rgb(0x73ade8), rgb(0xc792dd)],
};

impl Palette {
    /// The strong colour of a meaning, for words and icons.
    pub fn tone(&self, tone: Tone) -> Color32 {
        self.pair(tone).0
    }

    /// The ground of a meaning, behind its words.
    pub fn tone_ground(&self, tone: Tone) -> Color32 {
        self.pair(tone).1
    }

    fn pair(&self, tone: Tone) -> (Color32, Color32) {
        let [prohibited, restricted, attention, clear, unchecked, neutral] = self.tones;
        match tone {
            Tone::Prohibited => prohibited,
            Tone::Restricted => restricted,
            Tone::Attention => attention,
            Tone::Clear => clear,
            Tone::Unchecked => unchecked,
            Tone::Neutral => neutral,
        }
    }

    /// The colour of a water class 1…6, the same as on the map; `None` when there is no such class.
    pub fn class(&self, class: u8) -> Option<Color32> {
        let known = (1..=6).contains(&class);
        Legend::bundled().water_class(Some(class)).filter(|_| known).map(|class| solid(class.screen))
    }

    /// Words on a water class: dark, or white where the colour is deep.
    pub fn on_class(&self, class: u8) -> Color32 {
        if class == 6 { Color32::WHITE } else { rgb(0x101820) }
    }

    /// The colour of a line in a chart.
    pub fn series(&self, number: usize) -> Color32 {
        let [first, second] = self.series;
        if number.is_multiple_of(2) { first } else { second }
    }
}

/// The colours in force.
pub fn palette(visuals: &Visuals) -> &'static Palette {
    if visuals.dark_mode { &DARK } else { &LIGHT }
}

/// A symbol's colour as the toolkit names it.
pub fn solid(Rgb([red, green, blue]): Rgb) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// A colour that is not quite opaque.
pub fn colour([red, green, blue, alpha]: [u8; 4]) -> Color32 {
    Color32::from_rgba_unmultiplied(red, green, blue, alpha)
}

/// The bold face.
pub fn bold_family() -> FontFamily {
    FontFamily::Name("bold".into())
}

/// Words in the bold face.
pub fn bold(words: impl Into<String>) -> RichText {
    RichText::new(words).family(bold_family())
}

/// Bold words of this size.
pub fn bold_font(size: f32) -> FontId {
    FontId::new(size, bold_family())
}

/// Installs styles of both appearances and wears one; call [`install_fonts`] first.
pub fn install(context: &egui::Context, appearance: Appearance) {
    context.style_mut_of(Theme::Light, |style| dress(style, &LIGHT, Visuals::light()));
    context.style_mut_of(Theme::Dark, |style| dress(style, &DARK, Visuals::dark()));
    wear(context, appearance);
}

/// Light or dark.
pub fn wear(context: &egui::Context, appearance: Appearance) {
    context.set_theme(match appearance {
        Appearance::Light => ThemePreference::Light,
        Appearance::Dark => ThemePreference::Dark,
    });
}

fn dress(style: &mut egui::Style, palette: &Palette, visuals: Visuals) {
    style.text_styles = [
        (TextStyle::Small, FontId::new(12.0, FontFamily::Proportional)),
        (TextStyle::Body, FontId::new(13.5, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(13.5, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
        (TextStyle::Heading, bold_font(17.0)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(6.0, 5.0);
    spacing.button_padding = Vec2::new(8.0, 3.0);
    spacing.interact_size = Vec2::new(28.0, 24.0);
    spacing.icon_width = 15.0;
    spacing.icon_width_inner = 9.0;
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(12);
    spacing.slider_width = 130.0;
    spacing.combo_width = 90.0;
    spacing.tooltip_width = 380.0;
    spacing.scroll.bar_width = 9.0;
    style.interaction.tooltip_delay = 0.35;
    style.interaction.selectable_labels = true;
    style.animation_time = 0.08;
    style.visuals = dressed(visuals, palette);
}

fn dressed(mut visuals: Visuals, palette: &Palette) -> Visuals {
    let round = CornerRadius::same(ROUND);
    visuals.panel_fill = palette.ground;
    visuals.window_fill = palette.raised;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    let shade = if visuals.dark_mode { 110 } else { 40 };
    visuals.window_shadow = Shadow { offset: [0, 4], blur: 18, spread: 0, color: Color32::from_black_alpha(shade) };
    visuals.popup_shadow = Shadow { offset: [0, 3], blur: 10, spread: 0, color: Color32::from_black_alpha(shade) };
    visuals.extreme_bg_color = palette.sunk;
    visuals.faint_bg_color = palette.button.gamma_multiply(0.45);
    visuals.code_bg_color = palette.button;
    visuals.hyperlink_color = palette.accent;
    visuals.warn_fg_color = palette.tone(Tone::Restricted);
    visuals.error_fg_color = palette.tone(Tone::Prohibited);
    visuals.weak_text_color = Some(palette.ink_faint);
    visuals.selection.bg_fill = palette.accent_ground;
    visuals.selection.stroke = Stroke::new(1.0, palette.accent);
    visuals.slider_trailing_fill = true;
    visuals.indent_has_left_vline = false;
    visuals.interact_cursor = None;
    let widgets = &mut visuals.widgets;
    for (state, fill, stroke, ink) in [
        (&mut widgets.noninteractive, palette.ground, palette.line, palette.ink),
        (&mut widgets.inactive, palette.button, palette.line, palette.ink),
        (&mut widgets.hovered, palette.button_hovered, palette.accent, palette.ink),
        (&mut widgets.active, palette.accent_ground, palette.accent, palette.ink),
        (&mut widgets.open, palette.button_hovered, palette.accent, palette.ink),
    ] {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = Stroke::new(1.0, stroke);
        state.fg_stroke = Stroke::new(1.0, ink);
        state.corner_radius = round;
        state.expansion = 0.0;
    }
    visuals.widgets.inactive.bg_stroke = Stroke::new(1.0, palette.line);
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: Color32) -> f64 {
        let part = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour.r()) + 0.7152 * part(colour.g()) + 0.0722 * part(colour.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    /// WCAG 2.1: 4.5 for words, 3 for large ones and hints.
    #[test]
    fn words_can_be_read_on_their_ground() {
        for palette in [&LIGHT, &DARK] {
            for ground in [palette.ground, palette.raised, palette.sunk] {
                assert!(contrast(palette.ink, ground) > 7.0);
                assert!(contrast(palette.ink_soft, ground) > 4.5);
                assert!(contrast(palette.ink_faint, ground) > 3.0);
                assert!(contrast(palette.accent, ground) > 4.5);
            }
            assert!(contrast(palette.on_accent, palette.accent) > 4.5);
            for tone in
                [Tone::Prohibited, Tone::Restricted, Tone::Attention, Tone::Clear, Tone::Unchecked, Tone::Neutral]
            {
                assert!(contrast(palette.tone(tone), palette.tone_ground(tone)) > 4.5, "{tone:?}");
                assert!(contrast(palette.tone(tone), palette.raised) > 4.5, "{tone:?}");
            }
            for class in 1..=6 {
                assert!(contrast(palette.on_class(class), palette.class(class).unwrap()) > 4.5, "class {class}");
            }
        }
    }
}
