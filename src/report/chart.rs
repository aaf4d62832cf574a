//! Charts as SVG: panels of areas, lines, marks and words, one below the other.
//!
//! Coordinates arrive as doubles, for looking only; what is drawn was computed exactly elsewhere. The same charts give the
//! same bytes.

use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

/// Pixels.
const WIDTH: u32 = 900;
const LEGEND: u32 = 190;
const LINE: i32 = 20;
/// The most entries of a legend.
const MAX_LEGEND: usize = 24;

/// A point in the coordinates of the axes.
pub type Point = (f64, f64);

/// How something is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Black.
    Black,
    /// Grey, for what is in the background.
    Grey,
    /// One of arbitrarily many colours that differ: light for areas, dark for lines.
    Colour(usize),
}

/// Something to draw; later ones lie above earlier ones.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// The inside of a polygon.
    Area(Vec<Point>, Ink),
    /// A thin black line through points.
    Edge(Vec<Point>),
    /// A line through points.
    Line(Vec<Point>, Ink),
    /// A dashed line through points.
    Dashed(Vec<Point>, Ink),
    /// A small disc.
    Dot(Point, Ink),
    /// A short vertical stroke.
    Tick(Point, Ink),
    /// Words beside a point.
    Words(Point, String),
}

/// An axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it measures.
    pub label: String,
    /// The lower end.
    pub from: f64,
    /// The upper end.
    pub to: f64,
    /// Numbers along it are whole, as for ids.
    pub whole: bool,
}

impl Axis {
    /// An axis over a range; one without length is widened.
    pub fn new(label: impl Into<String>, from: f64, to: f64) -> Self {
        let pad = if to > from { 0.0 } else { 0.5 };
        Self { label: label.into(), from: from - pad, to: to + pad, whole: false }
    }
}

/// One panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The title.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// What is drawn.
    pub marks: Vec<Mark>,
    /// What colours mean: areas as boxes, lines as strokes.
    pub legend: Vec<(Key, Ink, String)>,
    /// The height in pixels.
    pub height: u32,
}

/// How an entry of a legend is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A box.
    Area,
    /// A stroke.
    Line,
    /// A disc.
    Dot,
}

/// Draws the panels as one SVG file.
pub fn draw(charts: &[Chart]) -> String {
    let mut text = String::new();
    // Drawing into a string fails for want of memory only.
    let drawn = draw_into(charts, &mut text);
    debug_assert!(drawn.is_ok(), "{drawn:?}");
    text
}

type Drawn<'a> = Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>>;

fn draw_into<'a>(charts: &[Chart], text: &'a mut String) -> Drawn<'a> {
    let height: u32 = charts.iter().map(|chart| chart.height).sum();
    let legend = if charts.iter().any(|chart| !chart.legend.is_empty()) { LEGEND } else { 0 };
    let root = SVGBackend::with_string(text, (WIDTH + legend, height.max(1))).into_drawing_area();
    root.fill(&WHITE)?;
    let mut top = 0;
    for chart in charts {
        let bottom = top + chart.height;
        let panel = root.clone().shrink((0, top), (WIDTH, chart.height));
        draw_panel(chart, &panel)?;
        if !chart.legend.is_empty() {
            draw_legend(chart, &root.clone().shrink((WIDTH, top), (legend, chart.height)))?;
        }
        top = bottom;
    }
    root.present()
}

fn draw_panel<'a>(chart: &Chart, area: &DrawingArea<SVGBackend<'a>, Shift>) -> Drawn<'a> {
    let mut builder = ChartBuilder::on(area);
    builder.margin(12).x_label_area_size(42).y_label_area_size(64);
    builder.caption(&chart.title, ("sans-serif", 18));
    let mut panel = builder.build_cartesian_2d(chart.x.from..chart.x.to, chart.y.from..chart.y.to)?;
    let number = |axis: &Axis| {
        let (whole, length) = (axis.whole, axis.to - axis.from);
        move |x: &f64| decimal(*x, whole, length)
    };
    let (x_number, y_number) = (number(&chart.x), number(&chart.y));
    let mut mesh = panel.configure_mesh();
    mesh.disable_mesh().x_desc(&chart.x.label).y_desc(&chart.y.label).label_style(("sans-serif", 13));
    mesh.x_label_formatter(&x_number).y_label_formatter(&y_number).draw()?;
    let area = panel.plotting_area();
    for mark in &chart.marks {
        match mark {
            Mark::Area(points, ink) => {
                area.draw(&Polygon::new(points.clone(), light(*ink).filled()))?;
                // Neighbours of one colour show no seam.
                let closed: Vec<Point> = points.iter().chain(points.first()).copied().collect();
                area.draw(&PathElement::new(closed, light(*ink).stroke_width(1)))?;
            }
            Mark::Edge(points) => area.draw(&PathElement::new(points.clone(), BLACK.mix(0.6).stroke_width(1)))?,
            Mark::Line(points, ink) => area.draw(&PathElement::new(points.clone(), dark(*ink).stroke_width(2)))?,
            Mark::Dashed(points, ink) => {
                area.draw(&DashedPathElement::new(points.iter().copied(), 6, 4, dark(*ink).stroke_width(1)))?;
            }
            Mark::Dot(point, ink) => area.draw(&Circle::new(*point, 3, dark(*ink).filled()))?,
            Mark::Tick(point, ink) => {
                let style = dark(*ink).stroke_width(2);
                area.draw(&(EmptyElement::at(*point) + PathElement::new(vec![(0, -5), (0, 5)], style)))?;
            }
            Mark::Words(point, words) => {
                area.draw(&Text::new(words.clone(), *point, ("sans-serif", 13)))?;
            }
        }
    }
    Ok(())
}

fn draw_legend<'a>(chart: &Chart, area: &DrawingArea<SVGBackend<'a>, Shift>) -> Drawn<'a> {
    let rest = chart.legend.len().saturating_sub(MAX_LEGEND);
    let mut y = 44;
    for (key, ink, words) in chart.legend.iter().take(MAX_LEGEND) {
        match key {
            Key::Area => {
                area.draw(&Rectangle::new([(4, y - 7), (20, y + 7)], light(*ink).filled()))?;
                area.draw(&Rectangle::new([(4, y - 7), (20, y + 7)], BLACK.mix(0.55).stroke_width(1)))?;
            }
            Key::Dot => area.draw(&Circle::new((12, y), 3, dark(*ink).filled()))?,
            Key::Line => area.draw(&PathElement::new(vec![(4, y), (20, y)], dark(*ink).stroke_width(2)))?,
        }
        area.draw(&Text::new(words.clone(), (28, y - 6), ("sans-serif", 13)))?;
        y += LINE;
    }
    if rest > 0 {
        area.draw(&Text::new(format!("and {rest} more"), (28, y - 6), ("sans-serif", 13)))?;
    }
    Ok(())
}

/// A number beside an axis of this length, with as many digits as its ticks need.
fn decimal(x: f64, whole: bool, length: f64) -> String {
    if whole {
        return if (x - x.round()).abs() < 1e-9 { format!("{x:.0}") } else { String::new() };
    }
    let digits = (3.0 - length.abs().log10()).clamp(0.0, 12.0).round() as usize;
    let text = format!("{x:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    if text == "-0" { "0".to_owned() } else { text }
}

/// Hues a golden angle apart: neighbours in number are far apart in hue, and none repeats.
fn hue(number: usize) -> f64 {
    (0.58 + number as f64 * 0.618_033_988_749_895) % 1.0
}

fn light(ink: Ink) -> RGBAColor {
    match ink {
        Ink::Black => BLACK.mix(1.0),
        Ink::Grey => RGBColor(225, 225, 225).mix(1.0),
        Ink::Colour(number) => HSLColor(hue(number), 0.62, 0.80 - 0.07 * ((number / 7) % 3) as f64).mix(1.0),
    }
}

fn dark(ink: Ink) -> RGBAColor {
    match ink {
        Ink::Black => BLACK.mix(1.0),
        Ink::Grey => RGBColor(130, 130, 130).mix(1.0),
        Ink::Colour(number) => HSLColor(hue(number), 0.75, 0.38).mix(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_drawn_and_repeat() {
        let square = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        let chart = |marks: Vec<Mark>| Chart {
            title: "a <b> & c".to_owned(),
            x: Axis::new("x", 0.0, 1.0),
            y: Axis::new("y", 2.0, 2.0),
            marks,
            legend: (0..30)
                .map(|i| (if i % 2 == 0 { Key::Area } else { Key::Line }, Ink::Colour(i), format!("entry {i}")))
                .collect(),
            height: 300,
        };
        let all = vec![
            Mark::Area(square.clone(), Ink::Colour(3)),
            Mark::Edge(square.clone()),
            Mark::Line(square.clone(), Ink::Black),
            Mark::Dashed(square.clone(), Ink::Grey),
            Mark::Dot((0.5, 2.0), Ink::Black),
            Mark::Tick((0.5, 2.0), Ink::Colour(1)),
            Mark::Words((0.5, 2.0), "here".to_owned()),
        ];
        let text = draw(&[chart(all.clone()), chart(Vec::new())]);
        assert_eq!(text, draw(&[chart(all), chart(Vec::new())]));
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"));
        assert!(text.contains("a &lt;b&gt; &amp; c") && text.contains("here") && text.contains("and 6 more"));
        assert_eq!(text.matches("<polygon").count(), 1);
    }

    #[test]
    fn numbers_beside_axes() {
        assert_eq!(decimal(0.5, false, 2.0), "0.5");
        assert_eq!(decimal(-0.000001, false, 2.0), "0");
        assert_eq!(decimal(100.0, false, 500.0), "100");
        assert_eq!(decimal(0.00125, false, 0.004), "0.00125");
        assert_eq!((decimal(3.0, true, 9.0), decimal(3.5, true, 9.0)), ("3".to_owned(), String::new()));
    }
}
