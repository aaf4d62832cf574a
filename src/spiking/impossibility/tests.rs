#![allow(clippy::unwrap_used)]

use super::super::minimum::windowed_relu;
use super::super::numbers::Numbers;
use super::*;

/// A neuron that reads x as number 0 and up to four references, on a coarse grid so that times coincide.
fn random(numbers: &mut Numbers, windows: bool) -> (Neuron, Vec<(usize, Rational)>) {
    let count = numbers.between(0, 4) as usize;
    let synapses = (0..=count).map(|from| Synapse {
        from,
        weight: Rational::ratio(numbers.between(-4, 4), numbers.between(1, 2)),
        delay: Rational::ratio(numbers.between(0, 6), 2),
        window: (windows && numbers.between(0, 1) == 0).then(|| Rational::ratio(numbers.between(1, 8), 2)),
        shape: None,
    });
    let synapses: Vec<Synapse> = synapses.collect();
    let references = (1..=count).map(|id| (id, Rational::ratio(numbers.between(-4, 4), 2))).collect();
    let threshold = Rational::ratio(numbers.between(1, 6), numbers.between(1, 2));
    (Neuron::new(count + 1, threshold, synapses), references)
}

/// The first firing time by the definition of the potential: the first t with P(t) >= threshold, from the lines between
/// all events.
fn first_spike(neuron: &Neuron, times: &[Rational]) -> Option<Rational> {
    let arrivals: Vec<Vec<Rational>> =
        neuron.synapses.iter().map(|synapse| vec![&times[synapse.from] + &synapse.delay]).collect();
    let mut events: Vec<Rational> = Vec::new();
    for (synapse, arrival) in neuron.synapses.iter().zip(&arrivals) {
        events.push(arrival[0].clone());
        events.extend(synapse.window.as_ref().map(|window| &arrival[0] + window));
    }
    events.sort();
    events.dedup();
    for (k, start) in events.iter().enumerate() {
        // Two points of the open piece give its line.
        let end = events.get(k + 1).cloned().unwrap_or_else(|| start + Rational::from(3));
        let at = |n: i64| start + (&end - start) * Rational::ratio(n, 3);
        let (p, q) = (neuron.potential(&arrivals, &[], &at(1)), neuron.potential(&arrivals, &[], &at(2)));
        let slope = (&q - &p) / (at(2) - at(1));
        let value = &p - &slope * (at(1) - start);
        if value > neuron.threshold || (value == neuron.threshold && !slope.is_negative()) {
            return Some(start.clone());
        }
        if slope.is_positive() {
            let time = start + (&neuron.threshold - &value) / &slope;
            if k + 1 == events.len() || time <= end {
                return Some(time);
            }
        }
    }
    None
}

fn spike_at(neuron: &Neuron, references: &[(usize, Rational)], x: &Rational) -> Option<Rational> {
    let mut times = vec![x.clone()];
    times.extend(references.iter().map(|reference| reference.1.clone()));
    first_spike(neuron, &times)
}

#[test]
fn no_neuron_without_windows_is_a_relu_and_the_witness_shows_it() {
    let mut numbers = Numbers(3);
    for _ in 0..3000 {
        let (neuron, references) = random(&mut numbers, false);
        let (a, b) = (Rational::ratio(-numbers.between(1, 9), 3), Rational::ratio(numbers.between(1, 9), 3));
        let answer = relu_by_one_layer(&neuron, 0, &references, (&a, &b)).unwrap();
        let ReluByOneLayer::Refuted(witness) = answer else { panic!("{neuron:?}") };
        assert!([&a, &b, &Rational::zero()].contains(&&witness.input));
        // By the definition of the potential, not by simulation.
        assert_eq!(spike_at(&neuron, &references, &Rational::zero()), witness.constant);
        assert_eq!(spike_at(&neuron, &references, &witness.input), witness.time);
        let wanted = witness.constant.as_ref().map(|constant| constant + &witness.input.relu());
        assert!(wanted.is_none() || witness.time != wanted);
        // The general decision finds the same.
        let layer = Layer::new(&neuron, 0, &references).unwrap();
        let differs = layer.points(&a, &b).iter().any(|x| {
            let wanted = witness.constant.as_ref().map(|constant| constant + &x.relu());
            layer.first_spike(x).unwrap() != wanted
        });
        assert!(differs || witness.constant.is_none());
    }
}

#[test]
fn with_windows_the_answer_is_that_of_a_fine_grid() {
    let mut numbers = Numbers(8);
    let (a, b) = (Rational::from(-2), Rational::from(2));
    let mut realised = 0;
    for round in 0..1500 {
        let (mut neuron, references) = random(&mut numbers, true);
        if round % 3 == 0 && references.len() == 1 {
            // The known neuron, moved by random delays, and sometimes with another window.
            let shift = Rational::ratio(numbers.between(0, 4), 2);
            let known = windowed_relu(&Rational::from(2)).unwrap();
            neuron = known.neurons()[0].clone();
            neuron.synapses.iter_mut().for_each(|synapse| synapse.delay += &shift);
            if numbers.between(0, 1) == 0 {
                neuron.synapses[0].window = Some(Rational::ratio(numbers.between(4, 8), 2));
            }
            if !references[0].1.is_zero() {
                neuron.synapses[1].delay += &Rational::one();
            }
        }
        let answer = relu_by_one_layer(&neuron, 0, &references, (&a, &b)).unwrap();
        let constant = spike_at(&neuron, &references, &Rational::zero());
        let grid = (-60..=60).map(|n| Rational::ratio(n, 30));
        let same = |x: &Rational| {
            constant.is_some()
                && spike_at(&neuron, &references, x) == constant.as_ref().map(|constant| constant + &x.relu())
        };
        match answer {
            ReluByOneLayer::Realised { constant: found } => {
                realised += 1;
                assert_eq!(Some(found), constant);
                assert!(grid.clone().all(|x| same(&x)), "{neuron:?}");
            }
            ReluByOneLayer::Refuted(witness) => {
                assert_eq!(spike_at(&neuron, &references, &witness.input), witness.time);
                assert_eq!(constant, witness.constant);
                assert!(!same(&witness.input));
            }
        }
    }
    assert!(realised > 5, "{realised}");
}

#[test]
fn the_known_neuron_is_a_relu_up_to_its_bound_and_no_further() {
    for bound in [Rational::zero(), Rational::ratio(7, 3)] {
        let neuron = windowed_relu(&bound).unwrap().neurons()[0].clone();
        let references = [(1, Rational::zero())];
        let decide = |b: &Rational| relu_by_one_layer(&neuron, 0, &references, (&Rational::from(-9), b)).unwrap();
        let constant = &bound + &Rational::one();
        if bound.is_positive() {
            assert_eq!(decide(&bound), ReluByOneLayer::Realised { constant: constant.clone() });
        }
        let ReluByOneLayer::Refuted(witness) = decide(&(&constant + &Rational::one())) else { panic!() };
        assert!(witness.input > bound);
    }
}

#[test]
fn bad_intervals_and_neurons_are_refused() {
    let (neuron, _) = random(&mut Numbers(1), false);
    let (one, zero) = (Rational::one(), Rational::zero());
    assert!(relu_by_one_layer(&neuron, 0, &[], (&zero, &one)).is_err());
    let reads = Neuron { synapses: vec![Synapse::new(5, one.clone(), zero.clone())], ..neuron };
    assert!(relu_by_one_layer(&reads, 0, &[], (&-&one, &one)).is_err());
    let silent = Neuron { synapses: Vec::new(), ..reads };
    assert!(matches!(
        relu_by_one_layer(&silent, 0, &[], (&-&one, &one)).unwrap(),
        ReluByOneLayer::Refuted(ReluWitness { constant: None, .. })
    ));
}
