// Puts the picture of the layers on the screen, moved and, while zooming, stretched. Pixel by pixel where it fits exactly:
// filtered sampling is many times slower when a processor plays the graphics card.

struct Move {
    // Texels = pixels * stretch + shift.
    stretch: vec2<f32>,
    shift: vec2<f32>,
    ground: vec4<f32>,
    // Whether texels and pixels coincide, and whether the screen wants linear light.
    exact: u32,
    linear_light: u32,
    spare: vec2<u32>,
}

@group(0) @binding(0) var<uniform> move_by: Move;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var smooth_sampler: sampler;

@vertex
fn vs_blit(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4<f32> {
    return vec4<f32>(f32(corner & 1u) * 4.0 - 1.0, f32(corner >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

fn light(colour: vec3<f32>) -> vec3<f32> {
    let low = colour / 12.92;
    let high = pow((colour + 0.055) / 1.055, vec3<f32>(2.4));
    return select(high, low, colour <= vec3<f32>(0.04045));
}

@fragment
fn fs_blit(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let size = textureDimensions(picture);
    var colour = move_by.ground;
    if (move_by.exact == 1u) {
        let texel = vec2<i32>(floor(position.xy + move_by.shift));
        if (all(texel >= vec2<i32>(0)) && all(texel < vec2<i32>(size))) {
            colour = textureLoad(picture, texel, 0);
        }
    } else {
        let place = (position.xy * move_by.stretch + move_by.shift) / vec2<f32>(size);
        if (all(place >= vec2<f32>(0.0)) && all(place <= vec2<f32>(1.0))) {
            colour = textureSampleLevel(picture, smooth_sampler, place, 0.0);
        }
    }
    if (move_by.linear_light == 1u) {
        return vec4<f32>(light(colour.rgb), 1.0);
    }
    return vec4<f32>(colour.rgb, 1.0);
}
