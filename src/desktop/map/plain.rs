//! The layers drawn with egui's own shapes where there is no graphics card at all: right, though slow.

use super::camera::Camera;
use super::gpu::{Pass, Symbol};
use super::mesh::{Chunk, LayerMesh, PEN_UP};
use crate::desktop::theme;
use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Color32, Painter, Pos2, Rgba, Shape, Stroke};
use geo::Coord;
use std::collections::HashMap;

/// Meshes kept for egui.
#[derive(Debug, Default)]
pub struct Plain {
    meshes: HashMap<u64, LayerMesh>,
}

impl Plain {
    /// Keeps a mesh.
    pub fn keep(&mut self, number: u64, mesh: LayerMesh) {
        self.meshes.insert(number, mesh);
    }

    /// Lets go of the rest.
    pub fn keep_only(&mut self, wanted: impl Fn(u64) -> bool) {
        self.meshes.retain(|number, _| wanted(*number));
    }

    /// Vertices kept.
    pub fn vertices(&self) -> usize {
        self.meshes.values().map(LayerMesh::vertices).sum()
    }

    /// Paints the layers, lowest first.
    pub fn paint(&self, painter: &Painter, camera: &Camera, passes: &[Pass], tables: &HashMap<u64, Vec<Symbol>>) {
        let level = LayerMesh::level_for(camera.metres_per_point());
        for pass in passes {
            let (Some(mesh), Some(table)) = (self.meshes.get(&pass.mesh), tables.get(&pass.mesh)) else { continue };
            let Some(chunks) = mesh.levels.get(level) else { continue };
            for chunk in chunks {
                fills(painter, camera, chunk, table, pass.opacity);
            }
            for chunk in chunks {
                lines(painter, camera, chunk, table, pass.opacity);
                markers(painter, camera, chunk, table, pass.opacity);
            }
        }
    }
}

fn colour([r, g, b, a]: [f32; 4], opacity: f32) -> Color32 {
    let [r, g, b, a] = [r, g, b, a * opacity].map(|part| (part * 255.0).round() as u8);
    theme::colour([r, g, b, a])
}

fn place(camera: &Camera, chunk: &Chunk, at: [f32; 2]) -> Pos2 {
    let ([x, y], [east, north]) = (chunk.origin, at.map(f64::from));
    camera.place(Coord { x: x + east, y: y + north })
}

fn symbol(table: &[Symbol], number: u32) -> Symbol {
    table.get((number & !PEN_UP) as usize).copied().unwrap_or_default()
}

/// Hatching becomes a tint of the same weight.
fn fills(painter: &Painter, camera: &Camera, chunk: &Chunk, table: &[Symbol], opacity: f32) {
    let mut mesh = Mesh { indices: chunk.indices.clone(), ..Mesh::default() };
    for corner in &chunk.corners {
        let symbol = symbol(table, corner.symbol);
        let [_, period, width, _] = symbol.pattern;
        let [_, _, _, hatch] = symbol.hatch;
        let share = if period > 0.0 { hatch * (width * std::f32::consts::SQRT_2 / period).min(1.0) } else { 0.0 };
        let tint = Rgba::from(colour(symbol.hatch, opacity * share / hatch.max(1e-6)));
        let ground = Rgba::from(colour(symbol.fill, opacity));
        let mixed = tint + ground * (1.0 - tint.a());
        mesh.vertices.push(Vertex { pos: place(camera, chunk, corner.at), uv: WHITE_UV, color: mixed.into() });
    }
    if !mesh.indices.is_empty() {
        painter.add(Shape::mesh(mesh));
    }
}

fn lines(painter: &Painter, camera: &Camera, chunk: &Chunk, table: &[Symbol], opacity: f32) {
    for points in chunk.line.windows(2) {
        let [start, end] = points else { continue };
        let [x, ..] = start.at;
        let [next, ..] = end.at;
        if start.symbol & PEN_UP != 0 || !x.is_finite() || !next.is_finite() {
            continue;
        }
        let symbol = symbol(table, start.symbol);
        let [width, dash, gap, _] = symbol.stroke;
        let true_width = f64::from(start.width) / camera.metres_per_point();
        let stroke = Stroke::new(width.max(true_width as f32), colour(symbol.line, opacity));
        let ends = [place(camera, chunk, start.at), place(camera, chunk, end.at)];
        if width > 0.0 && gap > 0.0 {
            painter.extend(Shape::dashed_line(&ends, stroke, dash, gap));
        } else if width > 0.0 {
            painter.line_segment(ends, stroke);
        }
    }
}

fn markers(painter: &Painter, camera: &Camera, chunk: &Chunk, table: &[Symbol], opacity: f32) {
    for marker in &chunk.markers {
        let symbol = symbol(table, marker.symbol);
        let [_, radius, rim, _] = symbol.marker;
        let stroke = Stroke::new(rim, colour(symbol.marker_rim, opacity));
        painter.circle(place(camera, chunk, marker.at), radius, colour(symbol.marker_fill, opacity), stroke);
    }
}
