#![allow(clippy::unwrap_used)]

use super::super::neuron::Synapse;
use super::super::numbers::Numbers;
use super::super::trace::trace;
use super::*;

fn times(list: &[(i64, i64)]) -> Vec<Vec<Rational>> {
    list.iter().map(|&(p, q)| vec![Rational::ratio(p, q)]).collect()
}

fn one_neuron(threshold: i64, synapses: &[(i64, i64, Option<i64>)]) -> SpikingNetwork {
    let synapses = synapses.iter().enumerate().map(|(from, &(weight, delay, window))| Synapse {
        window: window.map(Rational::from),
        ..Synapse::new(from, Rational::from(weight), Rational::from(delay))
    });
    let synapses: Vec<Synapse> = synapses.collect();
    let inputs = synapses.len();
    let neuron = Neuron::new(inputs, Rational::from(threshold), synapses);
    SpikingNetwork::new(inputs, vec![neuron], vec![inputs]).unwrap()
}

fn fired(network: &SpikingNetwork, inputs: &[Vec<Rational>], options: &SimulateOptions) -> Vec<String> {
    let activity = simulate(network, inputs, options).unwrap();
    let list = activity.firing_times(network.outputs()[0]).unwrap();
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn the_toy_neuron_of_the_slides() {
    let network = one_neuron(1, &[(1, 2, None), (1, 1, None)]);
    let all = SimulateOptions::default();
    for (inputs, expected) in [
        // t_1 + 3 if t_2 >= t_1 + 2; t_2 + 2 if t_2 <= t_1; (t_1 + t_2) / 2 + 2 between.
        ([(0, 1), (2, 1)], "3"),
        ([(0, 1), (7, 1)], "3"),
        ([(0, 1), (0, 1)], "2"),
        ([(1, 3), (-1, 7)], "13/7"),
        ([(0, 1), (1, 1)], "5/2"),
        ([(-1, 3), (1, 2)], "25/12"),
    ] {
        assert_eq!(fired(&network, &times(&inputs), &all), [expected], "{inputs:?}");
    }
}

#[test]
fn windows_crossings_and_silence() {
    let all = SimulateOptions::default();
    // The window ends with the response still there: threshold 2 is touched at its end.
    assert_eq!(fired(&one_neuron(2, &[(1, 0, Some(2))]), &times(&[(5, 1)]), &all), ["7"]);
    assert!(fired(&one_neuron(3, &[(1, 0, Some(2))]), &times(&[(5, 1)]), &all).is_empty());
    // Where an inhibiting window ends, at 3, the potential jumps from 1 over the threshold 2.
    let network = one_neuron(2, &[(2, 0, None), (-2, 1, Some(2))]);
    assert_eq!(fired(&network, &times(&[(0, 1), (0, 1)]), &all), ["1"]);
    let network = one_neuron(3, &[(2, 0, None), (-2, 1, Some(2))]);
    assert_eq!(fired(&network, &times(&[(0, 1), (0, 1)]), &all), ["3"]);
    // It jumps to the threshold and falls from there: the threshold is never reached.
    let network = one_neuron(6, &[(2, 0, None), (-2, 1, Some(2)), (-3, 3, None)]);
    assert!(fired(&network, &times(&[(0, 1), (0, 1), (0, 1)]), &all).is_empty());
    // It jumps to the threshold and stays there.
    let network = one_neuron(6, &[(2, 0, None), (-2, 1, Some(2)), (-2, 3, None)]);
    assert_eq!(fired(&network, &times(&[(0, 1), (0, 1), (0, 1)]), &all), ["3"]);
    // The discontinuity of w = (1, -2, 2): t = 1, and far later when inhibition comes a little earlier.
    let network = one_neuron(1, &[(1, 0, None), (-2, 0, None), (2, 0, None)]);
    assert_eq!(fired(&network, &times(&[(0, 1), (1, 1), (5, 1)]), &all)[0], "1");
    let early = times(&[(0, 1), (999_999, 1_000_000), (5, 1)]);
    assert_eq!(fired(&network, &early, &all), ["4500001/500000"]);
    // Touching from below fires; touching from above does not; a second spike after going below.
    assert_eq!(fired(&network, &times(&[(0, 1), (1, 1), (5, 1)]), &all), ["1", "9"]);
    let network = one_neuron(1, &[(2, 0, None), (-3, 1, None), (2, 2, None)]);
    assert_eq!(fired(&network, &times(&[(0, 1), (0, 1), (0, 1)]), &all), ["1/2"]);
    // Several input spikes, first spikes only, a horizon.
    let network = one_neuron(1, &[(1, 0, Some(1))]);
    let inputs = [vec![Rational::from(7), Rational::zero(), Rational::from(3)]];
    assert_eq!(fired(&network, &inputs, &all), ["1", "4", "8"]);
    assert_eq!(fired(&network, &inputs, &SimulateOptions { spikes: Spikes::First, ..all.clone() }), ["1"]);
    let until = |p, q| SimulateOptions { until: Some(Rational::ratio(p, q)), ..SimulateOptions::default() };
    assert_eq!(fired(&network, &inputs, &until(4, 1)), ["1", "4"]);
    assert_eq!(fired(&network, &inputs, &until(399, 100)), ["1"]);
    // Silent inputs and neurons without synapses.
    assert!(fired(&network, &[vec![]], &all).is_empty());
    let quiet = Neuron::new(1, Rational::one(), vec![]);
    let quiet = SpikingNetwork::new(1, vec![quiet], vec![1]).unwrap();
    assert!(fired(&quiet, &times(&[(0, 1)]), &all).is_empty());
    assert!(matches!(simulate(&network, &[], &all), Err(SpikingError::Inputs { found: 0, expected: 1 })));
    let little = SimulateOptions { work: 2, ..all };
    assert!(matches!(simulate(&network, &inputs, &little), Err(SpikingError::Work { id: 1, limit: 2 })));
}

#[test]
fn a_wide_layer_keeps_short_numbers_where_nobody_reads_it() {
    let neurons = |extra: bool| {
        let synapse = |from, weight: i64| Synapse::new(from, Rational::from(weight), Rational::zero());
        let neuron = |id: usize| {
            let synapses = vec![synapse(0, 1_000_003 + id as i64), synapse(1, 1)];
            Neuron::new(id, Rational::one(), synapses)
        };
        let mut neurons: Vec<Neuron> = (2..20_002).map(neuron).collect();
        if extra {
            let synapses = (2..20_002).map(|from| synapse(from, 1)).collect();
            neurons.push(Neuron::new(20_002, Rational::one(), synapses));
        }
        SpikingNetwork::new(2, neurons, vec![2]).unwrap()
    };
    let inputs = [vec![Rational::zero()], vec![Rational::zero()]];
    let network = neurons(false);
    let activity = simulate(&network, &inputs, &SimulateOptions::default()).unwrap();
    assert_eq!(activity.firing_times(20_001).unwrap(), [Rational::ratio(1, 1_020_005)]);
    // Read by one neuron, all need one denominator: a limit is met, nothing runs away.
    let network = neurons(true);
    let refused = simulate(&network, &inputs, &SimulateOptions { work: 1 << 22, ..SimulateOptions::default() });
    assert!(matches!(refused, Err(SpikingError::Work { .. })));
}

/// A response of one to three knots; `jumps`: it need not start at 0. It does not rise for ever.
fn random_response(numbers: &mut Numbers, jumps: bool) -> Response {
    let mut age = Rational::zero();
    let mut knots = vec![(age.clone(), Rational::from(if jumps { numbers.between(-5, 1) } else { 0 }))];
    for _ in 0..numbers.below(3) {
        age += Rational::ratio(numbers.between(1, 4), 2);
        knots.push((age.clone(), Rational::ratio(numbers.between(-3, 5), 2)));
    }
    Response::new(knots, Rational::ratio(numbers.between(-1, 0), 2)).unwrap()
}

fn random_network(numbers: &mut Numbers, windows: bool, shapes: bool) -> SpikingNetwork {
    let inputs = numbers.between(1, 3) as usize;
    let count = numbers.between(1, 4) as usize;
    let mut neurons = Vec::new();
    for id in inputs..inputs + count {
        let mut synapses = Vec::new();
        for from in 0..id {
            if numbers.below(4) == 0 {
                continue;
            }
            let weight = Rational::ratio(numbers.between(-3, 4), numbers.between(1, 2));
            let delay = Rational::ratio(numbers.between(0, 3), numbers.between(1, 2));
            let window = (windows && numbers.below(2) == 0)
                .then(|| Rational::ratio(numbers.between(1, 5), numbers.between(1, 2)));
            let shape = (shapes && numbers.below(2) == 0).then(|| random_response(numbers, windows));
            synapses.push(Synapse { from, weight, delay, window, shape });
        }
        let refractory = (shapes && numbers.below(3) > 0).then(|| random_response(numbers, true));
        neurons.push(Neuron { refractory, ..Neuron::new(id, Rational::ratio(numbers.between(1, 5), 2), synapses) });
    }
    SpikingNetwork::new(inputs, neurons, vec![inputs + count - 1]).unwrap()
}

/// The firing times up to a time, by the definition: one crossing after the other, from the potential with the spikes so far.
fn crossings_by_definition(neuron: &Neuron, arrivals: &[Vec<Rational>], until: &Rational) -> Vec<Rational> {
    let mut own: Vec<Rational> = Vec::new();
    loop {
        let list = crossings_with(neuron, arrivals, &own);
        match list.into_iter().find(|time| own.last().is_none_or(|last| time > last)) {
            Some(time) if time <= *until => own.push(time),
            _ => return own,
        }
    }
}

/// The crossings of the potential with these spikes of its own; evaluated term by term, never as a line.
fn crossings_with(neuron: &Neuron, arrivals: &[Vec<Rational>], own: &[Rational]) -> Vec<Rational> {
    let mut points: Vec<Rational> = Vec::new();
    for (synapse, times) in neuron.synapses.iter().zip(arrivals) {
        for time in times {
            points.push(time.clone());
            points.extend(synapse.window.as_ref().map(|window| time + window));
            points.extend(synapse.shape.iter().flat_map(|shape| shape.knots().iter().map(|(age, _)| time + age)));
        }
    }
    for time in own {
        points.push(time.clone());
        points.extend(neuron.refractory.iter().flat_map(|eta| eta.knots().iter().map(|(age, _)| time + age)));
    }
    points.sort();
    points.dedup();
    let Some(last) = points.last() else { return Vec::new() };
    points.push(last + &Rational::from(1_000_000));
    let half = Rational::ratio(1, 2);
    let at = |time: &Rational| neuron.potential(arrivals, own, time);
    let mut below = true;
    let mut found = Vec::new();
    for pair in points.windows(2) {
        // On (a, b] the potential is a line: through its values at the middle and at b.
        let (a, b) = (&pair[0], &pair[1]);
        let (middle, end) = (at(&((a + b) * &half)), at(b));
        let start = &middle + &middle - &end;
        let starts = start > neuron.threshold || (start == neuron.threshold && end >= start);
        if starts && below {
            found.push(a.clone());
        }
        if start < neuron.threshold && end >= neuron.threshold {
            found.push(a + &((b - a) * &(&neuron.threshold - &start) / (&end - &start)));
        }
        below = end < neuron.threshold;
    }
    found
}

#[test]
fn random_networks_follow_the_definition() {
    let mut numbers = Numbers(7);
    let (mut spikes, mut several, mut again) = (0, 0, 0);
    for round in 0..2000 {
        let network = random_network(&mut numbers, round % 3 > 0, round % 4 == 3);
        let inputs: Vec<Vec<Rational>> = (0..network.inputs())
            .map(|_| (0..numbers.below(3)).map(|_| Rational::ratio(numbers.between(-4, 6), 2)).collect())
            .collect();
        // A neuron with a refractory response may fire for ever.
        let refractory = network.neurons().iter().any(|neuron| neuron.refractory.is_some());
        let horizon = Rational::from(if refractory { 8 } else { 100_000 });
        let options = SimulateOptions { until: Some(horizon.clone()), ..SimulateOptions::default() };
        // A refractory response that rises makes spikes follow each other ever faster.
        let activity = match simulate(&network, &inputs, &options) {
            Err(SpikingError::Work { .. }) if refractory => continue,
            other => other.unwrap(),
        };
        let all: Vec<Vec<Rational>> =
            (0..network.neuron_count()).map(|id| activity.firing_times(id).unwrap()).collect();
        if all.iter().any(|times| times.len() > 25) {
            // The definition is slow.
            continue;
        }
        if !refractory {
            let unlimited = simulate(&network, &inputs, &SimulateOptions::default()).unwrap();
            assert!((0..all.len()).all(|id| unlimited.firing_times(id).unwrap() == all[id]));
        }
        for neuron in network.neurons() {
            let arrivals = neuron.arrivals(|id| all[id].as_slice());
            let expected = crossings_by_definition(neuron, &arrivals, &horizon);
            assert_eq!(all[neuron.id], expected, "{neuron:?} {arrivals:?}");
            spikes += expected.len();
            several += usize::from(expected.len() > 1);
            again += usize::from(expected.len() > 1 && refractory);
            // The trace has the values of the definition, on breakpoints and just after them.
            let own = &all[neuron.id];
            let trace = trace(&network, &activity, neuron.id).unwrap();
            for pair in trace.breakpoints.windows(2) {
                assert_eq!(pair[0].value, neuron.potential(&arrivals, own, &pair[0].time));
                let middle = (&pair[0].time + &pair[1].time) * &Rational::ratio(1, 2);
                let line = (&pair[0].value_after + &pair[1].value) * &Rational::ratio(1, 2);
                assert_eq!(line, neuron.potential(&arrivals, own, &middle));
            }
            if let Some(last) = trace.breakpoints.last() {
                let later = &last.time + &Rational::from(3);
                let line = &last.value_after + &(&trace.last_slope * &Rational::from(3));
                assert_eq!(line, neuron.potential(&arrivals, own, &later));
            }
        }
        // First spikes: the first crossing of each neuron, from first spikes only; a horizon cuts, nothing else.
        let until = Rational::ratio(numbers.between(0, 9), 2);
        let options = SimulateOptions { until: Some(until.clone()), ..SimulateOptions::default() };
        let cut = simulate(&network, &inputs, &options).unwrap();
        let options = SimulateOptions { spikes: Spikes::First, ..SimulateOptions::default() };
        let first = simulate(&network, &inputs, &options).unwrap();
        let first: Vec<Vec<Rational>> = (0..network.neuron_count()).map(|id| first.firing_times(id).unwrap()).collect();
        for neuron in network.neurons() {
            let arrivals = neuron.arrivals(|id| first[id].as_slice());
            let expected: Vec<Rational> = crossings_with(neuron, &arrivals, &[]).into_iter().take(1).collect();
            assert_eq!(first[neuron.id], expected);
            let expected: Vec<Rational> = all[neuron.id].iter().filter(|time| **time <= until).cloned().collect();
            assert_eq!(cut.firing_times(neuron.id).unwrap(), expected);
        }
    }
    assert!(spikes > 1500 && several > 100 && again > 50, "{spikes} {several} {again}");
}

#[test]
fn a_neuron_that_recovers_fires_again_and_again() {
    // A ramp of slope 1 and a refractory response of -1 just after each spike: threshold 1 is reached at 1, 2, 3, ..
    let eta = Response::new(vec![(Rational::zero(), Rational::from(-1))], Rational::zero()).unwrap();
    let synapse = Synapse::new(0, Rational::one(), Rational::zero());
    let neuron = Neuron { refractory: Some(eta), ..Neuron::new(1, Rational::one(), vec![synapse]) };
    let network = SpikingNetwork::new(1, vec![neuron], vec![1]).unwrap();
    let until = |time: i64| SimulateOptions { until: Some(Rational::from(time)), ..SimulateOptions::default() };
    assert_eq!(fired(&network, &times(&[(0, 1)]), &until(5)), ["1", "2", "3", "4", "5"]);
    // Without an end it would fire for ever.
    let refused = simulate(&network, &times(&[(0, 1)]), &SimulateOptions::default());
    assert!(matches!(refused, Err(SpikingError::Work { .. })));
}

#[test]
fn a_large_layered_network_is_fast() {
    let mut numbers = Numbers(3);
    let (width, layers) = (100, 11);
    let mut neurons = Vec::new();
    for layer in 1..layers {
        for neuron in 0..width {
            let synapses = (0..width).map(|source| {
                let weight = Rational::ratio(numbers.between(-200, 999), numbers.between(1, 4));
                Synapse::new((layer - 1) * width + source, weight, Rational::ratio(numbers.between(0, 99), 7))
            });
            let synapses = synapses.collect();
            neurons.push(Neuron::new(layer * width + neuron, Rational::from(1000), synapses));
        }
    }
    let outputs = ((layers - 1) * width..layers * width).collect();
    let network = SpikingNetwork::new(width, neurons, outputs).unwrap();
    assert_eq!((network.neuron_count(), network.synapse_count()), (1100, 100_000));
    let inputs: Vec<Vec<Rational>> = (0..width).map(|_| vec![Rational::ratio(numbers.between(0, 999), 100)]).collect();
    let activity = simulate(&network, &inputs, &SimulateOptions::default()).unwrap();
    assert!(activity.spike_count() >= 1100);
    // The last layer, once more by the definition of the potential.
    let first = network.outputs()[0];
    let neuron = network.neuron(first).unwrap();
    let sources: Vec<Vec<Rational>> = neuron.synapses.iter().map(|s| activity.firing_times(s.from).unwrap()).collect();
    let arrivals = neuron.arrivals(|id| sources[id - (layers - 2) * width].as_slice());
    for time in activity.firing_times(first).unwrap() {
        assert_eq!(neuron.potential(&arrivals, &[], &time), neuron.threshold);
    }
}
