//! Exact arithmetic in towers of real square roots.

use super::Number;
use super::error::FieldError;
use crate::arith::{Integer, Rational};

/// The most square roots that are adjoined in one run: an element has up to 2^6 coefficients.
pub const MAX_ROOTS: usize = 6;
/// The most bits of one number, numerators and denominators of all coefficients together.
pub const MAX_BITS: u64 = 1 << 15;

/// Factors p^2 with p below this are taken out of a rational radicand.
const SMALL_FACTORS: i64 = 1000;

/// The field Q(g_1, .., g_k), where g_i is the positive square root of an element of Q(g_1, .., g_(i-1)) that is positive
/// and not a square there.
///
/// As no radicand is a square, 1 and g_i are independent over the field below: an element has one list of coefficients,
/// and it is 0 exactly when all of them are. Every operation here is exact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tower {
    radicands: Vec<Number>,
}

impl Tower {
    /// The rational numbers.
    pub fn new() -> Self {
        Self::default()
    }
    /// g_1^2, g_2^2, ..
    pub fn radicands(&self) -> &[Number] {
        &self.radicands
    }

    /// a + b.
    ///
    /// # Errors
    /// [`FieldError::Bits`] beyond [`MAX_BITS`].
    pub fn add(&self, a: &Number, b: &Number) -> Result<Number, FieldError> {
        limited(a.sum(b))
    }
    /// a - b.
    ///
    /// # Errors
    /// [`FieldError::Bits`] beyond [`MAX_BITS`].
    pub fn subtract(&self, a: &Number, b: &Number) -> Result<Number, FieldError> {
        limited(a.difference(b))
    }
    /// a b.
    ///
    /// # Errors
    /// [`FieldError::Bits`] beyond [`MAX_BITS`].
    pub fn multiply(&self, a: &Number, b: &Number) -> Result<Number, FieldError> {
        limited(self.product(a, b))
    }
    /// a / b.
    ///
    /// # Errors
    /// [`FieldError::DivisionByZero`], and [`FieldError::Bits`] beyond [`MAX_BITS`].
    pub fn divide(&self, a: &Number, b: &Number) -> Result<Number, FieldError> {
        let inverse = self.inverse(b).ok_or(FieldError::DivisionByZero)?;
        limited(self.product(a, &inverse))
    }
    /// The square root that is not negative; adjoins it where the field has none.
    ///
    /// # Errors
    /// [`FieldError::NegativeRadicand`], [`FieldError::Roots`] beyond [`MAX_ROOTS`], and [`FieldError::Bits`].
    pub fn sqrt(&mut self, a: &Number) -> Result<Number, FieldError> {
        if self.sign(a) < 0 {
            return Err(FieldError::NegativeRadicand);
        }
        if let Some(root) = self.root(a, self.radicands.len()) {
            let root = if self.sign(&root) < 0 { -&root } else { root };
            return limited(root);
        }
        let (factor, radicand) = match a.as_rational() {
            Some(x) => {
                let (factor, radicand) = without_squares(x);
                (factor, Number::from(radicand))
            }
            None => (Rational::one(), a.clone()),
        };
        if self.radicands.len() >= MAX_ROOTS {
            return Err(FieldError::Roots);
        }
        // factor^2 radicand = a is not a square in the field, so the radicand is none.
        self.radicands.push(limited(radicand)?);
        let level = self.radicands.len();
        limited(Number::join(Number::zero(), Number::from(factor), level))
    }

    /// The sign: -1, 0 or 1.
    pub fn sign(&self, a: &Number) -> i32 {
        if let Some(x) = a.as_rational() {
            return x.signum();
        }
        let level = a.level();
        let (x, y) = a.split(level);
        // x + y g with y not 0 and g > 0.
        let (x_sign, y_sign) = (self.sign(&x), self.sign(&y));
        if x_sign == 0 || x_sign == y_sign {
            return y_sign;
        }
        // Signs differ: x wins exactly when x^2 > y^2 g^2. The two are never equal, as g is not x/y.
        x_sign * self.sign(&self.norm(&x, &y, level))
    }

    /// a b, without a limit.
    pub(super) fn product(&self, a: &Number, b: &Number) -> Number {
        match (a.as_rational(), b.as_rational()) {
            (Some(t), _) => return b.scaled(t),
            (_, Some(t)) => return a.scaled(t),
            _ => {}
        }
        let level = a.level().max(b.level());
        let ((x, y), (u, v)) = (a.split(level), b.split(level));
        // (x + y g)(u + v g) = (x u + y v g^2) + (x v + y u) g
        let low = self.product(&x, &u).sum(&self.product(&self.product(&y, &v), self.square(level)));
        let high = self.product(&x, &v).sum(&self.product(&y, &u));
        Number::join(low, high, level)
    }

    /// 1 / a; `None` for 0.
    fn inverse(&self, a: &Number) -> Option<Number> {
        if let Some(x) = a.as_rational() {
            return x.recip().map(Number::from);
        }
        let level = a.level();
        let (x, y) = a.split(level);
        // 1/(x + y g) = (x - y g)/(x^2 - y^2 g^2); the norm is not 0 as g^2 is no square in the field below.
        let norm = self.inverse(&self.norm(&x, &y, level))?;
        Some(Number::join(self.product(&x, &norm), -&self.product(&y, &norm), level))
    }

    /// g_level^2.
    fn square(&self, level: usize) -> &Number {
        &self.radicands[level - 1]
    }

    /// x^2 - y^2 g_level^2, the norm of x + y g_level.
    fn norm(&self, x: &Number, y: &Number, level: usize) -> Number {
        let squared = self.product(&self.product(y, y), self.square(level));
        self.product(x, x).difference(&squared)
    }

    /// A square root of a in Q(g_1, .., g_level), of any sign; `None` when there is none.
    ///
    /// Decides: for a = x + y g and a root p + q g, p^2 + q^2 g^2 = x and 2 p q = y.
    fn root(&self, a: &Number, level: usize) -> Option<Number> {
        if self.sign(a) < 0 {
            // The field is real.
            return None;
        }
        if level == 0 {
            return rational_root(a.as_rational()?).map(Number::from);
        }
        let (x, y) = a.split(level);
        let below = level - 1;
        if y.is_zero() {
            // p q = 0: either x = p^2, or x = q^2 g^2.
            if let Some(p) = self.root(&x, below) {
                return Some(p);
            }
            let quotient = self.product(&x, &self.inverse(self.square(level))?);
            return self.root(&quotient, below).map(|q| Number::join(Number::zero(), q, level));
        }
        // The norm of a is the square of the norm n = p^2 - q^2 g^2 of the root, and p^2 = (x + n)/2, where n may have
        // either sign. Conversely p^2 = (x + n)/2 and q = y/(2p) give q^2 g^2 = (x^2 - n^2)/(4 p^2) = (x - n)/2.
        let n = self.root(&self.norm(&x, &y, level), below)?;
        let half = Rational::ratio(1, 2);
        [x.sum(&n), x.difference(&n)].iter().find_map(|twice| {
            let p = self.root(&twice.scaled(&half), below)?;
            // p = 0 would give y = 2 p q = 0: inverse(0) is None, and the other sign of n is tried.
            let q = self.product(&y, &self.inverse(&p)?).scaled(&half);
            Some(Number::join(p, q, level))
        })
    }
}

/// The number, unless it is too large.
pub(super) fn limited(a: Number) -> Result<Number, FieldError> {
    if a.bits() > MAX_BITS { Err(FieldError::Bits) } else { Ok(a) }
}

/// The root of a square of a rational number.
fn rational_root(x: &Rational) -> Option<Rational> {
    // In lowest terms p/q >= 0 is a square exactly when p and q are.
    Rational::new(integer_root(&x.numerator())?, integer_root(&x.denominator())?)
}

fn integer_root(n: &Integer) -> Option<Integer> {
    let root = n.sqrt_floor();
    (&(&root * &root) == n).then_some(root)
}

/// f and an integer r with x = f^2 r, for x > 0; r has no factor p^2 with p small.
fn without_squares(x: &Rational) -> (Rational, Rational) {
    // p/q = (p q)/q^2
    let mut radicand = &x.numerator() * &x.denominator();
    let mut factor = Integer::one();
    for p in 2..SMALL_FACTORS {
        let (p, square) = (Integer::from(p), Integer::from(p * p));
        if square > radicand {
            break;
        }
        loop {
            let (quotient, rest) = radicand.div_rem_euclid(&square);
            if !rest.is_zero() {
                break;
            }
            radicand = quotient;
            factor = &factor * &p;
        }
    }
    let factor = Rational::from(factor) / Rational::from(x.denominator());
    (factor, Rational::from(radicand))
}
