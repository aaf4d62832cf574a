//! The forms of a statement: about a function near a target, about regions, about the spiking network.
#![allow(clippy::unwrap_used)]

mod common;

use certinet_check::check::{Outcome, Verdict, check};
use certinet_check::generate;
use common::{file, lines, list};

/// |x| as the last network.
fn certificate(statement: &str, steps: &str) -> Outcome {
    let mut all = lines("certinet-certificate 1");
    all.extend(lines(statement));
    all.extend(list(&[generate::absolute_value().unwrap()], 0));
    all.extend(lines(steps));
    check(file(&all).as_bytes()).unwrap()
}

fn rejection(outcome: &Outcome) -> String {
    match &outcome.verdict {
        Verdict::Rejected { rule, why, .. } => format!("{rule}: {why}"),
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_claimed_is_shown() {
    for (statement, shown) in [
        (
            "target absolute-value\ndomain space 1\nnorm maximum\nerror 0\nkind exact\nsize 2 4 4",
            "target absolute-value, domain space 1, maximum error 0 (exact), 2 layers, 4 neurons, 4 weights",
        ),
        (
            "regions 2 2\ndomain cube 1 -1 1\nsize 2 4 4",
            "2 activation cells, 2 affine maps, domain cube 1 -1 1, 2 layers, 4 neurons, 4 weights",
        ),
        (
            "target network 3\ndomain space 1\nnorm maximum\nerror 0\nkind bound\nspiking-size 2 4 5",
            "target network 3, domain space 1, maximum error 0 (bound), 2 layers, 4 spiking neurons, 5 synapses",
        ),
        (
            "target spiking\ndomain space 1\nnorm maximum\nerror 0\nkind bound\nsize 2 4 5",
            "target spiking, domain space 1, maximum error 0 (bound), 2 layers, 4 neurons, 5 weights",
        ),
    ] {
        assert_eq!(certificate(statement, "qed").statement.unwrap().to_string(), shown);
    }
}

#[test]
fn other_forms_are_refused() {
    for (statement, why) in [
        ("regions 2\ndomain space 1\nsize 2 4 4", "statement: the line ends too early"),
        ("regions 2 -1\ndomain space 1\nsize 2 4 4", "statement: '-1' is not a natural"),
        ("regions 2 2 2\ndomain space 1\nsize 2 4 4", "statement: '2' is not expected"),
        ("regions 2 2\nnorm maximum\ndomain space 1\nsize 2 4 4", "statement: 'norm' is not 'domain'"),
        ("regions 2 2\ndomain space 1\nkind exact\nsize 2 4 4", "statement: 'kind' is not 'size'"),
        ("regions 2 2\ndomain space 1\nspiking-size 2 4 4", "statement: 'spiking-size' is not 'size'"),
        ("target spiking 1\ndomain space 1", "statement: '1' is not expected"),
        ("target network\ndomain space 1", "statement: the line ends too early"),
        ("region 2 2\ndomain space 1\nsize 2 4 4", "statement: 'region' is not 'target'"),
    ] {
        let found = rejection(&certificate(statement, "qed"));
        assert!(found.contains(why), "{statement}: {found}");
    }
}

#[test]
fn other_specifications_do_not_prove_them() {
    let exact = "domain space 1\nnorm maximum\nerror 0\nkind exact\nsize 2 4 4";
    for (statement, why) in [
        ("regions 2 2\ndomain cube 1 -1 1\nsize 2 4 4", "regions are proved by a cover"),
        (&format!("target network 0\n{exact}"), "the target is that of the specification"),
    ] {
        let found = rejection(&certificate(statement, "spec 0 absolute-value\nqed"));
        assert!(found.contains(why), "{statement}: {found}");
    }
}
