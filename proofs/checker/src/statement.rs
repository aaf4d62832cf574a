//! What a certificate claims.

use std::fmt;
use std::io::BufRead;
use std::rc::Rc;

use num_bigint::BigInt;

use crate::lexer::{Source, Tokens};
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::rules::Diffusion;

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
    /// The function of a network of the certificate.
    Network(u64),
    /// The function of the spiking network of the certificate.
    Spiking,
    /// Nodal values of the solution of a diffusion problem, as a function of the parameters of its coefficient.
    Diffusion(Rc<Diffusion>),
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
    /// The energy norm of a diffusion problem, over that of the target.
    RelativeEnergy,
    /// The H^1 norm of finite element functions, over that of the target.
    RelativeH1,
}

/// For all x in the domain: norm(R(x) - target(x)) <= error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approximation {
    /// The function that is approximated.
    pub target: Target,
    /// The distance.
    pub norm: Norm,
    /// The bound E.
    pub error: Number,
    /// Whether E is the supremum.
    pub exact: bool,
}

/// What is said about a function R.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// R is near a target.
    Approximation(Approximation),
    /// R has so many activation cells, and is so many different affine maps on them.
    Regions {
        /// K
        cells: u64,
        /// D
        maps: u64,
    },
}

/// A claim about the function R of a network, and the size of that network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What is claimed.
    pub claim: Claim,
    /// The inputs.
    pub domain: Domain,
    /// Whether R is the function of the spiking network, not of the last network.
    pub spiking: bool,
    /// L, N, M of the layered form, or of the spiking network.
    pub size: [BigInt; 3],
    /// Target, domain, norm and error, or regions and domain, as written.
    text: Vec<String>,
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.claim, self.text.as_slice()) {
            (Claim::Approximation(claim), [target, domain, norm, error]) => {
                let kind = if claim.exact { "exact" } else { "bound" };
                write!(f, "target {target}, domain {domain}, {norm} error {error} ({kind}), ")?;
            }
            (Claim::Regions { cells, maps }, [_, domain]) => {
                write!(f, "{cells} activation cells, {maps} affine maps, domain {domain}, ")?;
            }
            _ => {}
        }
        let ([layers, neurons, weights], spiking) = (&self.size, if self.spiking { "spiking " } else { "" });
        write!(f, "{layers} layers, {neurons} {spiking}neurons, ")?;
        write!(f, "{weights} {}", if self.spiking { "synapses" } else { "weights" })
    }
}

impl Statement {
    /// Reads the lines of a statement; the source stands on its last line afterwards.
    ///
    /// # Errors
    /// For lines in another form or order, empty domains, a negative error.
    pub fn read<R: BufRead>(source: &mut Source<R>) -> Result<Self, Problem> {
        /// The current line: its keyword, then what is read.
        fn line<T>(
            source: &Source<impl BufRead>,
            keyword: &str,
            read: impl FnOnce(&mut Tokens<'_>) -> Result<T, Problem>,
        ) -> Result<T, Problem> {
            let mut tokens = source.tokens();
            tokens.expect(keyword)?;
            let value = read(&mut tokens)?;
            tokens.end()?;
            Ok(value)
        }
        let mut text = Vec::new();
        let mut advance = |source: &mut Source<R>| {
            source.advance()?;
            let rest = source.text().split_once(' ').map_or("", |(_, rest)| rest);
            // A grid has thousands of triangles: the claim shows n, p and K.
            let end = rest.match_indices(' ').nth(3).filter(|_| rest.starts_with("diffusion "));
            text.push(end.map_or_else(|| rest.to_owned(), |(end, _)| format!("{} ..", &rest[..end])));
            Ok(())
        };
        advance(source)?;
        let regions = source.text().starts_with("regions ");
        let (claim, domain) = if regions {
            let (cells, maps) = line(source, "regions", |tokens| Ok((tokens.natural()?, tokens.natural()?)))?;
            advance(source)?;
            (Claim::Regions { cells, maps }, line(source, "domain", Domain::read)?)
        } else {
            let target = line(source, "target", Target::read)?;
            advance(source)?;
            let domain = line(source, "domain", Domain::read)?;
            advance(source)?;
            let norm = line(source, "norm", Norm::read)?;
            advance(source)?;
            let error = line(source, "error", |tokens| tokens.fraction())?;
            if error.is_negative() {
                return problem("an error is not negative");
            }
            source.advance()?;
            let exact = line(source, "kind", |tokens| match tokens.word()? {
                "exact" => Ok(true),
                "bound" => Ok(false),
                _ => problem("a kind is exact or bound"),
            })?;
            (Claim::Approximation(Approximation { target, norm, error, exact }), domain)
        };
        source.advance()?;
        // Regions are those of the last network.
        let spiking = !regions && source.text().starts_with("spiking-size ");
        let keyword = if spiking { "spiking-size" } else { "size" };
        let size = line(source, keyword, |tokens| Ok([tokens.integer()?, tokens.integer()?, tokens.integer()?]))?;
        Ok(Self { claim, domain, spiking, size, text })
    }
    /// Whether the certificate has a spiking network after its networks.
    pub fn has_spiking_network(&self) -> bool {
        let target = matches!(&self.claim, Claim::Approximation(claim) if claim.target == Target::Spiking);
        self.spiking || target
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
            "network" => Self::Network(tokens.natural()?),
            "spiking" => Self::Spiking,
            "diffusion" => Self::Diffusion(Rc::new(Diffusion::read(tokens)?)),
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
            "relative-energy" => Ok(Self::RelativeEnergy),
            "relative-h1" => Ok(Self::RelativeH1),
            other => problem(format!("'{other}' is not a norm")),
        }
    }
}
