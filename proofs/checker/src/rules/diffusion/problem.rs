//! The boundary value problem: grid, coefficient, load.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Zero};

use crate::lexer::Tokens;
use crate::network::Weight;
use crate::problem::{Problem, problem};
use crate::rules::require;

/// The most cells a side.
const CELLS: u64 = 1 << 11;
/// The most numbers a_ki.
const VALUES: u64 = 1 << 20;
/// The most bits of the common denominator of the a_ki, and of each of them over it.
const BITS: u64 = 1 << 10;
/// The most terms of the load, and its highest degree.
const TERMS: u64 = 1 << 10;
const DEGREE: u64 = 1 << 6;

/// div(a_y grad u) = -f on the unit square, u = 0 on its boundary, a_y constant on triangles and affine in y.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diffusion {
    /// n
    pub cells: usize,
    /// p
    pub parameters: usize,
    /// For each class a_k0, .., a_kp, over the denominator.
    pub values: Vec<Vec<BigInt>>,
    /// The common denominator.
    pub denominator: BigInt,
    /// The classes of the triangles.
    pub classes: Vec<u32>,
    /// c x_1^e_1 x_2^e_2
    pub load: Vec<(Weight, [usize; 2])>,
}

/// A natural number from `least` to `most`.
pub(super) fn within(tokens: &mut Tokens<'_>, what: &str, least: u64, most: u64) -> Result<usize, Problem> {
    let n = tokens.natural()?;
    let fits = usize::try_from(n).ok().filter(|_| (least..=most).contains(&n));
    fits.ok_or_else(|| Problem(format!("{what} is {n}, from {least} to {most} are accepted")))
}

/// The least common denominator.
pub(super) fn common<'a>(weights: impl IntoIterator<Item = &'a Weight>, bits: u64) -> Result<BigInt, Problem> {
    let mut common = BigInt::one();
    for weight in weights {
        if !common.is_multiple_of(weight.denom()) {
            common = common.lcm(weight.denom());
        }
        require(common.bits() <= bits, "common denominators are short")?;
    }
    Ok(common)
}

/// The weight times a multiple of its denominator.
pub(super) fn over(weight: &Weight, denominator: &BigInt) -> BigInt {
    weight.numer() * (denominator / weight.denom())
}

impl Diffusion {
    /// Reads what follows the word of the target.
    ///
    /// # Errors
    /// For anything else, or a problem beyond the limits.
    pub fn read(tokens: &mut Tokens<'_>) -> Result<Self, Problem> {
        let cells = within(tokens, "the number of cells a side", 2, CELLS)?;
        let parameters = within(tokens, "the number of parameters", 1, VALUES)?;
        let count = within(tokens, "the number of classes", 1, VALUES / (parameters as u64 + 1))?;
        let mut weights = Vec::new();
        for _ in 0..count * (parameters + 1) {
            weights.push(tokens.rational()?);
        }
        let denominator = common(&weights, BITS)?;
        let values: Vec<BigInt> = weights.iter().map(|weight| over(weight, &denominator)).collect();
        require(values.iter().all(|value| value.bits() <= BITS), "coefficients are short")?;
        let values = values.chunks(parameters + 1).map(<[BigInt]>::to_vec).collect();
        let triangles = 2 * cells * cells;
        let mut classes = Vec::new();
        for _ in 0..within(tokens, "the number of runs", 1, triangles as u64)? {
            let class = u32::try_from(tokens.natural()?).ok().filter(|class| (*class as usize) < count);
            let Some(class) = class else { return problem(format!("classes are numbered from 0 to {}", count - 1)) };
            let left = (triangles - classes.len()) as u64;
            let length = within(tokens, "the length of a run", 1, left)?;
            classes.resize(classes.len() + length, class);
        }
        require(classes.len() == triangles, "the runs have all 2 n^2 triangles")?;
        let mut load = Vec::new();
        for _ in 0..within(tokens, "the number of terms of the load", 0, TERMS)? {
            let c = tokens.rational()?;
            require(c.numer().bits() <= BITS, "coefficients are short")?;
            let e = [within(tokens, "an exponent", 0, DEGREE)?, within(tokens, "an exponent", 0, DEGREE)?];
            require(e[0] + e[1] <= DEGREE as usize, "the degree of the load is at most 2^6")?;
            load.push((c, e));
        }
        common(load.iter().map(|(c, _)| c), BITS)?;
        Ok(Self { cells, parameters, values, denominator, classes, load })
    }
    /// The interior nodes.
    pub fn nodes(&self) -> usize {
        (self.cells - 1) * (self.cells - 1)
    }
    /// The values over the box of these sides.
    pub fn ranges(&self, sides: &[[Weight; 2]]) -> Result<Ranges, Problem> {
        let ends = common(sides.iter().flatten(), BITS)?;
        let sides: Vec<[BigInt; 2]> = sides.iter().map(|side| [over(&side[0], &ends), over(&side[1], &ends)]).collect();
        let range = |class: &Vec<BigInt>| {
            let mut range = [BigInt::zero(), BigInt::zero()];
            for (i, value) in class.iter().enumerate() {
                match i.checked_sub(1).and_then(|i| sides.get(i)) {
                    None => range.iter_mut().for_each(|end| *end += value * &ends),
                    Some(_) if value.is_zero() => {}
                    // An affine function is least and largest at corners.
                    Some([l, h]) => {
                        let (below, above) = if *value > BigInt::ZERO { (l, h) } else { (h, l) };
                        range[0] += value * below;
                        range[1] += value * above;
                    }
                }
            }
            range
        };
        Ok(Ranges { list: self.values.iter().map(range).collect(), denominator: &self.denominator * &ends })
    }
}

/// For each class the least and the largest value of the coefficient over a box, over one denominator.
pub struct Ranges {
    list: Vec<[BigInt; 2]>,
    denominator: BigInt,
}

impl Ranges {
    fn weight(&self, value: Option<&BigInt>) -> Weight {
        Weight::new(value.cloned().unwrap_or_default(), self.denominator.clone())
    }
    /// The least value.
    pub fn least(&self) -> Weight {
        self.weight(self.list.iter().map(|range| &range[0]).min())
    }
    /// The largest value.
    pub fn most(&self) -> Weight {
        self.weight(self.list.iter().map(|range| &range[1]).max())
    }
    /// The least value of a class.
    pub fn least_of(&self, class: usize) -> Weight {
        self.weight(self.list.get(class).map(|range| &range[0]))
    }
}
