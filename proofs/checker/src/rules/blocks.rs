//! Blocks: the checker builds them and compares; and what is taken on trust.

use super::{Proof, Specification, require};
use crate::generate::{self, Extreme, MAX_MEDIAN, Squaring, same_network};
use crate::interval::Interval;
use crate::lexer::Tokens;
use crate::network::{Network, Operation, Weight};
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::statement::{Domain, Target, points};

/// What `spec` may name.
const NAMES: [&str; 10] = [
    "squaring",
    "dot",
    "matrix-product",
    "carried-product",
    "symmetric-inverse",
    "minimum",
    "maximum",
    "median",
    "absolute-value",
    "interpolation",
];

/// The name of a block, as far as there is one of this name.
pub fn block_name(word: &str) -> &'static str {
    NAMES.iter().find(|name| **name == word).copied().unwrap_or("text")
}

/// The most levels of a block.
const MAX_LEVELS: u64 = 10_000;

/// A number m of levels.
pub(super) fn levels(tokens: &mut Tokens<'_>) -> Result<u64, Problem> {
    let m = tokens.natural()?;
    if (1..=MAX_LEVELS).contains(&m) { Ok(m) } else { problem(format!("{m} levels are not 1 to {MAX_LEVELS}")) }
}

/// e_m = 2^(-2m-2)
fn unit_error(m: u64) -> Number {
    Number::power_of_two(-2 * i64::try_from(m).unwrap_or(0) - 2)
}

/// `spec i RULE ..`: the network and its specification.
///
/// # Errors
/// When the network is not that block, or a condition fails.
pub fn block(proof: &Proof, mut tokens: Tokens<'_>) -> Result<(usize, Specification), Problem> {
    let number = proof.open(&mut tokens)?;
    let (network, specification) = match tokens.word()? {
        "squaring" => squaring(&mut tokens)?,
        "dot" => dot(&mut tokens)?,
        "matrix-product" => matrix_product(proof, &mut tokens)?,
        "carried-product" => carried_product(proof, &mut tokens)?,
        "symmetric-inverse" => symmetric_inverse(proof, &mut tokens)?,
        "minimum" => extreme(&mut tokens, Extreme::Minimum)?,
        "maximum" => extreme(&mut tokens, Extreme::Maximum)?,
        "median" => {
            let n = tokens.natural()?;
            require(n % 2 == 1 && n <= MAX_MEDIAN, "n is odd and at most 255")?;
            let bound = sided(&mut tokens)?;
            let domain = exact_domain(n, bound.as_ref());
            (generate::median(n, bound.as_ref())?, Specification::Exact(Target::Median(n), domain))
        }
        "absolute-value" => {
            (generate::absolute_value()?, Specification::Exact(Target::AbsoluteValue, Domain::Space(1)))
        }
        "interpolation" => {
            let points = points(&mut tokens)?;
            let weights: Vec<_> = points.iter().map(|(x, y)| (x.to_weight(), y.to_weight())).collect();
            let network = generate::interpolation(&weights)?;
            (network, Specification::Exact(Target::Interpolation(points), Domain::Space(1)))
        }
        other => return problem(format!("'{other}' is not a block")),
    };
    tokens.end()?;
    same_network(&network, proof.network(number)?)?;
    Ok((number, specification))
}

fn squaring(tokens: &mut Tokens<'_>) -> Result<(Network, Specification), Problem> {
    let m = levels(tokens)?;
    let bound = match tokens.peek(0) {
        "unit" => tokens.word().map(|_| None)?,
        _ => Some(tokens.positive()?),
    };
    let method = match tokens.word()? {
        "delayed" => Squaring::Delayed,
        "centred" => Squaring::Centred,
        "bounded-weights" => Squaring::BoundedWeights,
        "four-wide" => Squaring::FourWide,
        other => return problem(format!("'{other}' is not a method of squaring")),
    };
    let network = generate::squaring(m, bound.as_ref(), method)?;
    let (two_sided, centred) = (bound.is_some(), method == Squaring::Centred);
    let bound = bound.map_or_else(Number::one, |b| Number::from(&b));
    // B^2 f_m(|x| / B) - x^2 lies in [0, B^2 e_m]; centred, half of that is taken off.
    let most = &bound.square() * &unit_error(m);
    let error = if centred {
        Interval::around(&Number::zero(), &most.scaled(-1))
    } else {
        Interval { lo: Number::zero(), hi: most }
    };
    Ok((network, Specification::Square { two_sided, bound, error, centred }))
}

/// B1 B2, both positive.
fn bounds(tokens: &mut Tokens<'_>) -> Result<([Weight; 2], [Number; 2]), Problem> {
    let weights = [tokens.positive()?, tokens.positive()?];
    let numbers = [Number::from(&weights[0]), Number::from(&weights[1])];
    Ok((weights, numbers))
}

fn dot(tokens: &mut Tokens<'_>) -> Result<(Network, Specification), Problem> {
    let (length, m) = (tokens.natural()?, levels(tokens)?);
    let ([b1, b2], bounds) = bounds(tokens)?;
    require(length > 0, "n > 0")?;
    let network = generate::dot(length, m, &b1, &b2)?;
    // Each of the n products errs by at most B1 B2 e_m.
    let [p, q] = &bounds;
    let error = &(&Number::from(length) * &(p * q)) * &unit_error(m);
    Ok((network, Specification::Dot { length, levels: m, bounds, error }))
}

fn matrix_product(proof: &Proof, tokens: &mut Tokens<'_>) -> Result<(Network, Specification), Problem> {
    let shape @ [d, n, l] = [tokens.natural()?, tokens.natural()?, tokens.natural()?];
    let m = levels(tokens)?;
    let ([b1, b2], bounds) = bounds(tokens)?;
    let root = tokens.dyadic()?;
    require(d > 0 && n > 0 && l > 0, "d, n, l > 0")?;
    require(root.is_positive(), "r > 0")?;
    let [p, q] = &bounds;
    let unit = &(p * q) * &unit_error(m);
    let [rows, inner, columns] = shape.map(Number::from);
    let area = &rows * &columns;
    let three_halves = Number::dyadic(3.into(), -1);
    let (network, error, attained, shared_squares) = match tokens.word()? {
        "direct" => {
            let j = number(tokens)?;
            let right = matches!(proof.known(j)?, Specification::Dot { length, levels, bounds: known, .. }
                if (*length, *levels) == (n, m) && *known == bounds);
            require(right, "network j has the specification dot(n, m, B1, B2)")?;
            // |E|_2 <= |E|_F <= sqrt(d l) max |E_ij|
            require(root.square() >= area, "r^2 >= d l")?;
            // Constant matrices of entries B 2^(-m-1) have norms B 2^(-m-1) sqrt(d n), B 2^(-m-1) sqrt(n l).
            let reach = unit_error(m);
            let fits = |area: &Number| area * &reach <= Number::one();
            let attained = root.square() == area && fits(&(&rows * &inner)) && fits(&(&inner * &columns));
            (generate::direct((d, n, l), j)?, &(&root * &inner) * &unit, attained, None)
        }
        "shared-squares" => {
            require(root.square() >= area, "r^2 >= d l")?;
            let network = generate::shared_squares((d, n, l), m, (&b1, &b2))?;
            // An entry errs by at most (3/2) n B1 B2 e_m.
            (network, &(&root * &three_halves) * &(&inner * &unit), false, Some(m))
        }
        "strassen" => {
            let (k, j) = (tokens.natural()?, number(tokens)?);
            let base = u32::try_from(k).ok().and_then(|k| 2u64.checked_pow(k)).filter(|halves| d % halves == 0);
            let (Some(halves), true) = (base, d == n && n == l) else {
                return problem("d = n = l = 2^k b does not hold");
            };
            let b = d / halves;
            let right = matches!(proof.known(j)?, Specification::MatrixProduct { shape, bounds: known, shared_squares, .. }
                if *shape == [b; 3] && *shared_squares == Some(m) && *known == bounds);
            require(right, "network j has the specification matrix-product(b, b, b, m, B1, B2, shared-squares)")?;
            // F of the base is b (3/2) b B1 B2 e_m; each level multiplies it by at most sqrt(320).
            let factor = (0..k).fold(Number::one(), |power, _| &power * &Number::from(320));
            require(root.square() >= factor, "r^2 >= 320^k")?;
            let network = generate::strassen((u32::try_from(k).unwrap_or(0), b), m, (&b1, &b2), j)?;
            (network, &(&root * &three_halves) * &(&Number::from(b).square() * &unit), false, None)
        }
        other => return problem(format!("'{other}' is not a method of the matrix product")),
    };
    Ok((network, Specification::MatrixProduct { shape, bounds, error, attained, limit: None, shared_squares }))
}

/// The number of a network.
fn number(tokens: &mut Tokens<'_>) -> Result<usize, Problem> {
    Ok(usize::try_from(tokens.natural()?).unwrap_or(usize::MAX))
}

fn carried_product(proof: &Proof, tokens: &mut Tokens<'_>) -> Result<(Network, Specification), Problem> {
    let (c, j) = (tokens.positive()?, number(tokens)?);
    let Specification::MatrixProduct { shape, bounds, error, limit: None, .. } = proof.known(j)? else {
        return problem("network j has no specification matrix-product without limit");
    };
    // Entries are at least -|P| >= -c, so that max(P + c, 0) - c = P.
    let network = generate::carried_product(*shape, &c, j)?;
    let (bounds, error, limit) = (bounds.clone(), error.clone(), Some(Number::from(&c)));
    let attained = false;
    Ok((network, Specification::MatrixProduct { shape: *shape, bounds, error, attained, limit, shared_squares: None }))
}

fn symmetric_inverse(proof: &Proof, tokens: &mut Tokens<'_>) -> Result<(Network, Specification), Problem> {
    let (size, lower, upper) = (tokens.natural()?, tokens.fraction()?, tokens.fraction()?);
    let (scale, j) = (tokens.positive()?, number(tokens)?);
    let Specification::Inverse { size: d, radius, error } = proof.known(j)? else {
        return problem("network j has no specification inverse");
    };
    require(*d == size, "network j inverts d x d matrices")?;
    require(lower.is_positive() && lower <= upper, "0 < c <= C")?;
    let (alpha, one) = (Number::from(&scale), Number::one());
    // The eigenvalues of I - alpha B lie between 1 - alpha C and 1 - alpha c.
    for end in [&lower, &upper] {
        require((&one - &(&alpha * end)).abs() <= *radius, "|1 - alpha c|, |1 - alpha C| <= q")?;
    }
    // B^-1 = alpha (I - (I - alpha B))^-1
    let error = &alpha * error;
    Ok((generate::symmetric_inverse(size, &scale, j)?, Specification::SymmetricInverse { size, lower, upper, error }))
}

/// `two-sided`, or `one-sided B`.
fn sided(tokens: &mut Tokens<'_>) -> Result<Option<Weight>, Problem> {
    match tokens.word()? {
        "two-sided" => Ok(None),
        "one-sided" => tokens.positive().map(Some),
        other => problem(format!("'{other}' is neither two-sided nor one-sided")),
    }
}

fn exact_domain(n: u64, bound: Option<&Weight>) -> Domain {
    bound.map(Number::from).map_or(Domain::Space(n), |b| Domain::Cube(n, -&b, b))
}

fn extreme(tokens: &mut Tokens<'_>, which: Extreme) -> Result<(Network, Specification), Problem> {
    let n = tokens.natural()?;
    require(n > 0, "n > 0")?;
    let bound = sided(tokens)?;
    let target = if which == Extreme::Minimum { Target::Minimum(n) } else { Target::Maximum(n) };
    let domain = exact_domain(n, bound.as_ref());
    Ok((generate::extreme(which, n, bound.as_ref())?, Specification::Exact(target, domain)))
}

/// `assume i matrix-product d n l B1 B2 E`: the network and what is taken on trust of it.
///
/// # Errors
/// When the network has other dimensions.
pub fn assume(proof: &Proof, mut tokens: Tokens<'_>) -> Result<(usize, Specification), Problem> {
    let number = proof.open(&mut tokens)?;
    tokens.expect("matrix-product")?;
    let shape @ [d, n, l] = [tokens.natural()?, tokens.natural()?, tokens.natural()?];
    let (_, bounds) = bounds(&mut tokens)?;
    let error = tokens.size()?;
    tokens.end()?;
    let network = proof.network(number)?;
    let inputs = network.nodes.iter().filter_map(|node| match node.operation {
        Operation::Input(dimension) => Some(Some(dimension)),
        _ => None,
    });
    let fits = d > 0
        && n > 0
        && l > 0
        && inputs.eq([d.checked_mul(n), n.checked_mul(l)])
        && network.nodes.get(network.output).map(|node| node.dimension) == d.checked_mul(l);
    require(fits, "the network maps two matrices to one of these shapes")?;
    Ok((
        number,
        Specification::MatrixProduct { shape, bounds, error, attained: false, limit: None, shared_squares: None },
    ))
}
