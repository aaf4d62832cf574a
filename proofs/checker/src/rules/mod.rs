//! The rules: what makes a specification of a network, one file per section of the format.
//!
//! A rule reads its line, tests its conditions and returns what is then known; nothing here prints or reads files. Every
//! inequality is written as in the format, multiplied out where it divides.

mod blocks;
mod cover;
mod diffusion;
mod function;
mod matrix;
mod minimisation;
mod nodes;
mod polynomial;
mod program;
mod proved;
mod qed;
mod recognise;
mod runs;
mod scalar;
mod solve;
mod spiking;
mod standalone;
mod surd;

pub use blocks::{assume, block, block_name};
pub use diffusion::Diffusion;
pub use polynomial::{Basis, Polynomial};
pub use qed::qed;
pub use runs::Runs;
pub use spiking::approximate_minimum;
pub use standalone::{Kind, Standalone};

use std::rc::Rc;

use crate::interval::Interval;
use crate::lexer::Tokens;
use crate::network::Network;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::spiking::SpikingNetwork;
use crate::statement::{Domain, Statement, Target};

/// What a line outside the sections may begin with.
pub const OUTSIDE: [&str; 11] = [
    "spec",
    "assume",
    "qed",
    "matrix",
    "scalar",
    "solve",
    "cover",
    "firing",
    "times",
    "diffusion",
    "approximate-minimum",
];

/// The name of the rule of a line with this first word, as far as there is one.
pub fn name(word: &str) -> &'static str {
    let lines = [
        &OUTSIDE,
        matrix::LINES.as_slice(),
        &scalar::LINES,
        &solve::LINES,
        &cover::LINES,
        &diffusion::LINES,
        &spiking::LINES,
        &["conclude"],
    ];
    lines.into_iter().flatten().find(|name| **name == word).copied().unwrap_or("text")
}

/// The most bits of a coefficient of a polynomial, the size of its exponent counted.
const COEFFICIENT_BITS: u64 = 1 << 20;

/// What is known about a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Specification {
    /// R(x) - x^2 lies in the error for |x| <= bound, or 0 <= x <= bound; both ends attained.
    Square {
        /// Whether the domain is \[-B, B\], not \[0, 1\].
        two_sided: bool,
        /// B
        bound: Number,
        /// Range of R(x) - x^2.
        error: Interval,
        /// Whether R may leave \[0, B^2\].
        centred: bool,
    },
    /// |R(x, y) - sum x_k y_k| <= error for |x_k| <= B1, |y_k| <= B2, and |R| <= n B1 B2; attained.
    Dot {
        /// n
        length: u64,
        /// m
        levels: u64,
        /// B1, B2
        bounds: [Number; 2],
        /// n B1 B2 e_m
        error: Number,
    },
    /// |R(A, B) - A B| <= error in the spectral norm for |A| <= B1, |B| <= B2.
    MatrixProduct {
        /// d, n, l
        shape: [u64; 3],
        /// B1, B2
        bounds: [Number; 2],
        /// E
        error: Number,
        /// Whether the error is attained.
        attained: bool,
        /// c, when this holds only where the product as computed has norm at most c.
        limit: Option<Number>,
        /// The levels m, when the block is the one with shared squares.
        shared_squares: Option<u64>,
    },
    /// R is the target on the domain.
    Exact(Target, Domain),
    /// R(X) = t(X) + E, |E| <= error, |t(X)| <= norm for |X| <= q.
    Polynomial {
        /// d
        size: u64,
        /// q
        radius: Number,
        /// t
        polynomial: Rc<Runs>,
        /// n
        norm: Number,
        /// a
        error: Number,
    },
    /// |R(X) - (I - X)^-1| <= error for |X| <= q.
    Inverse {
        /// d
        size: u64,
        /// q
        radius: Number,
        /// E
        error: Number,
    },
    /// |R(B) - B^-1| <= error for symmetric B with spectrum in \[lower, upper\].
    SymmetricInverse {
        /// d
        size: u64,
        /// c
        lower: Number,
        /// C
        upper: Number,
        /// E
        error: Number,
    },
    /// |R(B, f) - B^-1 f| <= error for symmetric B with spectrum in \[lower, upper\] and |f| <= rhs.
    Solution {
        /// d
        size: u64,
        /// c
        lower: Number,
        /// C
        upper: Number,
        /// R
        rhs: Number,
        /// E
        error: Number,
    },
    /// R(x) - p(x) lies in the error for all x of the domain.
    Function {
        /// The basis of p.
        basis: Basis,
        /// A bounded box.
        domain: Domain,
        /// p
        polynomial: Rc<Polynomial>,
        /// Range of R(x) - p(x).
        error: Interval,
    },
    /// R sorts n numbers, on R^n.
    Sort(u64),
    /// The spiking network does what this network does on the domain.
    Computes {
        /// The number of the network.
        network: usize,
        /// A bounded box.
        domain: Domain,
    },
    /// |S(x) - min x| <= error for all x of R^n, attained.
    ApproximateMinimum {
        /// n
        size: u64,
        /// The largest error.
        error: Number,
    },
    /// What the statement says.
    Statement,
}

/// The networks and what is known of them so far.
#[derive(Debug, Default)]
pub struct Proof {
    /// The networks, callees first.
    pub networks: Vec<Network>,
    /// The spiking network, which has the number after those of the networks.
    pub spiking: Option<SpikingNetwork>,
    specifications: Vec<Option<Specification>>,
}

impl Proof {
    /// Nothing is known yet.
    pub fn new(networks: Vec<Network>, spiking: Option<SpikingNetwork>) -> Self {
        Self { specifications: vec![None; networks.len() + usize::from(spiking.is_some())], networks, spiking }
    }
    /// The number of a network that has no specification yet.
    ///
    /// # Errors
    /// For another number, or a network that has one.
    pub fn open(&self, tokens: &mut Tokens<'_>) -> Result<usize, Problem> {
        let number = usize::try_from(tokens.natural()?).unwrap_or(usize::MAX);
        self.network(number)?;
        match self.specifications.get(number) {
            Some(None) => Ok(number),
            Some(Some(_)) => problem(format!("network {number} has a specification already")),
            None => problem(format!("there is no network {number}")),
        }
    }
    /// Gives a network its specification.
    ///
    /// # Errors
    /// When it has one.
    pub fn give(&mut self, number: usize, specification: Specification) -> Result<(), Problem> {
        match self.specifications.get_mut(number) {
            Some(place) if place.is_none() => {
                *place = Some(specification);
                Ok(())
            }
            _ => problem(format!("{} does not take a specification", self.title(number))),
        }
    }
    /// A network.
    ///
    /// # Errors
    /// When there is none of this number.
    pub fn network(&self, number: usize) -> Result<&Network, Problem> {
        self.networks.get(number).ok_or_else(|| Problem(format!("there is no network {number}")))
    }
    /// What is known of a network.
    ///
    /// # Errors
    /// When nothing is.
    pub fn known(&self, number: usize) -> Result<&Specification, Problem> {
        let known = self.specifications.get(number).and_then(Option::as_ref);
        known.ok_or_else(|| Problem(format!("{} has no specification", self.title(number))))
    }
    fn title(&self, number: usize) -> String {
        if number == self.networks.len() { "the spiking network".to_owned() } else { format!("network {number}") }
    }
}

/// What ends a section: the network and its specification.
pub type Closing = Option<(usize, Specification)>;

/// A section of the proof: facts about the nodes of one network, one a line.
pub trait Section {
    /// One line; at the end the network and its specification.
    ///
    /// # Errors
    /// When a condition fails.
    fn line(&mut self, proof: &Proof, keyword: &str, tokens: Tokens<'_>) -> Result<Closing, Problem>;
}

/// Opens a section by its first line, `keyword` being read.
///
/// # Errors
/// When a condition fails.
pub fn open(
    proof: &Proof,
    statement: &Statement,
    keyword: &str,
    mut tokens: Tokens<'_>,
) -> Result<Box<dyn Section>, Problem> {
    // About the last network, or the spiking network: what is known of the network that is named does not matter.
    match keyword {
        "cover" => return Ok(Box::new(cover::Cover::open(proof, statement, tokens)?)),
        "firing" => return Ok(Box::new(spiking::Firing::open(proof, tokens)?)),
        _ => {}
    }
    let number = proof.open(&mut tokens)?;
    Ok(match keyword {
        "matrix" => Box::new(matrix::Matrix::open(proof, number, tokens)?),
        "scalar" => Box::new(scalar::Scalar::open(proof, number, tokens)?),
        "solve" => Box::new(solve::Solve::open(proof, number, tokens)?),
        "times" => Box::new(spiking::Times::open(proof, number, tokens)?),
        "diffusion" => Box::new(diffusion::Parametric::open(proof, statement, number, tokens)?),
        _ => return problem("the first word is not that of a step"),
    })
}

/// Fails with the condition unless it holds.
fn require(holds: bool, condition: &str) -> Result<(), Problem> {
    if holds { Ok(()) } else { problem(format!("it does not hold that {condition}")) }
}
