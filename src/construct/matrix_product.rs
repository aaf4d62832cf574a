//! Matrix products: A B entry by entry as sums of scalar products.

use std::sync::Arc;

use super::construction::{Construction, Parameter, Published};
use super::error::{ConstructError, count, positive};
use super::logarithm::log2_down;
use super::product::dot_product_network;
use super::proved::Proved;
use super::squares::{SquareSums, absolute_values};
use super::squaring::MAX_LEVELS;
use super::strassen;
use crate::arith::Rational;
use crate::certify::rules::block;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Proof, Target};
use crate::network::{Block, LinearMap, Network};

/// The largest dimension of a matrix.
pub const MAX_DIMENSION: usize = 1 << 20;

/// How A B is realised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatrixProductMethod {
    /// Every product a b as the difference of two squares: d n l (12m + 10) + d l (m + 1) weights.
    Direct,
    /// Strassen's seven products of halves, k levels down to shared squares of size b: about 6m 7^k b^3 weights.
    Strassen,
    /// 2 a b = (a + b)^2 - a^2 - b^2 with the squares of entries shared: about 6m d n l weights.
    SharedSquares,
}

impl MatrixProductMethod {
    /// All methods, the default first.
    pub const ALL: [Self; 3] = [Self::Direct, Self::SharedSquares, Self::Strassen];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::SharedSquares => "shared-squares",
            Self::Strassen => "strassen",
        }
    }
    /// The source, a key of the bibliography.
    pub fn source(self) -> &'static str {
        match self {
            Self::Direct => "KPRS22",
            Self::SharedSquares => "certinet",
            Self::Strassen => "Str69",
        }
    }
    /// A dyadic bound of sqrt(d l), by which the Frobenius norm exceeds the largest entry; for `Strassen` of the growth
    /// sqrt(320)^k of the Frobenius norm.
    fn root(self, shape: ProductShape) -> Rational {
        match self {
            Self::Strassen => strassen::growth(strassen::halvings(shape.rows)),
            _ => (Rational::from(shape.rows) * Rational::from(shape.columns)).sqrt_up(40),
        }
    }
    /// A bound on the spectral error, as a multiple of B1 B2 2^(-2m-2).
    fn unit_error(self, shape: ProductShape) -> Rational {
        let root = self.root(shape);
        match self {
            // |E|_2 <= |E|_F <= sqrt(d l) max |E_ij|
            Self::Direct => root * Rational::from(shape.inner),
            Self::SharedSquares => root * Rational::from(shape.inner) * Rational::ratio(3, 2),
            Self::Strassen => {
                let base = Rational::from(shape.rows >> strassen::halvings(shape.rows));
                root * &base * &base * Rational::ratio(3, 2)
            }
        }
    }
    /// The shapes that the method serves.
    fn check(self, shape: ProductShape) -> Result<(), ConstructError> {
        shape.check()?;
        if self == Self::Strassen { strassen::check(shape) } else { Ok(()) }
    }
}

/// Shape of a matrix product: (rows x inner) times (inner x columns).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductShape {
    /// Rows d of the left factor.
    pub rows: usize,
    /// Columns n of the left factor, rows of the right one.
    pub inner: usize,
    /// Columns l of the right factor.
    pub columns: usize,
}

impl ProductShape {
    /// A d x d matrix times a d x d matrix.
    pub fn square(d: usize) -> Self {
        Self { rows: d, inner: d, columns: d }
    }
    fn check(self) -> Result<(), ConstructError> {
        count("rows", self.rows, 1, MAX_DIMENSION)?;
        count("inner", self.inner, 1, MAX_DIMENSION)?;
        count("columns", self.columns, 1, MAX_DIMENSION)
    }
}

/// Builds the network of A B with m levels for spectral norms |A| <= B1, |B| <= B2.
///
/// # Statement
/// For all such A, B: every entry of R(A, B) - A B is at most E = n B1 B2 2^(-2m-2) in absolute value (`Direct`), or
/// 3/2 of that (`SharedSquares`), so that its spectral norm is at most E sqrt(d l). With d = n = l = 2^k b and e = 2^(-2m-2),
/// `Strassen` has entries of at most 12^k (3/2) b B1 B2 e and spectral norm at most 320^(k/2) (3/2) b^2 B1 B2 e. `Direct` is odd in A and in B and
/// attains its bound when d n and n l are at most 4^(m+1).
///
/// Proof. |a_ik| <= |A|, |b_kj| <= |B|; each entry is a sum of n products, each within B1 B2 2^(-2m-2) (`product`); the
/// spectral norm is at most the Frobenius norm. It is attained at the constant matrices a = B1 2^(-m-1),
/// b = B2 2^(-m-1): every product errs by its bound with one sign, and the error matrix is constant. Shared squares:
/// with a' = a / B1, b' = b / B2, s = (a' + b') / 2, a' b' = 2 s^2 - a'^2 / 2 - b'^2 / 2; f_m errs in \[0, e\],
/// e = 2^(-2m-2), so the sum errs in \[-e, 2e\], and in \[-3e/2, 3e/2\] after subtracting e / 2.
///
/// Strassen: the forms (A_11 + A_22) / 2, .. that are multiplied have norm at most B1 and B2 again. With F the Frobenius
/// error of the seven products, C_11 = 4 M_1 + 2 M_4 - 2 M_5 + 4 M_7 errs by at most 12 F, C_12 by 4 F, C_21 by 4 F, C_22
/// by 12 F, together by sqrt(12^2 + 4^2 + 4^2 + 12^2) F = sqrt(320) F; entries by at most 12 times those of the products.
///
/// # Source
/// KPRS22, Proposition 3.7, with explicit constants; shared squares are ours; Str69 for the seven products, whose
/// scaling and error bounds here are ours.
/// The checker verifies it by the rule `matrix-product` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Inputs \[d n\] and \[n l\] (row by row), output \[d l\] (row by row).
///
/// # Size
/// `Direct`: L = m + 2, M = d n l (12m + 10) + d l (m + 1), first layer 8 d n l, last layer 4 d n l + 2 d l, for m >= 2.
///
/// # Exactness
/// Exact network; the error is exact where it says so, else an upper bound.
///
/// # Errors
/// [`ConstructError::Parameter`] for empty shapes, m = 0, or bounds that are not positive.
pub fn matrix_product(
    shape: ProductShape,
    levels: usize,
    bounds: (&Rational, &Rational),
    method: MatrixProductMethod,
) -> Result<Construction, ConstructError> {
    method.check(shape)?;
    let proved = proved_matrix_product(shape, levels, bounds, method)?;
    let ProductShape { rows: d, inner: n, columns: l } = shape;
    let unit = (bounds.0 * bounds.1).scale_by_power_of_two(-2 * levels as i64 - 2);
    let area = Rational::from(d) * Rational::from(l);
    let root = area.sqrt_up(40);
    let reach = Rational::power_of_two(2 * levels as i64 + 2);
    let attained = method == MatrixProductMethod::Direct
        && &root * &root == area
        && Rational::from(d) * Rational::from(n) <= reach
        && Rational::from(n) * Rational::from(l) <= reach;
    let small = |b: &Rational| b.scale_by_power_of_two(-(levels as i64) - 1);
    let mut candidate = vec![small(bounds.0); d.saturating_mul(n).min(WITNESS_LIMIT)];
    candidate.extend(vec![small(bounds.1); n.saturating_mul(l).min(WITNESS_LIMIT)]);
    Ok(Construction {
        proof: Proof::new(proved.parts),
        family: "matrix-product",
        method: method.name(),
        parameters: vec![
            ("rows", Parameter::Count(d as u64)),
            ("inner", Parameter::Count(n as u64)),
            ("columns", Parameter::Count(l as u64)),
            ("levels", Parameter::Count(levels as u64)),
            ("bound-left", Parameter::Number(bounds.0.clone())),
            ("bound-right", Parameter::Number(bounds.1.clone())),
        ],
        network: proved.network,
        candidates: if candidate.len() == d * n + n * l { vec![candidate] } else { Vec::new() },
        published: None,
        lower_bound: None,
        size: None,
        claim: Claim {
            target: Target::MatrixProduct { rows: d, inner: n, columns: l },
            domain: Domain::SpectralBalls(vec![(d, n, bounds.0.clone()), (n, l, bounds.1.clone())]),
            norm: Norm::Spectral { rows: d, columns: l },
            error: method.unit_error(shape) * unit,
            kind: if attained { ErrorKind::Exact } else { ErrorKind::UpperBound },
            derivative_error: None,
        },
    })
}

/// Entries of a matrix beyond which no witness is laid out.
pub(super) const WITNESS_LIMIT: usize = 1 << 12;

/// Builds the matrix product with the fewest levels whose spectral error is at most `error`, for norms at most Z.
///
/// # Errors
/// As [`matrix_product`]; also when the error is not positive.
pub fn matrix_product_for_error(
    shape: ProductShape,
    error: &Rational,
    bound: &Rational,
    method: MatrixProductMethod,
) -> Result<Construction, ConstructError> {
    positive("error", error)?;
    positive("bound", bound)?;
    method.check(shape)?;
    let levels = matrix_product_levels(shape, error, (bound, bound), method)?;
    let mut product = matrix_product(shape, levels, (bound, bound), method)?;
    product.published = Some(published(shape, error, bound));
    Ok(product)
}

/// The fewest levels m >= 1 with spectral error at most `error`.
///
/// # Errors
/// [`ConstructError::Parameter`] when more than [`MAX_LEVELS`] are needed.
fn matrix_product_levels(
    shape: ProductShape,
    error: &Rational,
    bounds: (&Rational, &Rational),
    method: MatrixProductMethod,
) -> Result<usize, ConstructError> {
    let ratio = error / &(bounds.0 * bounds.1 * method.unit_error(shape));
    // 2^(-2m-2) <= ratio iff 2m + 2 >= -floor(log2(ratio)).
    let bits = -ratio.floor_log2().unwrap_or(0) - 2;
    let levels = (bits + 1).div_euclid(2).max(1) as usize;
    count("levels needed for the error", levels, 1, MAX_LEVELS)?;
    Ok(levels)
}

/// M <= C (log2(1/eps) + log2(n sqrt(d l)) + log2 max(1, Z)) d n l with an open constant C.
fn published(shape: ProductShape, error: &Rational, bound: &Rational) -> Published {
    let ProductShape { rows: d, inner: n, columns: l } = shape;
    let area = Rational::from(d) * Rational::from(l);
    let bracket = log2_down(&(&Rational::one() / error))
        + log2_down(&(Rational::from(n) * area.sqrt_down(40)))
        + log2_down(&bound.clone().max(Rational::one()));
    Published {
        source: "KPRS22",
        formula: "M <= C (log2(1/eps) + log2(n sqrt(d l)) + log2 max(1, Z)) d n l".to_owned(),
        layers: None,
        neurons: None,
        weights: None,
        weights_scale: Some(&bracket * &(area * Rational::from(n))),
        layers_scale: Some(bracket),
    }
}

/// The network of [`matrix_product`] alone.
///
/// # Errors
/// As [`matrix_product`].
pub fn matrix_product_network(
    shape: ProductShape,
    levels: usize,
    bounds: (&Rational, &Rational),
    method: MatrixProductMethod,
) -> Result<Network, ConstructError> {
    method.check(shape)?;
    count("levels", levels, 1, MAX_LEVELS)?;
    positive("bound-left", bounds.0)?;
    positive("bound-right", bounds.1)?;
    match method {
        MatrixProductMethod::Direct => direct(shape, levels, bounds),
        MatrixProductMethod::SharedSquares => shared_squares(shape, levels, bounds),
        MatrixProductMethod::Strassen => strassen::network(shape.rows, strassen::halvings(shape.rows), levels, bounds),
    }
}

/// The network of [`matrix_product`] with its proof.
pub(super) fn proved_matrix_product(
    shape: ProductShape,
    levels: usize,
    bounds: (&Rational, &Rational),
    method: MatrixProductMethod,
) -> Result<Proved, ConstructError> {
    let network = Arc::new(matrix_product_network(shape, levels, bounds, method)?);
    let ProductShape { rows: d, inner: n, columns: l } = shape;
    let root = method.root(shape);
    let rule = block::MatrixProduct { shape: (d, n, l), levels, bounds, root: &root };
    let called = network.called_networks().into_iter().next();
    let parts = match (method, called) {
        (MatrixProductMethod::Direct, Some(dot)) => {
            vec![block::dot(&dot, n, levels, bounds), rule.direct(&network, &dot)]
        }
        (MatrixProductMethod::Strassen, Some(base)) => {
            let halvings = strassen::halvings(d);
            let b = d >> halvings;
            let root = MatrixProductMethod::SharedSquares.root(ProductShape::square(b));
            let shared = block::MatrixProduct { shape: (b, b, b), levels, bounds, root: &root };
            vec![shared.shared_squares(&base), rule.strassen(&network, halvings, &base)]
        }
        _ => vec![rule.shared_squares(&network)],
    };
    Ok(Proved { network, parts })
}

/// Copies of the dot product, one for each entry (i, j).
fn direct(shape: ProductShape, levels: usize, bounds: (&Rational, &Rational)) -> Result<Network, ConstructError> {
    let ProductShape { rows: d, inner: n, columns: l } = shape;
    let dot = Arc::new(dot_product_network(n, levels, bounds.0, bounds.1)?);
    let mut builder = Network::builder();
    let (a, b) = (builder.input(d * n), builder.input(n * l));
    // Product (i, j, k) reads a_ik and b_kj.
    let left = builder.linear(a, LinearMap::gather(d * n, 0, &[(d, n), (l, 0), (n, 1)]))?;
    let right = builder.linear(b, LinearMap::gather(n * l, 0, &[(d, 0), (l, 1), (n, l)]))?;
    let output = builder.call(d * l, &dot, &[left, right])?;
    Ok(builder.finish(output))
}

/// 2 sum_k s_ijk^2 - sum_k a'_ik^2 / 2 - sum_k b'_kj^2 / 2, times B1 B2, centred.
fn shared_squares(
    shape: ProductShape,
    levels: usize,
    bounds: (&Rational, &Rational),
) -> Result<Network, ConstructError> {
    let ProductShape { rows: d, inner: n, columns: l } = shape;
    let mut builder = Network::builder();
    let (a, b) = (builder.input(d * n), builder.input(n * l));
    let (p, q) = (&Rational::one() / bounds.0, &Rational::one() / bounds.1);
    let half = Rational::ratio(1, 2);
    let signs = |count: usize, c: &Rational| {
        LinearMap::literal(Block::from_rows(&[std::slice::from_ref(c), &[-c]])).copies(count)
    };
    let left = signs(d * n * l, &(&p * &half)).product(&LinearMap::gather(d * n, 0, &[(d, n), (l, 0), (n, 1)]))?;
    let right = signs(d * n * l, &(&q * &half)).product(&LinearMap::gather(n * l, 0, &[(d, 0), (l, 1), (n, l)]))?;
    let pairs = builder.affine(&[(a, left), (b, right)], LinearMap::zero(2 * d * n * l, 1))?;
    let rows = builder.linear(a, signs(d * n, &p))?;
    let columns = builder.linear(b, signs(n * l, &q).product(&LinearMap::gather(n * l, 0, &[(l, 1), (n, l)]))?)?;
    let scale = bounds.0 * bounds.1;
    let mut terms = Vec::new();
    // Entry (i, j) reads pair sum (i, j), row sum i and column sum j.
    for (value, groups, factor, spread) in [
        (pairs, d * l, Rational::from(2), LinearMap::identity(d * l)),
        (rows, d, -&half, LinearMap::gather(d, 0, &[(d, 1), (l, 0)])),
        (columns, l, -&half, LinearMap::gather(l, 0, &[(d, 0), (l, 1)])),
    ] {
        let absolute = absolute_values(&mut builder, value)?;
        let sums = SquareSums::build(&mut builder, absolute, groups, n, levels)?;
        terms.extend(sums.terms(&spread.scale(&(&factor * &scale)))?);
    }
    let centre = -(&scale * &Rational::from(n)).scale_by_power_of_two(-2 * levels as i64 - 3);
    let output = builder.affine(&terms, LinearMap::constant(d * l, centre))?;
    Ok(builder.finish(output))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::certify::measure;
    use crate::evaluate::{Evaluator, evaluate_graph};
    use crate::network::Unrolled;

    fn shapes() -> [ProductShape; 5] {
        [
            ProductShape::square(1),
            ProductShape::square(2),
            ProductShape { rows: 2, inner: 3, columns: 4 },
            ProductShape { rows: 3, inner: 1, columns: 2 },
            ProductShape { rows: 1, inner: 4, columns: 1 },
        ]
    }

    #[test]
    fn direct_size_is_the_formula_and_the_written_out_count() {
        for shape in shapes() {
            for m in 2..5 {
                let network = matrix_product_network(
                    shape,
                    m,
                    (&Rational::one(), &Rational::from(2)),
                    MatrixProductMethod::Direct,
                );
                let layered = network.unwrap().layered().unwrap();
                let size = layered.size().unwrap();
                let (dnl, dl) = (shape.rows * shape.inner * shape.columns, shape.rows * shape.columns);
                assert_eq!(size.layers, m + 2);
                assert_eq!(size.weights, (dnl * (12 * m + 10) + dl * (m + 1)) as u128);
                assert_eq!(size.first_layer_weights, 8 * dnl as u128);
                assert_eq!(size.last_layer_weights, (4 * dnl + 2 * dl) as u128);
                let count = |map: &LinearMap| Unrolled::new(map, 1 << 20).unwrap().nonzeros();
                let unrolled: usize = layered.layers().iter().map(|l| count(&l.map) + count(&l.bias)).sum();
                assert_eq!(size.weights, unrolled as u128);
            }
        }
    }

    #[test]
    fn errors_are_within_the_bound_and_direct_attains_it() {
        for method in MatrixProductMethod::ALL {
            for shape in shapes().into_iter().filter(|shape| method.check(*shape).is_ok()) {
                for m in 1..5 {
                    let (b1, b2) = (Rational::from(2), Rational::ratio(3, 2));
                    let product = matrix_product(shape, m, (&b1, &b2), method).unwrap();
                    let layered = product.network.layered().unwrap();
                    let witness = measure(&layered, &product.claim, &product.candidates).unwrap().unwrap();
                    assert!(witness.error <= product.claim.error);
                    if product.claim.kind == ErrorKind::Exact {
                        assert_eq!(witness.error, product.claim.error, "{shape:?} {m}");
                    }
                    let input: Vec<Rational> = (0..product.claim.domain.dimension())
                        .map(|i| Rational::ratio(((i * 37 + m * 11) % 17) as i64 - 8, 32))
                        .collect();
                    let found = Evaluator::<Rational>::new(&layered).unwrap().evaluate(&input).unwrap();
                    let (a, b) = input.split_at(shape.rows * shape.inner);
                    assert_eq!(found, evaluate_graph(&product.network, &[a.to_vec(), b.to_vec()]).unwrap());
                    let wanted = product.claim.target.evaluate(&input).unwrap();
                    let unit = (&b1 * &b2).scale_by_power_of_two(-2 * m as i64 - 2);
                    // No halvings at these sizes: all but the direct product share their squares.
                    let factor =
                        if method == MatrixProductMethod::Direct { Rational::one() } else { Rational::ratio(3, 2) };
                    let entry = factor * Rational::from(shape.inner) * unit;
                    for (x, y) in found.iter().zip(&wanted) {
                        assert!((x - y).abs() <= entry);
                    }
                }
            }
        }
    }

    #[test]
    fn large_products_are_counted_without_writing_them_out() {
        let d = 1000u128;
        for (method, ratio) in [(MatrixProductMethod::Direct, 12), (MatrixProductMethod::SharedSquares, 7)] {
            let error = Rational::power_of_two(-40);
            let product =
                matrix_product_for_error(ProductShape::square(1000), &error, &Rational::one(), method).unwrap();
            assert!(product.claim.error <= error);
            let size = product.network.layered().unwrap().size().unwrap();
            let m = size.layers as u128 - 2;
            assert!(size.weights > d * d * d * 6 * m && size.weights < d * d * d * ratio * (m + 1));
        }
    }
}
