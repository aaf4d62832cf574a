//! The spiking network computes what a network does: the firing time of every neuron as an affine function of the values
//! between two layers.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::{Closing, Proof, Section, Specification, require};
use super::affine::{Affine, Work};
use super::subject;
use crate::interval::Interval;
use crate::layered::Layered;
use crate::lexer::Tokens;
use crate::lower::layered;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::spiking::{SpikingNetwork, Synapse};
use crate::statement::Domain;
use crate::write_out::Weights;

/// The most entries of all levels that are read.
const ENTRIES: u64 = 1 << 22;

/// The rows of a level as affine functions of the level below, rows of zeros left out.
type Rows = HashMap<u64, Affine>;

/// A section about the spiking network.
pub struct Firing {
    number: usize,
    domain: Domain,
    layered: Layered,
    /// The firing times of the neurons that are no inputs.
    facts: Vec<Option<Rc<Affine>>>,
    levels: HashMap<u64, (u64, Rows)>,
    /// Upper ends of the ranges of h_lj, l >= 1; the lower ends are 0.
    upper: HashMap<(u64, u64), Number>,
    entries: u64,
    work: Work,
}

impl Firing {
    pub(in super::super) fn open(proof: &Proof, mut tokens: Tokens<'_>) -> Result<Self, Problem> {
        let spiking = subject(proof)?;
        let number = usize::try_from(tokens.natural()?).unwrap_or(usize::MAX);
        let domain = Domain::read(&mut tokens)?;
        tokens.end()?;
        require(proof.known(proof.networks.len()).is_err(), "the spiking network has no specification yet")?;
        require(matches!(domain, Domain::Cube(..) | Domain::Box(_)), "the domain is a cube or a box")?;
        proof.network(number)?;
        let layered = layered(proof.networks.get(..=number).unwrap_or_default())?;
        let (inputs, outputs) = (layered.level(0)?.dimension, layered.level(layered.layers())?.dimension);
        let carried = (spiking.inputs - spiking.references.len()) as u64;
        require(inputs == carried, "the inputs that are no references are those of the network")?;
        require(domain.box_dimension() == Some(inputs), "the domain has as many sides")?;
        require(outputs == spiking.outputs.len() as u64, "the outputs are as many as those of the network")?;
        let facts = vec![None; spiking.neurons.len()];
        let (levels, upper) = (HashMap::new(), HashMap::new());
        Ok(Self { number, domain, layered, facts, levels, upper, entries: ENTRIES, work: Work::default() })
    }
}

impl Section for Firing {
    fn line(&mut self, proof: &Proof, keyword: &str, mut tokens: Tokens<'_>) -> Result<Closing, Problem> {
        let spiking = subject(proof)?;
        if keyword == "conclude" {
            tokens.end()?;
            self.conclude(spiking)?;
            let specification = Specification::Computes { network: self.number, domain: self.domain.clone() };
            return Ok(Some((proof.networks.len(), specification)));
        }
        let v = usize::try_from(tokens.natural()?).unwrap_or(usize::MAX);
        let Some(neuron) = spiking.neuron(v) else { return problem(format!("there is no neuron {v}")) };
        require(self.fact(spiking, v).is_err(), "the neuron has no fact yet")?;
        require(neuron.synapses.iter().all(|synapse| synapse.window.is_none()), "windows are without end")?;
        let fact = match keyword {
            "settle" => self.settle(spiking, &neuron.synapses, &neuron.threshold)?,
            "reflect" => {
                let (level, j, high) = (tokens.natural()?, tokens.natural()?, tokens.fraction()?);
                self.reflect(spiking, (&neuron.synapses, &neuron.threshold), (level, j), high)?
            }
            _ => return problem("the first word is not that of a line of this section"),
        };
        tokens.end()?;
        if let Some(place) = self.facts.get_mut(v - spiking.inputs) {
            *place = Some(Rc::new(fact));
        }
        Ok(None)
    }
}

impl Firing {
    /// The firing time of an input or a neuron.
    fn fact(&self, spiking: &SpikingNetwork, v: usize) -> Result<Rc<Affine>, Problem> {
        if let Some(number) = v.checked_sub(spiking.inputs) {
            let fact = self.facts.get(number).and_then(Option::as_ref);
            return fact.map(Rc::clone).ok_or_else(|| Problem(format!("neuron {v} has no fact")));
        }
        let before = spiking.references.partition_point(|(input, _)| *input < v);
        match spiking.references.get(before) {
            Some((input, time)) if *input == v => Ok(Rc::new(Affine::constant(time.clone()))),
            // Inputs that are no references are numbered in order: x_j + a.
            _ => {
                let terms = [((v - before) as u64, Number::one())].into();
                Ok(Rc::new(Affine { level: 0, constant: spiking.input_offset.clone(), terms }))
            }
        }
    }

    /// The arrival of the spike of a synapse.
    fn arrival(&mut self, spiking: &SpikingNetwork, synapse: &Synapse) -> Result<Affine, Problem> {
        let mut arrival = (*self.fact(spiking, synapse.source)?).clone();
        self.work.spend(arrival.terms.len() as u64)?;
        arrival.constant = self.work.sum(&arrival.constant, &synapse.delay)?;
        Ok(arrival)
    }

    /// The range of an affine function over the ranges of its entries.
    fn range(&mut self, of: &Affine) -> Result<Interval, Problem> {
        let (mut lo, mut hi) = (of.constant.clone(), of.constant.clone());
        for (j, c) in &of.terms {
            let zero = Number::zero();
            let (low, high) = match of.level {
                0 => self.domain.side(*j).ok_or_else(|| Problem(format!("there is no input {j}")))?,
                level => {
                    let high = self.upper.get(&(level, *j));
                    (&zero, high.ok_or_else(|| Problem(format!("entry {j} of level {level} has no range")))?)
                }
            };
            let (low, high) = if c.is_negative() { (high, low) } else { (low, high) };
            let (low, high) = (self.work.product(c, low)?, self.work.product(c, high)?);
            (lo, hi) = (self.work.sum(&lo, &low)?, self.work.sum(&hi, &high)?);
        }
        Ok(Interval { lo, hi })
    }

    /// All spikes arrive before the threshold can be reached.
    fn settle(
        &mut self,
        spiking: &SpikingNetwork,
        synapses: &[Synapse],
        threshold: &Number,
    ) -> Result<Affine, Problem> {
        let (mut slope, mut time) = (Number::zero(), Affine::constant(threshold.clone()));
        let (mut last, mut earliest) = (None::<Number>, Vec::new());
        for synapse in synapses {
            let arrival = self.arrival(spiking, synapse)?;
            let range = self.range(&arrival)?;
            slope = self.work.sum(&slope, &synapse.weight)?;
            time.add(&synapse.weight, &arrival, &mut self.work)?;
            last = Some(last.map_or_else(|| range.hi.clone(), |last| last.max(range.hi.clone())));
            if synapse.weight.is_positive() {
                earliest.push((&synapse.weight, range.lo));
            }
        }
        require(slope.is_positive(), "the sum W of the weights is positive")?;
        let Some(last) = last else { return problem("the neuron has no synapses") };
        // Up to H the potential is at most the sum of w_k (H - lo_k) over the positive weights.
        let mut most = Number::zero();
        for (weight, lo) in earliest {
            let waited = self.work.sum(&last, &-&lo)?;
            let part = self.work.product(weight, &waited)?;
            most = self.work.sum(&most, &part)?;
        }
        require(most < *threshold, "the sum of w_k (H - lo_k) over positive weights is below theta")?;
        // W t - sum w_k a_k = theta
        let inverse = self.work.quotient(&Number::one(), &slope)?;
        time.scaled(&inverse, &mut self.work)
    }

    /// A constant excitation, an inhibition that comes before it is over where the neuron j of level l is active.
    fn reflect(
        &mut self,
        spiking: &SpikingNetwork,
        (synapses, threshold): (&[Synapse], &Number),
        (level, j): (u64, u64),
        high: Number,
    ) -> Result<Affine, Problem> {
        let (inhibit, excite) = match synapses {
            [x, y] if x.weight.is_negative() => (x, y),
            [x, y] => (y, x),
            _ => return problem("the neuron has not two synapses"),
        };
        let (w, c) = (&inhibit.weight, &excite.weight);
        require(w.is_negative() && c.is_positive(), "the weights are w < 0 < c")?;
        let slope = self.work.sum(w, c)?;
        require(slope.is_positive(), "w + c > 0")?;
        let (inhibition, excitation) = (self.arrival(spiking, inhibit)?, self.arrival(spiking, excite)?);
        require(excitation.is_constant(), "the arrival at the synapse of weight c is constant")?;
        let alone = self.work.quotient(threshold, c)?;
        let alone = self.work.sum(&excitation.constant, &alone)?;
        require(level >= 1 && level < self.layered.layers(), "1 <= l <= L - 1")?;
        let row = self.row(level, j)?;
        // s - a_w = m (A_l h + b_l)_j
        let mut lead = Affine::constant(alone.clone());
        lead.add(&-&Number::one(), &inhibition, &mut self.work)?;
        let factor = match (row.terms.iter().next(), row.constant.is_zero()) {
            (Some((k, r)), _) => {
                let x = lead.terms.get(k).cloned().unwrap_or_else(Number::zero);
                self.work.quotient(&x, r)?
            }
            (None, false) => self.work.quotient(&lead.constant, &row.constant)?,
            // Any m will do.
            (None, true) => Number::one(),
        };
        require(factor.is_positive(), "m > 0")?;
        let scaled = row.scaled(&factor, &mut self.work)?;
        require(lead.equals(&scaled, &mut self.work)?, "s - a_w = m (A_l h + b_l)_j")?;
        let range = self.range(&row)?;
        require(!high.is_negative() && high >= range.hi, "hi is at least the upper end of the range, and 0")?;
        let known = self.upper.entry((level, j)).or_insert_with(|| high.clone());
        require(*known == high, "hi is the same in all lines of this l, j")?;
        // t = s + m |w| / (w + c) h_lj
        let gain = self.work.quotient(&w.abs(), &slope)?;
        let gain = self.work.product(&gain, &factor)?;
        Ok(Affine { level, constant: alone, terms: [(j, gain)].into() })
    }

    /// Row j of the layer that makes a level.
    fn row(&mut self, level: u64, j: u64) -> Result<Affine, Problem> {
        if !self.levels.contains_key(&level) {
            let (dimension, rows) = read(&self.layered, level, &mut self.entries)?;
            self.levels.insert(level, (dimension, rows));
        }
        let Some((dimension, rows)) = self.levels.get(&level) else { return problem("a level is missing") };
        require(j < *dimension, "the level has an entry j")?;
        let row = rows.get(&j).cloned().unwrap_or_else(|| Affine::constant(Number::zero()));
        self.work.spend(1 + row.terms.len() as u64)?;
        Ok(row)
    }

    /// The outputs fire at b plus the values of the network.
    fn conclude(&mut self, spiking: &SpikingNetwork) -> Result<(), Problem> {
        let last = self.layered.layers();
        for (j, &v) in (0..).zip(&spiking.outputs) {
            let mut value = (*self.fact(spiking, v)?).clone();
            value.constant = self.work.sum(&value.constant, &-&spiking.output_offset)?;
            let row = self.row(last, j)?;
            require(value.is_of(last - 1), "the outputs fire at times that depend on the last level")?;
            let same = value.equals(&row, &mut self.work)?;
            require(same, "every output fires at b plus the value of the network")?;
        }
        Ok(())
    }
}

/// The dimension of a level and its rows.
fn read(layered: &Layered, number: u64, left: &mut u64) -> Result<(u64, Rows), Problem> {
    let (level, below) = (layered.level(number)?, layered.level(number - 1)?);
    let (mut rows, mut weights) = (Rows::new(), Weights::default());
    for bias in [false, true] {
        level.entries(&below, bias, &mut weights, &mut |row, column, id, weights| {
            let budget = left.checked_sub(1);
            *left = budget.ok_or_else(|| Problem("the levels have too many entries".to_owned()))?;
            let Some((weight, _)) = weights.get(id) else { return problem("too many distinct weights") };
            let zero = || Affine { level: number - 1, ..Affine::constant(Number::zero()) };
            let row = rows.entry(row.into()).or_insert_with(zero);
            if bias {
                row.constant = Number::from(weight);
            } else {
                row.terms.insert(column.into(), Number::from(weight));
            }
            Ok(())
        })?;
    }
    Ok((level.dimension, rows))
}
