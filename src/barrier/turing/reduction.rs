//! What a solver knows of a problem whose data contain the number of a machine.

use core::fmt;

use super::SignedPower;
use crate::arith::Rational;

/// From this exponent on bounds are those for 2^-64: they are monotone in s, and the difference cannot be seen.
const WRITTEN_OUT: u64 = 64;
/// Bits of the square roots of distances.
const BITS: u64 = 40;

/// A problem with one datum s, whose solution jumps at s = 0. The page of [`super`] has the reductions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// min |x|_1 subject to |x1 + (1 + s) x2 - 1| <= 1/8.
    L1,
    /// The pseudoinverse of diag(1, |s|).
    Pseudoinverse,
    /// min x1 + x2 subject to x1 + (1 + s) x2 = 1, x >= 0.
    LinearProgram,
    /// A minimiser of (x^2 - 1)^2 + s x.
    Optimiser,
    /// The sign of s; for s = 0 either is right.
    Classifier,
}

/// How far an answer is from the set of true solutions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distance {
    /// The answer is a true solution.
    Zero,
    /// At most this, and not 0.
    AtMost(Rational),
    /// At least this.
    AtLeast(Rational),
    /// 2 to this power, exactly.
    PowerOfTwo(u64),
}

/// Whether an answer is right: within [`Problem::bar`] of a true solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Judgement {
    /// It is right, and the data are those of the machine.
    Right,
    /// It is right, but the data are those of another machine, for which another answer is as good.
    Luck,
    /// It is wrong.
    Wrong,
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Right => "right",
            Self::Luck => "right by luck",
            Self::Wrong => "wrong",
        })
    }
}

impl Problem {
    /// Every problem.
    pub const ALL: [Self; 5] = [Self::L1, Self::Pseudoinverse, Self::LinearProgram, Self::Optimiser, Self::Classifier];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::L1 => "l1",
            Self::Pseudoinverse => "pseudoinverse",
            Self::LinearProgram => "lp",
            Self::Optimiser => "optimiser",
            Self::Classifier => "classifier",
        }
    }

    /// The problem in one line.
    pub fn statement(self) -> &'static str {
        match self {
            Self::L1 => "min |x|_1 subject to |x1 + (1 + s) x2 - 1| <= 1/8",
            Self::Pseudoinverse => "the last entry of the pseudoinverse of diag(1, |s|)",
            Self::LinearProgram => "min x1 + x2 subject to x1 + (1 + s) x2 = 1, x >= 0",
            Self::Optimiser => "a minimiser of (x^2 - 1)^2 + s x",
            Self::Classifier => "the sign of s, either one for s = 0",
        }
    }

    /// The distance within which an answer is called right: 1/4.
    pub fn bar(self) -> Rational {
        Rational::ratio(1, 4)
    }

    /// The datum of the problem for the number of a machine: |s| for the pseudoinverse, else s.
    pub fn datum(self, s: SignedPower) -> SignedPower {
        if self == Self::Pseudoinverse { s.abs() } else { s }
    }

    /// The height of the jump of l1 minimisation and of the linear program: solutions (g, 0) and (0, g/(1 + s)).
    fn height(self) -> Rational {
        // Y - eps = 1 - 1/8, and y1 = 1.
        if self == Self::L1 { Rational::ratio(7, 8) } else { Rational::one() }
    }

    /// What the solver answers to a datum: an exact solution, or for the optimiser a number within |s|/16 of one.
    ///
    /// Where there are many, at s = 0, it takes the middle of the segment, the larger minimiser, the sign +.
    pub fn answer(self, read: SignedPower) -> String {
        let read = self.datum(read);
        match (self, read) {
            (Self::L1, SignedPower::Zero) => "(7/16, 7/16)".to_owned(),
            (Self::LinearProgram, SignedPower::Zero) => "(1/2, 1/2)".to_owned(),
            // Lemma of Bastounis, Hansen and Vlacic: all weight goes to the larger of the entries 1 and 1 + s.
            (Self::L1 | Self::LinearProgram, SignedPower::Power { negative: true, .. }) => {
                format!("({}, 0)", self.height())
            }
            (Self::L1 | Self::LinearProgram, SignedPower::Power { negative: false, .. }) => {
                format!("(0, {}/(1 + {read}))", self.height())
            }
            (Self::Pseudoinverse, SignedPower::Zero) => "0".to_owned(),
            (Self::Pseudoinverse, SignedPower::Power { exponent, .. }) => format!("2^{exponent}"),
            (Self::Optimiser, SignedPower::Zero) => "1".to_owned(),
            (Self::Optimiser, SignedPower::Power { negative, exponent }) => {
                let (well, sign) = if negative { ("1", "+") } else { ("-1", "-") };
                // 2^-exponent / 16.
                format!("{well} {sign} 2^-{}", exponent.saturating_add(4))
            }
            (Self::Classifier, SignedPower::Power { negative: true, .. }) => "-".to_owned(),
            (Self::Classifier, _) => "+".to_owned(),
        }
    }

    /// The true solutions, all of them.
    pub fn solution(self, truth: SignedPower) -> String {
        match (self, self.datum(truth)) {
            (Self::L1 | Self::LinearProgram, SignedPower::Zero) => {
                format!("(t, {} - t), 0 <= t <= {}", self.height(), self.height())
            }
            (Self::Optimiser, SignedPower::Zero) => "-1 and 1".to_owned(),
            (Self::Optimiser, SignedPower::Power { negative, exponent }) => {
                let exponent = exponent.saturating_add(3);
                if negative { format!("in (1, 1 + 2^-{exponent})") } else { format!("in (-1 - 2^-{exponent}, -1)") }
            }
            (Self::Classifier, SignedPower::Zero) => "+ and -".to_owned(),
            (_, truth) => self.answer(truth),
        }
    }

    /// The distance of the answer to `read` from the true solutions for `truth`, in the 2-norm.
    ///
    /// A reading is `truth` or 0 (`None` otherwise: no reading of [`HaltingReal`](super::HaltingReal) is another number).
    ///
    /// *Proofs*, for g the height of the jump and |s| = 2^-h <= 1/2. The middle (g/2, g/2) is g/sqrt(2) away from (g, 0),
    /// and from (0, g/(1 + s)) by the root of g^2/4 (1 + ((1 - s)/(1 + s))^2), which decreases in s. Optimiser: for s > 0
    /// the minimiser is negative, as f(-x) = f(x) - 2 s x for x > 0. There f'(x) = 4 x (x^2 - 1) + s is positive on
    /// \[-1, 0) and increases on x < -1. At -1 - s/8 it is s - (1 + s/8)(s + s^2/16) < 0. So the minimiser is in
    /// (-1 - s/8, -1): within s/16 of the middle of this interval, more than 2 away from 1. For s < 0 with the signs
    /// exchanged; then it is within |s|/8 of 1. Signs are numbers 1 and -1.
    pub fn distance(self, read: SignedPower, truth: SignedPower) -> Option<Distance> {
        let (read, truth) = (self.datum(read), self.datum(truth));
        let SignedPower::Power { negative, exponent } = truth else {
            return (read == truth).then_some(Distance::Zero);
        };
        // t >= |s|, so bounds that increase in |s| hold at t as upper bounds, those that decrease as lower bounds.
        let t = Rational::power_of_two(-i64::try_from(exponent.min(WRITTEN_OUT)).unwrap_or(0));
        if read == truth {
            let near = Distance::AtMost(t.scale_by_power_of_two(-4));
            return Some(if self == Self::Optimiser { near } else { Distance::Zero });
        }
        (read == SignedPower::Zero).then(|| match self {
            Self::L1 | Self::LinearProgram => {
                let ratio = if negative { Rational::one() } else { (Rational::one() - &t) / (Rational::one() + &t) };
                let half = self.height().scale_by_power_of_two(-1);
                let square = &(&half * &half) * &(Rational::one() + &ratio * &ratio);
                Distance::AtLeast(square.sqrt_down(BITS))
            }
            Self::Pseudoinverse => Distance::PowerOfTwo(exponent),
            Self::Optimiser if negative => Distance::AtMost(t.scale_by_power_of_two(-3)),
            Self::Optimiser => Distance::AtLeast(Rational::from(2)),
            Self::Classifier if negative => Distance::PowerOfTwo(1),
            Self::Classifier => Distance::Zero,
        })
    }

    /// Whether the answer to `read` is within the bar of a true solution for `truth`; `None` as for [`Self::distance`].
    pub fn judge(self, read: SignedPower, truth: SignedPower) -> Option<Judgement> {
        let right = match self.distance(read, truth)? {
            Distance::Zero => true,
            Distance::AtMost(bound) => bound <= self.bar(),
            // At least 1/2 (where g/2 > 1/4), 2 or 2^h: never within the bar.
            Distance::AtLeast(_) | Distance::PowerOfTwo(_) => false,
        };
        Some(match (right, self.datum(read) == self.datum(truth)) {
            (true, true) => Judgement::Right,
            (true, false) => Judgement::Luck,
            (false, _) => Judgement::Wrong,
        })
    }
}
