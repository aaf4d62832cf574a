//! Certificates for tests: networks as text, a verdict as a word, networks evaluated exactly.
#![allow(dead_code, clippy::unwrap_used)]

use certinet_check::network::{Block, Map, Network, Operation, Weight};
use certinet_check::{Verdict, check};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

pub fn ratio(p: i64, q: i64) -> Weight {
    Weight::new(BigInt::from(p), BigInt::from(q))
}

/// A block line.
pub fn block(block: &Block) -> String {
    let common = block.entries.iter().fold(BigInt::one(), |d, e| d.lcm(e.2.denom()));
    let mut line = format!("block {} {} {common}", block.rows, block.columns);
    for (i, j, v) in &block.entries {
        line += &format!(" {i} {j} {}", (v * Weight::from(common.clone())).to_integer());
    }
    line
}

/// The blocks and networks as lines; `first` blocks come before.
pub fn list(networks: &[Network], first: usize) -> Vec<String> {
    let (mut blocks, mut lines) = (Vec::new(), Vec::new());
    let mut map = |map: &Map| {
        let mut text = map.tiles.len().to_string();
        for tile in map.tiles.iter() {
            let steps = (tile.row_step, tile.column_step, tile.axes.len());
            text +=
                &format!(" {} {} {} {} {} {}", first + blocks.len(), tile.row, tile.column, steps.0, steps.1, steps.2);
            for axis in &tile.axes {
                text += &format!(" {} {} {}", axis.count, axis.row, axis.column);
            }
            blocks.push(block(&tile.block));
        }
        text
    };
    for network in networks {
        lines.push("network".to_owned());
        for node in &network.nodes {
            lines.push(match &node.operation {
                Operation::Input(n) => format!("input {n}"),
                Operation::Relu(x) => format!("relu {x}"),
                Operation::Affine { terms, bias } => {
                    let terms: Vec<String> = terms.iter().map(|(x, m)| format!("{x} {}", map(m))).collect();
                    format!("affine {} {} {} {}", node.dimension, terms.len(), terms.join(" "), map(bias))
                }
                Operation::Call { network, copies, arguments } => {
                    let list: Vec<String> = arguments.iter().map(usize::to_string).collect();
                    format!("call {network} {copies} {}", list.join(" "))
                }
            });
        }
        lines.push(format!("output {}", network.output));
    }
    blocks.extend(lines);
    blocks
}

/// The lines of a text, spaces around them taken off.
pub fn lines(text: &str) -> Vec<String> {
    text.trim().lines().map(|line| line.trim().to_owned()).collect()
}

/// The file of these lines with its end.
pub fn file(lines: &[String]) -> String {
    format!("{}\nend {}\n", lines.join("\n"), lines.len())
}

pub fn verdict(text: &str) -> Verdict {
    check(text.as_bytes()).unwrap().verdict
}

/// The lines with the right size in the place of `size ?`.
pub fn sized(lines: &[String]) -> Vec<String> {
    let with = |size: &str| lines.iter().map(|line| line.replace("size ?", size)).collect::<Vec<_>>();
    match verdict(&file(&with("size 0 0 0"))) {
        Verdict::Rejected { rule: "size", why, .. } => {
            let numbers: Vec<&str> = why.split(' ').filter(|word| word.parse::<u64>().is_ok()).collect();
            with(&format!("size {}", numbers.join(" ")))
        }
        other => panic!("{other}"),
    }
}

/// Checks that the lines are accepted, and rejected in a rule with a reason when one line is another one.
///
/// A case is `line => other line # rule: reason`; an empty other line takes the line out.
pub fn cases(lines: &[String], holes: u64, table: &str) {
    let lines = sized(lines);
    let wanted = if holes == 0 { Verdict::Verified } else { Verdict::Holey(holes) };
    assert_eq!(verdict(&file(&lines)), wanted);
    let mut wrong = Vec::new();
    for case in table.trim().lines().map(str::trim).filter(|case| !case.is_empty()) {
        let (change, reason) = case.split_once(" # ").unwrap();
        let (old, new) = change.split_once("=>").unwrap();
        let place = lines.iter().rposition(|line| line == old.trim()).unwrap_or_else(|| panic!("no line {old}"));
        let mut changed = lines.clone();
        if new.trim().is_empty() {
            changed.remove(place);
        } else {
            changed.splice(place..=place, new.split(" ; ").map(|line| line.trim().to_owned()));
        }
        match verdict(&file(&changed)) {
            Verdict::Rejected { step, rule, why } => {
                let found = format!("{rule}: {why}");
                if !found.contains(reason.trim()) {
                    wrong.push(format!("{case}\n  {found}"));
                }
                assert!(step > 0 && step <= changed.len() as u64 + 1);
            }
            other => wrong.push(format!("{case}\n  {other}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The entries of A x, tile by tile.
fn apply(map: &Map, x: &[Weight], out: &mut [Weight]) {
    for tile in map.tiles.iter() {
        let mut places = vec![(tile.row, tile.column)];
        for axis in &tile.axes {
            let steps = |(row, column): &(u64, u64)| {
                let (row, column, axis) = (*row, *column, *axis);
                (0..axis.count).map(move |k| (row + k * axis.row, column + k * axis.column)).collect::<Vec<_>>()
            };
            places = places.iter().flat_map(steps).collect();
        }
        for (row, column) in places {
            for (i, j, v) in &tile.block.entries {
                out[(row + i * tile.row_step) as usize] += v * &x[(column + j * tile.column_step) as usize];
            }
        }
    }
}

/// The output of the last network.
pub fn evaluate(networks: &[Network], inputs: &[Vec<Weight>]) -> Vec<Weight> {
    run(networks, networks.len() - 1, inputs)
}

fn run(networks: &[Network], number: usize, inputs: &[Vec<Weight>]) -> Vec<Weight> {
    let mut values: Vec<Vec<Weight>> = Vec::new();
    let mut inputs = inputs.iter();
    for node in &networks[number].nodes {
        let value = match &node.operation {
            Operation::Input(_) => inputs.next().unwrap().clone(),
            Operation::Relu(x) => {
                values[*x].iter().map(|v| if v.is_negative() { Weight::zero() } else { v.clone() }).collect()
            }
            Operation::Affine { terms, bias } => {
                let mut out = vec![Weight::zero(); node.dimension as usize];
                for (x, map) in terms {
                    apply(map, &values[*x], &mut out);
                }
                apply(bias, &[Weight::one()], &mut out);
                out
            }
            Operation::Call { network, copies, arguments } => {
                let mut out = Vec::new();
                for k in 0..*copies as usize {
                    let part = |x: &usize| {
                        let n = values[*x].len() / *copies as usize;
                        values[*x][k * n..(k + 1) * n].to_vec()
                    };
                    out.extend(run(networks, *network, &arguments.iter().map(part).collect::<Vec<_>>()));
                }
                out
            }
        };
        assert_eq!(value.len() as u64, node.dimension);
        values.push(value);
    }
    values[networks[number].output].clone()
}
