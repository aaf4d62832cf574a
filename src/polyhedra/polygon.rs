//! Polyhedra in the plane as polygons.

use super::Halfspace;
use crate::arith::Rational;

/// A point of the plane.
pub type Vertex = [Rational; 2];

/// The part of a window, \[x_lo, x_hi\] x \[y_lo, y_hi\], that lies in some halfspaces of the plane: its vertices in order, none when
/// it is empty.
///
/// **Source.** One halfspace after the other cuts the polygon (Sutherland and Hodgman 1974). **Exactness.** Exact.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::polyhedra::{Halfspace, polygon};
/// let unit = (Rational::zero(), Rational::one());
/// let below = Halfspace::from_rationals(&[Rational::one(), Rational::one()], &Rational::one());
/// assert_eq!(polygon(&[below], &[unit.clone(), unit]).len(), 3);
/// ```
pub fn polygon(halfspaces: &[Halfspace], window: &[(Rational, Rational); 2]) -> Vec<Vertex> {
    let [x, y] = window;
    let corner = |x: &Rational, y: &Rational| [x.clone(), y.clone()];
    let mut vertices = vec![corner(&x.0, &y.0), corner(&x.1, &y.0), corner(&x.1, &y.1), corner(&x.0, &y.1)];
    for half in halfspaces.iter().filter(|half| half.dimension() == 2) {
        vertices = cut(&vertices, half);
    }
    vertices
}

fn cut(vertices: &[Vertex], half: &Halfspace) -> Vec<Vertex> {
    let slacks: Vec<Rational> = vertices.iter().map(|vertex| half.slack(vertex)).collect();
    let mut kept: Vec<Vertex> = Vec::with_capacity(vertices.len() + 1);
    for (i, vertex) in vertices.iter().enumerate() {
        let next = (i + 1) % vertices.len();
        if !slacks[i].is_negative() {
            kept.push(vertex.clone());
        }
        if slacks[i].signum() * slacks[next].signum() < 0 {
            // The slack is linear along the side and 0 at the time s.
            let s = &slacks[i] / (&slacks[i] - &slacks[next]);
            kept.push([0, 1].map(|k| &vertex[k] + &s * (&vertices[next][k] - &vertex[k])));
        }
    }
    kept.dedup();
    if kept.len() > 1 && kept.first() == kept.last() {
        kept.pop();
    }
    if kept.len() < 3 { Vec::new() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half(a: i64, b: i64, offset: i64) -> Halfspace {
        Halfspace::from_rationals(&[Rational::from(a), Rational::from(b)], &Rational::from(offset))
    }

    #[test]
    fn cuts_of_a_square() {
        let side = (Rational::from(-2), Rational::from(2));
        let window = [side.clone(), side];
        assert_eq!(polygon(&[], &window).len(), 4);
        // A corner cut off, a line through two corners, a diamond, nothing, one corner only.
        assert_eq!(polygon(&[half(1, 1, 3)], &window).len(), 5);
        assert_eq!(polygon(&[half(1, 1, 0)], &window).len(), 3);
        let diamond = [half(1, 1, 1), half(1, -1, 1), half(-1, 1, 1), half(-1, -1, 1)];
        let mut vertices = polygon(&diamond, &window);
        vertices.sort();
        let expected =
            [(-1, 0), (0, -1), (0, 1), (1, 0)].map(|(x, y): (i64, i64)| [Rational::from(x), Rational::from(y)]);
        assert_eq!(vertices, expected);
        assert!(polygon(&[half(1, 0, -3)], &window).is_empty());
        assert!(polygon(&[half(1, 1, -4)], &window).is_empty());
    }
}
