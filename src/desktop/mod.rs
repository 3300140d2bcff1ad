//! The window; the only module that names egui.

mod app;
mod auditing;
mod bar;
mod batch_run;
mod belts;
mod bench;
mod commands;
mod dialog;
mod font;
mod importing;
mod live_check;
mod map;
mod opening;
mod panel;
mod reporting;
mod shortcut;
mod survey;
mod theme;
mod watching;
mod widget;

pub use app::App;
pub use commands::Commands;
pub use map::{MapView, Overlay, SurveyOverlay};

use crate::storage::{atlas, settings};
use crate::text::{Language, Text};
use crate::workspace::{Notice, Session};
use std::path::PathBuf;
use std::sync::Arc;

/// Name by which desktops know the program.
const APPLICATION: &str = "redline-atlas";

/// Opens the window on the bundled atlas and these files; `Err(None)` when there is no display.
pub fn run(files: Vec<PathBuf>, language: Option<Language>) -> Result<(), Option<String>> {
    let kept = settings::load::<Session>(app::SETTINGS);
    let mut session = kept.value;
    session.language = language.unwrap_or(session.language);
    let text = Text::of(session.language);
    let size = session.window.filter(|(width, height)| *width >= 640.0 && *height >= 400.0).unwrap_or((1440.0, 900.0));
    let broken = kept.broken.is_some();
    open(size, &text.common.product, move |creation, atlas| {
        let mut app = App::new(&creation.egui_ctx, creation.wgpu_render_state.as_ref(), atlas, session, true);
        if broken {
            app.say(Notice { is_problem: true, sentence: text.bar.settings_broken.clone() });
        }
        app.open(files);
        Box::new(app)
    })
}

/// Scripted pan and zoom in a real window, or with `drag` a site carried over the map with its verdict following:
/// `{"frames","cpu_ms":{…},"vertices"}`, and of the site `{"checks":{…}}`.
pub fn bench(
    files: &[PathBuf],
    seconds: f64,
    size: (u32, u32),
    drag: bool,
) -> Result<serde_json::Value, Option<String>> {
    if !has_display() {
        return Err(None);
    }
    let reading = read_atlas();
    let files = files.to_vec();
    let create = move |creation: &eframe::CreationContext<'_>| {
        let gpu = creation.wgpu_render_state.as_ref();
        let mut app = App::new(&creation.egui_ctx, gpu, reading()?, Session::default(), false);
        app.open(files);
        if drag {
            app.take_site_in_hand();
        }
        Ok(app)
    };
    let size_in_points = (size.0 as f32, size.1 as f32);
    bench::frames(APPLICATION, options(size_in_points, APPLICATION), (seconds, drag), size, create, App::machinery)
        .map_err(Some)
}

fn options(size: (f32, f32), title: &str) -> eframe::NativeOptions {
    let viewport = egui::ViewportBuilder::default()
        .with_title(title)
        .with_app_id(APPLICATION)
        .with_inner_size(size)
        .with_min_inner_size((800.0, 560.0))
        .with_drag_and_drop(true);
    eframe::NativeOptions { viewport, renderer: eframe::Renderer::Wgpu, ..Default::default() }
}

/// Opens a window; the atlas is read while the window is made.
fn open<'a>(
    size: (f32, f32),
    title: &str,
    create: impl FnOnce(&eframe::CreationContext<'_>, Arc<crate::atlas::Atlas>) -> Box<dyn eframe::App> + 'a,
) -> Result<(), Option<String>> {
    if !has_display() {
        return Err(None);
    }
    let reading = read_atlas();
    let creator: eframe::AppCreator<'a> = Box::new(move |creation| Ok(create(creation, reading()?)));
    eframe::run_native(APPLICATION, options(size, title), creator).map_err(|error| Some(error.to_string()))
}

/// Starts reading the bundled atlas; the answer waits for it.
fn read_atlas() -> impl FnOnce() -> Result<Arc<crate::atlas::Atlas>, Box<dyn std::error::Error + Send + Sync>> {
    let reading = std::thread::spawn(atlas::open_bundled);
    move || Ok(Arc::new(reading.join().map_err(|_| "the bundled atlas could not be read")??))
}

fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
