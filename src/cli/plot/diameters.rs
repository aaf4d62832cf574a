//! Diameters of solution sets against the bits of the data.

use crate::arith::Rational;
use crate::report::chart::{Axis, Chart, Ink, Key, Mark, Point};

/// Bounds on a diameter for increasing k.
pub struct Curve {
    /// The problem.
    pub name: &'static str,
    /// Whether the centre is the critical one.
    pub critical: bool,
    /// k, and the square of the bound.
    pub points: Vec<(u32, Rational)>,
}

/// The highest log2 of the lower panel.
const TOP: f64 = 4.0;

/// Three panels: all curves; those of critical centres near the axis; those of regular centres in units of 2^-k.
///
/// A diameter of 0 has no logarithm: its curve ends.
pub fn diameter_charts(curves: &[Curve]) -> Vec<Chart> {
    let names: Vec<&str> = curves.iter().map(|curve| curve.name).fold(Vec::new(), |mut names, name| {
        if !names.contains(&name) {
            names.push(name);
        }
        names
    });
    let colour = |name: &str| Ink::Colour(names.iter().position(|other| *other == name).unwrap_or(0));
    let drawn: Vec<(&Curve, Vec<Point>)> = curves.iter().map(|curve| (curve, line(curve))).collect();
    let whole: Vec<Mark> = drawn.iter().flat_map(|(curve, line)| marks(curve, line, colour(curve.name))).collect();
    let critical = drawn.iter().filter(|(curve, _)| curve.critical);
    let below: Vec<Mark> =
        critical.flat_map(|(curve, line)| marks(curve, &cut(line, TOP), colour(curve.name))).collect();
    let k = curves.iter().flat_map(|curve| &curve.points).map(|(k, _)| f64::from(*k));
    let x = k.fold((f64::INFINITY, 0.0), |(a, b): (f64, f64), k| (a.min(k), b.max(k)));
    let heights = drawn.iter().flat_map(|(_, line)| line).map(|point| point.1);
    let y = heights.fold((0.0, 1.0), |(a, b): (f64, f64), y| (a.min(y), b.max(y)));
    let axis = || Axis::new("k: the data are known to 2^-k", if x.0 <= x.1 { x.0 } else { 0.0 }, x.1);
    let mut legend: Vec<(Key, Ink, String)> =
        names.iter().map(|name| (Key::Line, colour(name), (*name).to_owned())).collect();
    legend.push((Key::Line, Ink::Grey, "line: critical".to_owned()));
    legend.push((Key::Dot, Ink::Grey, "dots: regular".to_owned()));
    let pad = 0.03 * (y.1 - y.0);
    let regular = drawn.iter().filter(|(curve, _)| !curve.critical);
    let scaled: Vec<(&Curve, Vec<Point>)> =
        regular.map(|(curve, line)| (*curve, line.iter().map(|(k, y)| (*k, k + y)).collect())).collect();
    let rates = scaled.iter().flat_map(|(_, line)| line).map(|point| point.1);
    let z = rates.fold((0.0, 1.0), |(a, b): (f64, f64), y| (a.min(y), b.max(y)));
    let scaled: Vec<Mark> = scaled.iter().flat_map(|(curve, line)| marks(curve, line, colour(curve.name))).collect();
    vec![
        Chart {
            title: "diameter of the solution set: at least (critical), at most (regular)".to_owned(),
            x: axis(),
            y: Axis::new("log2 of the diameter", y.0 - pad, y.1 + pad),
            marks: whole,
            legend,
            height: 520,
        },
        Chart {
            title: "critical centres, near the axis: lower bounds that do not shrink".to_owned(),
            x: axis(),
            y: Axis::new("log2 of the diameter", -0.5, TOP),
            marks: below,
            legend: Vec::new(),
            height: 380,
        },
        Chart {
            title: "regular centres: upper bounds in units of 2^-k, which do not grow".to_owned(),
            x: axis(),
            y: Axis::new("log2 of (2^k diameter)", z.0 - 0.5, z.1 + 0.5),
            marks: scaled,
            legend: Vec::new(),
            height: 380,
        },
    ]
}

fn line(curve: &Curve) -> Vec<Point> {
    curve.points.iter().filter_map(|(k, square)| Some((f64::from(*k), approx_log2(square)? / 2.0))).collect()
}

/// A logarithm for the screen, of numbers beyond the range of doubles too; `None` for 0.
fn approx_log2(x: &Rational) -> Option<f64> {
    let exponent = x.floor_log2()?;
    Some(exponent as f64 + x.scale_by_power_of_two(-exponent).approx_f64().log2())
}

fn marks(curve: &Curve, line: &[Point], ink: Ink) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    if curve.critical {
        marks.push(Mark::Line(line.to_vec(), ink));
    } else {
        marks.push(Mark::Dashed(line.to_vec(), ink));
        marks.extend(line.iter().map(|&point| Mark::Dot(point, ink)));
    }
    marks
}

/// The part of a graph below a height, up to its first crossing.
fn cut(line: &[Point], top: f64) -> Vec<Point> {
    let mut below: Vec<Point> = line.iter().copied().take_while(|point| point.1 <= top).collect();
    if let (Some(&(x, y)), Some(&(next, above))) = (below.last(), line.get(below.len())) {
        below.push((x + (next - x) * (top - y) / (above - y), top));
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_logarithms_and_end_at_zero() {
        let curve = |critical: bool, points: Vec<(u32, Rational)>| Curve { name: "a", critical, points };
        let far = Rational::power_of_two(6000);
        let curves = [
            curve(true, vec![(1, Rational::from(4)), (3000, far.clone())]),
            curve(false, vec![(1, Rational::from(2)), (2, Rational::zero())]),
        ];
        assert_eq!(line(&curves[0]), [(1.0, 1.0), (3000.0, 3000.0)]);
        assert_eq!(line(&curves[1]), [(1.0, 0.5)]);
        assert_eq!(cut(&[(0.0, 0.0), (2.0, 8.0), (3.0, 1.0)], 4.0), [(0.0, 0.0), (1.0, 4.0)]);
        assert_eq!(cut(&[(0.0, 1.0)], 4.0), [(0.0, 1.0)]);
        let charts = diameter_charts(&curves);
        assert_eq!((charts.len(), charts[0].legend.len()), (3, 3));
        assert!(charts[0].y.to > 3000.0 && charts[0].marks.contains(&Mark::Dot((1.0, 0.5), Ink::Colour(0))));
        assert!(charts[2].marks.contains(&Mark::Dot((1.0, 1.5), Ink::Colour(0))));
        assert_eq!(diameter_charts(&[]).len(), 3);
    }
}
