//! What a certificate claims.

use std::fmt;
use std::io::BufRead;

use num_bigint::BigInt;

use crate::lexer::{Source, Tokens};
use crate::number::Number;
use crate::problem::{Problem, problem};

/// The function that is approximated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// x^2
    Square,
    /// x_1 .. x_n
    Product(u64),
    /// x^n
    Power(u64),
    /// c_0 + c_1 x + ..
    Polynomial(Vec<Number>),
    /// Sum of c x_1^e_1 .. x_n^e_n.
    MultivariatePolynomial {
        /// n
        variables: u64,
        /// (c, the exponents)
        terms: Vec<(Number, Vec<u64>)>,
    },
    /// 1 / x
    Reciprocal,
    /// The least of n numbers.
    Minimum(u64),
    /// The largest of n numbers.
    Maximum(u64),
    /// The middle one of n numbers, n odd.
    Median(u64),
    /// |x|
    AbsoluteValue,
    /// Piecewise linear through the points, constant outside.
    Interpolation(Vec<(Number, Number)>),
    /// A B for A d x n, B n x l, as \[d, n, l\].
    MatrixProduct([u64; 3]),
    /// A^n for A d x d.
    MatrixPower {
        /// d
        size: u64,
        /// n
        exponent: u64,
    },
    /// (I - A)^-1 for A d x d.
    MatrixInverse(u64),
    /// B^-1 for B d x d.
    SymmetricInverse(u64),
    /// B^-1 f for B d x d.
    LinearSolve(u64),
}

/// A set of inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// R^n
    Space(u64),
    /// \[lo, hi\]^n
    Cube(u64, Number, Number),
    /// A product of intervals.
    Box(Vec<(Number, Number)>),
    /// (r, c, b): matrices r x c of spectral norm at most b.
    Balls(Vec<(u64, u64, Number)>),
    /// Symmetric matrices with all eigenvalues in \[lower, upper\].
    Symmetric {
        /// d
        size: u64,
        /// c > 0
        lower: Number,
        /// C >= c
        upper: Number,
    },
    /// Symmetric matrices with all eigenvalues in \[lower, upper\], then a vector of 2-norm at most `rhs`.
    SymmetricSystem {
        /// d
        size: u64,
        /// c > 0
        lower: Number,
        /// C >= c
        upper: Number,
        /// R >= 0
        rhs: Number,
    },
}

/// How the distance of two outputs is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norm {
    /// The largest absolute value of an entry.
    Maximum,
    /// The 2-norm.
    Euclidean,
    /// The spectral norm of the output as a matrix of so many rows and columns.
    Spectral(u64, u64),
}

/// For all x in the domain: norm(R(x) - target(x)) <= error, and the size of the layered form of R.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The function.
    pub target: Target,
    /// The inputs.
    pub domain: Domain,
    /// The distance.
    pub norm: Norm,
    /// The bound E.
    pub error: Number,
    /// Whether E is the supremum.
    pub exact: bool,
    /// L, N, M.
    pub size: [BigInt; 3],
    /// Target, domain, norm and error as written.
    text: [String; 4],
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [target, domain, norm, error] = &self.text;
        let [layers, neurons, weights] = &self.size;
        let kind = if self.exact { "exact" } else { "bound" };
        write!(f, "target {target}, domain {domain}, {norm} error {error} ({kind}), ")?;
        write!(f, "{layers} layers, {neurons} neurons, {weights} weights")
    }
}

impl Statement {
    /// Reads the seven lines of a statement; the source stands on its last line afterwards.
    ///
    /// # Errors
    /// For lines in another form or order, empty domains, a negative error.
    pub fn read<R: BufRead>(source: &mut Source<R>) -> Result<Self, Problem> {
        let mut text = [const { String::new() }; 4];
        let mut line = |source: &mut Source<R>, number: usize, keyword: &str| {
            source.advance()?;
            if let (Some(text), Some((_, rest))) = (text.get_mut(number), source.text().split_once(' ')) {
                rest.clone_into(text);
            }
            source.tokens().expect(keyword)
        };
        fn rest<T>(
            source: &Source<impl BufRead>,
            read: impl FnOnce(&mut Tokens<'_>) -> Result<T, Problem>,
        ) -> Result<T, Problem> {
            let mut tokens = source.tokens();
            tokens.word()?;
            let value = read(&mut tokens)?;
            tokens.end()?;
            Ok(value)
        }
        line(source, 0, "target")?;
        let target = rest(source, Target::read)?;
        line(source, 1, "domain")?;
        let domain = rest(source, Domain::read)?;
        line(source, 2, "norm")?;
        let norm = rest(source, Norm::read)?;
        line(source, 3, "error")?;
        let error = rest(source, |tokens| tokens.fraction())?;
        if error.is_negative() {
            return problem("an error is not negative");
        }
        line(source, 4, "kind")?;
        let exact = rest(source, |tokens| match tokens.word()? {
            "exact" => Ok(true),
            "bound" => Ok(false),
            _ => problem("a kind is exact or bound"),
        })?;
        line(source, 4, "size")?;
        let size = rest(source, |tokens| Ok([tokens.integer()?, tokens.integer()?, tokens.integer()?]))?;
        Ok(Self { target, domain, norm, error, exact, size, text })
    }
}

impl Target {
    fn read(tokens: &mut Tokens<'_>) -> Result<Self, Problem> {
        Ok(match tokens.word()? {
            "square" => Self::Square,
            "product" => Self::Product(tokens.natural()?),
            "power" => Self::Power(tokens.natural()?),
            "polynomial" => {
                let mut coefficients = vec![tokens.fraction()?];
                while !tokens.is_empty() {
                    coefficients.push(tokens.fraction()?);
                }
                Self::Polynomial(coefficients)
            }
            "multivariate-polynomial" => {
                let (variables, count) = (tokens.natural()?, tokens.natural()?);
                let mut terms = Vec::new();
                for _ in 0..count {
                    let c = tokens.fraction()?;
                    terms.push((c, (0..variables).map(|_| tokens.natural()).collect::<Result<_, _>>()?));
                }
                Self::MultivariatePolynomial { variables, terms }
            }
            "reciprocal" => Self::Reciprocal,
            "minimum" => Self::Minimum(tokens.natural()?),
            "maximum" => Self::Maximum(tokens.natural()?),
            "median" => Self::Median(tokens.natural()?),
            "absolute-value" => Self::AbsoluteValue,
            "interpolation" => Self::Interpolation(points(tokens)?),
            "matrix-product" => Self::MatrixProduct([tokens.natural()?, tokens.natural()?, tokens.natural()?]),
            "matrix-power" => Self::MatrixPower { size: tokens.natural()?, exponent: tokens.natural()? },
            "matrix-inverse" => Self::MatrixInverse(tokens.natural()?),
            "symmetric-inverse" => Self::SymmetricInverse(tokens.natural()?),
            "linear-solve" => Self::LinearSolve(tokens.natural()?),
            other => return problem(format!("'{other}' is not a target")),
        })
    }
}

/// Points with increasing first coordinates, at least one, to the end of the line.
///
/// # Errors
/// For anything else.
pub fn points(tokens: &mut Tokens<'_>) -> Result<Vec<(Number, Number)>, Problem> {
    let mut points: Vec<(Number, Number)> = Vec::new();
    while points.is_empty() || !tokens.is_empty() {
        let point = (tokens.fraction()?, tokens.fraction()?);
        if points.last().is_some_and(|last| last.0 >= point.0) {
            return problem("the first coordinates of points increase");
        }
        points.push(point);
    }
    Ok(points)
}

/// An interval lo, hi with lo <= hi.
fn side(tokens: &mut Tokens<'_>) -> Result<(Number, Number), Problem> {
    let (lo, hi) = (tokens.fraction()?, tokens.fraction()?);
    if lo <= hi { Ok((lo, hi)) } else { problem("the lower end of an interval is above the upper one") }
}

/// An interval c, C with 0 < c <= C.
fn spectrum(tokens: &mut Tokens<'_>) -> Result<(Number, Number), Problem> {
    let (lower, upper) = side(tokens)?;
    if lower.is_positive() { Ok((lower, upper)) } else { problem("all eigenvalues are positive") }
}

impl Domain {
    /// Reads a domain; one that is empty is refused.
    ///
    /// # Errors
    /// For anything else.
    pub fn read(tokens: &mut Tokens<'_>) -> Result<Self, Problem> {
        Ok(match tokens.word()? {
            "space" => Self::Space(tokens.natural()?),
            "cube" => {
                let n = tokens.natural()?;
                let (lo, hi) = side(tokens)?;
                Self::Cube(n, lo, hi)
            }
            "box" => {
                let mut sides = vec![side(tokens)?];
                while !tokens.is_empty() {
                    sides.push(side(tokens)?);
                }
                Self::Box(sides)
            }
            "balls" => {
                let mut balls = Vec::new();
                while balls.is_empty() || !tokens.is_empty() {
                    let (rows, columns, bound) = (tokens.natural()?, tokens.natural()?, tokens.fraction()?);
                    if bound.is_negative() {
                        return problem("the bound of a ball is not negative");
                    }
                    balls.push((rows, columns, bound));
                }
                Self::Balls(balls)
            }
            "symmetric" => {
                let (size, (lower, upper)) = (tokens.natural()?, spectrum(tokens)?);
                Self::Symmetric { size, lower, upper }
            }
            "symmetric-system" => {
                let (size, (lower, upper), rhs) = (tokens.natural()?, spectrum(tokens)?, tokens.fraction()?);
                if rhs.is_negative() {
                    return problem("a symmetric system has R >= 0");
                }
                Self::SymmetricSystem { size, lower, upper, rhs }
            }
            other => return problem(format!("'{other}' is not a domain")),
        })
    }
    /// The dimension of a box, bounded or not; nothing for other sets.
    pub fn box_dimension(&self) -> Option<u64> {
        match self {
            Self::Space(n) | Self::Cube(n, ..) => Some(*n),
            Self::Box(sides) => Some(sides.len() as u64),
            _ => None,
        }
    }
    /// Side j of a bounded box.
    pub fn side(&self, j: u64) -> Option<(&Number, &Number)> {
        match self {
            Self::Cube(_, lo, hi) => Some((lo, hi)),
            Self::Box(sides) => sides.get(usize::try_from(j).ok()?).map(|(lo, hi)| (lo, hi)),
            _ => None,
        }
    }
    /// Whether this box lies inside the other one; false for sets that are no boxes.
    pub fn is_inside(&self, other: &Self) -> bool {
        // One side stands for all those of a cube or a space.
        let sides = |domain: &Self| if let Self::Box(sides) = domain { sides.len() as u64 } else { 1 };
        self.box_dimension().is_some_and(|n| other.box_dimension() == Some(n))
            && (0..sides(self).max(sides(other))).all(|j| match (self.side(j), other.side(j)) {
                (_, None) => matches!(other, Self::Space(_)),
                (None, Some(_)) => false,
                (Some(inner), Some(outer)) => outer.0 <= inner.0 && inner.1 <= outer.1,
            })
    }
}

impl Norm {
    fn read(tokens: &mut Tokens<'_>) -> Result<Self, Problem> {
        match tokens.word()? {
            "maximum" => Ok(Self::Maximum),
            "euclidean" => Ok(Self::Euclidean),
            "spectral" => Ok(Self::Spectral(tokens.natural()?, tokens.natural()?)),
            other => problem(format!("'{other}' is not a norm")),
        }
    }
}
