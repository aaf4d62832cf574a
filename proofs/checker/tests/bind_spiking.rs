//! A spiking JSON file and the spiking network of a certificate: the same with any ids, and every difference is found.
#![allow(clippy::unwrap_used)]

use certinet_check::{Verdict, check};

const CERTIFICATE: &str = include_str!("../../corpus/spiking-from-relu.cert");

/// The file of the certificate's network, its neurons named from `first` downwards.
fn file(first: usize) -> String {
    let words = |line: &str| line.split(' ').skip(1).map(str::to_owned).collect::<Vec<_>>();
    let of = |word: &str| {
        CERTIFICATE.lines().filter(|line| line.split(' ').next() == Some(word)).map(words).collect::<Vec<_>>()
    };
    let inputs: usize = of("spiking")[0][0].parse().unwrap();
    let name = |place: &str| {
        let place: usize = place.parse().unwrap();
        if place < inputs { place } else { first - place }
    };
    let neurons = of("neuron").into_iter().enumerate().map(|(number, neuron)| {
        let synapses = neuron[1..].chunks(4).map(|part| {
            let window = if part[3] == "-" { "null".to_owned() } else { format!("\"{}\"", part[3]) };
            format!(r#"{{"from":{},"weight":"{}","delay":"{}","window":{window}}}"#, name(&part[0]), part[1], part[2])
        });
        let synapses: Vec<String> = synapses.collect();
        let id = name(&(inputs + number).to_string());
        format!(r#"{{"id":{id},"threshold":"{}","synapses":[{}]}}"#, neuron[0], synapses.join(","))
    });
    let neurons: Vec<String> = neurons.collect();
    let (coding, outputs) = (of("coding").remove(0), of("outputs").remove(0));
    let references: Vec<String> =
        coding[2..].chunks(2).map(|part| format!(r#"{{"id":{},"time":"{}"}}"#, part[0], part[1])).collect();
    let outputs: Vec<String> = outputs.iter().map(|place| name(place).to_string()).collect();
    format!(
        r#"{{"format":"certinet-spiking","version":1,"inputs":{inputs},"neurons":[{}],"outputs":[{}],
            "input_offset":"{}","output_offset":"{}","reference_inputs":[{}]}}"#,
        neurons.join(","),
        outputs.join(","),
        coding[0],
        coding[1],
        references.join(",")
    )
}

fn verdict(file: &str) -> Verdict {
    let mut outcome = check(CERTIFICATE.as_bytes()).unwrap();
    outcome.bind(file.as_bytes());
    outcome.verdict
}

#[test]
fn ids_are_names() {
    assert_eq!(verdict(&file(1000)), Verdict::Verified);
    assert_eq!(verdict(&file(77)), Verdict::Verified);
}

#[test]
fn every_changed_number_is_found() {
    let text = file(100);
    let places: Vec<usize> = (1..text.len())
        .filter(|&k| text.as_bytes()[k].is_ascii_digit() && !text.as_bytes()[k - 1].is_ascii_digit())
        .collect();
    assert!(places.len() > 100);
    for place in places {
        let end = (place..).find(|&k| !text.as_bytes()[k].is_ascii_digit()).unwrap();
        for other in ["7", "12", "98"] {
            if text[place..end] == *other {
                continue;
            }
            let changed = format!("{}{other}{}", &text[..place], &text[end..]);
            let found = verdict(&changed);
            assert!(matches!(found, Verdict::Rejected { step: 0, rule: "network", .. }), "{place}: {changed}: {found}");
        }
    }
}

#[test]
fn other_files_are_refused() {
    let text = file(100);
    for (from, to, why) in [
        ("certinet-spiking", "certinet-layered", "the format certinet-spiking expected"),
        ("\"version\":1", "\"version\":2", "version 1 expected"),
        ("\"input_offset\":\"0\",", "\"input_offset\":\"0\",\"input_offset\":\"0\",", "is repeated"),
        ("\"version\":1,", "\"version\":1,\"name\":1,", "is not known here"),
        ("\"window\":null", "\"window\":\"9\"", "synapse 0 is another one"),
        ("\"window\":null", "\"window\":nul", "null expected"),
        ("\"window\":null", "\"window\":\"1/0\"", "a fraction p/q expected"),
        ("\"id\":97", "\"id\":1", "the id 1 is taken"),
        ("\"id\":97", "\"id\":96", "is taken"),
        ("\"neurons\":[", "\"neurons\":[],\"x\":[", "is not known here"),
        ("}]}", "}]", "expected"),
        ("}]}", "}]}}", "the text goes on after its value"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = match from {
            "}]}" => format!("{}{to}", text.strip_suffix(from).unwrap()),
            _ => text.replacen(from, to, 1),
        };
        match verdict(&changed) {
            Verdict::Rejected { step: 0, rule: "network", why: found } => {
                assert!(found.contains(why), "{to}: {found}");
            }
            other => panic!("{to}: {other}"),
        }
    }
    // One neuron more, one synapse more, one output more.
    for (from, to, why) in [
        ("\"outputs\":[", "\"outputs\":[0,", "an output beyond the last"),
        (
            "\"reference_inputs\":[",
            "\"reference_inputs\":[{\"id\":0,\"time\":\"0\"},",
            "a reference input beyond the last",
        ),
        ("\"neurons\":[", "\"neurons\":[{\"id\":55,\"threshold\":\"1\",\"synapses\":[]},", ""),
        (
            "\"synapses\":[",
            "\"synapses\":[{\"from\":2,\"weight\":\"1\",\"delay\":\"0\",\"window\":null},",
            "a synapse beyond",
        ),
    ] {
        let found = verdict(&text.replacen(from, to, 1)).to_string();
        assert!(found.starts_with("rejected step 0 rule network:") && found.contains(why), "{to}: {found}");
    }
    // A certificate about a ReLU network does not take a spiking file.
    let mut outcome = check(include_bytes!("../../corpus/firing-times.cert").as_slice()).unwrap();
    outcome.bind(text.as_bytes());
    assert!(outcome.is_rejected());
}
