//! Kernels of fixed-width evaluation: one group of rows on one block of inputs.
//!
//! Storage is `[neuron][lane]`. A neuron of 128 bits is two planes of 64, so that its additions with carry are
//! vectorised like everything else; whoever needs it modulo 2^64 reads the low plane alone.
//!
//! Why wrapping is sound: reduction modulo 2^64 (2^128) respects sums and products, so the wrapped sum of the terms is
//! the true sum modulo 2^64. The plan proves that the true sum lies in \[-2^63, 2^63) (for 128 bits, 2^127), and there the
//! residue determines it. Partial sums and single terms may leave the range without harm. ReLU is no ring operation:
//! it is applied to complete sums only.

// The loops over lanes index several arrays of one length at once; this is the form that is vectorised.
#![allow(clippy::needless_range_loop)]

use crate::arith::Integer;

/// Inputs in a block.
pub(super) const LANES: usize = 64;

/// One value for every input of a block.
pub(super) type Lane = [i64; LANES];

/// Where a neuron's value is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// 64 bits, in the low plane at the neuron's number.
    Narrow,
    /// 128 bits: low plane at the neuron's number, high plane at this slot.
    Wide(u32),
    /// Integers of any size at this slot.
    Big(u32),
}

/// A term of a 64-bit row.
#[derive(Debug, Clone, Copy)]
pub(super) enum NarrowTerm {
    /// +-2^shift x, shift < 64.
    Shift { source: u32, shift: u32, negative: bool },
    /// factor x modulo 2^64.
    Multiply { source: u32, factor: i64 },
}

/// A term of a 128-bit row; `high` is the slot of the source's high plane, `None` for a 64-bit source.
#[derive(Debug, Clone, Copy)]
pub(super) enum WideTerm {
    /// +-2^shift x, shift < 128.
    Shift { source: u32, high: Option<u32>, shift: u32, negative: bool },
    /// factor x modulo 2^128.
    Multiply { source: u32, high: Option<u32>, factor: i128 },
}

/// A term of a row of any size.
#[derive(Debug, Clone)]
pub(super) struct BigTerm {
    pub source: u32,
    pub place: Place,
    pub factor: Integer,
}

/// A neuron made from the sum of a group: sum + bias, then ReLU unless the plan shows that it changes nothing.
#[derive(Debug, Clone)]
pub(super) struct Output<B> {
    pub neuron: u32,
    /// Slot of the high plane or of the integers; unused for 64 bits.
    pub slot: u32,
    pub bias: B,
    pub relu: bool,
}

/// The values of one layer on one block.
#[derive(Debug, Clone, Default)]
pub(super) struct Lanes {
    pub low: Vec<Lane>,
    pub high: Vec<Lane>,
    pub big: Vec<Vec<Integer>>,
}

impl Lanes {
    pub fn new(low: usize, high: usize, big: usize) -> Self {
        let integers = vec![Integer::zero(); LANES];
        Self { low: vec![[0; LANES]; low], high: vec![[0; LANES]; high], big: vec![integers; big] }
    }

    /// The value of a neuron of at most 128 bits.
    #[inline]
    pub fn wide(&self, neuron: usize, high: Option<u32>, lane: usize) -> i128 {
        let low = self.low[neuron][lane];
        high.map_or(i128::from(low), |slot| join(low, self.high[slot as usize][lane]))
    }

    /// The value of any neuron.
    pub fn integer(&self, neuron: usize, place: Place, lane: usize) -> Integer {
        match place {
            Place::Narrow => Integer::from(self.low[neuron][lane]),
            Place::Wide(slot) => Integer::from(self.wide(neuron, Some(slot), lane)),
            Place::Big(slot) => self.big[slot as usize][lane].clone(),
        }
    }
}

/// high 2^64 + low, the low half read without sign.
#[inline]
fn join(low: i64, high: i64) -> i128 {
    (i128::from(high) << 64) | i128::from(low as u64)
}

/// -1 where a bit of the sign is set, 0 elsewhere.
#[inline]
fn sign(x: i64) -> i64 {
    if x < 0 { -1 } else { 0 }
}

/// Computes 64-bit neurons.
pub(super) fn narrow(terms: &[NarrowTerm], outputs: &[Output<i64>], from: &[Lane], to: &mut [Lane]) {
    let mut sum = [0i64; LANES];
    for term in terms {
        match *term {
            NarrowTerm::Shift { source, shift: 0, negative: false } => {
                let x = &from[source as usize];
                for l in 0..LANES {
                    sum[l] = sum[l].wrapping_add(x[l]);
                }
            }
            NarrowTerm::Shift { source, shift, negative: false } => {
                let x = &from[source as usize];
                for l in 0..LANES {
                    sum[l] = sum[l].wrapping_add(x[l].wrapping_shl(shift));
                }
            }
            NarrowTerm::Shift { source, shift, negative: true } => {
                let x = &from[source as usize];
                for l in 0..LANES {
                    sum[l] = sum[l].wrapping_sub(x[l].wrapping_shl(shift));
                }
            }
            NarrowTerm::Multiply { source, factor } => {
                let x = &from[source as usize];
                for l in 0..LANES {
                    sum[l] = sum[l].wrapping_add(x[l].wrapping_mul(factor));
                }
            }
        }
    }
    for output in outputs {
        let y = &mut to[output.neuron as usize];
        if output.relu {
            for l in 0..LANES {
                y[l] = sum[l].wrapping_add(output.bias).max(0);
            }
        } else {
            for l in 0..LANES {
                y[l] = sum[l].wrapping_add(output.bias);
            }
        }
    }
}

/// Computes 128-bit neurons.
pub(super) fn wide(terms: &[WideTerm], outputs: &[Output<i128>], from: &Lanes, to: &mut Lanes) {
    let (mut low, mut high) = ([0i64; LANES], [0i64; LANES]);
    for term in terms {
        match *term {
            WideTerm::Shift { source, high: None, shift, negative } => {
                let x = &from.low[source as usize];
                // (low, high) of 2^shift x; the high half of x itself is its sign.
                match shift {
                    0 => accumulate(&mut low, &mut high, negative, |l| (x[l], sign(x[l]))),
                    1..64 => accumulate(&mut low, &mut high, negative, |l| {
                        (x[l].wrapping_shl(shift), x[l].wrapping_shr(64 - shift))
                    }),
                    _ => accumulate(&mut low, &mut high, negative, |l| (0, x[l].wrapping_shl(shift - 64))),
                }
            }
            WideTerm::Shift { source, high: Some(slot), shift, negative } => {
                let (x, h) = (&from.low[source as usize], &from.high[slot as usize]);
                match shift {
                    0 => accumulate(&mut low, &mut high, negative, |l| (x[l], h[l])),
                    1..64 => accumulate(&mut low, &mut high, negative, |l| {
                        let carried = (x[l] as u64).wrapping_shr(64 - shift) as i64;
                        (x[l].wrapping_shl(shift), h[l].wrapping_shl(shift) | carried)
                    }),
                    _ => accumulate(&mut low, &mut high, negative, |l| (0, x[l].wrapping_shl(shift - 64))),
                }
            }
            WideTerm::Multiply { source, high: slot, factor } => {
                for l in 0..LANES {
                    let term = from.wide(source as usize, slot, l).wrapping_mul(factor);
                    let sum = join(low[l], high[l]).wrapping_add(term);
                    (low[l], high[l]) = (sum as i64, (sum >> 64) as i64);
                }
            }
        }
    }
    for output in outputs {
        let (bias_low, bias_high) = (output.bias as i64, (output.bias >> 64) as i64);
        let (y, h) = (&mut to.low[output.neuron as usize], &mut to.high[output.slot as usize]);
        (*y, *h) = (low, high);
        if output.bias != 0 {
            accumulate(y, h, false, |_| (bias_low, bias_high));
        }
        if output.relu {
            for l in 0..LANES {
                // The sign of the whole number is that of its high half.
                let keep = !sign(h[l]);
                y[l] &= keep;
                h[l] &= keep;
            }
        }
    }
}

/// (high, low) += or -= (t_high, t_low), lane by lane, modulo 2^128.
#[inline(always)]
fn accumulate(low: &mut Lane, high: &mut Lane, negative: bool, term: impl Fn(usize) -> (i64, i64)) {
    if negative {
        for l in 0..LANES {
            let (t, u) = term(l);
            // low - t borrows iff low < t without sign.
            let borrow = i64::from((low[l] as u64) < (t as u64));
            low[l] = low[l].wrapping_sub(t);
            high[l] = high[l].wrapping_sub(u).wrapping_sub(borrow);
        }
    } else {
        for l in 0..LANES {
            let (t, u) = term(l);
            // low + t carries iff the wrapped sum is below t without sign.
            let sum = low[l].wrapping_add(t);
            let carry = i64::from((sum as u64) < (t as u64));
            low[l] = sum;
            high[l] = high[l].wrapping_add(u).wrapping_add(carry);
        }
    }
}

/// Computes neurons of any size, on the first `count` lanes.
pub(super) fn big(terms: &[BigTerm], outputs: &[Output<Integer>], from: &Lanes, to: &mut Lanes, count: usize) {
    for l in 0..count {
        let mut sum = Integer::zero();
        for term in terms {
            sum += &(&term.factor * &from.integer(term.source as usize, term.place, l));
        }
        for output in outputs {
            let value = &sum + &output.bias;
            let value = if output.relu && value.signum() < 0 { Integer::zero() } else { value };
            to.big[output.slot as usize][l] = value;
        }
    }
}
