//! The text of a certificate up to its first step, read strictly.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use super::spiking::{self, Spiking};
use super::{Q, Why};

/// A statement with its networks.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub target: Vec<String>,
    pub domain: Vec<String>,
    pub norm: Vec<String>,
    pub error: Q,
    pub exact: bool,
    pub size: [BigInt; 3],
    pub networks: Vec<Network>,
    pub spiking: Option<Spiking>,
    /// Whether the statement is about the spiking network.
    pub about_spiking: bool,
}

/// A network with the dimensions of its nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    pub nodes: Vec<Node>,
    pub dimensions: Vec<usize>,
    pub output: usize,
}

/// Entries (row, column, value), sorted by place, no zeros.
pub type Entries = Vec<(usize, usize, Q)>;

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Input,
    Affine { terms: Vec<(usize, Entries)>, bias: Vec<Q> },
    Relu(usize),
    Call { network: usize, copies: usize, arguments: Vec<usize> },
}

impl Network {
    /// The dimensions of the inputs.
    pub fn inputs(&self) -> Vec<usize> {
        let inputs = self.nodes.iter().take_while(|node| matches!(node, Node::Input)).count();
        self.dimensions[..inputs].to_vec()
    }
}

type Block = (u64, u64, Vec<(u64, u64, Q)>);

/// The most entries that are written out.
const BUDGET: usize = 1 << 22;

fn unreadable<T>(why: impl Into<String>) -> Result<T, Why> {
    Err(Why::Unreadable(why.into()))
}

/// The words of a line, taken from the front.
pub struct Words<'a>(pub std::vec::IntoIter<&'a str>);

impl<'a> Words<'a> {
    pub fn new(line: &'a str) -> Self {
        Self(line.split(' ').collect::<Vec<_>>().into_iter())
    }
    pub fn word(&mut self) -> Result<&'a str, Why> {
        self.0.next().ok_or_else(|| Why::Unreadable("the line is too short".to_owned()))
    }
    pub fn natural(&mut self) -> Result<usize, Why> {
        natural(self.word()?)
    }
    pub fn rational(&mut self) -> Result<Q, Why> {
        rational(self.word()?)
    }
    pub fn is_empty(&self) -> bool {
        self.0.len() == 0
    }
    pub fn end(&mut self) -> Result<(), Why> {
        if self.is_empty() { Ok(()) } else { unreadable(format!("more words: {:?}", self.0.as_slice())) }
    }
}

fn digits(word: &str) -> bool {
    word == "0" || (!word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) && !word.starts_with('0'))
}

fn natural(word: &str) -> Result<usize, Why> {
    match word.parse::<u64>() {
        Ok(n) if digits(word) && n < 1 << 63 => Ok(n as usize),
        _ => unreadable(format!("{word:?} is no natural")),
    }
}

/// An integer of any length.
pub fn integer(word: &str) -> Result<BigInt, Why> {
    let positive = word.strip_prefix('-').unwrap_or(word);
    match word.parse::<BigInt>() {
        Ok(n) if digits(positive) && word != "-0" => Ok(n),
        _ => unreadable(format!("{word:?} is no integer")),
    }
}

fn rational(word: &str) -> Result<Q, Why> {
    let Some((top, bottom)) = word.split_once('/') else { return Ok(Q::from(integer(word)?)) };
    let (top, bottom) = (integer(top)?, integer(bottom)?);
    if bottom <= BigInt::one() {
        return unreadable(format!("{word:?} has a bad denominator"));
    }
    let q = Q::new(top.clone(), bottom.clone());
    if *q.numer() != top || *q.denom() != bottom {
        return unreadable(format!("{word:?} is not in lowest terms"));
    }
    Ok(q)
}

/// The statement and the networks.
pub fn certificate(text: &str) -> Result<Certificate, Why> {
    let lines = lines(text)?;
    let mut at = 0;
    let mut header = |word: &str| -> Result<Vec<String>, Why> {
        let words: Vec<String> = lines.get(at).map_or("", |line| line).split(' ').map(str::to_owned).collect();
        at += 1;
        if words[0] != word {
            return unreadable(format!("line {at} should start with {word}"));
        }
        Ok(words[1..].to_vec())
    };
    if header("certinet-certificate")? != ["1"] {
        return unreadable("another version");
    }
    let (mut target, mut norm, mut error, mut exact) = (Vec::new(), Vec::new(), Q::zero(), false);
    let regions = lines.get(1).is_some_and(|line| line.starts_with("regions "));
    if regions {
        target = [vec!["regions".to_owned()], header("regions")?].concat();
    } else {
        target.extend(header("target")?);
    }
    let domain = header("domain")?;
    if !regions {
        norm.extend(header("norm")?);
        error = match header("error")?.as_slice() {
            [error] => rational(error)?,
            _ => return unreadable("the error is one number"),
        };
        exact = match header("kind")?.join(" ").as_str() {
            "exact" => true,
            "bound" => false,
            _ => return unreadable("the kind is exact or bound"),
        };
    }
    let about_spiking = lines.get(6).is_some_and(|line| line.starts_with("spiking-size "));
    let size = match header(if about_spiking { "spiking-size" } else { "size" })?.as_slice() {
        [l, n, m] => [integer(l)?, integer(n)?, integer(m)?],
        _ => return unreadable("the size is three numbers"),
    };
    let mut blocks = Vec::new();
    while lines.get(at).is_some_and(|line| line.starts_with("block ")) {
        blocks.push(block(lines[at]).map_err(|why| at_line(why, at))?);
        at += 1;
    }
    let mut networks: Vec<Network> = Vec::new();
    let mut budget = BUDGET;
    while lines.get(at) == Some(&"network") {
        at += 1;
        let network = network(&lines, &mut at, &blocks, &networks, &mut budget).map_err(|why| at_line(why, at))?;
        networks.push(network);
    }
    let has_spiking = about_spiking || target == ["spiking"];
    let spiking = if has_spiking { Some(spiking::read(&lines, &mut at)?) } else { None };
    if lines[lines.len() - 1] != format!("end {}", lines.len() - 1)
        || lines[lines.len() - 2].split(' ').next() != Some("qed")
    {
        return unreadable("the end");
    }
    if networks.is_empty() && !about_spiking {
        return unreadable("no network");
    }
    Ok(Certificate { target, domain, norm, error, exact, size, networks, spiking, about_spiking })
}

fn at_line(why: Why, at: usize) -> Why {
    match why {
        Why::Unreadable(why) => Why::Unreadable(format!("line {}: {why}", at + 1)),
        other => other,
    }
}

/// Lines of words that are separated by single spaces.
fn lines(text: &str) -> Result<Vec<&str>, Why> {
    let Some(body) = text.strip_suffix('\n') else { return unreadable("the last line has no end") };
    let lines: Vec<&str> = body.split('\n').collect();
    for (number, line) in lines.iter().enumerate() {
        let plain = line.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        if !plain || line.split(' ').any(str::is_empty) {
            return unreadable(format!("line {}: bytes or spaces", number + 1));
        }
    }
    if lines.len() < 9 { unreadable("too short") } else { Ok(lines) }
}

fn block(line: &str) -> Result<Block, Why> {
    let mut words = Words::new(line);
    words.word()?;
    let (rows, columns, denominator) = (words.natural()? as u64, words.natural()? as u64, integer(words.word()?)?);
    if !denominator.is_positive() {
        return unreadable("a denominator that is not positive");
    }
    let mut common = denominator.clone();
    let mut entries: Vec<(u64, u64, Q)> = Vec::new();
    while !words.is_empty() {
        let (i, j, n) = (words.natural()? as u64, words.natural()? as u64, integer(words.word()?)?);
        let sorted = entries.last().is_none_or(|last| (last.0, last.1) < (i, j));
        if i >= rows || j >= columns || n.is_zero() || !sorted {
            return unreadable("an entry that is outside, zero or out of order");
        }
        common = gcd(common, n.abs());
        entries.push((i, j, Q::new(n, denominator.clone())));
    }
    if !common.is_one() {
        return unreadable("a block that is not in lowest terms");
    }
    Ok((rows, columns, entries))
}

fn gcd(mut a: BigInt, mut b: BigInt) -> BigInt {
    while !b.is_zero() {
        (a, b) = (b.clone(), a % b);
    }
    a
}

fn network(
    lines: &[&str],
    at: &mut usize,
    blocks: &[Block],
    before: &[Network],
    budget: &mut usize,
) -> Result<Network, Why> {
    let mut network = Network { nodes: Vec::new(), dimensions: Vec::new(), output: 0 };
    loop {
        let Some(line) = lines.get(*at) else { return unreadable("a network without output") };
        let mut words = Words::new(line);
        let dimensions = network.dimensions.clone();
        let known = |argument: usize| -> Result<usize, Why> {
            dimensions.get(argument).copied().ok_or_else(|| Why::Unreadable(format!("node {argument} is not known")))
        };
        let (node, dimension) = match words.word()? {
            "input" if network.nodes.iter().all(|node| matches!(node, Node::Input)) => (Node::Input, words.natural()?),
            "affine" => {
                let (rows, count) = (words.natural()?, words.natural()?);
                let mut terms = Vec::new();
                for _ in 0..count {
                    let argument = words.natural()?;
                    terms.push((argument, map(&mut words, blocks, rows, known(argument)?, budget)?));
                }
                *budget = budget.checked_sub(rows).ok_or(Why::TooLarge)?;
                let mut bias = vec![Q::zero(); rows];
                for (row, _, value) in map(&mut words, blocks, rows, 1, budget)? {
                    bias[row] += value;
                }
                (Node::Affine { terms, bias }, rows)
            }
            "relu" => {
                let argument = words.natural()?;
                (Node::Relu(argument), known(argument)?)
            }
            "call" => call(&mut words, before, &known)?,
            "output" => {
                network.output = words.natural()?;
                known(network.output)?;
                words.end()?;
                *at += 1;
                return Ok(network);
            }
            other => return unreadable(format!("{other:?} is no node")),
        };
        words.end()?;
        network.nodes.push(node);
        network.dimensions.push(dimension);
        *at += 1;
    }
}

fn call(
    words: &mut Words,
    before: &[Network],
    known: &dyn Fn(usize) -> Result<usize, Why>,
) -> Result<(Node, usize), Why> {
    let (network, copies) = (words.natural()?, words.natural()?);
    let Some(callee) = before.get(network) else { return unreadable("a call of a later network") };
    let mut arguments = Vec::new();
    while !words.is_empty() {
        arguments.push(words.natural()?);
    }
    let inputs = callee.inputs();
    if copies == 0 || inputs.len() != arguments.len() {
        return unreadable("a call without copies, or with other arguments than the network has");
    }
    for (&argument, input) in arguments.iter().zip(inputs) {
        if Some(known(argument)?) != input.checked_mul(copies) {
            return unreadable("an argument of another dimension");
        }
    }
    match callee.dimensions[callee.output].checked_mul(copies).filter(|&dimension| dimension <= BUDGET) {
        Some(dimension) => Ok((Node::Call { network, copies, arguments }, dimension)),
        None => Err(Why::TooLarge),
    }
}

/// A map, written out.
fn map(words: &mut Words, blocks: &[Block], rows: usize, columns: usize, budget: &mut usize) -> Result<Entries, Why> {
    let mut entries = Vec::new();
    for _ in 0..words.natural()? {
        let number = words.natural()?;
        let Some(block) = blocks.get(number) else { return unreadable(format!("there is no block {number}")) };
        let place = [words.natural()?, words.natural()?];
        let step = [words.natural()?, words.natural()?];
        let axes = words.natural()?;
        if axes > 64 {
            return unreadable("more than 64 axes");
        }
        let mut places = vec![(place[0] as u128, place[1] as u128)];
        for _ in 0..axes {
            let (count, row, column) = (words.natural()?, words.natural()? as u128, words.natural()? as u128);
            if count < 2 || (row == 0 && column == 0) {
                return unreadable("an axis that does not count");
            }
            if count.saturating_mul(places.len()) > *budget {
                return Err(Why::TooLarge);
            }
            let all = |k| places.iter().map(move |place| (place.0 + k * row, place.1 + k * column));
            places = (0..count as u128).flat_map(all).collect();
        }
        let size = places.len().saturating_mul(block.2.len().max(1));
        *budget = budget.checked_sub(size).ok_or(Why::TooLarge)?;
        // Blocks lie inside with all their rows and columns, not only with their entries.
        let reach = |size: u64, step: usize| u128::from(size.saturating_sub(1)) * step as u128;
        for (row, column) in places {
            let outside =
                row + reach(block.0, step[0]) >= rows as u128 || column + reach(block.1, step[1]) >= columns as u128;
            if outside {
                return unreadable("a tile that leaves its map");
            }
            for (i, j, value) in &block.2 {
                let (i, j) = (u128::from(*i) * step[0] as u128, u128::from(*j) * step[1] as u128);
                entries.push(((row + i) as usize, (column + j) as usize, value.clone()));
            }
        }
    }
    // The sum, in one order.
    let mut sums: BTreeMap<(usize, usize), Q> = BTreeMap::new();
    for (row, column, value) in entries {
        *sums.entry((row, column)).or_insert_with(Q::zero) += value;
    }
    Ok(sums.into_iter().filter(|(_, sum)| !sum.is_zero()).map(|((row, column), sum)| (row, column, sum)).collect())
}
