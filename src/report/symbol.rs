//! Symbols of the legend as SVG: areas with hatches, lines with dashes, markers; also the swatches of a legend.

use super::plane::Spot;
use crate::cartography::legend::{Class, Fill, Hatch, Marker, Outline, Rgb, Shape};
use std::fmt::Write;

/// Width and height of a swatch, millimetres.
pub const SWATCH: [f64; 2] = [9.0, 4.6];

/// Opens a picture measured in millimetres.
pub fn open(width: f64, height: f64) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.3}mm\" height=\"{height:.3}mm\" viewBox=\"0 0 {width:.3} {height:.3}\" font-family=\"Noto Sans CJK SC\">\n"
    )
}

/// A group of names: centred, rim below the letters.
pub const NAMES: &str = "<g text-anchor=\"middle\" paint-order=\"stroke\" stroke-linejoin=\"round\">\n";

/// Rings or lines as path data.
pub fn path(parts: &[Vec<Spot>], is_closed: bool) -> String {
    let mut data = String::new();
    for part in parts {
        for (number, [x, y]) in part.iter().enumerate() {
            let _ = write!(data, "{}{x:.2} {y:.2}", if number == 0 { 'M' } else { 'L' });
        }
        if is_closed {
            data.push('Z');
        }
    }
    data
}

/// Defines the hatch of a class under a name.
pub fn define_hatch(svg: &mut String, name: &str, hatch: &Hatch, enlarged: f64) {
    let (spacing, width) = (f64::from(hatch.spacing) * enlarged, f64::from(hatch.width) * enlarged);
    let middle = spacing / 2.0;
    let cross = if hatch.cross {
        format!(
            "<path d=\"M{middle:.3} 0V{spacing:.3}\" stroke=\"{}\" stroke-width=\"{width:.3}\"/>",
            hatch.colour.hex()
        )
    } else {
        String::new()
    };
    let _ = writeln!(
        svg,
        "<defs><pattern id=\"{name}\" patternUnits=\"userSpaceOnUse\" width=\"{spacing:.3}\" height=\"{spacing:.3}\" patternTransform=\"rotate({:.1})\"><path d=\"M0 {middle:.3}H{spacing:.3}\" stroke=\"{}\" stroke-width=\"{width:.3}\"/>{cross}</pattern></defs>",
        -hatch.angle,
        hatch.colour.hex(),
    );
}

/// Draws an area with the inside given.
pub fn fill(svg: &mut String, data: &str, fill: &Fill) {
    let _ = writeln!(
        svg,
        "<path d=\"{data}\" fill-rule=\"evenodd\" fill=\"{}\" fill-opacity=\"{:.2}\"/>",
        fill.colour.hex(),
        fill.opacity
    );
}

/// Draws the hatch of this name over an area.
pub fn hatch(svg: &mut String, data: &str, name: &str, hatch: &Hatch) {
    let _ = writeln!(
        svg,
        "<path d=\"{data}\" fill-rule=\"evenodd\" fill=\"url(#{name})\" fill-opacity=\"{:.2}\"/>",
        hatch.opacity
    );
}

/// Draws a line, in another colour when told.
pub fn outline(svg: &mut String, data: &str, outline: &Outline, colour: Option<Rgb>, enlarged: f64) {
    let dash = if outline.dash.is_empty() {
        String::new()
    } else {
        let lengths = outline.dash.iter().map(|length| format!("{:.2}", f64::from(*length) * enlarged));
        format!(" stroke-dasharray=\"{}\"", lengths.collect::<Vec<_>>().join(" "))
    };
    let _ = writeln!(
        svg,
        "<path d=\"{data}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:.3}\" stroke-linejoin=\"round\" stroke-linecap=\"{}\"{dash}/>",
        colour.unwrap_or(outline.colour).hex(),
        f64::from(outline.width) * enlarged,
        if outline.dash.is_empty() { "round" } else { "butt" },
    );
}

/// Draws a point symbol.
pub fn marker(svg: &mut String, [x, y]: Spot, marker: &Marker, enlarged: f64) {
    let radius = f64::from(marker.size) / 2.0 * enlarged;
    let polygon = |corners: &[[f64; 2]]| {
        let corners = corners.iter().map(|[dx, dy]| [x + dx * radius, y + dy * radius]).collect();
        format!("<path d=\"{}\"", path(&[corners], true))
    };
    let shape = match marker.shape {
        Shape::Circle | Shape::Ring => format!("<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius:.2}\""),
        Shape::Square => polygon(&[[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
        Shape::Triangle => polygon(&[[0.0, -1.0], [0.95, 0.75], [-0.95, 0.75]]),
        Shape::TriangleDown => polygon(&[[0.0, 1.0], [0.95, -0.75], [-0.95, -0.75]]),
        Shape::Diamond => polygon(&[[0.0, -1.1], [1.1, 0.0], [0.0, 1.1], [-1.1, 0.0]]),
        Shape::Drop => {
            let r = radius * 0.75;
            format!(
                "<path d=\"M{x:.2} {:.2}C{:.2} {:.2} {:.2} {:.2} {x:.2} {:.2}C{:.2} {:.2} {:.2} {:.2} {x:.2} {:.2}Z\"",
                y - radius * 1.2,
                x + r * 1.7,
                y,
                x + r * 1.2,
                y + radius,
                y + radius,
                x - r * 1.2,
                y + radius,
                x - r * 1.7,
                y,
                y - radius * 1.2,
            )
        }
    };
    let rim = 0.2 * enlarged;
    let (colour, rim_colour) = (marker.colour.hex(), marker.rim.hex());
    if matches!(marker.shape, Shape::Ring) {
        let _ = writeln!(
            svg,
            "{shape} fill=\"{rim_colour}\" stroke=\"{colour}\" stroke-width=\"{:.2}\"/><circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{:.2}\" fill=\"{colour}\"/>",
            rim * 1.4,
            radius * 0.45,
        );
    } else {
        let _ = writeln!(svg, "{shape} fill=\"{colour}\" stroke=\"{rim_colour}\" stroke-width=\"{rim:.2}\"/>");
    }
}

/// The swatch of a class. A colour replaces that of its line.
pub fn swatch(class: &Class, colour: Option<Rgb>) -> Vec<u8> {
    let [width, height] = SWATCH;
    let mut svg = open(width, height);
    let (left, right, top, bottom) = (0.4, width - 0.4, 0.5, height - 0.5);
    let area = path(&[vec![[left, top], [right, top], [right, bottom], [left, bottom]]], true);
    let is_area = class.fill.is_some() || class.hatch.is_some();
    if let Some(inside) = &class.fill {
        fill(&mut svg, &area, inside);
    }
    if let Some(lines) = &class.hatch {
        define_hatch(&mut svg, "hatch", lines, 1.0);
        hatch(&mut svg, &area, "hatch", lines);
    }
    if let Some(line) = &class.outline {
        let middle = height / 2.0;
        let data = if is_area { area } else { format!("M{left} {middle}H{right}") };
        outline(&mut svg, &data, line, colour, 1.0);
    }
    if let Some(symbol) = class.marker.as_ref().filter(|_| !is_area) {
        marker(&mut svg, [width / 2.0, height / 2.0], symbol, 1.0);
    }
    svg.push_str("</svg>\n");
    svg.into_bytes()
}

/// The swatch of a bare area or border.
pub fn plain_swatch(inside: Option<&Fill>, border: Option<&Outline>) -> Vec<u8> {
    let [width, height] = SWATCH;
    let mut svg = open(width, height);
    let area = format!("M0.5 0.6H{}V{}H0.5Z", width - 0.5, height - 0.6);
    if let Some(inside) = inside {
        fill(&mut svg, &area, inside);
    }
    if let Some(border) = border {
        outline(&mut svg, &area, border, None, 1.0);
    }
    svg.push_str("</svg>\n");
    svg.into_bytes()
}

/// The swatch of a line in a colour.
pub fn line_swatch(colour: Rgb, width: f64) -> Vec<u8> {
    let [across, height] = SWATCH;
    let middle = height / 2.0;
    let mut svg = open(across, height);
    let _ = writeln!(
        svg,
        "<path d=\"M0.5 {middle}H{}\" stroke=\"{}\" stroke-width=\"{width}\" stroke-linecap=\"round\"/>",
        across - 0.5,
        colour.hex()
    );
    svg.push_str("</svg>\n");
    svg.into_bytes()
}
