//! Certificates as text, from networks and steps.

use certinet_check::network::{Block, Map, Network, Operation};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use crate::draw::Random;
use crate::oracle::{Q, with_true_size};

/// A certificate under construction; networks and steps are lines.
#[derive(Default, Clone)]
pub struct Certificate {
    pub target: String,
    pub domain: String,
    pub norm: String,
    pub error: Q,
    pub exact: bool,
    pub blocks: Vec<String>,
    pub networks: Vec<Vec<String>>,
    pub steps: Vec<String>,
}

/// p / q
pub fn q(p: i64, q: i64) -> Q {
    Q::new(p.into(), q.into())
}

/// 2^e
pub fn power_of_two(e: i32) -> Q {
    let power = Q::from(BigInt::one() << e.unsigned_abs());
    if e < 0 { power.recip() } else { power }
}

/// e_m
pub fn unit_error(m: usize) -> Q {
    power_of_two(-2 * m as i32 - 2)
}

/// The spelling of a dyadic number.
pub fn dyadic(x: &Q) -> String {
    let (mut m, mut e) = (x.numer().clone(), -(x.denom().bits() as i64 - 1));
    assert_eq!(x.denom(), &(BigInt::one() << -e), "{x} is not dyadic");
    while m.is_even() && !m.is_zero() {
        (m, e) = (m / 2, e + 1);
    }
    if e == 0 || m.is_zero() { m.to_string() } else { format!("{m}*2^{e}") }
}

/// The last place of rounded claims.
pub const LAST_PLACE: i32 = -50;

/// A claim of at least `least`: exactly, or a bit more; claim number `fault`, counted by `bounds`, a unit less.
pub fn at_least(random: &mut Random, bounds: &mut usize, fault: Option<usize>, least: &Q) -> Q {
    if least.is_zero() {
        return power_of_two(LAST_PLACE);
    }
    let number = *bounds;
    *bounds += 1;
    let more = if random.below(2) == 0 { Q::zero() } else { q(random.between(0, 4), 16) };
    if fault == Some(number) { least - power_of_two(LAST_PLACE) } else { least + more }
}

/// The next multiple of the last place.
pub fn round_up(x: &Q) -> Q {
    let unit = power_of_two(LAST_PLACE);
    (x / &unit).ceil() * unit
}

impl Certificate {
    /// A block's number.
    pub fn block(&mut self, block: &Block) -> usize {
        let denominator = block.entries.iter().fold(BigInt::one(), |lcm, entry| lcm.lcm(entry.2.denom()));
        let mut line = format!("block {} {} {denominator}", block.rows, block.columns);
        for (i, j, value) in &block.entries {
            line += &format!(" {i} {j} {}", value.numer() * (&denominator / value.denom()));
        }
        let known = self.blocks.iter().position(|known| *known == line);
        known.unwrap_or_else(|| {
            self.blocks.push(line);
            self.blocks.len() - 1
        })
    }

    fn number(&mut self, c: &Q) -> usize {
        self.block(&Block { rows: 1, columns: 1, entries: vec![(0, 0, c.clone())] })
    }

    /// c at d places that lie so far apart.
    fn repeated(&mut self, c: &Q, d: usize, (row, column): (usize, usize)) -> String {
        if c.is_zero() {
            return "0".to_owned();
        }
        let block = self.number(c);
        if d == 1 { format!("1 {block} 0 0 1 1 0") } else { format!("1 {block} 0 0 1 1 1 {d} {row} {column}") }
    }

    /// c times the identity of d numbers.
    pub fn identity(&mut self, d: usize, c: &Q) -> String {
        self.repeated(c, d, (1, 1))
    }

    /// The bias (c, .., c).
    pub fn constant(&mut self, d: usize, c: &Q) -> String {
        self.repeated(c, d, (1, 0))
    }

    /// The bias c I for d x d matrices.
    pub fn matrix_bias(&mut self, d: usize, c: &Q) -> String {
        self.repeated(c, d, (d + 1, 0))
    }

    /// The 1 x n map that reads one number.
    pub fn reads(&mut self, column: usize) -> String {
        let block = self.number(&Q::one());
        format!("1 {block} 0 {column} 1 1 0")
    }

    fn map(&mut self, map: &Map) -> String {
        let mut text = map.tiles.len().to_string();
        for tile in map.tiles.iter() {
            let (block, axes) = (self.block(&tile.block), &tile.axes);
            let axes: Vec<_> = axes.iter().filter(|axis| axis.count > 1).collect();
            let (row, column, i, j) = (tile.row, tile.column, tile.row_step, tile.column_step);
            text += &format!(" {block} {row} {column} {i} {j} {}", axes.len());
            axes.iter().for_each(|axis| text += &format!(" {} {} {}", axis.count, axis.row, axis.column));
        }
        text
    }

    /// Appends a network; its number.
    pub fn network(&mut self, network: &Network) -> usize {
        let mut lines = Vec::new();
        for node in &network.nodes {
            lines.push(match &node.operation {
                Operation::Input(d) => format!("input {d}"),
                Operation::Affine { terms, bias } => {
                    let mut line = format!("affine {} {}", node.dimension, terms.len());
                    for (argument, map) in terms {
                        line += &format!(" {argument} {}", self.map(map));
                    }
                    line + " " + &self.map(bias)
                }
                Operation::Relu(argument) => format!("relu {argument}"),
                Operation::Call { network, copies, arguments } => {
                    let arguments: Vec<String> = arguments.iter().map(usize::to_string).collect();
                    format!("call {network} {copies} {}", arguments.join(" "))
                }
            });
        }
        lines.push(format!("output {}", network.output));
        self.networks.push(lines);
        self.networks.len() - 1
    }

    /// A step.
    pub fn step(&mut self, line: String) {
        self.steps.push(line);
    }

    /// The text, with the size that the oracle counts.
    pub fn text(&self) -> String {
        let mut lines = vec![
            "certinet-certificate 1".to_owned(),
            format!("target {}", self.target),
            format!("domain {}", self.domain),
            format!("norm {}", self.norm),
            format!("error {}", self.error),
            format!("kind {}", if self.exact { "exact" } else { "bound" }),
            "size 1 1 1".to_owned(),
        ];
        lines.extend(self.blocks.iter().cloned());
        for network in &self.networks {
            lines.push("network".to_owned());
            lines.extend(network.iter().cloned());
        }
        lines.extend(self.steps.iter().cloned());
        if !self.steps.last().is_some_and(|line| line.starts_with("qed")) {
            lines.push("qed".to_owned());
        }
        lines.push(format!("end {}", lines.len()));
        let text = lines.join("\n") + "\n";
        with_true_size(&text).unwrap_or(text)
    }

    /// Every certificate in which one claim of the steps is one unit lower: which, and the text. Claims are the words of
    /// a step from `from(keyword)` on.
    pub fn lower_claims(&self, claims: impl Fn(&[&str]) -> Vec<usize>) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for (number, step) in self.steps.iter().enumerate() {
            let words: Vec<&str> = step.split(' ').collect();
            for place in claims(&words) {
                let lower = read_dyadic(words[place]) - power_of_two(LAST_PLACE);
                if lower.is_negative() {
                    continue;
                }
                let mut changed: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
                changed[place] = dyadic(&lower);
                let mut certificate = self.clone();
                certificate.steps[number] = changed.join(" ");
                all.push((format!("{step}: word {place} is lower"), certificate.text()));
            }
        }
        all
    }
}

/// The value of a dyadic word.
pub fn read_dyadic(word: &str) -> Q {
    let (m, e) = word.split_once("*2^").unwrap_or((word, "0"));
    Q::from(m.parse::<BigInt>().unwrap()) * power_of_two(e.parse().unwrap())
}
