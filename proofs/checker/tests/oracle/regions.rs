//! Activation cells on an interval or in the plane, as polygons by their corners: each is clipped by neuron after neuron.

use std::collections::HashSet;

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use super::domain::{self, Domain};
use super::layered::{self, Layer};
use super::parse::{Certificate, Words};
use super::{Q, Why};

/// a x + b y + c.
type Affine = [Q; 3];

/// A convex polygon with what several networks compute on it.
pub struct Cell {
    pub corners: Vec<[Q; 2]>,
    pub maps: Vec<Vec<Affine>>,
}

/// The most cells.
const CELLS: usize = 5000;

pub fn at(f: &Affine, p: &[Q; 2]) -> Q {
    &f[0] * &p[0] + &f[1] * &p[1] + &f[2]
}

/// The part of a polygon where f >= 0; nothing if it has no interior points.
fn clip(corners: &[[Q; 2]], f: &Affine) -> Option<Vec<[Q; 2]>> {
    let values: Vec<Q> = corners.iter().map(|p| at(f, p)).collect();
    if !values.iter().any(Signed::is_positive) {
        return None;
    }
    let mut part = Vec::new();
    for (k, p) in corners.iter().enumerate() {
        let next = (k + 1) % corners.len();
        if !values[k].is_negative() {
            part.push(p.clone());
        }
        if (&values[k] * &values[next]).is_negative() {
            let t = &values[k] / (&values[k] - &values[next]);
            let q = &corners[next];
            part.push([&p[0] + &t * (&q[0] - &p[0]), &p[1] + &t * (&q[1] - &p[1])]);
        }
    }
    Some(part)
}

/// The activation cells of several networks together, over at most two sides.
pub fn cells(networks: &[&[Layer]], sides: &[(Q, Q)]) -> Result<Vec<Cell>, Why> {
    let unit = (Q::zero(), Q::one());
    let (x, y) = (&sides[0], sides.get(1).unwrap_or(&unit));
    let corner = |a: &Q, b: &Q| [a.clone(), b.clone()];
    let corners = vec![corner(&x.0, &y.0), corner(&x.1, &y.0), corner(&x.1, &y.1), corner(&x.0, &y.1)];
    let mut list = vec![Cell { corners, maps: Vec::new() }];
    if x.0 >= x.1 || y.0 >= y.1 {
        return Ok(Vec::new());
    }
    let (zero, one) = (Q::zero(), Q::one());
    let inputs = [[one.clone(), zero.clone(), zero.clone()], [zero.clone(), one, zero.clone()]];
    for layers in networks {
        list.iter_mut().for_each(|cell| cell.maps.push(inputs[..sides.len()].to_vec()));
        for (number, layer) in layers.iter().enumerate() {
            for cell in &mut list {
                let before = cell.maps.pop().unwrap();
                let value = |(row, bias): (&std::collections::BTreeMap<usize, Q>, &Q)| {
                    let mut sum = [zero.clone(), zero.clone(), bias.clone()];
                    for (&column, weight) in row {
                        sum.iter_mut().zip(&before[column]).for_each(|(sum, value)| *sum += weight * value);
                    }
                    sum
                };
                cell.maps.push(layer.rows.iter().zip(&layer.bias).map(value).collect());
            }
            for i in (0..layer.rows.len()).filter(|_| number + 1 < layers.len()) {
                let mut next = Vec::new();
                for cell in list {
                    let f = cell.maps.last().unwrap()[i].clone();
                    let positive = clip(&cell.corners, &f);
                    let below = clip(&cell.corners, &f.clone().map(|c| -c));
                    let mut part = |corners: Vec<[Q; 2]>, on: bool| {
                        let mut maps = cell.maps.clone();
                        if !on {
                            maps.last_mut().unwrap()[i] = [zero.clone(), zero.clone(), zero.clone()];
                        }
                        next.push(Cell { corners, maps });
                    };
                    match (positive, below) {
                        (Some(positive), Some(below)) => {
                            part(below, false);
                            part(positive, true);
                        }
                        (Some(_), None) => part(cell.corners.clone(), true),
                        _ => part(cell.corners.clone(), false),
                    }
                }
                list = next;
                if list.len() > CELLS {
                    return Err(Why::TooLarge);
                }
            }
        }
    }
    Ok(list)
}

/// Numbers of cells and of different maps of a network.
pub fn count(layers: &[Layer], sides: &[(Q, Q)]) -> Result<(usize, usize), Why> {
    let list = cells(&[layers], sides)?;
    let maps: HashSet<&Vec<Affine>> = list.iter().map(|cell| &cell.maps[0]).collect();
    Ok((list.len(), maps.len()))
}

/// A statement about regions or about another network.
pub fn refute(certificate: &Certificate) -> Result<(), Why> {
    let domain = domain::read(&certificate.domain.join(" "))?;
    let senseless = |why: &str| Err(Why::Senseless(why.to_owned()));
    let last = certificate.networks.last().unwrap();
    let shape =
        |network: &super::parse::Network| (network.inputs().iter().sum::<usize>(), network.dimensions[network.output]);
    let (inputs, outputs) = shape(last);
    if inputs != domain.dimension() || inputs > 2 {
        return if inputs > 2 { Err(Why::TooLarge) } else { senseless("another dimension") };
    }
    let (sides, unbounded) = match domain {
        Domain::Intervals(sides) => (sides, false),
        // Beyond every bend that a small network has.
        Domain::Space(n) => (vec![(Q::from(BigInt::from(-1_000_000)), Q::from(BigInt::from(1_000_000))); n], true),
        _ => return senseless("no box"),
    };
    let layers = layered::layers(&certificate.networks)?;
    let (l, n, m) = layered::size(inputs, &layers);
    if certificate.size != [BigInt::from(l), BigInt::from(n), BigInt::from(m)] {
        return Err(Why::Size(l, n, m));
    }
    let text = certificate.target[1..].join(" ");
    let mut words = Words::new(&text);
    if certificate.target[0] == "regions" {
        let claim = (words.natural()?, words.natural()?);
        words.end()?;
        let found = count(&layers, &sides)?;
        return if claim == found { Ok(()) } else { Err(Why::Regions(found.0, found.1)) };
    }
    let other = words.natural()?;
    words.end()?;
    let Some(target) = certificate.networks.get(other) else { return senseless("no such network") };
    if shape(target) != (inputs, outputs) || certificate.norm != ["maximum"] || certificate.error.is_negative() {
        return senseless("another shape, or another norm");
    }
    if sides.iter().any(|side| side.0 >= side.1) {
        return Err(Why::TooLarge);
    }
    let others = layered::layers(&certificate.networks[..=other])?;
    let mut most = Q::zero();
    for cell in cells(&[&layers, &others], &sides)? {
        for (f, g) in cell.maps[0].iter().zip(&cell.maps[1]) {
            if unbounded && f != g {
                return Err(Why::Error("on an unbounded cell, perhaps".to_owned()));
            }
            // The difference is affine: it is largest at a corner.
            for corner in &cell.corners {
                most = most.max((at(f, corner) - at(g, corner)).abs());
            }
        }
    }
    if most > certificate.error || (certificate.exact && most != certificate.error) {
        return Err(Why::Error(format!("the supremum is {most}")));
    }
    Ok(())
}
