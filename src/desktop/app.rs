//! The window's frame loop: obeys commands, starts work, lays out bar, panels and map.

use super::auditing;
use super::bar;
use super::batch_run::BatchRun;
use super::belts::BeltWork;
use super::bench::Machinery;
use super::commands::Commands;
use super::importing::{Importing, Want};
use super::map::{BatchPaint, MapView, Overlay, SurveyOverlay};
use super::opening;
use super::panel::{
    AuditPanel, AuditWant, BatchPanel, BatchWant, FeaturePanel, LayersPanel, SearchBox, SheetPanel, SitingPanel,
    StatusBar, StatusWish, TargetsPanel, WaterPanel, WatersPanel, grade_tone,
};
use super::reporting;
use super::shortcut::{self, Action, Wish};
use super::survey::Survey;
use super::theme;
use super::watching::{Answer, Watching};
use crate::atlas::{Atlas, Layer, Site, Theme};
use crate::geometry::Form;
use crate::geometry::geo::{Coord, CoordsIter, MultiPolygon};
use crate::storage::settings;
use crate::text::fill;
use crate::workspace::{
    Command, Derived, Edit, Elsewhere, FlyTo, JobId, Jobs, Navigate, Notice, OfficePack, OpenAs, Outcome, Panel, Ready,
    Session, Task, Tool, View, Workspace,
};
use eframe::egui_wgpu::RenderState;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Name of the settings file.
pub const SETTINGS: &str = "settings.json";

/// Seconds of rest after which changed settings are kept.
const SETTLE: f64 = 2.0;

/// The panels, each with what only it knows.
#[derive(Debug, Default)]
struct Panels {
    search: SearchBox,
    layers: LayersPanel,
    feature: FeaturePanel,
    water: WaterPanel,
    waters: WatersPanel,
    sheet: SheetPanel,
    siting: SitingPanel,
    batch: BatchPanel,
    audit: AuditPanel,
    targets: TargetsPanel,
    status: StatusBar,
}

/// Two versions that are being compared.
#[derive(Debug)]
struct Auditing {
    job: JobId,
    versions: (Arc<Layer>, Arc<Layer>),
    revision: u64,
}

/// The window.
pub struct App {
    workspace: Workspace,
    derived: Derived,
    derived_of: Option<Arc<Atlas>>,
    jobs: Jobs,
    commands: Commands,
    map: MapView,
    panels: Panels,
    importing: Importing,
    watching: Watching,
    belts: BeltWork,
    live: super::live_check::LiveCheck,
    batch: BatchRun,
    /// The comparison under way.
    auditing: Option<Auditing>,
    ready: Arc<Ready>,
    survey: Survey,
    kept: Session,
    keep_at: Option<f64>,
    help_open: bool,
    keeps_settings: bool,
}

impl App {
    /// A window on an atlas. `keeps_settings` is off in tests.
    pub fn new(
        context: &egui::Context,
        gpu: Option<&RenderState>,
        atlas: Arc<Atlas>,
        session: Session,
        keeps_settings: bool,
    ) -> Self {
        super::font::install(context);
        theme::install(context, session.appearance);
        let waker = context.clone();
        let live_waker = context.clone();
        let watch_waker = context.clone();
        let survey_waker = context.clone();
        let ready = Arc::new(Ready::default());
        let kept = session.clone();
        let commands = Commands::new(context.clone());
        if !session.rule_packs.is_empty() {
            commands.run(Task::OpenRules(session.rule_packs.clone()));
        }
        Self {
            workspace: Workspace::new(atlas, session),
            derived: Derived::default(),
            derived_of: None,
            jobs: Jobs::new(move || waker.request_repaint()),
            commands,
            map: MapView::new(context, gpu),
            panels: Panels::default(),
            importing: Importing::default(),
            belts: BeltWork::default(),
            watching: Watching::new(move || watch_waker.request_repaint()),
            live: super::live_check::LiveCheck::new(move || live_waker.request_repaint()),
            batch: BatchRun::default(),
            auditing: None,
            survey: Survey::new(ready.clone(), move || survey_waker.request_repaint()),
            ready,
            kept,
            keep_at: None,
            help_open: false,
            keeps_settings,
        }
    }

    /// What the person is working on.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// What follows from it.
    pub fn derived(&self) -> &Derived {
        &self.derived
    }

    /// What the frame bench asks of the map.
    pub fn machinery(&self) -> Machinery {
        let (vertices, adapter) = self.map.machinery();
        let is_preparing = self.map.is_preparing();
        Machinery {
            is_preparing,
            vertices,
            adapter,
            site: self.map.grip(&self.workspace),
            checks: self.live.progress(),
        }
    }

    /// A round site at the border of the first red-line zone, ready to be dragged: what the bench carries about.
    pub fn take_site_in_hand(&self) {
        let zones = self.workspace.atlas().layers_of(Theme::RedlineZones).flat_map(|layer| layer.features());
        let border = zones.filter_map(|zone| zone.shape.as_ref()?.coords_iter().next()).next();
        let centre = border.unwrap_or(Coord { x: View::CITY.longitude, y: View::CITY.latitude });
        let shape = Form::Circle { centre, radius: 300.0 }.shape().unwrap_or(MultiPolygon(Vec::new()));
        let site = Site { shape, ..Site::default() };
        self.send(Command::Edit(Edit::AddSite(Box::new(site))));
        self.send(Command::Navigate(Navigate::Show(Panel::Siting)));
        self.send(Command::Navigate(Navigate::Take(Tool::Reshape)));
        self.send(Command::Navigate(Navigate::Fly(FlyTo::Place(centre, Some(15.5)))));
    }

    /// Whether work is under way.
    pub fn is_busy(&self) -> bool {
        !self.jobs.running().is_empty() || self.live.is_waiting() || self.survey.is_waiting() || self.map.is_preparing()
    }

    /// Longitudes and latitudes that the map shows.
    pub fn visible_area(&self) -> Option<geo::Rect> {
        self.map.visible_area()
    }

    /// Sends a command as a panel would.
    pub fn send(&self, command: Command) {
        self.commands.send(command);
    }

    /// Opens files beside the atlas. Which of its layers a file shall replace is asked only when it is dropped or chosen:
    /// the name of a file must not change a verdict.
    pub fn open(&mut self, files: Vec<PathBuf>) {
        if !files.is_empty() {
            self.commands.run(Task::Open { files, open_as: OpenAs::Layer(Theme::Other) });
        }
    }

    /// Asks about files as when they are dropped.
    pub fn import(&mut self, files: Vec<PathBuf>) {
        self.importing.ask(files);
    }

    /// Says something to the person.
    pub fn say(&mut self, notice: Notice) {
        self.workspace.say(notice);
    }

    /// Results, keys, commands: everything but drawing.
    pub fn tick(&mut self, context: &egui::Context) {
        self.take_results();
        self.take_files(context);
        for action in shortcut::pressed(context) {
            match action {
                // what stands in front has the keys
                Action::Command(_) if self.importing.is_open() || self.panels.siting.report.is_open() => {}
                // what was not finished is no step of the project
                Action::Command(Command::Undo) if self.map.step_back() => context.request_repaint(),
                Action::Command(command) => self.commands.send(command),
                Action::Wish(wish) => self.obey(wish, context),
            }
        }
        for command in self.commands.take() {
            let worn = self.workspace.session.appearance;
            for task in self.workspace.apply(command) {
                self.start(task);
            }
            if worn != self.workspace.session.appearance {
                theme::wear(context, self.workspace.session.appearance);
            }
        }
        for want in self.importing.take_wants() {
            self.grant(want);
        }
        if self.jobs.running().is_empty() {
            self.panels.siting.report.rest();
        }
        self.watching.follow(&mut self.workspace);
        self.derive();
        let panicked = failed(&self.workspace.text().bar.job_failed);
        self.belts.follow(&self.workspace, &mut self.jobs, panicked);
        self.batch.follow(&self.workspace, &mut self.jobs);
        self.live.follow(&self.workspace, self.map.draft(), &mut self.derived);
        self.survey.follow(&self.workspace, self.map.visible_area(), &mut self.derived, context);
        self.keep_settings(context);
    }

    fn take_results(&mut self) {
        for outcome in self.jobs.poll() {
            match outcome {
                Outcome::Chosen(files) => self.take_in(files),
                Outcome::Previewed(result) => {
                    if let Err(sentence) = self.importing.take(result, &self.workspace) {
                        self.workspace.say(Notice { is_problem: true, sentence });
                    }
                }
                Outcome::Reported(file) => self.panels.siting.report.take(file),
                Outcome::Version(is_new, layer) => self.panels.audit.take_version(is_new, layer),
                Outcome::Audited(audit) => {
                    if let Some(Auditing { versions, revision, .. }) = self.auditing.take() {
                        self.panels.audit.take(*audit, versions, revision);
                    }
                }
                Outcome::Derived(derived) => {
                    let Derived { verdict, comparison, elsewhere, surface, left, .. } =
                        std::mem::take(&mut self.derived);
                    self.derived = Derived { verdict, comparison, elsewhere, surface, left, ..*derived };
                }
                Outcome::Belts(of, layers) => {
                    let is_current = Arc::ptr_eq(&of, self.workspace.atlas());
                    let is_derived = self.derived_of.as_ref().is_some_and(|known| Arc::ptr_eq(known, &of));
                    self.workspace.accept(Outcome::Belts(of, layers));
                    if is_current {
                        // the belts follow from the atlas: nothing else has to be computed anew
                        self.belts.taken(&self.workspace);
                        self.derived_of =
                            if is_derived { Some(self.workspace.atlas().clone()) } else { self.derived_of.take() };
                    }
                }
                Outcome::Elsewhere(found) => self.derived.elsewhere = Some(Arc::from(found)),
                Outcome::Opened(layers) => {
                    self.show_new(&layers);
                    self.workspace.accept(Outcome::Opened(layers));
                }
                outcome => self.workspace.accept(outcome),
            }
        }
    }

    /// Goes to layers that were taken in where nothing of them would be seen, or all of them would be a dot.
    fn show_new(&self, layers: &[Arc<Layer>]) {
        let around = |a: geo::Rect, b: geo::Rect| {
            let low = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
            geo::Rect::new(low, Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
        };
        let all = layers.iter().filter_map(|layer| layer.bounds()).reduce(around);
        let (Some(all), Some(seen)) = (all, self.map.visible_area()) else { return };
        let is_beside = all.max().x < seen.min().x
            || all.min().x > seen.max().x
            || all.max().y < seen.min().y
            || all.min().y > seen.max().y;
        let is_dot = all.width() < seen.width() / 50.0 && all.height() < seen.height() / 50.0;
        if is_beside || is_dot {
            self.commands.navigate(Navigate::Fly(FlyTo::Area(all)));
        }
    }

    fn take_files(&mut self, context: &egui::Context) {
        let files: Vec<PathBuf> = context.input(|input| {
            let dropped = input.raw.dropped_files.iter();
            dropped.map(|file| file.path().to_path_buf()).filter(|path| !path.as_os_str().is_empty()).collect()
        });
        self.take_in(files);
    }

    /// Rule packs go to the rules, everything else is asked about.
    fn take_in(&mut self, files: Vec<PathBuf>) {
        let is_pack = |file: &PathBuf| file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        let (packs, files): (Vec<PathBuf>, Vec<PathBuf>) = files.into_iter().partition(is_pack);
        if !packs.is_empty() {
            self.commands.run(Task::OpenRules(packs));
        }
        self.importing.ask(files);
    }

    /// Computes what follows from the atlas whenever the atlas is another one.
    fn derive(&mut self) {
        let atlas = self.workspace.atlas();
        if self.derived_of.as_ref().is_some_and(|known| Arc::ptr_eq(known, atlas)) {
            return;
        }
        let atlas = atlas.clone();
        self.derived_of = Some(atlas.clone());
        let text = &self.workspace.text().bar;
        self.jobs.start(text.job_derive.clone(), failed(&text.job_failed), move |_| {
            vec![Outcome::Derived(Box::new(Derived::of(&atlas)))]
        });
    }

    fn start(&mut self, task: Task) {
        let text = self.workspace.text();
        let panicked = failed(&text.bar.job_failed);
        match task {
            Task::Choose => {
                self.jobs.start(text.bar.dropped_title.clone(), panicked, move |_| opening::choose(text));
            }
            Task::Open { files, open_as } => {
                let title = fill(&text.bar.job_open, &[("files", &opening::names(&files))]);
                let (ids, atlas) = (self.workspace.layer_ids(), self.workspace.atlas().clone());
                let work = move |progress: &_| opening::open(&files, open_as, (&atlas, &ids), text, progress);
                self.jobs.start(title, panicked, work);
            }
            Task::Paste(pasted) => {
                let (drawing, near) = (self.workspace.session.drawing, self.workspace.session.view.longitude);
                let work = move |_: &_| opening::paste(&pasted, (drawing, near), text);
                self.jobs.start(text.bar.job_paste.clone(), panicked, work);
            }
            Task::Export(request, file) => {
                let (atlas, classes) = (self.workspace.atlas().clone(), self.derived.water_class.clone());
                let title = opening::export_title(file.as_deref(), text);
                let work = move |_: &_| opening::export(&request, file, &atlas, &classes, text);
                self.jobs.start(title, panicked, work);
            }
            Task::Report(request) => {
                let (atlas, rulebook) = (self.workspace.atlas().clone(), self.workspace.rulebook().clone());
                let title = reporting::title(&request, text);
                self.jobs.start(title, panicked, move |_| reporting::make(&request, &atlas, &rulebook, text));
            }
            Task::LookElsewhere(wish) => {
                let title = fill(&text.elsewhere.job, &[("name", &wish.site.name)]);
                let ready = self.ready.clone();
                let work = move |progress: &_| {
                    let found = Elsewhere::look(*wish, &ready, progress);
                    found.map(|found| Outcome::Elsewhere(Box::new(found))).into_iter().collect()
                };
                self.jobs.start(title, panicked, work);
            }
            Task::KeepSettings => self.keep_settings_now(),
            Task::ChooseRules => {
                self.jobs.start(text.rules.choose.clone(), panicked, move |_| opening::choose_rules(text));
            }
            Task::OpenRules(files) => {
                let title = fill(&text.bar.job_open, &[("files", &opening::names(&files))]);
                let read = move |_: &_| vec![Outcome::Rules(files.iter().map(|file| OfficePack::read(file)).collect())];
                self.jobs.start(title, panicked, read);
            }
            // let go of where it was asked for
            Task::DropRules(_) => {}
        }
    }

    /// Starts the work that the window of imports asks for.
    fn grant(&mut self, want: Want) {
        let text = self.workspace.text();
        let panicked = failed(&text.bar.job_failed);
        let (ids, atlas) = (self.workspace.layer_ids(), self.workspace.atlas().clone());
        let title = |file: &Path| fill(&text.bar.job_open, &[("files", &opening::names(&[file.to_owned()]))]);
        match want {
            Want::Read(file, corrections, own) => {
                let title = title(&file);
                let work = move |progress: &_| opening::preview(&file, &corrections, (&atlas, &own), text, progress);
                let job = self.jobs.start(title, panicked, work);
                if let Some(progress) = self.jobs.progress(job) {
                    self.importing.started(progress);
                }
            }
            Want::Import(preview, plan) => {
                let title = title(&preview.file);
                self.jobs.start(title, panicked, move |_| opening::import(*preview, &plan, &ids, text));
            }
            Want::Follow(file, corrections, plan) => {
                let title = title(&file);
                let work =
                    move |progress: &_| opening::follow(&file, &corrections, &plan, (&atlas, &ids), text, progress);
                self.jobs.start(title, panicked, work);
            }
            // in tests nothing is kept
            Want::SaveSystems(_) if !self.keeps_settings => {}
            Want::SaveSystems(systems) => {
                let save = move |_: &_| opening::save_systems(&systems, text);
                self.jobs.start(text.import.save_system.clone(), panicked, save);
            }
            Want::Keep(kept) => crate::workspace::keep(&mut self.workspace.session.imports, kept),
        }
    }

    /// Does what the person says to a file that has changed.
    fn heed(&mut self, answer: &Answer) {
        let (Answer::Reload(watched) | Answer::Ignore(watched)) = answer else {
            if let Answer::Settle(by_file) = answer {
                self.workspace.settle_renewal(*by_file);
            }
            return;
        };
        self.workspace.watched.ignore(&watched.file);
        if let Answer::Reload(watched) = answer {
            let (text, watched) = (self.workspace.text(), watched.clone());
            let (ids, atlas) = (self.workspace.layer_ids(), self.workspace.atlas().clone());
            let title = fill(&text.bar.job_open, &[("files", &opening::names(std::slice::from_ref(&watched.file)))]);
            let work = move |progress: &_| opening::reload(&watched, (&atlas, &ids), text, progress);
            self.jobs.start(title, failed(&text.bar.job_failed), work);
        }
    }

    fn obey(&mut self, wish: Wish, context: &egui::Context) {
        match wish {
            Wish::Find => self.panels.search.focus(),
            Wish::Open => self.commands.run(Task::Choose),
            Wish::Escape => self.escape(context),
            Wish::FullScreen => {
                let is_full = context.input(|input| input.viewport().fullscreen.unwrap_or(false));
                context.send_viewport_cmd(egui::ViewportCommand::Fullscreen(!is_full));
            }
            Wish::Help => self.help_open = !self.help_open,
        }
    }

    /// Esc: the file that is asked about, the sketch, then the tool, then work under way, then the selection, then the panel.
    fn escape(&mut self, context: &egui::Context) {
        if self.importing.is_open() {
            self.importing.escape(context);
        } else if self.panels.siting.report.is_open() {
            self.panels.siting.report.close();
        } else if self.panels.siting.close_rulebook() {
        } else if self.help_open {
            self.help_open = false;
        } else if self.map.escape() {
        } else if self.workspace.session.tool != Tool::Browse {
            self.commands.navigate(Navigate::Take(Tool::Browse));
        } else if self.jobs.cancel_all() {
        } else if !self.workspace.session.hits.is_empty() {
            self.commands.navigate(Navigate::Select(Vec::new()));
        } else if self.workspace.session.panel != Panel::Closed {
            self.commands.navigate(Navigate::Show(Panel::Closed));
        }
    }

    /// Lays out the window.
    pub fn frame(&mut self, ui: &mut egui::Ui) {
        let auditing = self.auditing_share();
        let Self { workspace, derived, commands, map, panels, batch, .. } = self;
        let (mut wish, mut cancelled) = (None, None);
        let (mut batch_want, mut audit_want) = (None, None);
        egui::Panel::top("bar").frame(bar::frame(ui)).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(theme::bold(&workspace.text().common.product).size(16.0));
                ui.separator();
                wish = bar::show_tools(ui, workspace, commands);
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    wish = wish.or(bar::show_choices(ui, workspace, commands));
                    let width = ui.available_width().clamp(120.0, 300.0);
                    panels.search.show(ui, workspace, derived, commands, width);
                });
            });
        });
        if derived.targets.is_some() {
            egui::Panel::top("targets").frame(bar::frame(ui)).show(ui, |ui| {
                panels.targets.show_strip(ui, workspace, derived, commands);
            });
        }
        let changed = workspace.watched.first_changed(workspace.project());
        let clash = workspace.watched.clash();
        let settled = clash.and_then(|clash| {
            let panel = egui::Panel::top("clash").frame(bar::frame(ui));
            panel.show(ui, |ui| Watching::show_clash(ui, clash, workspace.text())).inner
        });
        let answer = changed.filter(|_| clash.is_none()).and_then(|watched| {
            let panel = egui::Panel::top("changed").frame(bar::frame(ui));
            panel.show(ui, |ui| Watching::show(ui, watched, workspace.text())).inner
        });
        egui::Panel::bottom("status").frame(bar::frame(ui)).show(ui, |ui| {
            let pixels_per_metre = 96.0 / 0.0254;
            let wish = panels.status.show(ui, workspace, map.cursor(), pixels_per_metre, self.jobs.running(), commands);
            cancelled = wish.map(|StatusWish::Cancel(id)| id);
        });
        let width = ui.ctx().content_rect().width();
        if panels.layers.has_room(width, &workspace.session) && workspace.session.layers_open {
            let panel =
                egui::Panel::left("layers").default_size(296.0).size_range(theme::side(width, 200.0, 0.26, 420.0));
            panel.show(ui, |ui| panels.layers.show(ui, workspace, derived, commands));
        }
        if workspace.session.panel != Panel::Closed {
            let panel =
                egui::Panel::right("side").default_size(408.0).size_range(theme::side(width, 360.0, 0.42, 640.0));
            panel.show(ui, |ui| {
                bar::show_panels(ui, workspace, commands);
                ui.separator();
                match workspace.session.panel {
                    Panel::Feature => panels.feature.show(ui, workspace, derived, commands),
                    Panel::Water => panels.water.show(ui, workspace, derived, commands),
                    Panel::Waters => panels.waters.show(ui, workspace, derived, commands),
                    Panel::Targets => panels.targets.show(ui, workspace, derived, commands),
                    Panel::Siting => panels.siting.show(ui, workspace, derived, commands),
                    Panel::Batch => batch_want = panels.batch.show(ui, workspace, batch, commands),
                    Panel::Audit => audit_want = panels.audit.show(ui, workspace, auditing, commands),
                    Panel::Sheet => {
                        let visible = map.visible_area();
                        panels.sheet.show(ui, workspace, derived, visible, commands);
                    }
                    Panel::Closed => {}
                }
            });
        }
        egui::CentralPanel::no_frame().show(ui, |ui| {
            let batch = workspace.batch.as_ref();
            let surface = derived.surface.as_deref().zip(self.survey.surface().map(|picture| picture.id()));
            let map_of_places = derived.elsewhere.as_ref().and_then(|elsewhere| elsewhere.map.as_deref());
            let survey = SurveyOverlay {
                surface,
                // one picture at a time: colours laid over each other mean nothing
                places: map_of_places
                    .filter(|_| surface.is_none())
                    .zip(self.survey.places().map(|picture| picture.id())),
                elsewhere: derived.elsewhere.as_deref(),
            };
            let overlay = Overlay {
                water_class: &derived.water_class,
                overlaps: self.live.overlaps(),
                tone: derived.verdict.as_ref().map_or(theme::Tone::Prohibited, |verdict| grade_tone(verdict.verdict)),
                hovered_in_list: None,
                batch: batch.map(|of| BatchPaint { batch: of, run: &self.batch, chosen: panels.batch.chosen() }),
                change: panels.audit.painted(),
                survey,
            };
            map.show(ui, workspace, &overlay, commands);
        });
        // asked at once rather than before the next frame: the verdict is there when that one is drawn
        self.live.follow(&self.workspace, self.map.draft(), &mut self.derived);
        self.pick();
        if let Some(want) = batch_want {
            self.grant_batch(want);
        }
        if let Some(want) = audit_want {
            self.grant_audit(want);
        }
        if let Some(id) = cancelled {
            self.jobs.cancel(id);
        }
        if let Some(answer) = settled.or(answer) {
            self.heed(&answer);
        }
        let context = ui.ctx().clone();
        self.importing.show(&context, &self.workspace);
        self.panels.siting.report.show(&context, &self.workspace, &self.commands);
        self.show_help(&context);
        if let Some(wish) = wish {
            self.obey(wish, &context);
        }
    }

    /// A click on a project of the batch chooses its row, while the table is open; what lies below is not meant then.
    fn pick(&mut self) {
        let Some((at, reach)) = self.map.take_click() else { return };
        let Some(batch) = self.workspace.batch.clone().filter(|_| self.workspace.session.panel == Panel::Batch) else {
            return;
        };
        if self.panels.batch.pick(at, reach, &batch, &self.batch) {
            self.commands.take_back(|command| !matches!(command, Command::Navigate(Navigate::Select(_))));
        }
    }

    fn grant_batch(&mut self, want: BatchWant) {
        match want {
            BatchWant::Rerun => self.batch.rerun(&self.workspace, &mut self.jobs),
            BatchWant::Stop => self.batch.stop(&mut self.jobs),
            BatchWant::Export(format) => self.batch.export(format, None, &self.workspace, &mut self.jobs),
        }
    }

    /// How far the comparison is, when one is under way.
    fn auditing_share(&mut self) -> Option<f32> {
        let job = self.auditing.as_ref()?.job;
        let running = self.jobs.running().iter().find(|running| running.id == job);
        let share = running.map(|running| running.progress.share());
        if share.is_none() {
            self.auditing = None;
        }
        share
    }

    fn grant_audit(&mut self, want: AuditWant) {
        let text = self.workspace.text();
        let words = &text.audit.panel;
        let panicked = failed(&text.bar.job_failed);
        match want {
            AuditWant::Choose(is_new, theme) => {
                let (ids, atlas) = (self.workspace.layer_ids(), self.workspace.atlas().clone());
                let title = fill(&words.job_read, &[("file", if is_new { &words.new } else { &words.old })]);
                let work = move |progress: &_| auditing::choose(is_new, theme, (&atlas, &ids), text, progress);
                self.jobs.start(title, panicked, work);
            }
            AuditWant::Run(old, new) => {
                let given = auditing::Given::of(&self.workspace);
                let names = [("old", old.title.as_str()), ("new", new.title.as_str())];
                let title = fill(&words.job, &names);
                let (versions, revision) = ((old, new), self.workspace.revision());
                let (before, after) = versions.clone();
                let work = move |progress: &_| auditing::compare(&given, (&before, &after), progress);
                let job = self.jobs.start(title, panicked, work);
                self.auditing = Some(Auditing { job, versions, revision });
            }
            AuditWant::Stop => {
                if let Some(auditing) = self.auditing.take() {
                    self.jobs.cancel(auditing.job);
                }
            }
            AuditWant::Export(format) => {
                let Some((audit, (old, new))) = self.panels.audit.answer() else { return };
                let (audit, old, new) = (audit.clone(), old.clone(), new.clone());
                let title = fill(&words.job_export, &[("file", &words.export_title)]);
                let work = move |_: &_| auditing::export(&audit, (&old, &new), format, text);
                self.jobs.start(title, panicked, work);
            }
        }
    }

    /// Reads a version of a constraint from a file, as when it is chosen in the panel.
    pub fn open_version(&mut self, file: PathBuf, is_new: bool, theme: Theme) {
        let text = self.workspace.text();
        let (ids, atlas) = (self.workspace.layer_ids(), self.workspace.atlas().clone());
        let title = fill(&text.audit.panel.job_read, &[("file", &opening::names(std::slice::from_ref(&file)))]);
        let work = move |progress: &_| auditing::read(&file, (is_new, theme), (&atlas, &ids), text, progress);
        self.jobs.start(title, failed(&text.bar.job_failed), work);
    }

    /// Writes the answers of the batch to a file, as when it is chosen in the panel.
    pub fn export_batch(&mut self, file: PathBuf) {
        let format = match file.extension().map(|ending| ending.to_ascii_lowercase()) {
            Some(ending) if ending == "xlsx" => crate::format::Format::Xlsx,
            Some(ending) if ending == "gpkg" => crate::format::Format::GeoPackage,
            _ => crate::format::Format::GeoJson,
        };
        self.batch.export(format, Some(file), &self.workspace, &mut self.jobs);
    }

    fn show_help(&mut self, context: &egui::Context) {
        if !self.help_open {
            return;
        }
        let text = &self.workspace.text().bar;
        let modal = egui::Modal::new(egui::Id::unique("help")).show(context, |ui| {
            ui.set_max_width(560.0);
            ui.heading(&text.help_title);
            ui.add_space(6.0);
            egui::Grid::new("keys").num_columns(2).spacing([24.0, 6.0]).show(ui, |ui| {
                for (key, meaning) in &text.help_keys {
                    ui.strong(key);
                    ui.label(meaning);
                    ui.end_row();
                }
            });
            ui.separator();
            ui.label(fill(&text.about, &[("version", env!("CARGO_PKG_VERSION"))]));
            ui.weak(&text.attribution);
            ui.add_space(6.0);
            ui.button(&text.dismiss).clicked()
        });
        if modal.inner || modal.should_close() {
            self.help_open = false;
        }
    }

    /// Keeps settings when they have changed and the hand has rested.
    fn keep_settings(&mut self, context: &egui::Context) {
        if !self.keeps_settings {
            return;
        }
        let size = context.input(|input| input.viewport().inner_rect).map(|rect| (rect.width(), rect.height()));
        if size.is_some() {
            self.workspace.session.window = size;
        }
        if self.workspace.session.same_settings(&self.kept) {
            return;
        }
        let now = context.input(|input| input.time);
        let due = *self.keep_at.get_or_insert(now + SETTLE);
        if now >= due {
            self.keep_settings_now();
        } else {
            // Asked anew each time: a frame in between forgets what an earlier one asked for.
            context.request_repaint_after(std::time::Duration::from_secs_f64(due - now + 0.05));
        }
    }

    fn keep_settings_now(&mut self) {
        self.keep_at = None;
        self.kept = self.workspace.session.clone();
        if !self.keeps_settings {
            return;
        }
        let (session, text) = (self.kept.clone(), self.workspace.text());
        self.jobs.start(String::new(), failed(&text.bar.job_failed), move |_| {
            match settings::save(SETTINGS, &session) {
                Ok(()) => Vec::new(),
                Err(error) => {
                    let reason = error.to_string();
                    vec![Outcome::Said(failed(&fill(&text.bar.settings_unkept, &[("reason", &reason)])))]
                }
            }
        });
    }

    /// Keeps settings before the window closes.
    pub fn close(&mut self) {
        if self.keeps_settings && !self.workspace.session.same_settings(&self.kept) {
            // The window is closing: there is nobody left to tell.
            let _ = settings::save(SETTINGS, &self.workspace.session);
        }
    }

    /// Tab goes through the hits instead of through the buttons while the pointer is over the map.
    pub fn filter(&mut self, context: &egui::Context, input: &mut egui::RawInput) {
        let cycles = self.workspace.session.hits.len() > 1
            && !context.egui_wants_keyboard_input()
            && context.memory(|memory| memory.focused()).is_none();
        if !cycles {
            return;
        }
        input.events.retain(|event| {
            let egui::Event::Key { key: egui::Key::Tab, pressed, modifiers, .. } = event else { return true };
            if *pressed {
                self.commands.navigate(Navigate::CycleHit(!modifiers.shift));
            }
            false
        });
    }
}

fn failed(sentence: &str) -> Notice {
    Notice { is_problem: true, sentence: sentence.to_owned() }
}

impl eframe::App for App {
    fn logic(&mut self, context: &egui::Context, _: &mut eframe::Frame) {
        self.tick(context);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _: &mut eframe::Frame) {
        self.frame(ui);
    }

    fn raw_input_hook(&mut self, context: &egui::Context, input: &mut egui::RawInput) {
        self.filter(context, input);
    }

    fn on_exit(&mut self) {
        self.close();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}
