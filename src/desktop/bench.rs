//! A scripted hand that pans and zooms in a real window, or drags a site, through the same events as a person's, and
//! counts the cost.

use crate::storage::clock;
use eframe::CreationContext;
use egui::{Event, Modifiers, MouseWheelUnit, PointerButton, Pos2, RawInput, TouchPhase, Vec2, pos2, vec2};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Arc, Mutex};

/// Frames that are drawn before anything is counted.
const WARM: usize = 5;
/// Frames of one round of the script.
const ROUND: usize = 240;

/// What the bench has to know of the window's map.
#[derive(Debug, Clone, Default)]
pub struct Machinery {
    /// Whether layers are still being prepared.
    pub is_preparing: bool,
    /// Vertices kept for drawing.
    pub vertices: usize,
    /// What draws them.
    pub adapter: String,
    /// Where the current site can be taken hold of.
    pub site: Option<Pos2>,
    /// How many verdicts were asked for, and which of them is shown.
    pub checks: (u64, u64),
}

/// From the frame that moved the site to the frame that showed its verdict.
#[derive(Debug, Default)]
struct Lag {
    /// Number of the verdict, frame and moment in which it was asked for.
    asked: VecDeque<(u64, usize, f64)>,
    known: u64,
    shown: u64,
    frames: Vec<f32>,
    seconds: Vec<f32>,
}

impl Lag {
    fn note(&mut self, (asked, shown): (u64, u64), frame: usize, now: f64) {
        // shown in this frame: it was taken before anything was drawn
        if shown > self.shown {
            self.shown = shown;
            while let Some((number, then, moment)) = self.asked.front().copied().filter(|(number, ..)| *number <= shown)
            {
                self.asked.pop_front();
                if number == shown {
                    self.frames.push((frame - then) as f32 / 1000.0);
                    self.seconds.push((now - moment) as f32);
                }
            }
        }
        if asked > self.known {
            self.known = asked;
            self.asked.push_back((asked, frame, now));
        }
    }
}

/// A window whose map can be asked.
struct Driven<A> {
    window: A,
    ask: fn(&A) -> Machinery,
    seconds: f64,
    began: Option<f64>,
    now: f64,
    frame: usize,
    hand: Pos2,
    /// Seconds from the start of the program to the frame after the first that showed every layer.
    first_map: Option<f64>,
    costs: Vec<f32>,
    drag: bool,
    carried: usize,
    lag: Lag,
    result: Arc<Mutex<Option<Value>>>,
}

/// Opens the window of this size in points, moves the map for so many seconds, and reports.
pub fn frames<A: eframe::App + 'static>(
    title: &str,
    options: eframe::NativeOptions,
    (seconds, drag): (f64, bool),
    size: (u32, u32),
    open: impl FnOnce(&CreationContext<'_>) -> Result<A, Box<dyn Error + Send + Sync>> + 'static,
    ask: fn(&A) -> Machinery,
) -> Result<Value, String> {
    let result = Arc::new(Mutex::new(None));
    let kept = result.clone();
    let size = [size.0 as f32, size.1 as f32];
    let viewport = options.viewport.clone().with_inner_size(size).with_min_inner_size(size);
    let options = eframe::NativeOptions { viewport, ..options };
    let run = eframe::run_native(
        title,
        options,
        Box::new(move |context| {
            Ok(Box::new(Driven {
                window: open(context)?,
                ask,
                seconds,
                began: None,
                now: 0.0,
                frame: 0,
                hand: Pos2::ZERO,
                first_map: None,
                costs: Vec::new(),
                drag,
                carried: 0,
                lag: Lag::default(),
                result: kept,
            }))
        }),
    );
    run.map_err(|error| error.to_string())?;
    let report = result.lock().map_err(|error| error.to_string())?.take();
    report.ok_or_else(|| "no frame was drawn".into())
}

impl<A: eframe::App> eframe::App for Driven<A> {
    fn logic(&mut self, context: &egui::Context, frame: &mut eframe::Frame) {
        self.window.logic(context, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.window.ui(ui, frame);
        let machinery = (self.ask)(&self.window);
        self.now = ui.input(|input| input.time);
        ui.ctx().request_repaint();
        // the first verdict prepares every layer
        if machinery.is_preparing || self.drag && machinery.checks.1 == 0 {
            return;
        }
        self.frame += 1;
        if self.frame == 2 {
            self.first_map = Some(clock::since_start());
        }
        if self.frame <= WARM {
            return;
        }
        let began = *self.began.get_or_insert(self.now);
        // What the window tells is the cost of the frame before this one.
        self.costs.extend(frame.info().cpu_usage);
        if self.drag {
            self.lag.note(machinery.checks, self.frame, clock::since_start());
        }
        if self.now - began >= self.seconds {
            if let Ok(mut result) = self.result.lock() {
                let mut told = report(&mut self.costs, &machinery, self.first_map);
                if let (true, Some(told)) = (self.drag, told.as_object_mut()) {
                    let (asked, _) = machinery.checks;
                    let checks = json!({
                        "asked": asked,
                        "shown": self.lag.frames.len(),
                        "lag_frames": percentiles(&mut self.lag.frames),
                        "lag_ms": percentiles(&mut self.lag.seconds),
                    });
                    told.insert("checks".into(), checks);
                }
                *result = Some(told);
            }
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    fn raw_input_hook(&mut self, context: &egui::Context, input: &mut RawInput) {
        self.window.raw_input_hook(context, input);
        // A real mouse over the window would disturb the count.
        input.events.retain(|event| {
            !matches!(event, Event::PointerMoved(_) | Event::PointerButton { .. } | Event::PointerGone)
        });
        if self.began.is_some() {
            if self.drag {
                let site = (self.ask)(&self.window).site;
                self.carry(site, &mut input.events);
            } else {
                let middle = context.content_rect().center();
                self.act(middle, &mut input.events);
            }
        }
    }
}

impl<A> Driven<A> {
    /// Takes the site and carries it round in circles, a new place in every frame.
    fn carry(&mut self, site: Option<Pos2>, events: &mut Vec<Event>) {
        let Some(site) = site else { return };
        self.carried += 1;
        if self.carried == 1 {
            self.hand = site;
            let button = PointerButton::Primary;
            let press = Event::PointerButton { pos: site, button, pressed: true, modifiers: Modifiers::NONE };
            events.extend([Event::PointerMoved(site), press]);
        } else {
            let turn = self.carried as f32 * 0.05;
            let at = self.hand + vec2(turn.sin() * 150.0, (1.0 - turn.cos()) * 60.0);
            events.push(Event::PointerMoved(at));
        }
    }

    /// Drags with the middle button in a circle, zooms in by the wheel, drags, zooms out again.
    fn act(&mut self, middle: Pos2, events: &mut Vec<Event>) {
        let step = self.costs.len() % ROUND;
        let button = |pressed| Event::PointerButton {
            pos: middle,
            button: PointerButton::Middle,
            pressed,
            modifiers: Modifiers::NONE,
        };
        let wheel = |notches: f32| Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, notches),
            phase: TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        };
        match step {
            0 | 130 => {
                self.hand = middle;
                events.extend([Event::PointerMoved(middle), button(true)]);
            }
            90 | 200 => events.push(button(false)),
            1..90 | 131..200 => {
                let turn = (step % 45) as f32 / 45.0 * std::f32::consts::TAU;
                self.hand += Vec2::angled(turn) * 12.0;
                let at = pos2(self.hand.x.round(), self.hand.y.round());
                events.push(Event::PointerMoved(at));
            }
            100..130 if step.is_multiple_of(6) => events.extend([Event::PointerMoved(middle), wheel(1.0)]),
            210..240 if step.is_multiple_of(6) => events.extend([Event::PointerMoved(middle), wheel(-1.0)]),
            _ => {}
        }
    }
}

fn report(costs: &mut [f32], machinery: &Machinery, first_map: Option<f64>) -> Value {
    json!({
        "frames": costs.len(),
        "cpu_ms": percentiles(costs),
        "vertices": machinery.vertices,
        "first_map_ms": first_map.map(|seconds| (seconds * 1000.0).round()),
        "adapter": machinery.adapter,
    })
}

/// Thousandths of what was counted.
fn percentiles(counted: &mut [f32]) -> Value {
    counted.sort_by(f32::total_cmp);
    let at = |share: f64| {
        let place = ((counted.len().saturating_sub(1)) as f64 * share).round() as usize;
        let thousandths = counted.get(place).map_or(0.0, |one| f64::from(*one) * 1000.0);
        (thousandths * 1000.0).round() / 1000.0
    };
    json!({"p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1.0)})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_percentiles_are_those_of_the_sorted_costs() {
        let mut costs: Vec<f32> = (1..=101).rev().map(|number| number as f32 / 1000.0).collect();
        let report = report(&mut costs, &Machinery::default(), None);
        assert_eq!(report["frames"], 101);
        assert!((report["cpu_ms"]["p50"].as_f64().unwrap() - 51.0).abs() < 1e-3);
        assert!((report["cpu_ms"]["p95"].as_f64().unwrap() - 96.0).abs() < 1e-3);
        assert!((report["cpu_ms"]["max"].as_f64().unwrap() - 101.0).abs() < 1e-3);
    }
}
