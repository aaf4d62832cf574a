//! The families of constructions with their options, shared by `build` and `table`.

mod spiking;

use std::fmt::Display;

use clap::{Args, Subcommand};

use super::built::Built;
use super::error::CliError;
use super::options::{
    DomainOption, PointsOption, RationalList, count, open_unit_interval, positive_rational, whole_number,
};
use crate::arith::Rational;
use crate::construct::{
    ConstructError, Construction, InverseMethod, MatrixProductMethod, PolynomialMethod, PowerMethod, ProductMethod,
    ProductShape, ReciprocalMethod, SolveMethod, SolveRequest, SquaringMethod, absolute_value, interpolation,
    linear_solve, matrix_inverse, matrix_power, matrix_product, matrix_product_for_error, maximum, median, minimum,
    polynomial, polynomial_for_error, power, power_for_error, product, product_for_error, product_of_many,
    product_of_many_for_error, reciprocal_for_error, squaring, squaring_for_error,
};
use crate::spiking::{FromReluMethod, ToReluMethod};

/// The families.
#[derive(Debug, Clone, Subcommand)]
pub enum Family {
    /// x^2 on [0, 1] or [-B, B].
    ///
    /// Methods: delayed (7m - 2 weights, this library), centred (half the error, one weight more), bounded-weights
    /// (8m - 1, EPGB21), four-wide (15m - 5, GHJZ22).
    Squaring(SquaringOptions),
    /// x y on [-B1, B1] x [-B2, B2].
    ///
    /// Method: shared-accumulator (13m + 11 weights; Yar17, this library).
    Product(ProductOptions),
    /// x_1 x_2 .. x_n on [-B, B]^n by a binary tree of products (Yar17).
    ProductOfMany(ProductOfManyOptions),
    /// x^n on [a, b].
    ///
    /// Methods: right-to-left and left-to-right binary powering (Knu97), repeated products (Yar17).
    Power(PowerOptions),
    /// c_0 + c_1 x + .. + c_n x^n on [a, b].
    ///
    /// Methods: chebyshev (OS23), monomial (Yar17).
    Polynomial(PolynomialOptions),
    /// 1/x on [a, b], 0 < a < b.
    ///
    /// Methods: chebyshev-product (this library), newton (KPRS22 for numbers), chebyshev-sum (MH03); without one the
    /// smallest network is built.
    Reciprocal(ReciprocalOptions),
    /// The smallest of n numbers, exactly.
    Minimum(SizeOptions),
    /// The largest of n numbers, exactly.
    Maximum(SizeOptions),
    /// |x|, exactly.
    AbsoluteValue(ExactOptions),
    /// The median of an odd number of numbers, exactly.
    Median(SizeOptions),
    /// The piecewise-linear interpolant of points, exactly, constant outside.
    Interpolation(InterpolationOptions),
    /// A B for matrices with spectral norms at most Z.
    ///
    /// Methods: direct (KPRS22 with explicit constants), shared-squares (this library), strassen (Str69 down to blocks
    /// of 32 rows, square matrices).
    MatrixProduct(MatrixProductOptions),
    /// (I - A)^-1 for matrices with spectral norm at most 1 - delta.
    ///
    /// Methods: product-form and newton-schulz (this library), published (power by power, KPRS22).
    MatrixInverse(MatrixInverseOptions),
    /// A^n for square matrices with spectral norm at most Z, by binary powering (Knu97).
    MatrixPower(MatrixPowerOptions),
    /// B^-1 f for symmetric B with spectrum in [c, C] and |f| at most R.
    ///
    /// Methods: chebyshev (this library), richardson (DMU26).
    LinearSolve(LinearSolveOptions),
    /// x^2 or x y by a spiking network, converted from a ReLU network; the file is spiking JSON.
    ///
    /// Methods: compact (this library), published (three layers a hidden layer, SFK24).
    ReluToSpiking(spiking::ReluToSpikingOptions),
    /// The firing time of a spiking neuron of positive weights, exactly, by a ReLU network.
    ///
    /// Methods: tree over all sets of synapses, sorting for equal weights (this library; SFK24 gives the task).
    SpikingToRelu(spiking::SpikingToReluOptions),
    /// Nearly the smallest of n numbers by one spiking neuron (SFK24); the file is spiking JSON.
    SpikingMinimum(spiking::SpikingMinimumOptions),
}

/// Either an error or a number of levels.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub struct ErrorOrLevels {
    /// The largest error allowed; the smallest network that certifies it is built.
    #[arg(long, value_name = "E", value_parser = positive_rational, allow_hyphen_values = true)]
    error: Option<Rational>,
    /// The number of sawtooth levels of every square and product.
    #[arg(long, value_name = "M", value_parser = count(10_000))]
    levels: Option<u64>,
}

impl ErrorOrLevels {
    fn build(
        &self,
        for_error: impl FnOnce(&Rational) -> Result<Construction, ConstructError>,
        for_levels: impl FnOnce(usize) -> Result<Construction, ConstructError>,
    ) -> Result<Construction, ConstructError> {
        match (&self.error, self.levels) {
            (Some(error), _) => for_error(error),
            (None, Some(levels)) => for_levels(levels as usize),
            (None, None) => Err(ConstructError::parameter("error", "missing", "--error E or --levels M")),
        }
    }
}

/// The error alone.
#[derive(Debug, Clone, Args)]
pub struct ErrorOnly {
    /// The largest error allowed; the smallest network that certifies it is built.
    #[arg(long, value_name = "E", value_parser = positive_rational, allow_hyphen_values = true)]
    error: Rational,
}

/// Options of `squaring`.
#[derive(Debug, Clone, Args)]
pub struct SquaringOptions {
    #[command(flatten)]
    accuracy: ErrorOrLevels,
    /// The domain is [-B, B]; without it [0, 1].
    #[arg(long, value_name = "B", value_parser = positive_rational, allow_hyphen_values = true)]
    bound: Option<Rational>,
    /// How it is realised.
    #[arg(long, value_name = "METHOD", default_value = "delayed")]
    method: SquaringMethod,
}

/// Options of `product`.
#[derive(Debug, Clone, Args)]
pub struct ProductOptions {
    #[command(flatten)]
    accuracy: ErrorOrLevels,
    /// Bound of both factors [default: 1].
    #[arg(long, value_name = "B", value_parser = positive_rational, allow_hyphen_values = true)]
    bound: Option<Rational>,
    /// Bound of the first factor, instead of --bound.
    #[arg(long, value_name = "B1", value_parser = positive_rational, allow_hyphen_values = true)]
    bound_left: Option<Rational>,
    /// Bound of the second factor, instead of --bound.
    #[arg(long, value_name = "B2", value_parser = positive_rational, allow_hyphen_values = true)]
    bound_right: Option<Rational>,
    /// How it is realised.
    #[arg(long, value_name = "METHOD", default_value = "shared-accumulator")]
    method: ProductMethod,
}

/// Options of `product-of-many`.
#[derive(Debug, Clone, Args)]
pub struct ProductOfManyOptions {
    #[command(flatten)]
    accuracy: ErrorOrLevels,
    /// Number of factors.
    #[arg(long, value_name = "N", value_parser = whole_number(2, 4096))]
    size: u64,
    /// Bound of every factor.
    #[arg(long, value_name = "B", value_parser = positive_rational, default_value = "1", allow_hyphen_values = true)]
    bound: Rational,
}

/// Options of `power`.
#[derive(Debug, Clone, Args)]
pub struct PowerOptions {
    #[command(flatten)]
    accuracy: ErrorOrLevels,
    /// The exponent n.
    #[arg(long, value_name = "N", value_parser = count(4096))]
    degree: u64,
    /// The interval a:b.
    #[arg(long, value_name = "A:B", default_value = "-1:1", allow_hyphen_values = true)]
    domain: DomainOption,
    /// How it is realised.
    #[arg(long, value_name = "METHOD", default_value = "right-to-left")]
    method: PowerMethod,
}

/// Options of `polynomial`.
#[derive(Debug, Clone, Args)]
pub struct PolynomialOptions {
    #[command(flatten)]
    accuracy: ErrorOrLevels,
    /// The coefficients c0,c1,..,cn.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    coefficients: RationalList,
    /// The interval a:b.
    #[arg(long, value_name = "A:B", default_value = "-1:1", allow_hyphen_values = true)]
    domain: DomainOption,
    /// How it is realised.
    #[arg(long, value_name = "METHOD", default_value = "chebyshev")]
    method: PolynomialMethod,
}

/// Options of `reciprocal`.
#[derive(Debug, Clone, Args)]
pub struct ReciprocalOptions {
    #[command(flatten)]
    accuracy: ErrorOnly,
    /// The interval a:b, 0 < a < b.
    #[arg(long, value_name = "A:B", allow_hyphen_values = true)]
    domain: DomainOption,
    /// How it is realised; the smallest without it.
    #[arg(long, value_name = "METHOD")]
    method: Option<ReciprocalMethod>,
}

/// Options of every exact family.
#[derive(Debug, Clone, Args)]
pub struct ExactOptions {
    /// The largest error allowed; the network is exact, so any is met.
    #[arg(long, value_name = "E", value_parser = positive_rational, allow_hyphen_values = true)]
    error: Option<Rational>,
}

/// Options of `minimum`, `maximum`, `median`.
#[derive(Debug, Clone, Args)]
pub struct SizeOptions {
    #[command(flatten)]
    exact: ExactOptions,
    /// How many numbers.
    #[arg(long, value_name = "N", value_parser = count(4096))]
    size: u64,
    /// All numbers are in [-B, B]; saves neurons.
    #[arg(long, value_name = "B", value_parser = positive_rational, allow_hyphen_values = true)]
    bound: Option<Rational>,
}

/// Options of `interpolation`.
#[derive(Debug, Clone, Args)]
pub struct InterpolationOptions {
    #[command(flatten)]
    exact: ExactOptions,
    /// The points x0:y0,x1:y1,..
    #[arg(long, value_name = "POINTS", allow_hyphen_values = true)]
    points: PointsOption,
}

/// Options of `matrix-product`.
#[derive(Debug, Clone, Args)]
pub struct MatrixProductOptions {
    #[command(flatten)]
    accuracy: ErrorOrLevels,
    /// Rows D of the left factor.
    #[arg(long, value_name = "D", value_parser = count(1 << 20))]
    rows: u64,
    /// Columns N of the left factor, rows of the right one.
    #[arg(long, value_name = "N", value_parser = count(1 << 20))]
    inner: u64,
    /// Columns L of the right factor.
    #[arg(long, value_name = "L", value_parser = count(1 << 20))]
    columns: u64,
    /// Spectral norms are at most Z.
    #[arg(long, value_name = "Z", value_parser = positive_rational, default_value = "1", allow_hyphen_values = true)]
    bound: Rational,
    /// How it is realised.
    #[arg(long, value_name = "METHOD", default_value = "direct")]
    method: MatrixProductMethod,
}

/// Options of `matrix-power`.
#[derive(Debug, Clone, Args)]
pub struct MatrixPowerOptions {
    #[command(flatten)]
    accuracy: ErrorOnly,
    /// Rows D of the matrix.
    #[arg(long, value_name = "D", value_parser = count(1 << 20))]
    size: u64,
    /// The exponent n.
    #[arg(long, value_name = "N", value_parser = count(4096))]
    degree: u64,
    /// Spectral norms are at most Z.
    #[arg(long, value_name = "Z", value_parser = positive_rational, default_value = "1", allow_hyphen_values = true)]
    bound: Rational,
}

/// Options of `matrix-inverse`.
#[derive(Debug, Clone, Args)]
pub struct MatrixInverseOptions {
    #[command(flatten)]
    accuracy: ErrorOnly,
    /// Rows D of the matrix.
    #[arg(long, value_name = "D", value_parser = count(1 << 20))]
    size: u64,
    /// Spectral norms are at most 1 - DELTA.
    #[arg(long, value_name = "DELTA", value_parser = open_unit_interval, allow_hyphen_values = true)]
    delta: Rational,
    /// How it is realised.
    #[arg(long, value_name = "METHOD", default_value = "product-form")]
    method: InverseMethod,
}

/// Options of `linear-solve`.
#[derive(Debug, Clone, Args)]
pub struct LinearSolveOptions {
    #[command(flatten)]
    accuracy: ErrorOnly,
    /// Rows D of the matrix.
    #[arg(long, value_name = "D", value_parser = count(1 << 20))]
    size: u64,
    /// Lower end c of the spectrum.
    #[arg(long, value_name = "C", value_parser = positive_rational, allow_hyphen_values = true)]
    lower: Rational,
    /// Upper end C of the spectrum.
    #[arg(long, value_name = "C", value_parser = positive_rational, allow_hyphen_values = true)]
    upper: Rational,
    /// Largest 2-norm of the right-hand side.
    #[arg(long, value_name = "R", value_parser = positive_rational, default_value = "1", allow_hyphen_values = true)]
    rhs_bound: Rational,
    /// How it is realised.
    #[arg(long, value_name = "METHOD", default_value = "chebyshev")]
    method: SolveMethod,
}

impl Family {
    /// Builds the network with its claim.
    ///
    /// # Errors
    /// [`CliError`] when the options ask for what no network of the family gives.
    pub fn construct(&self) -> Result<Built, CliError> {
        let built = match self {
            Self::Squaring(o) => o.accuracy.build(
                |error| squaring_for_error(error, o.bound.as_ref(), o.method),
                |levels| squaring(levels, o.bound.as_ref(), o.method),
            ),
            Self::Product(o) => {
                let one = Rational::one();
                let both = o.bound.as_ref().unwrap_or(&one);
                let (left, right) = (o.bound_left.as_ref().unwrap_or(both), o.bound_right.as_ref().unwrap_or(both));
                match o.method {
                    ProductMethod::SharedAccumulator => o
                        .accuracy
                        .build(|error| product_for_error(error, left, right), |levels| product(levels, left, right)),
                }
            }
            Self::ProductOfMany(o) => o.accuracy.build(
                |error| product_of_many_for_error(error, o.size as usize, &o.bound),
                |levels| product_of_many(levels, o.size as usize, &o.bound),
            ),
            Self::Power(o) => o.accuracy.build(
                |error| power_for_error(error, o.degree as usize, interval(&o.domain)?, o.method),
                |levels| power(levels, o.degree as usize, interval(&o.domain)?, o.method),
            ),
            Self::Polynomial(o) => {
                let coefficients = &o.coefficients.0;
                o.accuracy.build(
                    |error| polynomial_for_error(error, coefficients, interval(&o.domain)?, o.method),
                    |levels| polynomial(levels, coefficients, interval(&o.domain)?, o.method),
                )
            }
            Self::Reciprocal(o) => {
                interval(&o.domain).and_then(|domain| reciprocal_for_error(&o.accuracy.error, domain, o.method))
            }
            Self::Minimum(o) => minimum(o.size as usize, o.bound.as_ref()),
            Self::Maximum(o) => maximum(o.size as usize, o.bound.as_ref()),
            Self::AbsoluteValue(_) => absolute_value(),
            Self::Median(o) => median(o.size as usize, o.bound.as_ref()),
            Self::Interpolation(o) => interpolation(&o.points.0),
            Self::MatrixProduct(o) => {
                let (rows, inner, columns) = (o.rows as usize, o.inner as usize, o.columns as usize);
                let shape = ProductShape { rows, inner, columns };
                o.accuracy.build(
                    |error| matrix_product_for_error(shape, error, &o.bound, o.method),
                    |levels| matrix_product(shape, levels, (&o.bound, &o.bound), o.method),
                )
            }
            Self::MatrixInverse(o) => matrix_inverse(o.size as usize, &o.delta, &o.accuracy.error, o.method),
            Self::MatrixPower(o) => matrix_power(o.size as usize, o.degree as usize, &o.bound, &o.accuracy.error),
            Self::LinearSolve(o) => {
                let request = SolveRequest {
                    size: o.size as usize,
                    lower: o.lower.clone(),
                    upper: o.upper.clone(),
                    rhs_bound: o.rhs_bound.clone(),
                    error: o.accuracy.error.clone(),
                };
                linear_solve(&request, o.method)
            }
            Self::ReluToSpiking(o) => return o.build().map(|built| Built::Spiking(Box::new(built))),
            Self::SpikingToRelu(o) => return o.build().map(|built| Built::Relu(Box::new(built))),
            Self::SpikingMinimum(o) => return o.build().map(|built| Built::Spiking(Box::new(built))),
        };
        built.map(|built| Built::Relu(Box::new(built))).map_err(CliError::new)
    }
}

/// The one interval of a domain.
fn interval(domain: &DomainOption) -> Result<(&Rational, &Rational), ConstructError> {
    match domain.0.as_slice() {
        [(a, b)] => Ok((a, b)),
        sides => Err(ConstructError::parameter("domain", format!("{} intervals", sides.len()), "one interval a:b")),
    }
}

/// Lets the command line read a method by its name.
macro_rules! named_method {
    ($($method:ty),*) => {$(
        impl core::str::FromStr for $method {
            type Err = UnknownMethod;
            fn from_str(text: &str) -> Result<Self, UnknownMethod> {
                let names = || Self::ALL.iter().map(|method| method.name()).collect::<Vec<_>>().join(", ");
                Self::ALL.into_iter().find(|method| method.name() == text).ok_or_else(|| UnknownMethod::new(text, names()))
            }
        }
    )*};
}
named_method!(
    InverseMethod,
    SquaringMethod,
    ProductMethod,
    PowerMethod,
    PolynomialMethod,
    ReciprocalMethod,
    MatrixProductMethod,
    SolveMethod,
    FromReluMethod,
    ToReluMethod
);

/// A method that the family does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no method of this family: accepted are {accepted}")]
pub struct UnknownMethod {
    text: String,
    accepted: String,
}

impl UnknownMethod {
    fn new(text: impl Display, accepted: String) -> Self {
        Self { text: text.to_string().chars().take(60).collect(), accepted }
    }
}
