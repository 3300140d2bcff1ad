//! Puts the picture of the layers on the screen from within egui's own pass.

use bytemuck::{Pod, Zeroable};
use eframe::egui_wgpu::{CallbackResources, CallbackTrait, RenderState, wgpu};
use egui::{PaintCallbackInfo, Pos2, Rect};

/// The pipeline and the place for its numbers.
pub struct Blit {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
    numbers: wgpu::Buffer,
    linear_light: bool,
}

#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Move {
    stretch: [f32; 2],
    shift: [f32; 2],
    ground: [f32; 4],
    exact: u32,
    linear_light: u32,
    spare: [u32; 2],
}

/// Where a picture hangs.
#[derive(Debug, Clone, Copy)]
pub struct Hanging {
    /// Where its corners belong, points.
    pub place: Rect,
    /// The part of the window in which it is seen.
    pub frame: Rect,
    /// Pixels a point.
    pub pixel_ratio: f32,
    /// What is seen beside it.
    pub ground: [f32; 4],
}

/// One painting of the picture.
struct Painting {
    pipeline: wgpu::RenderPipeline,
    group: wgpu::BindGroup,
}

impl Blit {
    /// Prepares the pipeline for the window's format.
    pub fn new(state: &RenderState) -> Self {
        let device = &state.device;
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("map blit"),
            source: wgpu::ShaderSource::Wgsl(include_str!("blit.wgsl").into()),
        });
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::FRAGMENT,
            ty,
            count: None,
        };
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("map blit"),
            entries: &[
                entry(
                    0,
                    wgpu::BindingType::Buffer {
                        ty: wgpu::BufferBindingType::Uniform,
                        has_dynamic_offset: false,
                        min_binding_size: std::num::NonZeroU64::new(size_of::<Move>() as u64),
                    },
                ),
                entry(
                    1,
                    wgpu::BindingType::Texture {
                        sample_type: wgpu::TextureSampleType::Float { filterable: true },
                        view_dimension: wgpu::TextureViewDimension::D2,
                        multisampled: false,
                    },
                ),
                entry(2, wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering)),
            ],
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("map blit"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("map blit"),
            layout: Some(&pipeline_layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("vs_blit"),
                buffers: &[],
                compilation_options: wgpu::PipelineCompilationOptions::default(),
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("fs_blit"),
                targets: &[Some(state.target_format.into())],
                compilation_options: wgpu::PipelineCompilationOptions::default(),
            }),
            multiview_mask: None,
            cache: None,
        });
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("map blit"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..wgpu::SamplerDescriptor::default()
        });
        let numbers = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("map blit"),
            size: size_of::<Move>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Self { pipeline, layout, sampler, numbers, linear_light: state.target_format.is_srgb() }
    }

    /// A group for another picture.
    pub fn bind(&self, device: &wgpu::Device, picture: &wgpu::TextureView) -> wgpu::BindGroup {
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("map blit"),
            layout: &self.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: self.numbers.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::TextureView(picture) },
                wgpu::BindGroupEntry { binding: 2, resource: wgpu::BindingResource::Sampler(&self.sampler) },
            ],
        })
    }

    /// A shape that shows a picture of this size in pixels.
    pub fn shape(
        &self,
        queue: &wgpu::Queue,
        group: &wgpu::BindGroup,
        size: [u32; 2],
        Hanging { place, frame, pixel_ratio, ground }: Hanging,
    ) -> egui::Shape {
        let pixels = |at: Pos2| [at.x * pixel_ratio, at.y * pixel_ratio];
        let ([left, top], [right, bottom]) = (pixels(place.min), pixels(place.max));
        let [width, height] = size.map(|side| side as f32);
        let stretch = [width / (right - left).max(1.0), height / (bottom - top).max(1.0)];
        let exact = stretch.iter().all(|share| (share - 1.0).abs() * width.max(height) < 0.5);
        let shift = if exact { [-left.round(), -top.round()] } else { [-left * stretch[0], -top * stretch[1]] };
        let numbers = Move {
            stretch,
            shift,
            ground,
            exact: u32::from(exact),
            linear_light: u32::from(self.linear_light),
            spare: [0; 2],
        };
        queue.write_buffer(&self.numbers, 0, bytemuck::bytes_of(&numbers));
        let painting = Painting { pipeline: self.pipeline.clone(), group: group.clone() };
        eframe::egui_wgpu::Callback::new_paint_callback(frame, painting).into()
    }
}

impl CallbackTrait for Painting {
    fn paint(&self, _: PaintCallbackInfo, pass: &mut wgpu::RenderPass<'static>, _: &CallbackResources) {
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.group, &[]);
        pass.draw(0..3, 0..1);
    }
}
