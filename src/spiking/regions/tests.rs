#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use super::super::network::SpikingNetwork;
use super::super::neuron::Synapse;
use super::super::simulate::{SimulateOptions, Spikes, simulate};
use super::*;

fn rational(half: &Halfspace) -> (Vec<Rational>, Rational) {
    (half.normal().iter().cloned().map(Rational::from).collect(), Rational::from(half.offset().clone()))
}

fn neuron(threshold: i64, weights: &[(i64, i64)], delays: &[i64]) -> Neuron {
    let synapses = weights.iter().zip(delays).enumerate();
    let synapse = |(from, (&(p, q), &delay))| Synapse::new(from, Rational::ratio(p, q), Rational::from(delay));
    Neuron::new(weights.len(), Rational::from(threshold), synapses.map(synapse).collect())
}

fn dot(left: &[Rational], right: &[Rational]) -> Rational {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

fn simulated(neuron: &Neuron, x: &[Rational]) -> Option<Rational> {
    let network = SpikingNetwork::new(neuron.id, vec![neuron.clone()], vec![neuron.id]).unwrap();
    let inputs: Vec<Vec<Rational>> = x.iter().map(|time| vec![time.clone()]).collect();
    let options = SimulateOptions { spikes: Spikes::First, ..SimulateOptions::default() };
    simulate(&network, &inputs, &options).unwrap().firing_times(neuron.id).unwrap().pop()
}

/// All points of a grid around 0.
fn grid(dimension: usize, side: i64) -> impl Iterator<Item = Vec<Rational>> {
    (0..side.pow(dimension as u32)).map(move |code| {
        (0..dimension as u32).map(|i| Rational::ratio(code / side.pow(i) % side - side / 2, 2)).collect()
    })
}

#[test]
fn the_toy_neuron_of_the_slides_has_its_three_regions() {
    let regions = FiringRegions::new(&neuron(1, &[(1, 1), (1, 1)], &[2, 1])).unwrap();
    let list: Vec<FiringRegion> = regions.iter().collect();
    let ints = |list: &[i64]| list.iter().map(|&n| Rational::from(n)).collect::<Vec<_>>();
    let half = Rational::ratio(1, 2);
    let read: Vec<_> = list.iter().map(|r| (r.causal_set.clone(), r.gradient.clone(), r.offset.clone())).collect();
    assert_eq!(
        read,
        [
            (vec![0], ints(&[1, 0]), Rational::from(3)),
            (vec![1], ints(&[0, 1]), Rational::from(2)),
            (vec![0, 1], vec![half.clone(), half], Rational::from(2)),
        ]
    );
    // t_2 >= t_1 + 2; t_2 <= t_1; t_1 <= t_2 <= t_1 + 2.
    let sides = |region: &FiringRegion| {
        let list = region.halfspaces.clone().unwrap();
        list.iter().map(rational).collect::<Vec<_>>()
    };
    assert_eq!(sides(&list[0]), [(ints(&[1, -1]), Rational::from(-2))]);
    assert_eq!(sides(&list[1]), [(ints(&[-1, 1]), Rational::zero())]);
    assert_eq!(sides(&list[2]), [(ints(&[1, -1]), Rational::zero()), (ints(&[-1, 1]), Rational::from(2))]);
}

#[test]
fn positive_weights_give_all_regions_and_they_cover_space_once() {
    for (threshold, weights, delays) in [
        (1, vec![(1, 1)], vec![3]),
        (2, vec![(1, 2), (3, 1), (1, 1)], vec![0, 1, 2]),
        (3, vec![(2, 1), (1, 3), (1, 1), (5, 2)], vec![1, 0, 0, 2]),
    ] {
        let neuron = neuron(threshold, &weights, &delays);
        let regions = FiringRegions::new(&neuron).unwrap();
        let list: Vec<FiringRegion> = regions.iter().collect();
        assert_eq!(list.len() as u64, regions.count());
        assert_eq!(Integer::from(list.len()), regions.upper_bound());
        let value = |region: &FiringRegion, x: &[Rational]| dot(&region.gradient, x) + &region.offset;
        for region in &list {
            let x = &region.interior;
            for side in region.halfspaces.as_ref().unwrap() {
                let (normal, offset) = rational(side);
                assert!(dot(&normal, x) < offset);
            }
            let (time, causal_set) = regions.first_spike(x).unwrap().unwrap();
            assert_eq!((&time, &causal_set), (&value(region, x), &region.causal_set));
            assert_eq!(simulated(&neuron, x), Some(time));
        }
        for x in grid(weights.len(), 7) {
            let time = simulated(&neuron, &x).unwrap();
            let (again, causal_set) = regions.first_spike(&x).unwrap().unwrap();
            assert_eq!(time, again);
            // The theorem t = min over S of t_S, and the point lies in the pieces that attain it, among them its own.
            assert_eq!(list.iter().map(|region| value(region, &x)).min().unwrap(), time);
            let inside = |strict: bool| {
                let holds = move |side: &Halfspace, x: &[Rational]| {
                    let (normal, offset) = rational(side);
                    let left = dot(&normal, x);
                    if strict { left < offset } else { left <= offset }
                };
                let x = x.clone();
                list.iter().filter(move |r| r.halfspaces.as_ref().unwrap().iter().all(|side| holds(side, &x)))
            };
            assert!(inside(true).count() <= 1);
            let closed: Vec<&FiringRegion> = inside(false).collect();
            assert!(closed.iter().all(|region| value(region, &x) == time));
            assert!(closed.iter().any(|region| region.causal_set == causal_set));
        }
    }
}

#[test]
fn weights_of_any_sign_give_the_sets_of_positive_sum() {
    for (threshold, weights, delays) in [
        (1, vec![(1, 1), (-2, 1), (2, 1)], vec![0, 0, 0]),
        (2, vec![(3, 1), (-1, 1), (-1, 2)], vec![0, 1, 0]),
        (1, vec![(1, 1), (-1, 1), (2, 1), (-1, 3)], vec![0, 1, 0, 0]),
        (1, vec![(-1, 1), (0, 1), (2, 1)], vec![0, 0, 0]),
    ] {
        let neuron = neuron(threshold, &weights, &delays);
        let regions = FiringRegions::new(&neuron).unwrap();
        let list: Vec<FiringRegion> = regions.iter().collect();
        assert_eq!(list.len() as u64, regions.count());
        assert!(Integer::from(list.len()) < regions.upper_bound());
        let by_set: BTreeMap<Vec<usize>, &FiringRegion> = list.iter().map(|r| (r.causal_set.clone(), r)).collect();
        assert_eq!(by_set.len(), list.len());
        let value = |region: &FiringRegion, x: &[Rational]| dot(&region.gradient, x) + &region.offset;
        for region in &list {
            // The witness and its neighbourhood, by simulation.
            for shift in grid(weights.len(), 3) {
                let x = region.interior.iter().zip(&shift).map(|(x, s)| x + &(s * &Rational::power_of_two(-9)));
                let x: Vec<Rational> = x.collect();
                let (time, causal_set) = regions.first_spike(&x).unwrap().unwrap();
                assert_eq!((causal_set, Some(&time)), (region.causal_set.clone(), simulated(&neuron, &x).as_ref()));
                assert_eq!(time, value(region, &x));
            }
            let negative = region.causal_set.iter().any(|&i| weights[i].0 < 0);
            assert_eq!(region.halfspaces.is_none(), negative);
        }
        // No other set occurs anywhere on a grid.
        for x in grid(weights.len(), 7) {
            let found = regions.first_spike(&x).unwrap();
            assert_eq!(found.as_ref().map(|(time, _)| time.clone()), simulated(&neuron, &x));
            if let Some((time, causal_set)) = found {
                assert_eq!(value(by_set[&causal_set], &x), time);
            }
        }
    }
}

#[test]
fn sixteen_synapses_have_all_their_regions() {
    let weights: Vec<(i64, i64)> = (0..16).map(|i| (2 * i + 1, 1 + i % 3)).collect();
    let delays: Vec<i64> = (0..16).map(|i| i % 4).collect();
    let regions = FiringRegions::new(&neuron(5, &weights, &delays)).unwrap();
    let (mut count, mut sides) = (0, 0);
    for region in regions.iter() {
        count += 1;
        sides += region.halfspaces.unwrap().len();
    }
    // Sixteen sides each, and none for the single element of a set of one.
    assert_eq!((count, sides), (65_535, 65_535 * 16 - 16));
}

#[test]
fn what_has_no_closed_form_is_refused() {
    let mut bad = neuron(1, &[(1, 1)], &[0]);
    bad.synapses[0].window = Some(Rational::one());
    let message = FiringRegions::new(&bad).unwrap_err().to_string();
    assert_eq!(message, "neuron 1 has windows that end: accepted are ramps without an end");
    let wide = neuron(1, &[(1, 1); MAX_SYNAPSES + 1], &[0; MAX_SYNAPSES + 1]);
    assert!(FiringRegions::new(&wide).unwrap_err().to_string().contains("has 25 synapses: accepted are at most 24"));
}
