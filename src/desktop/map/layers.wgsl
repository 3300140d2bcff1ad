// Fills with hatching, lines with round joins, and markers. Colours are sRGB as egui blends them, premultiplied on output.

struct Chunk {
    // Pixels a metre, to the right and upward.
    scale: f32,
    opacity: f32,
    // Stretch of the picture plane against the ground at the middle of the view.
    stretch: f32,
    pixel_ratio: f32,
    // Pixels from the upper left corner of the picture to the chunk's origin.
    offset: vec2<f32>,
    viewport: vec2<f32>,
    // Where hatching starts, so that it sticks to the map.
    hatch_start: vec2<f32>,
    spare: vec2<f32>,
}

struct Symbol {
    fill: vec4<f32>,
    hatch: vec4<f32>,
    line: vec4<f32>,
    casing: vec4<f32>,
    // Kind (0 none, 1 rising, 2 falling, 3 both, 4 level), period along x (level: y), width.
    pattern: vec4<f32>,
    // Width, dash, gap, width of the casing.
    stroke: vec4<f32>,
    // Second dash and gap.
    dash: vec4<f32>,
    marker_fill: vec4<f32>,
    marker_rim: vec4<f32>,
    // Kind (0 circle, 1 square, 2 triangle, 3 diamond, 5 ring, 6 triangle down, 7 drop), radius, rim.
    marker: vec4<f32>,
}

@group(0) @binding(0) var<uniform> chunk: Chunk;
@group(1) @binding(0) var<uniform> symbols: array<Symbol, 64>;

const PEN_UP: u32 = 0x80000000u;
const OUTSIDE: vec4<f32> = vec4<f32>(2.0, 2.0, 0.0, 1.0);

fn on_screen(at: vec2<f32>) -> vec2<f32> {
    return chunk.offset + vec2<f32>(at.x, -at.y) * chunk.scale;
}

fn clip(pixel: vec2<f32>) -> vec4<f32> {
    let unit = pixel / chunk.viewport * 2.0 - 1.0;
    return vec4<f32>(unit.x, -unit.y, 0.0, 1.0);
}

fn over(top: vec4<f32>, below: vec4<f32>) -> vec4<f32> {
    return vec4<f32>(top.rgb * top.a, top.a) + below * (1.0 - top.a);
}

// ---- fills

struct FillOut {
    @builtin(position) position: vec4<f32>,
    @location(0) @interpolate(flat) symbol: u32,
}

@vertex
fn vs_fill(@location(0) at: vec2<f32>, @location(1) symbol: u32) -> FillOut {
    var out: FillOut;
    let known = symbols[min(symbol, 63u)];
    out.symbol = min(symbol, 63u);
    out.position = clip(on_screen(at));
    if (known.fill.a <= 0.0 && known.hatch.a <= 0.0) {
        out.position = OUTSIDE;
    }
    return out;
}

fn stripe(coordinate: f32, period: f32, width: f32) -> f32 {
    let away = abs(fract(coordinate / period) - 0.5) * period * 0.70710678;
    return clamp(width * 0.5 + 0.5 - away, 0.0, 1.0);
}

@fragment
fn fs_fill(in: FillOut) -> @location(0) vec4<f32> {
    let symbol = symbols[in.symbol];
    var colour = vec4<f32>(symbol.fill.rgb * symbol.fill.a, symbol.fill.a);
    let kind = i32(symbol.pattern.x);
    if (kind > 0) {
        let at = floor(in.position.xy) + chunk.hatch_start;
        let period = max(round(symbol.pattern.y * chunk.pixel_ratio), 2.0);
        let width = symbol.pattern.z * chunk.pixel_ratio;
        var cover = 0.0;
        if (kind == 1 || kind == 3) {
            cover = stripe(at.x + at.y, period, width);
        }
        if (kind == 2 || kind == 3) {
            cover = max(cover, stripe(at.x - at.y, period, width));
        }
        if (kind == 4) {
            let away = abs(fract(at.y / period) - 0.5) * period;
            cover = clamp(width * 0.5 + 0.5 - away, 0.0, 1.0);
        }
        colour = over(vec4<f32>(symbol.hatch.rgb, symbol.hatch.a * cover), colour);
    }
    return colour * chunk.opacity;
}

// ---- lines

struct LineOut {
    @builtin(position) position: vec4<f32>,
    @location(0) pixel: vec2<f32>,
    @location(1) @interpolate(flat) ends: vec4<f32>,
    // Normals of the planes that part this segment from its neighbours.
    @location(2) @interpolate(flat) cuts: vec4<f32>,
    @location(3) @interpolate(flat) colour: vec4<f32>,
    // Half width, dash, gap, pixels before the segment.
    @location(4) @interpolate(flat) stroke: vec4<f32>,
    // Second dash and gap.
    @location(5) @interpolate(flat) dash: vec2<f32>,
}

fn is_number(value: f32) -> bool {
    return value > -1e9 && value < 1e9;
}

fn direction(from_point: vec2<f32>, to_point: vec2<f32>) -> vec2<f32> {
    let step = to_point - from_point;
    let size = length(step);
    return select(vec2<f32>(0.0), step / max(size, 1e-6), size > 1e-6);
}

fn segment(
    corner: u32, before: vec2<f32>, start: vec2<f32>, along: f32, width: f32, symbol_and_pen: u32,
    end: vec2<f32>, after: vec2<f32>, casing: bool,
) -> LineOut {
    var out: LineOut;
    out.position = OUTSIDE;
    let symbol = symbols[min(symbol_and_pen & ~PEN_UP, 63u)];
    var stroke_width = symbol.stroke.x * chunk.pixel_ratio;
    let true_width = width * chunk.scale * chunk.stretch;
    stroke_width = max(stroke_width, true_width);
    out.colour = symbol.line;
    if (casing) {
        out.colour = symbol.casing;
        if (symbol.stroke.w <= 0.0) { out.colour.a = 0.0; }
        stroke_width = stroke_width + 2.0 * symbol.stroke.w * chunk.pixel_ratio;
    }
    if (out.colour.a <= 0.0 || symbol.stroke.x <= 0.0 || !is_number(start.x) || !is_number(end.x) || (symbol_and_pen & PEN_UP) != 0u) {
        return out;
    }
    // Thinner than a pixel: paler instead.
    let half_width = max(stroke_width, 1.0) * 0.5;
    out.colour.a = out.colour.a * min(stroke_width, 1.0);

    let a = on_screen(start);
    let b = on_screen(end);
    let forward = direction(a, b);
    if (forward.x == 0.0 && forward.y == 0.0) {
        return out;
    }
    let side = vec2<f32>(-forward.y, forward.x);
    let reach = half_width + 1.0;
    let to_end = f32(corner & 1u);
    let to_side = f32(corner >> 1u) * 2.0 - 1.0;
    out.pixel = mix(a - forward * reach, b + forward * reach, to_end) + side * to_side * reach;
    out.position = clip(out.pixel);
    out.ends = vec4<f32>(a, b);
    var cut_before = vec2<f32>(0.0);
    var cut_after = vec2<f32>(0.0);
    if (is_number(before.x)) {
        cut_before = direction(on_screen(before), a) + forward;
    }
    if (is_number(after.x)) {
        cut_after = forward + direction(b, on_screen(after));
    }
    out.cuts = vec4<f32>(cut_before, cut_after);
    out.stroke = vec4<f32>(half_width, symbol.stroke.y * chunk.pixel_ratio, symbol.stroke.z * chunk.pixel_ratio, along * chunk.scale);
    out.dash = symbol.dash.xy * chunk.pixel_ratio;
    return out;
}

@vertex
fn vs_line(
    @builtin(vertex_index) corner: u32,
    @location(0) before: vec2<f32>,
    @location(1) start: vec2<f32>, @location(2) along: f32, @location(3) width: f32, @location(4) symbol: u32,
    @location(5) end: vec2<f32>, @location(6) after: vec2<f32>,
) -> LineOut {
    return segment(corner, before, start, along, width, symbol, end, after, false);
}

@vertex
fn vs_casing(
    @builtin(vertex_index) corner: u32,
    @location(0) before: vec2<f32>,
    @location(1) start: vec2<f32>, @location(2) along: f32, @location(3) width: f32, @location(4) symbol: u32,
    @location(5) end: vec2<f32>, @location(6) after: vec2<f32>,
) -> LineOut {
    return segment(corner, before, start, along, width, symbol, end, after, true);
}

@fragment
fn fs_line(in: LineOut) -> @location(0) vec4<f32> {
    let a = in.ends.xy;
    let b = in.ends.zw;
    // Each pixel at a join belongs to one of the two segments, so that clear colours do not add up.
    if (dot(in.pixel - a, in.cuts.xy) < 0.0 || (dot(in.pixel - b, in.cuts.zw) >= 0.0 && dot(in.cuts.zw, in.cuts.zw) > 0.0)) {
        discard;
    }
    let span = b - a;
    let size = max(length(span), 1e-6);
    let t = dot(in.pixel - a, span) / size;
    let nearest = a + span / size * clamp(t, 0.0, size);
    var cover = clamp(in.stroke.x + 0.5 - length(in.pixel - nearest), 0.0, 1.0);
    let cycle = in.stroke.y + in.stroke.z + in.dash.x + in.dash.y;
    if (in.stroke.z > 0.0) {
        let along = in.stroke.w + t;
        let phase = along - floor(along / cycle) * cycle;
        let second = phase - in.stroke.y - in.stroke.z;
        let inside = max(min(phase, in.stroke.y - phase), min(second, in.dash.x - second));
        cover = cover * clamp(inside + 0.5, 0.0, 1.0);
    }
    let alpha = in.colour.a * cover * chunk.opacity;
    return vec4<f32>(in.colour.rgb * alpha, alpha);
}

// ---- markers

struct MarkerOut {
    @builtin(position) position: vec4<f32>,
    @location(0) from_middle: vec2<f32>,
    @location(1) @interpolate(flat) symbol: u32,
}

@vertex
fn vs_marker(@builtin(vertex_index) corner: u32, @location(0) at: vec2<f32>, @location(1) symbol: u32) -> MarkerOut {
    var out: MarkerOut;
    out.symbol = min(symbol, 63u);
    let known = symbols[out.symbol];
    let reach = known.marker.y * chunk.pixel_ratio + 2.0;
    let sign = vec2<f32>(f32(corner & 1u), f32(corner >> 1u)) * 2.0 - 1.0;
    out.from_middle = sign * reach;
    out.position = clip(on_screen(at) + out.from_middle);
    if (known.marker.y <= 0.0) {
        out.position = OUTSIDE;
    }
    return out;
}

fn triangle(p: vec2<f32>, radius: f32) -> f32 {
    let q = vec2<f32>(abs(p.x), p.y);
    return max(dot(q, vec2<f32>(0.8660254, -0.5)) - radius * 0.5, q.y - radius * 0.6);
}

fn away(kind: i32, p: vec2<f32>, radius: f32) -> f32 {
    if (kind == 1) {
        let q = abs(p) - radius * 0.86;
        return max(q.x, q.y);
    }
    if (kind == 2) {
        return triangle(p, radius * 1.15);
    }
    if (kind == 3) {
        return (abs(p.x) + abs(p.y) - radius * 1.15) * 0.70710678;
    }
    if (kind == 6) {
        return triangle(vec2<f32>(p.x, -p.y), radius * 1.15);
    }
    if (kind == 7) {
        let bowl = length(p - vec2<f32>(0.0, radius * 0.25)) - radius * 0.75;
        let tip = max(dot(vec2<f32>(abs(p.x), p.y), vec2<f32>(0.88, -0.475)) - radius * 0.52, p.y - radius * 0.1);
        return min(bowl, tip);
    }
    return length(p) - radius;
}

@fragment
fn fs_marker(in: MarkerOut) -> @location(0) vec4<f32> {
    let symbol = symbols[in.symbol];
    let radius = symbol.marker.y * chunk.pixel_ratio;
    let outline = symbol.marker.z * chunk.pixel_ratio;
    let kind = i32(symbol.marker.x);
    let distance = away(kind, in.from_middle, radius);
    let outside = clamp(0.5 - distance, 0.0, 1.0);
    var inside = clamp(0.5 - (distance + outline), 0.0, 1.0);
    if (kind == 5) {
        // The ring leaves a gap between its line and the dot.
        let gap = clamp(0.5 - (distance + outline + 1.2 * chunk.pixel_ratio), 0.0, 1.0);
        let dot_in = clamp(0.5 - (length(in.from_middle) - radius * 0.35), 0.0, 1.0);
        inside = inside - gap + dot_in;
    }
    let fill = symbol.marker_fill.a * inside;
    let rim = symbol.marker_rim.a * (outside - inside);
    return vec4<f32>(symbol.marker_fill.rgb * fill + symbol.marker_rim.rgb * rim, fill + rim) * chunk.opacity;
}
