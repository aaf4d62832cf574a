//! Time bombs of spiking sections: small files that ask for large levels, long numbers, many sets. Each is rejected, in
//! bounded time.
#![allow(clippy::unwrap_used)]

mod timed;

use certinet_check::check::Verdict;
use num_bigint::BigInt;
use timed::Slowest;

fn rejected(slowest: &mut Slowest, text: &str, why: &str) {
    let text = format!("{text}end {}\n", text.lines().count());
    let verdict = slowest.check(text.as_bytes());
    assert!(matches!(verdict, Verdict::Rejected { .. }) && verdict.to_string().contains(why), "{verdict}");
}

/// max(A x, 0) with A = (1), n x n, and a spiking network of n + 1 inputs.
fn wide(n: u64) -> String {
    format!(
        "certinet-certificate 1\ntarget network 0\ndomain cube {n} 0 1\nnorm maximum\nerror 0\nkind exact\nspiking-size 1 1 1\n\
         block 1 1 1 0 0 1\nnetwork\ninput {n}\naffine {n} 1 0 1 0 0 0 1 1 2 {n} 1 0 {n} 0 1 0\nrelu 1\n\
         affine 1 1 2 1 0 0 0 1 1 1 {n} 0 1 0\noutput 3\nspiking {}\nneuron 2 0 -1 0 - {n} 2 0 -\ncoding 0 0 {n} 0\noutputs {}\n\
         firing 0 cube {n} 0 1\nreflect {} 1 0 {n}\nconclude\nqed\n",
        n + 1,
        n + 1,
        n + 1
    )
}

#[test]
fn levels_are_read_up_to_a_number_of_entries() {
    let mut slowest = Slowest::default();
    rejected(&mut slowest, &wide(4096), "too many entries");
    rejected(&mut slowest, &wide(1 << 21), "too large");
    rejected(&mut slowest, &wide(1 << 22), "a spiking network of 4194305 inputs");
    println!("{:?}", slowest.0);
}

#[test]
fn numbers_stay_short() {
    let mut slowest = Slowest::default();
    // Firing times with denominators that multiply, at most 2^16 bits each, or the same long one again and again.
    for same in [false, true] {
        let mut text = "certinet-certificate 1\ntarget network 0\ndomain cube 1 0 1\nnorm maximum\nerror 0\nkind exact\n\
             spiking-size 1 1 1\nblock 1 1 1 0 0 1\nnetwork\ninput 1\naffine 1 1 0 1 0 0 0 1 1 0 0\noutput 1\nspiking 1\n"
            .to_owned();
        let neurons = 300usize;
        for k in 0..neurons {
            let long = (BigInt::from(1) << 60_000u32) + (if same { 3 } else { 2 * k + 3 });
            text += &format!("neuron {long} {k} {} 0 -\n", long.clone() - 1);
        }
        text += &format!("coding 0 0\noutputs {neurons}\nfiring 0 cube 1 0 1\n");
        (1..=neurons).for_each(|k| text += &format!("settle {k}\n"));
        text += "conclude\nqed\n";
        rejected(&mut slowest, &text, if same { "settle" } else { "bits" });
    }
    println!("{:?}", slowest.0);
}

#[test]
fn sets_are_listed_up_to_a_number_of_synapses() {
    let mut slowest = Slowest::default();
    let d = 40;
    let synapses: Vec<String> = (0..d).map(|k| format!("{k} 1 0 -")).collect();
    let text = format!(
        "certinet-certificate 1\ntarget spiking\ndomain space {d}\nnorm maximum\nerror 0\nkind exact\nsize 1 1 1\n\
         block 1 1 1 0 0 1\nnetwork\ninput {d}\naffine {d} 1 0 1 0 0 0 1 1 1 {d} 1 1 0\n\
         affine 1 1 1 1 0 0 0 1 1 0 0\noutput 2\nspiking {d}\nneuron 1 {}\ncoding 0 0\noutputs {d}\ntimes 0\narrivals 1 {d}\n\
         tree 2 {d}\nconclude\nqed\n",
        synapses.join(" ")
    );
    rejected(&mut slowest, &text, "at most 16 synapses");
    // A map with 2^40 entries as arrivals.
    let n = 1u64 << 20;
    let text = format!(
        "certinet-certificate 1\ntarget spiking\ndomain space {n}\nnorm maximum\nerror 0\nkind exact\nsize 1 1 1\n\
         block 1 1 1 0 0 1\nnetwork\ninput {n}\naffine {n} 1 0 1 0 0 0 1 1 2 {n} 1 0 {n} 0 1 0\noutput 1\nspiking {n}\n\
         neuron 1 0 1 0 -\ncoding 0 0\noutputs {n}\ntimes 0\narrivals 1 {n}\nconclude\nqed\n"
    );
    rejected(&mut slowest, &text, "as many rows");
    println!("{:?}", slowest.0);
}
