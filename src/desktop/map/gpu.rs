//! Draws meshes into a picture on the graphics card: buffers uploaded once, one draw a chunk, a small uniform each.
//!
//! The picture is a texture of its own, so that it can be moved without being drawn again while the view moves: with
//! software rendering that is what keeps panning smooth. Only WebGL2-level features are used.

use super::blit::{Blit, Hanging};
use super::camera::Camera;
use super::mesh::{Chunk, Corner, LayerMesh, LinePoint};
use bytemuck::{Pod, Zeroable};
use eframe::egui_wgpu::{RenderState, wgpu};
use egui::Rect;
use std::collections::HashMap;
use wgpu::util::DeviceExt;

/// Symbols a layer may have.
pub const SYMBOLS: usize = 64;
/// Uniforms lie this far apart in their buffer.
const STRIDE: u64 = 256;
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// How one class of features is drawn, sizes in points; the layout is that of the shader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Symbol {
    /// Colour of the area.
    pub fill: [f32; 4],
    /// Colour of the hatching.
    pub hatch: [f32; 4],
    /// Colour of the line.
    pub line: [f32; 4],
    /// Colour below the line.
    pub casing: [f32; 4],
    /// Kind of hatching, its period, its width.
    pub pattern: [f32; 4],
    /// Width, dash, gap, extra width of the casing.
    pub stroke: [f32; 4],
    /// The second dash and gap.
    pub dash: [f32; 4],
    /// Colour of a marker.
    pub marker_fill: [f32; 4],
    /// Colour of its rim.
    pub marker_rim: [f32; 4],
    /// Kind of marker, radius, width of the rim.
    pub marker: [f32; 4],
}

#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct ChunkUniform {
    scale: f32,
    opacity: f32,
    stretch: f32,
    pixel_ratio: f32,
    offset: [f32; 2],
    viewport: [f32; 2],
    hatch_start: [f32; 2],
    spare: [f32; 2],
}

/// One layer of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pass {
    /// Which mesh.
    pub mesh: u64,
    /// 0 clear … 1 opaque.
    pub opacity: f32,
}

/// The picture of the layers and what it is drawn from.
pub struct Picture {
    state: RenderState,
    blit: Blit,
    pipelines: Pipelines,
    chunk_layout: wgpu::BindGroupLayout,
    symbol_layout: wgpu::BindGroupLayout,
    uniforms: wgpu::Buffer,
    uniform_group: wgpu::BindGroup,
    meshes: HashMap<u64, Uploaded>,
    target: Option<Target>,
    samples: u32,
    software: bool,
}

struct Pipelines {
    fill: wgpu::RenderPipeline,
    casing: wgpu::RenderPipeline,
    line: wgpu::RenderPipeline,
    marker: wgpu::RenderPipeline,
}

struct Target {
    size: [u32; 2],
    view: wgpu::TextureView,
    smooth: Option<wgpu::TextureView>,
    group: wgpu::BindGroup,
}

struct Uploaded {
    levels: Vec<UploadedLevel>,
    symbols: wgpu::Buffer,
    group: wgpu::BindGroup,
    has_casing: bool,
    vertices: usize,
}

struct UploadedLevel {
    chunks: Vec<UploadedChunk>,
    corners: Option<wgpu::Buffer>,
    indices: Option<wgpu::Buffer>,
    line: Option<wgpu::Buffer>,
    markers: Option<wgpu::Buffer>,
}

/// Places of a chunk's parts in the buffers of its level, in elements.
struct UploadedChunk {
    origin: [f64; 2],
    bounds: [f64; 4],
    corners: std::ops::Range<u64>,
    indices: std::ops::Range<u64>,
    line: std::ops::Range<u64>,
    markers: std::ops::Range<u64>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("meshes", &self.meshes.len()).field("software", &self.software).finish()
    }
}

impl Picture {
    /// Prepares the pipelines.
    pub fn new(state: &RenderState) -> Self {
        let device = &state.device;
        let software = state.adapter.get_info().device_type == wgpu::DeviceType::Cpu;
        // Four samples a pixel cost a processor more than half of the time; lines are smooth by themselves.
        let samples = if software { 1 } else { 4 };
        let uniform = |label, dynamic, size, visibility| {
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: Some(label),
                entries: &[wgpu::BindGroupLayoutEntry {
                    binding: 0,
                    visibility,
                    ty: wgpu::BindingType::Buffer {
                        ty: wgpu::BufferBindingType::Uniform,
                        has_dynamic_offset: dynamic,
                        min_binding_size: std::num::NonZeroU64::new(size),
                    },
                    count: None,
                }],
            })
        };
        let stages = wgpu::ShaderStages::VERTEX_FRAGMENT;
        let chunk_layout = uniform("map chunk", true, size_of::<ChunkUniform>() as u64, stages);
        let symbol_layout = uniform("map symbols", false, (size_of::<Symbol>() * SYMBOLS) as u64, stages);
        let pipelines = Pipelines::new(device, &chunk_layout, &symbol_layout, samples);
        let (uniforms, uniform_group) = uniform_buffer(device, &chunk_layout, 256 * STRIDE);
        Self {
            state: state.clone(),
            blit: Blit::new(state),
            pipelines,
            chunk_layout,
            symbol_layout,
            uniforms,
            uniform_group,
            meshes: HashMap::new(),
            target: None,
            samples,
            software,
        }
    }

    /// Whether a processor plays the graphics card.
    pub fn is_software(&self) -> bool {
        self.software
    }

    /// Name of the graphics card or of what plays it.
    pub fn adapter(&self) -> String {
        let info = self.state.adapter.get_info();
        format!("{} ({:?})", info.name, info.backend)
    }

    /// Vertices uploaded.
    pub fn vertices(&self) -> usize {
        self.meshes.values().map(|mesh| mesh.vertices).sum()
    }

    /// Uploads a mesh with its symbols.
    pub fn upload(&mut self, number: u64, mesh: &LayerMesh, symbols: &[Symbol]) {
        let device = &self.state.device;
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("map symbols"),
            size: (size_of::<Symbol>() * SYMBOLS) as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("map symbols"),
            layout: &self.symbol_layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: buffer.as_entire_binding() }],
        });
        let levels = mesh.levels.iter().map(|chunks| UploadedLevel::new(device, chunks)).collect();
        let vertices = mesh.vertices();
        self.meshes.insert(number, Uploaded { levels, symbols: buffer, group, has_casing: false, vertices });
        self.dress(number, symbols);
    }

    /// Gives a mesh other symbols; nothing is built again.
    pub fn dress(&mut self, number: u64, symbols: &[Symbol]) {
        if let Some(mesh) = self.meshes.get_mut(&number) {
            let mut table = [Symbol::default(); SYMBOLS];
            table.iter_mut().zip(symbols).for_each(|(place, symbol)| *place = *symbol);
            mesh.has_casing = symbols.iter().any(|symbol| symbol.stroke[3] > 0.0 && symbol.casing[3] > 0.0);
            self.state.queue.write_buffer(&mesh.symbols, 0, bytemuck::cast_slice(&table));
        }
    }

    /// Lets go of the meshes that are not wanted any more.
    pub fn keep_only(&mut self, wanted: impl Fn(u64) -> bool) {
        self.meshes.retain(|number, _| wanted(*number));
    }

    /// Draws the layers, lowest first, as this camera sees them; its frame must be whole pixels.
    pub fn draw(&mut self, camera: &Camera, pixel_ratio: f32, background: [f32; 4], passes: &[Pass]) {
        let size = camera.frame.size() * pixel_ratio;
        let limit = self.state.device.limits().max_texture_dimension_2d;
        let size = [size.x, size.y].map(|side| (side.round() as u32).clamp(1, limit));
        self.resize(size);
        let frame = Frame::new(camera, pixel_ratio, size);
        let mut draws = Vec::new();
        let mut data = Vec::new();
        for pass in passes {
            let Some(mesh) = self.meshes.get(&pass.mesh) else { continue };
            let Some(level) = mesh.levels.get(frame.level) else { continue };
            for chunk in level.chunks.iter().filter(|chunk| frame.meets(chunk.bounds)) {
                draws.push((mesh, level, chunk, data.len() as u32));
                data.extend_from_slice(bytemuck::bytes_of(&frame.uniform(chunk.origin, pass.opacity)));
                data.resize(draws.len() * STRIDE as usize, 0);
            }
        }
        if data.len() as u64 > self.uniforms.size() {
            let size = (data.len() as u64).next_power_of_two();
            (self.uniforms, self.uniform_group) = uniform_buffer(&self.state.device, &self.chunk_layout, size);
        }
        self.state.queue.write_buffer(&self.uniforms, 0, &data);
        let mut encoder = self.state.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let Some(target) = &self.target else { return };
        {
            let [r, g, b, a] = background.map(f64::from);
            let attachment = wgpu::RenderPassColorAttachment {
                view: target.smooth.as_ref().unwrap_or(&target.view),
                depth_slice: None,
                resolve_target: target.smooth.as_ref().map(|_| &target.view),
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color { r, g, b, a }),
                    store: if target.smooth.is_some() { wgpu::StoreOp::Discard } else { wgpu::StoreOp::Store },
                },
            };
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("map layers"),
                color_attachments: &[Some(attachment)],
                depth_stencil_attachment: None,
                timestamp_writes: None,
                occlusion_query_set: None,
                multiview_mask: None,
            });
            self.record(&mut pass, &draws);
        }
        self.state.queue.submit([encoder.finish()]);
    }

    /// A shape that shows the picture.
    pub fn shape(&self, hanging: Hanging) -> Option<egui::Shape> {
        let target = self.target.as_ref()?;
        Some(self.blit.shape(&self.state.queue, &target.group, target.size, hanging))
    }

    /// Within a layer all fills come first, then what lies below the lines, the lines, the markers.
    fn record(&self, pass: &mut wgpu::RenderPass<'_>, draws: &[(&Uploaded, &UploadedLevel, &UploadedChunk, u32)]) {
        for layer in draws.chunk_by(|(one, ..), (other, ..)| std::ptr::eq(*one, *other)) {
            let Some((mesh, ..)) = layer.first() else { continue };
            pass.set_bind_group(1, &mesh.group, &[]);
            pass.set_pipeline(&self.pipelines.fill);
            for (_, level, chunk, offset) in layer {
                if let (Some(corners), Some(indices), false) =
                    (&level.corners, &level.indices, chunk.indices.is_empty())
                {
                    pass.set_bind_group(0, &self.uniform_group, &[*offset]);
                    pass.set_vertex_buffer(0, corners.slice(bytes::<Corner>(&chunk.corners)));
                    pass.set_index_buffer(indices.slice(bytes::<u32>(&chunk.indices)), wgpu::IndexFormat::Uint32);
                    pass.draw_indexed(0..(chunk.indices.end - chunk.indices.start) as u32, 0, 0..1);
                }
            }
            for (pipeline, wanted) in [(&self.pipelines.casing, mesh.has_casing), (&self.pipelines.line, true)] {
                if wanted {
                    pass.set_pipeline(pipeline);
                    layer.iter().for_each(|(_, level, chunk, offset)| self.lines(pass, level, chunk, *offset));
                }
            }
            pass.set_pipeline(&self.pipelines.marker);
            for (_, level, chunk, offset) in layer {
                if let (Some(markers), false) = (&level.markers, chunk.markers.is_empty()) {
                    pass.set_bind_group(0, &self.uniform_group, &[*offset]);
                    pass.set_vertex_buffer(0, markers.slice(bytes::<Corner>(&chunk.markers)));
                    pass.draw(0..4, 0..(chunk.markers.end - chunk.markers.start) as u32);
                }
            }
        }
    }

    /// One buffer bound four times: a segment reads the point before it, its ends, and the point after it.
    fn lines(&self, pass: &mut wgpu::RenderPass<'_>, level: &UploadedLevel, chunk: &UploadedChunk, offset: u32) {
        let points = chunk.line.end - chunk.line.start;
        if let (Some(line), true) = (&level.line, points > 3) {
            pass.set_bind_group(0, &self.uniform_group, &[offset]);
            for slot in 0..4_u32 {
                let from = chunk.line.start + u64::from(slot);
                pass.set_vertex_buffer(slot, line.slice(bytes::<LinePoint>(&(from..chunk.line.end))));
            }
            pass.draw(0..4, 0..(points - 3) as u32);
        }
    }

    fn resize(&mut self, size: [u32; 2]) {
        if self.target.as_ref().is_some_and(|target| target.size == size) {
            return;
        }
        let device = &self.state.device;
        let texture = |samples, usage| {
            device.create_texture(&wgpu::TextureDescriptor {
                label: Some("map picture"),
                size: wgpu::Extent3d { width: size[0], height: size[1], depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: samples,
                dimension: wgpu::TextureDimension::D2,
                format: FORMAT,
                usage,
                view_formats: &[],
            })
        };
        let attachment = wgpu::TextureUsages::RENDER_ATTACHMENT;
        let view = texture(1, attachment | wgpu::TextureUsages::TEXTURE_BINDING)
            .create_view(&wgpu::TextureViewDescriptor::default());
        let smooth = (self.samples > 1)
            .then(|| texture(self.samples, attachment).create_view(&wgpu::TextureViewDescriptor::default()));
        let group = self.blit.bind(device, &view);
        self.target = Some(Target { size, view, smooth, group });
    }
}

/// What all chunks of a picture share.
struct Frame {
    camera: Camera,
    /// Pixels a Web Mercator metre.
    scale: f64,
    stretch: f32,
    pixel_ratio: f32,
    size: [u32; 2],
    level: usize,
    seen: [f64; 4],
}

impl Frame {
    fn new(camera: &Camera, pixel_ratio: f32, size: [u32; 2]) -> Self {
        let metres_per_pixel = camera.metres_per_point() / f64::from(pixel_ratio);
        // Room for wide lines and markers whose middle is outside.
        let room = 40.0 * metres_per_pixel;
        let half = [0, 1].map(|axis| f64::from(size.get(axis).copied().unwrap_or(1)) / 2.0 * metres_per_pixel + room);
        let [across, along] = half;
        let centre = camera.centre;
        Self {
            camera: *camera,
            scale: 1.0 / metres_per_pixel,
            stretch: (1.0 / camera.view().latitude.to_radians().cos()) as f32,
            pixel_ratio,
            size,
            level: LayerMesh::level_for(metres_per_pixel),
            seen: [centre.x - across, centre.y - along, centre.x + across, centre.y + along],
        }
    }

    fn meets(&self, [west, south, east, north]: [f64; 4]) -> bool {
        let [seen_west, seen_south, seen_east, seen_north] = self.seen;
        west <= seen_east && east >= seen_west && south <= seen_north && north >= seen_south
    }

    fn uniform(&self, [x, y]: [f64; 2], opacity: f32) -> ChunkUniform {
        let [width, height] = self.size.map(f64::from);
        let centre = self.camera.centre;
        let offset =
            [(x - centre.x) * self.scale + width / 2.0, (centre.y - y) * self.scale + height / 2.0].map(|v| v as f32);
        // All whole periods up to 12 divide this, so that the pattern has no seam.
        let wrap = 27_720.0;
        let start = [centre.x * self.scale - width / 2.0, -centre.y * self.scale - height / 2.0];
        let hatch_start = start.map(|value| value.round().rem_euclid(wrap) as f32);
        ChunkUniform {
            scale: self.scale as f32,
            opacity,
            stretch: self.stretch,
            pixel_ratio: self.pixel_ratio,
            offset,
            viewport: [width as f32, height as f32],
            hatch_start,
            spare: [0.0; 2],
        }
    }
}

/// The frame of a picture that covers this frame and some room beside it, in whole pixels.
pub fn roomy(frame: Rect, room: f32, pixel_ratio: f32) -> Rect {
    let low = ((frame.min.to_vec2() - frame.size() * room) * pixel_ratio).floor() / pixel_ratio;
    let high = ((frame.max.to_vec2() + frame.size() * room) * pixel_ratio).ceil() / pixel_ratio;
    Rect::from_min_max(low.to_pos2(), high.to_pos2())
}

fn bytes<T>(elements: &std::ops::Range<u64>) -> std::ops::Range<u64> {
    let size = size_of::<T>() as u64;
    elements.start * size..elements.end * size
}

fn uniform_buffer(device: &wgpu::Device, layout: &wgpu::BindGroupLayout, size: u64) -> (wgpu::Buffer, wgpu::BindGroup) {
    let buffer = device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("map chunks"),
        size,
        usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("map chunks"),
        layout,
        entries: &[wgpu::BindGroupEntry {
            binding: 0,
            resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer: &buffer,
                offset: 0,
                size: std::num::NonZeroU64::new(size_of::<ChunkUniform>() as u64),
            }),
        }],
    });
    (buffer, group)
}

impl UploadedLevel {
    fn new(device: &wgpu::Device, chunks: &[Chunk]) -> Self {
        let (mut corners, mut indices, mut line, mut markers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut places = Vec::with_capacity(chunks.len());
        fn append<T: Copy>(all: &mut Vec<T>, part: &[T]) -> std::ops::Range<u64> {
            let start = all.len() as u64;
            all.extend_from_slice(part);
            start..all.len() as u64
        }
        for chunk in chunks {
            places.push(UploadedChunk {
                origin: chunk.origin,
                bounds: chunk.bounds,
                corners: append(&mut corners, &chunk.corners),
                indices: append(&mut indices, &chunk.indices),
                line: append(&mut line, &chunk.line),
                markers: append(&mut markers, &chunk.markers),
            });
        }
        let buffer = |contents: &[u8], usage| {
            let descriptor = wgpu::util::BufferInitDescriptor { label: Some("map mesh"), contents, usage };
            (!contents.is_empty()).then(|| device.create_buffer_init(&descriptor))
        };
        Self {
            chunks: places,
            corners: buffer(bytemuck::cast_slice(&corners), wgpu::BufferUsages::VERTEX),
            indices: buffer(bytemuck::cast_slice(&indices), wgpu::BufferUsages::INDEX),
            line: buffer(bytemuck::cast_slice(&line), wgpu::BufferUsages::VERTEX),
            markers: buffer(bytemuck::cast_slice(&markers), wgpu::BufferUsages::VERTEX),
        }
    }
}

impl Pipelines {
    fn new(
        device: &wgpu::Device,
        chunk: &wgpu::BindGroupLayout,
        symbols: &wgpu::BindGroupLayout,
        samples: u32,
    ) -> Self {
        use wgpu::VertexStepMode::{Instance, Vertex};
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("map layers"),
            source: wgpu::ShaderSource::Wgsl(include_str!("layers.wgsl").into()),
        });
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("map layers"),
            bind_group_layouts: &[Some(chunk), Some(symbols)],
            immediate_size: 0,
        });
        let pipeline = |vertex: &str, fragment: &str, topology, buffers: &[Option<wgpu::VertexBufferLayout<'_>>]| {
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(vertex),
                layout: Some(&layout),
                vertex: wgpu::VertexState {
                    module: &module,
                    entry_point: Some(vertex),
                    buffers,
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                },
                primitive: wgpu::PrimitiveState { topology, ..wgpu::PrimitiveState::default() },
                depth_stencil: None,
                multisample: wgpu::MultisampleState { count: samples, ..wgpu::MultisampleState::default() },
                fragment: Some(wgpu::FragmentState {
                    module: &module,
                    entry_point: Some(fragment),
                    targets: &[Some(wgpu::ColorTargetState {
                        format: FORMAT,
                        blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                        write_mask: wgpu::ColorWrites::ALL,
                    })],
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                }),
                multiview_mask: None,
                cache: None,
            })
        };
        let corner = wgpu::vertex_attr_array![0 => Float32x2, 1 => Uint32];
        let corners = |step_mode| {
            Some(wgpu::VertexBufferLayout { array_stride: size_of::<Corner>() as u64, step_mode, attributes: &corner })
        };
        let before = wgpu::vertex_attr_array![0 => Float32x2];
        let start = wgpu::vertex_attr_array![1 => Float32x2, 2 => Float32, 3 => Float32, 4 => Uint32];
        let end = wgpu::vertex_attr_array![5 => Float32x2];
        let after = wgpu::vertex_attr_array![6 => Float32x2];
        fn points(attributes: &[wgpu::VertexAttribute]) -> Option<wgpu::VertexBufferLayout<'_>> {
            let array_stride = size_of::<LinePoint>() as u64;
            Some(wgpu::VertexBufferLayout { array_stride, step_mode: wgpu::VertexStepMode::Instance, attributes })
        }
        let segments = [points(&before), points(&start), points(&end), points(&after)];
        let strip = wgpu::PrimitiveTopology::TriangleStrip;
        Self {
            fill: pipeline("vs_fill", "fs_fill", wgpu::PrimitiveTopology::TriangleList, &[corners(Vertex)]),
            casing: pipeline("vs_casing", "fs_line", strip, &segments),
            line: pipeline("vs_line", "fs_line", strip, &segments),
            marker: pipeline("vs_marker", "fs_marker", strip, &[corners(Instance)]),
        }
    }
}
