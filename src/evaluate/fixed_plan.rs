//! Compiling a layered network into groups of fixed-width rows.
//!
//! Every neuron is an integer n with a static scale f, of value n 2^-f. Three passes: forward, for ranges and the
//! smallest scale at which a row is an integer combination of its sources; backward, to raise a scale where every reader
//! would shift left anyway (an accumulator then keeps one scale and is added to without shifts); forward, to write the
//! terms. Rows with equal terms are one *group*: the sum is computed once, each row adds its bias.

use std::collections::HashMap;

use super::EvaluateError;
use super::fixed_bounds::{Bounds, Range};
use super::fixed_kernel::{BigTerm, NarrowTerm, Output, Place, WideTerm};
use super::fixed_terms::{Dyadic, narrow_terms, residue, wide_terms};
use crate::arith::{Integer, Rational};
use crate::network::{Layer, Layered, Unrolled};

/// How many bits a lane has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// 64 bits.
    Narrow,
    /// 128 bits.
    Wide,
    /// As many as the number needs.
    Big,
}

impl Width {
    /// The narrowest width for integers of that many bits, sign not counted.
    fn of(bits: u64) -> Self {
        if bits <= 63 {
            Self::Narrow
        } else if bits <= 127 {
            Self::Wide
        } else {
            Self::Big
        }
    }
    /// Bits that remain free in this width.
    fn headroom(self, bits: u64) -> u64 {
        match self {
            Self::Narrow => 63u64.saturating_sub(bits),
            Self::Wide => 127u64.saturating_sub(bits),
            Self::Big => 0,
        }
    }
}

/// A layer ready to run: groups, and the flat lists their ranges point into.
#[derive(Debug, Clone, Default)]
pub(super) struct PlanLayer {
    pub groups: Vec<Group>,
    pub narrow_terms: Vec<NarrowTerm>,
    pub wide_terms: Vec<WideTerm>,
    pub big_terms: Vec<BigTerm>,
    pub narrow: Vec<Output<i64>>,
    pub wide: Vec<Output<i128>>,
    pub big: Vec<Output<Integer>>,
    pub places: Vec<Place>,
}

/// Rows with equal terms: the lists of their width from here to the next group of it.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub width: Width,
    pub terms: core::ops::Range<usize>,
    pub outputs: core::ops::Range<usize>,
}

/// Rows with equal terms and equal natural scale, while scales are still being chosen.
struct Rows {
    rows: Vec<usize>,
    scale: i64,
    /// The largest absolute value of a row before ReLU.
    magnitude: Rational,
    width: Width,
}

impl Rows {
    /// Bits of the largest integer a row can be at the present scale.
    fn bits(&self) -> u64 {
        self.magnitude.scale_by_power_of_two(self.scale).ceil().bits()
    }
}

/// The (column, weight number) pairs of a row.
type Places<'a> = &'a [(u32, u32)];

/// A layer written out.
struct Form {
    map: Unrolled,
    weights: Vec<Option<Dyadic>>,
    bias: Vec<Rational>,
    before: Vec<Range>,
    groups: Vec<Rows>,
}

/// All layers, and the scale of the outputs.
pub(super) fn compile(
    network: &Layered,
    inputs: Vec<Range>,
    input_scale: i64,
    budget: u128,
    narrowest: Width,
) -> Result<(Vec<PlanLayer>, i64), EvaluateError> {
    let columns = inputs.len();
    let mut bounds = Bounds::inputs(inputs);
    let mut scales = vec![input_scale; columns];
    let mut big = vec![false; columns];
    let mut forms: Vec<Form> = Vec::with_capacity(network.layers().len());
    let mut left = budget;
    for (number, layer) in network.layers().iter().enumerate() {
        let mut form = write_out(layer, &mut left)?;
        let (next, before) = bounds.next(&form.map, &form.bias);
        bounds = next;
        form.before = before;
        form.groups = group(&form, number, &scales, &big, narrowest)?;
        scales = vec![0; form.map.rows()];
        big = vec![false; form.map.rows()];
        for group in &form.groups {
            for &row in &group.rows {
                (scales[row], big[row]) = (group.scale, group.width == Width::Big);
            }
        }
        forms.push(form);
    }
    let output_scale = raise_scales(&mut forms);
    let mut layers = Vec::with_capacity(forms.len());
    let mut scales = vec![input_scale; columns];
    let mut places = vec![Place::Narrow; columns];
    for (number, form) in forms.iter().enumerate() {
        let (layer, next) = write_layer(form, &scales, &places, number + 1 < forms.len());
        (scales, places) = (next, layer.places.clone());
        layers.push(layer);
    }
    Ok((layers, output_scale))
}

fn write_out(layer: &Layer, left: &mut u128) -> Result<Form, EvaluateError> {
    let map = Unrolled::new(&layer.map, *left)?;
    let bias = Unrolled::new(&layer.bias, *left)?;
    *left = left.saturating_sub((map.nonzeros() + bias.nonzeros()) as u128);
    let bias = (0..bias.rows()).map(|i| bias.row(i).next().map_or_else(Rational::zero, |(_, v)| v.clone())).collect();
    let weights = map.weights().iter().map(Dyadic::new).collect();
    Ok(Form { map, weights, bias, before: Vec::new(), groups: Vec::new() })
}

/// Groups the rows of a layer and gives each group its natural scale and width.
fn group(
    form: &Form,
    number: usize,
    scales: &[i64],
    big: &[bool],
    narrowest: Width,
) -> Result<Vec<Rows>, EvaluateError> {
    let not_dyadic = |row: usize, column: Option<usize>, weight: &Rational| EvaluateError::NotDyadic {
        layer: number + 1,
        row,
        column,
        weight: weight.clone(),
    };
    let mut known: HashMap<(Places, i64), usize> = HashMap::new();
    let mut groups: Vec<Rows> = Vec::new();
    for (row, bias) in form.bias.iter().enumerate() {
        let places = form.map.row_places(row);
        let mut scale = None;
        let mut width = narrowest;
        for &(source, id) in places {
            let (source, id) = (source as usize, id as usize);
            let Some(weight) = &form.weights[id] else {
                return Err(not_dyadic(row, Some(source), &form.map.weights()[id]));
            };
            // The smallest scale at which w x is an integer for every integer x at its scale.
            scale = scale.max(Some(scales[source] + weight.scale));
            if big[source] {
                width = Width::Big;
            }
        }
        if !bias.is_zero() {
            let Some(dyadic) = Dyadic::new(bias) else { return Err(not_dyadic(row, None, bias)) };
            scale = scale.max(Some(dyadic.scale));
        }
        let scale = scale.unwrap_or(0);
        let magnitude = form.before[row].magnitude();
        let index = *known.entry((places, scale)).or_insert_with(|| {
            groups.push(Rows { rows: Vec::new(), scale, magnitude: Rational::zero(), width });
            groups.len() - 1
        });
        let rows = &mut groups[index];
        rows.rows.push(row);
        rows.magnitude = rows.magnitude.clone().max(magnitude);
    }
    for rows in &mut groups {
        rows.width = rows.width.max(Width::of(rows.bits()));
    }
    Ok(groups)
}

/// Gives all outputs one scale and raises hidden scales where that saves shifts; returns the scale of the outputs.
///
/// A raise by r keeps every row an integer combination: the coefficient 2^(f_y - f_x) w of each reader y had r zeros at
/// its end and loses them. Widths do not grow, except that outputs of different scales may need it.
fn raise_scales(forms: &mut [Form]) -> i64 {
    let Some(last) = forms.last_mut() else { return 0 };
    let output_scale = last.groups.iter().map(|rows| rows.scale).max().unwrap_or(0);
    for rows in &mut last.groups {
        rows.scale = output_scale;
        // Never narrower than before: readers of big neurons are big.
        rows.width = rows.width.max(Width::of(rows.bits()));
    }
    for number in (1..forms.len()).rev() {
        let (head, tail) = forms.split_at_mut(number);
        let (Some(form), Some(reader)) = (head.last_mut(), tail.first()) else { continue };
        // The smallest f_y - (scale of w) over the readers y of each neuron.
        let mut largest: Vec<Option<i64>> = vec![None; form.map.rows()];
        for group in &reader.groups {
            for &(source, id) in group.rows.first().map_or(&[][..], |&row| reader.map.row_places(row)) {
                let Some(weight) = &reader.weights[id as usize] else { continue };
                let (limit, slot) = (group.scale - weight.scale, &mut largest[source as usize]);
                *slot = Some(slot.map_or(limit, |old| old.min(limit)));
            }
        }
        for rows in &mut form.groups {
            let limit = rows.rows.iter().filter_map(|&row| largest[row]).min().unwrap_or(rows.scale);
            let wanted = u64::try_from(limit - rows.scale).unwrap_or(0);
            rows.scale += wanted.min(rows.width.headroom(rows.bits())) as i64;
        }
    }
    output_scale
}

/// Writes the terms and outputs of a layer; returns it with the scales of its neurons.
fn write_layer(form: &Form, scales: &[i64], places: &[Place], hidden: bool) -> (PlanLayer, Vec<i64>) {
    let mut layer = PlanLayer { places: vec![Place::Narrow; form.map.rows()], ..PlanLayer::default() };
    let mut next = vec![0; form.map.rows()];
    let (mut wide_slots, mut big_slots) = (0u32, 0u32);
    for rows in &form.groups {
        let first = match rows.width {
            Width::Narrow => (layer.narrow_terms.len(), layer.narrow.len()),
            Width::Wide => (layer.wide_terms.len(), layer.wide.len()),
            Width::Big => (layer.big_terms.len(), layer.big.len()),
        };
        for &(source, id) in rows.rows.first().map_or(&[][..], |&row| form.map.row_places(row)) {
            let Some(weight) = &form.weights[id as usize] else { continue };
            // w x 2^f_y = mantissa 2^(f_y - f_w - f_x) (x 2^f_x), and f_y was chosen so that the power is not negative.
            let shift = rows.scale - weight.scale - scales[source as usize];
            assert!(shift >= 0, "a row's scale reaches the scale of every term");
            let shift = shift as u64;
            let place = places[source as usize];
            match rows.width {
                Width::Narrow => narrow_terms(&weight.mantissa, shift, source, &mut layer.narrow_terms),
                Width::Wide => wide_terms(&weight.mantissa, shift, source, place, &mut layer.wide_terms),
                Width::Big => {
                    layer.big_terms.push(BigTerm { source, place, factor: weight.mantissa.shl(shift) });
                }
            }
        }
        for &row in &rows.rows {
            next[row] = rows.scale;
            let bias = form.bias[row].scale_by_power_of_two(rows.scale).numerator();
            let relu = hidden && form.before[row].lo.is_negative();
            let neuron = row as u32;
            match rows.width {
                Width::Narrow => {
                    layer.narrow.push(Output { neuron, slot: 0, bias: residue(&bias) as i64, relu });
                }
                Width::Wide => {
                    layer.wide.push(Output { neuron, slot: wide_slots, bias: residue(&bias), relu });
                    layer.places[row] = Place::Wide(wide_slots);
                    wide_slots += 1;
                }
                Width::Big => {
                    layer.big.push(Output { neuron, slot: big_slots, bias, relu });
                    layer.places[row] = Place::Big(big_slots);
                    big_slots += 1;
                }
            }
        }
        let last = match rows.width {
            Width::Narrow => (layer.narrow_terms.len(), layer.narrow.len()),
            Width::Wide => (layer.wide_terms.len(), layer.wide.len()),
            Width::Big => (layer.big_terms.len(), layer.big.len()),
        };
        layer.groups.push(Group { width: rows.width, terms: first.0..last.0, outputs: first.1..last.1 });
    }
    (layer, next)
}
