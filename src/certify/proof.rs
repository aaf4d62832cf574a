//! Proofs: the lines of a certificate that say why a claim holds, with networks and nodes not yet numbered.

use std::sync::Arc;

use crate::arith::Rational;
use crate::network::{Network, Value};

/// One word of a line.
#[derive(Debug, Clone)]
pub enum Token {
    /// A keyword.
    Word(&'static str),
    /// A natural number.
    Count(u64),
    /// A parameter: any rational.
    Number(Rational),
    /// A claim: dyadic, rounded in the safe direction by whoever makes it.
    Claim(Rational),
    /// A node of the part's network.
    Node(Value),
    /// A network.
    Network(Arc<Network>),
    /// Words that are written out already: long lists of integers.
    Text(Arc<str>),
}

/// One line: a rule with its arguments. The functions of [`rules`](super::rules) make them.
#[derive(Debug, Clone)]
pub struct Line(Vec<Token>);

impl Line {
    pub(super) fn new(keyword: &'static str) -> Self {
        Self(vec![Token::Word(keyword)])
    }
    pub(super) fn word(self, word: &'static str) -> Self {
        self.with(Token::Word(word))
    }
    pub(super) fn count(self, n: u64) -> Self {
        self.with(Token::Count(n))
    }
    pub(super) fn number(self, x: &Rational) -> Self {
        self.with(Token::Number(x.clone()))
    }
    pub(super) fn claim(self, x: &Rational) -> Self {
        self.with(Token::Claim(x.clone()))
    }
    pub(super) fn node(self, node: Value) -> Self {
        self.with(Token::Node(node))
    }
    pub(super) fn network(self, network: &Arc<Network>) -> Self {
        self.with(Token::Network(Arc::clone(network)))
    }
    pub(super) fn text(self, words: String) -> Self {
        self.with(Token::Text(words.into()))
    }
    fn with(mut self, token: Token) -> Self {
        self.0.push(token);
        self
    }
    /// The words.
    pub fn tokens(&self) -> &[Token] {
        &self.0
    }
}

/// What is proved about one network: the line or the section that gives it its specification.
#[derive(Debug, Clone)]
pub struct Part {
    /// The network.
    pub network: Arc<Network>,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A spiking network as the certificate has it, and what is proved about it.
///
/// `certify` knows no neurons: the lines are those of FORMAT.md, section 2.4, from whoever does.
#[derive(Debug, Clone, Default)]
pub struct SpikingPart {
    /// The lines of the network.
    pub network: Vec<String>,
    /// The lines that give it its specification; none where a network is proved to compute its firing times.
    pub lines: Vec<Line>,
}

/// Why a claim holds: parts about the networks that are called, then the part about the network itself.
///
/// Parts about equal networks may be repeated; the certificate keeps the first.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// The parts, callees before callers.
    pub parts: Vec<Part>,
    /// The spiking network that the claim is about, or that is its target.
    pub spiking: Option<SpikingPart>,
    /// The constant of the closing line, where the target needs one.
    pub shift: Option<Rational>,
}

impl Proof {
    /// A proof of these parts.
    pub fn new(parts: Vec<Part>) -> Self {
        Self { parts, ..Self::default() }
    }
}
