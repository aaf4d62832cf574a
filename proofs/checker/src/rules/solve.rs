//! Linear systems B u = f with B symmetric, spectrum in \[c, C\], |f| <= R: Chebyshev and Richardson iterations.

use super::{Closing, Proof, Section, Specification, require};
use crate::generate::{self, same_network};
use crate::lexer::Tokens;
use crate::number::Number;
use crate::problem::{Problem, problem};

use super::blocks::levels;

/// What a line of the section may begin with.
pub(super) const LINES: [&str; 2] = ["first", "step"];

/// The state after k iterates; t_k = T_k(x) for Chebyshev, x^k for Richardson.
struct State {
    /// Enclosure of t_k / t_{k-1}.
    ratio: [Number; 2],
    /// At least s / t_k.
    start: Number,
    /// At least sum_j (t_j / t_k) p_j.
    sum: Number,
    /// At least sum_j (k + 1 - j) (t_j / t_k) p_j.
    total: Number,
    /// |u_k| and |u_{k-1}|.
    sizes: [Number; 2],
}

/// A section about one network.
pub struct Solve {
    number: usize,
    chebyshev: bool,
    lower: Number,
    upper: Number,
    rhs: Number,
    /// x >= 1 with x |G| <= 1.
    x: Number,
    /// s >= R / c >= |B^-1 f|
    solution: Number,
    /// gamma R >= |u_1|
    first: Number,
    /// root d, root^2 >= d.
    spread: Number,
    state: Option<State>,
    plan: generate::Solve,
}

impl Solve {
    pub(super) fn open(_: &Proof, number: usize, mut tokens: Tokens<'_>) -> Result<Self, Problem> {
        let size = tokens.natural()?;
        let (lower, upper, rhs) = (tokens.positive()?, tokens.positive()?, tokens.positive()?);
        let (lower, upper, rhs) = (Number::from(&lower), Number::from(&upper), Number::from(&rhs));
        let chebyshev = match tokens.word()? {
            "chebyshev" => true,
            "richardson" => false,
            other => return problem(format!("'{other}' is not a method of this section")),
        };
        let (gamma, x, solution, bound) = (tokens.dyadic()?, tokens.dyadic()?, tokens.dyadic()?, tokens.dyadic()?);
        let (matrix_levels, root) = (levels(&mut tokens)?, tokens.size()?);
        tokens.end()?;
        require(size > 0, "d > 0")?;
        require(lower <= upper, "c <= C")?;
        require(gamma.is_positive(), "gamma > 0")?;
        let one = Number::one();
        require(x >= one, "x >= 1")?;
        // |I - gamma B| <= max(|1 - gamma c|, |1 - gamma C|) <= 1 / x
        for end in [&lower, &upper] {
            require(&x * &(&one - &(&gamma * end)).abs() <= one, "x |1 - gamma c|, x |1 - gamma C| <= 1")?;
        }
        // |B^-1 f| <= R / c
        require(&solution * &lower >= rhs, "s c >= R")?;
        require(bound >= rhs, "F >= R")?;
        let d = Number::from(size);
        require(root.square() >= d, "root^2 >= d")?;
        let (first, spread) = (&gamma * &rhs, &root * &d);
        let (gamma, bound) = (gamma.to_weight(), bound.to_weight());
        let plan = generate::Solve { size, gamma, rhs: bound, matrix_levels, steps: Vec::new() };
        Ok(Self { number, chebyshev, lower, upper, rhs, x, solution, first, spread, state: None, plan })
    }
}

impl Section for Solve {
    fn line(&mut self, proof: &Proof, keyword: &str, mut tokens: Tokens<'_>) -> Result<Closing, Problem> {
        match (keyword, self.state.take()) {
            ("first", None) => {
                let (start, size) = (tokens.size()?, tokens.size()?);
                // |u_1 - u| <= |G| |u| <= s / x
                require(&start * &self.x >= self.solution, "start x >= s")?;
                require(size >= self.first, "size >= gamma R")?;
                let (ratio, zero) = ([self.x.clone(), self.x.clone()], Number::zero);
                self.state = Some(State { ratio, start, sum: zero(), total: zero(), sizes: [size, zero()] });
                tokens.end()?;
                Ok(None)
            }
            ("step", Some(state)) => {
                self.state = Some(self.step(state, tokens)?);
                Ok(None)
            }
            ("conclude", Some(state)) => {
                let error = tokens.size()?;
                tokens.end()?;
                // |u_K - u| <= s / t_K + sum_j (K + 1 - j) (t_j / t_K) p_j
                require(error >= &state.start + &state.total, "E >= start + total")?;
                same_network(&generate::solve(&self.plan)?, proof.network(self.number)?)?;
                let (lower, upper, rhs) = (self.lower.clone(), self.upper.clone(), self.rhs.clone());
                Ok(Some((self.number, Specification::Solution { size: self.plan.size, lower, upper, rhs, error })))
            }
            _ => problem("a solve section is first, then steps, then conclude"),
        }
    }
}

impl Solve {
    fn step(&mut self, state: State, mut tokens: Tokens<'_>) -> Result<State, Problem> {
        let m = levels(&mut tokens)?;
        let (w, b, lo, hi) = (tokens.dyadic()?, tokens.dyadic()?, tokens.dyadic()?, tokens.dyadic()?);
        let (slack, p, start) = (tokens.size()?, tokens.size()?, tokens.size()?);
        let (sum, total, size) = (tokens.size()?, tokens.size()?, tokens.size()?);
        tokens.end()?;
        let [now, before] = &state.sizes;
        // |u_k| <= b, so that u_k / b may be squared and u_k + b carried
        require(b >= *now && b.is_positive(), "b >= size")?;
        let (one, twice) = (Number::one(), self.x.scaled(1));
        if self.chebyshev {
            let [low, high] = &state.ratio;
            // t_{k+1} / t_k = 2 x - t_{k-1} / t_k, increasing in t_k / t_{k-1}
            require(one <= lo, "1 <= rho_lo'")?;
            require(&lo * low <= &(&twice * low) - &one, "rho_lo' <= 2 x - 1 / rho_lo")?;
            require(&hi * high >= &(&twice * high) - &one, "rho_hi' >= 2 x - 1 / rho_hi")?;
            require(lo <= hi, "rho_lo' <= rho_hi'")?;
            // The exact weight 2 x / rho' lies between those of the ends.
            for ratio in [&lo, &hi] {
                require(&slack * ratio >= (&(&w * ratio) - &twice).abs(), "slack >= |w - 2 x / rho|")?;
            }
        } else {
            require(lo == self.x && hi == self.x, "rho' = x")?;
            require(w == one && slack.is_zero(), "w = 1 and slack = 0")?;
        }
        // An entry of G u errs by d b (5 e_m / 4 + e_m0 / 2); a wrong weight moves by |w' - w| |G u + gamma f - u_before|.
        let (m2, m02) = (exponent(m), exponent(self.plan.matrix_levels));
        let unit = &Number::dyadic(5.into(), m2 - 4) + &Number::power_of_two(m02 - 3);
        let product = &(&(&w.abs() * &self.spread) * &b) * &unit;
        let moved = &slack * &(&(now + &self.first) + before);
        let least = &product + &moved;
        require(p >= least, "p >= |w| root d b (5 2^(-2m-4) + 2^(-2 m0 - 3)) + slack (size + gamma R + size_before)")?;
        // Dividing by the lower end of the ratio gives the larger quotient.
        require(&start * &lo >= state.start, "start' rho_lo' >= start")?;
        if self.chebyshev {
            require(&(&sum - &p) * &lo >= state.sum, "sum' >= sum / rho_lo' + p")?;
            require(&(&total - &sum) * &lo >= state.total, "total' >= total / rho_lo' + sum'")?;
        } else {
            require(sum.is_zero(), "sum' = 0")?;
            require(&(&total - &p) * &lo >= state.total, "total' >= total / rho_lo' + p")?;
        }
        // |u_{k+1}| <= |u| + |u_{k+1} - u|
        require(size >= &(&self.solution + &start) + &total, "size' >= s + start' + total'")?;
        self.plan.steps.push((m, w.to_weight(), b.to_weight()));
        let [now, _] = state.sizes;
        Ok(State { ratio: [lo, hi], start, sum, total, sizes: [size, now] })
    }
}

/// -2 m
fn exponent(m: u64) -> i64 {
    -2 * i64::try_from(m).unwrap_or(0)
}
