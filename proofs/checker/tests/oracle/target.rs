//! Targets at a point.

use num_traits::{One, Signed, Zero};

use super::domain::Domain;
use super::matrices::{product, scaled_identity, solve};
use super::parse::Words;
use super::{Q, Why};

/// The function that a network is compared with.
pub enum Target {
    /// The sum of c x_1^e_1 .. x_n^e_n.
    Polynomial(usize, Vec<(Q, Vec<usize>)>),
    Reciprocal,
    Minimum(usize),
    Maximum(usize),
    Median(usize),
    AbsoluteValue,
    Interpolation(Vec<(Q, Q)>),
    MatrixProduct(usize, usize, usize),
    MatrixPower(usize, usize),
    MatrixInverse(usize),
    SymmetricInverse(usize),
    LinearSolve(usize),
}

/// The largest exponent that is evaluated.
const EXPONENT: usize = 4096;

fn senseless<T>(why: impl Into<String>) -> Result<T, Why> {
    Err(Why::Senseless(why.into()))
}

/// Reads a target.
pub fn read(text: &str) -> Result<Target, Why> {
    let mut words = Words::new(text);
    let name = words.word()?;
    let target = match name {
        "square" => Target::Polynomial(1, vec![(Q::one(), vec![2])]),
        "product" => {
            let n = words.natural()?.min(EXPONENT);
            Target::Polynomial(n, vec![(Q::one(), vec![1; n])])
        }
        "power" => Target::Polynomial(1, vec![(Q::one(), vec![words.natural()?])]),
        "polynomial" => {
            let mut terms = Vec::new();
            while !words.is_empty() {
                terms.push((words.rational()?, vec![terms.len()]));
            }
            Target::Polynomial(1, terms)
        }
        "multivariate-polynomial" => {
            let (n, k) = (words.natural()?, words.natural()?);
            let mut terms = Vec::new();
            for _ in 0..k {
                let c = words.rational()?;
                let exponents = (0..n).map(|_| words.natural()).collect::<Result<Vec<_>, _>>()?;
                terms.push((c, exponents));
            }
            Target::Polynomial(n, terms)
        }
        "reciprocal" => Target::Reciprocal,
        "minimum" => Target::Minimum(words.natural()?),
        "maximum" => Target::Maximum(words.natural()?),
        "median" => Target::Median(words.natural()?),
        "absolute-value" => Target::AbsoluteValue,
        "interpolation" => {
            let mut points = Vec::new();
            while !words.is_empty() {
                points.push((words.rational()?, words.rational()?));
            }
            Target::Interpolation(points)
        }
        "matrix-product" => Target::MatrixProduct(words.natural()?, words.natural()?, words.natural()?),
        "matrix-power" => Target::MatrixPower(words.natural()?, words.natural()?),
        "matrix-inverse" => Target::MatrixInverse(words.natural()?),
        "symmetric-inverse" => Target::SymmetricInverse(words.natural()?),
        "linear-solve" => Target::LinearSolve(words.natural()?),
        other => return senseless(format!("{other:?} is no target")),
    };
    words.end()?;
    let sensible = match &target {
        Target::Polynomial(n, terms) => {
            *n > 0 && !terms.is_empty() && terms.iter().flat_map(|term| &term.1).all(|&exponent| exponent <= EXPONENT)
        }
        Target::Median(n) => n % 2 == 1,
        Target::Interpolation(points) => !points.is_empty() && points.windows(2).all(|pair| pair[0].0 < pair[1].0),
        Target::MatrixPower(_, n) => *n <= EXPONENT,
        _ => true,
    };
    if sensible { Ok(target) } else { senseless(format!("the target {name}")) }
}

impl Target {
    /// Whether it is a function on this domain.
    pub fn fits(&self, domain: &Domain) -> bool {
        let n = domain.dimension();
        let vectors = matches!(domain, Domain::Space(_) | Domain::Intervals(_));
        let square = |d: &usize, ball: &(usize, usize, Q)| ball.0 == *d && ball.1 == *d;
        match (self, domain) {
            (Self::Polynomial(m, _) | Self::Minimum(m) | Self::Maximum(m) | Self::Median(m), _) => vectors && *m == n,
            (Self::Reciprocal, Domain::Intervals(sides)) => n == 1 && sides[0].0.is_positive(),
            (Self::AbsoluteValue | Self::Interpolation(_), _) => vectors && n == 1,
            (Self::MatrixProduct(d, k, l), Domain::Balls(balls)) => {
                balls.len() == 2 && (balls[0].0, balls[0].1, balls[1].0, balls[1].1) == (*d, *k, *k, *l)
            }
            (Self::MatrixPower(d, _), Domain::Balls(balls)) => balls.len() == 1 && square(d, &balls[0]),
            (Self::MatrixInverse(d), Domain::Balls(balls)) => {
                balls.len() == 1 && square(d, &balls[0]) && balls[0].2 < Q::one()
            }
            (Self::SymmetricInverse(d), Domain::Symmetric(e, ..)) => d == e,
            (Self::LinearSolve(d), Domain::System(e, ..)) => d == e,
            _ => false,
        }
    }

    /// The dimension of its values.
    pub fn outputs(&self) -> usize {
        match self {
            Self::MatrixProduct(d, _, l) => d * l,
            Self::MatrixPower(d, _) | Self::MatrixInverse(d) | Self::SymmetricInverse(d) => d * d,
            Self::LinearSolve(d) => *d,
            _ => 1,
        }
    }

    /// The value at a point of the domain.
    pub fn evaluate(&self, x: &[Q]) -> Vec<Q> {
        match self {
            Self::Polynomial(_, terms) => {
                let term = |(c, exponents): &(Q, Vec<usize>)| {
                    x.iter().zip(exponents).fold(c.clone(), |value, (x, &e)| value * power(x, e))
                };
                vec![terms.iter().map(term).fold(Q::zero(), |sum, term| sum + term)]
            }
            Self::Reciprocal => vec![x[0].recip()],
            Self::Minimum(_) | Self::Maximum(_) | Self::Median(_) => {
                let mut sorted = x.to_vec();
                sorted.sort();
                let place = match self {
                    Self::Minimum(_) => 0,
                    Self::Maximum(_) => x.len() - 1,
                    _ => x.len() / 2,
                };
                vec![sorted[place].clone()]
            }
            Self::AbsoluteValue => vec![x[0].abs()],
            Self::Interpolation(points) => vec![interpolate(points, &x[0])],
            Self::MatrixProduct(d, n, l) => product(&x[..d * n], &x[d * n..], *d, *n, *l),
            Self::MatrixPower(d, n) => {
                let one = scaled_identity(*d, &Q::one());
                (0..*n).fold(one, |power, _| product(&power, x, *d, *d, *d))
            }
            Self::MatrixInverse(d) => {
                let one = scaled_identity(*d, &Q::one());
                let gap: Vec<Q> = one.iter().zip(x).map(|(one, x)| one - x).collect();
                solve(&gap, &one, *d, *d).expect("|X| < 1")
            }
            Self::SymmetricInverse(d) => {
                solve(x, &scaled_identity(*d, &Q::one()), *d, *d).expect("a positive spectrum")
            }
            Self::LinearSolve(d) => solve(&x[..d * d], &x[d * d..], *d, 1).expect("a positive spectrum"),
        }
    }

    /// The coefficients a, b, c of a x^2 + b x + c, if it is such a polynomial of one variable.
    pub fn quadratic(&self) -> Option<[Q; 3]> {
        let Self::Polynomial(1, terms) = self else { return None };
        let mut coefficients = [Q::zero(), Q::zero(), Q::zero()];
        for (c, exponents) in terms {
            *coefficients.get_mut(2usize.checked_sub(exponents[0])?)? += c;
        }
        Some(coefficients)
    }

    /// Where a piecewise-linear target of one variable bends.
    pub fn bends(&self) -> Vec<Q> {
        match self {
            Self::AbsoluteValue => vec![Q::zero()],
            Self::Interpolation(points) => points.iter().map(|point| point.0.clone()).collect(),
            _ => Vec::new(),
        }
    }
}

fn power(x: &Q, exponent: usize) -> Q {
    (0..exponent).fold(Q::one(), |power, _| power * x)
}

fn interpolate(points: &[(Q, Q)], x: &Q) -> Q {
    let (first, last) = (&points[0], &points[points.len() - 1]);
    if *x <= first.0 {
        return first.1.clone();
    }
    if let Some(pair) = points.windows(2).find(|pair| *x <= pair[1].0) {
        let ((a, y), (b, z)) = (&pair[0], &pair[1]);
        return y + (z - y) * (x - a) / (b - a);
    }
    last.1.clone()
}
