#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

const TEXT: &str = r#"{"format": "certinet-spiking", "version": 1, "inputs": 2,
 "neurons": [{"id": 5, "threshold": "1/2", "synapses": [{"from": 0, "weight": "-0.5", "delay": "2^-3", "window": "7"},
                                                       {"from": 1, "weight": 3, "delay": 0, "window": null}]},
             {"id": 3, "threshold": 2, "synapses": [{"from": 5, "weight": "1e-3", "delay": "1", "window": null}]}],
 "outputs": [3, 0], "input_offset": "1", "output_offset": "-5/3", "reference_inputs": [{"id": 1, "time": "4"}]}"#;

fn written(network: &SpikingNetwork) -> String {
    let mut bytes = Vec::new();
    write(network, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_file_is_read_and_written() {
    let network = read(TEXT).unwrap();
    let expected = "{\"format\":\"certinet-spiking\",\"version\":1,\"inputs\":2,\"neurons\":[\n\
        {\"id\":5,\"threshold\":\"1/2\",\"synapses\":[\
        {\"from\":0,\"weight\":\"-1/2\",\"delay\":\"1/8\",\"window\":\"7\"},\
        {\"from\":1,\"weight\":\"3\",\"delay\":\"0\",\"window\":null}]},\n\
        {\"id\":3,\"threshold\":\"2\",\"synapses\":[\
        {\"from\":5,\"weight\":\"1/1000\",\"delay\":\"1\",\"window\":null}]}],\n\
        \"outputs\":[3, 0],\"input_offset\":\"1\",\"output_offset\":\"-5/3\",\
        \"reference_inputs\":[{\"id\":1,\"time\":\"4\"}]}\n";
    assert_eq!(written(&network), expected);
    assert_eq!(read(expected), Ok(network));
    let plain = TEXT.split_once(", \"input_offset\"").unwrap().0.to_owned() + "}";
    let plain = read(&plain).unwrap();
    assert!(plain.coding().is_none());
    assert_eq!(read(&written(&plain)), Ok(plain));
}

#[test]
fn responses_of_other_shapes_are_read_and_written() {
    let hat = r#""response":{"knots":[["0","0"],["1/2","-3"]],"slope":"2"}"#;
    let text = TEXT.replace("\"window\": \"7\"}", &format!("\"window\": \"7\", {hat}}}"));
    let text = text.replace("\"id\": 3,", r#""id": 3, "refractory": {"slope": 0, "knots": [[0, "-2"]]},"#);
    let network = read(&text).unwrap();
    let again = written(&network);
    assert!(again.contains(hat));
    assert!(again.contains(r#""window":null}],"refractory":{"knots":[["0","-2"]],"slope":"0"}}"#), "{again}");
    assert_eq!(read(&again), Ok(network));
    for (old, new, expected) in [
        ("[0, \"-2\"]", "[1, 0]", "neuron 3, refractory has a response whose knots do not start at age 0 and increase"),
        ("[\"1/2\",\"-3\"]", "[0, 0]", "neuron 5, synapses[0] has a response whose knots do not start at age 0"),
        ("\"knots\": [[0, \"-2\"]]", "\"knots\": []", "neuron 3, refractory has a response"),
        ("[0, \"-2\"]", "[0]", "invalid length 1"),
        (",\"slope\":\"2\"", "", "missing field `slope`"),
    ] {
        assert!(text.contains(old), "{old}");
        let message = read(&text.replacen(old, new, 1)).unwrap_err().to_string();
        assert!(message.contains(expected), "{old} -> {new}: {message}");
    }
}

#[test]
fn every_fault_is_named_with_its_place() {
    for (old, new, expected) in [
        ("certinet-spiking", "certinet-layered", "the format is 'certinet-layered': accepted is certinet-spiking"),
        ("\"format\": \"certinet-spiking\", ", "", "the format is ''"),
        ("\"version\": 1", "\"version\": 2", "version 2 is not read"),
        ("\"inputs\": 2,", "", "missing field `inputs`"),
        ("\"inputs\": 2", "\"inputs\": 99999999", "inputs is 99999999: at most"),
        ("\"inputs\": 2", "\"inputs\": 0", "the network has no inputs"),
        ("\"inputs\": 2", "\"inputs\": 2, \"inputs\": 2", "duplicate field `inputs`"),
        ("\"delay\": \"1\"", "\"lag\": \"1\"", "neurons[1], synapses[0], unknown field `lag`"),
        ("\"weight\": 3, ", "", "neurons[0], synapses[1], missing field `weight`"),
        ("\"weight\": 3", "\"weight\": 0.3", "neurons[0], synapses[1], 0.3 is a float, which is not exact"),
        ("\"1e-3\"", "\"x\"", "neurons[1], synapses[0], 'x' is not a number"),
        ("\"threshold\": 2", "\"threshold\": 0", "neuron 3 has the threshold 0: accepted are positive numbers"),
        ("\"2^-3\"", "\"-1\"", "neuron 5, synapses[0] has the delay -1"),
        ("\"7\"", "\"0\"", "neuron 5, synapses[0] has the window 0"),
        ("\"id\": 5", "\"id\": 1", "neurons[0] has the id 1, which is taken"),
        ("\"from\": 0", "\"from\": 8", "neuron 5, synapses[0] reads neuron 8: there is no neuron"),
        ("\"from\": 0", "\"from\": 3", "neuron 5 reads neuron 3, which depends on it"),
        ("\"outputs\": [3, 0]", "\"outputs\": []", "the network has no outputs"),
        ("\"outputs\": [3, 0]", "\"outputs\": [9]", "the list of outputs names neuron 9"),
        ("\"outputs\": [3, 0]", "\"outputs\": [-1]", "outputs[0], invalid value: integer `-1`"),
        ("\"input_offset\": \"1\", ", "", "the key input_offset is missing"),
        ("\"id\": 1, \"time\"", "\"id\": 2, \"time\"", "the reference input 2 is repeated or no input"),
        ("\"time\": \"4\"", "\"time\": null", "reference_inputs[0], invalid type: null"),
    ] {
        assert!(TEXT.contains(old), "{old}");
        let message = read(&TEXT.replacen(old, new, 1)).unwrap_err().to_string();
        assert!(message.contains(expected), "{old} -> {new}: {message}");
    }
    assert!(read(&TEXT[..300]).unwrap_err().to_string().contains("the text ends inside"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn mutated_files_never_panic(
        edits in proptest::collection::vec((any::<usize>(), 0u8..5, any::<char>(), "[0-9\\[\\]{}\":,./eE-]{1,3}"), 1..5),
    ) {
        let text = super::super::json_parts::mutated(TEXT, &edits);
        if let Ok(network) = read(&text) {
            prop_assert!(read(&written(&network)) == Ok(network));
        }
    }
}
