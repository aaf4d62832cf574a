//! The iteration for the coefficients: how far its iterates are from those of the reduced problem.

use num_traits::{Signed, Zero};

use super::problem::Diffusion;
use super::reduced::{Reduced, root};
use crate::generate;
use crate::lexer::Tokens;
use crate::network::Weight;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::rules::{Proof, Specification, require};

/// The bounds that a line `bounds` claims.
pub struct Bounds {
    /// 0 < c <= B_y <= C
    pub spectrum: [Number; 2],
    /// f <= |f_V|
    pub least_load: Number,
    /// F >= |f_V|, |g|
    load: Number,
    /// beta >= |C_y - B_y|
    matrix_error: Number,
    /// phi >= |g - f_V|
    load_error: Number,
}

/// The squared 2-norm.
fn square(list: impl IntoIterator<Item = Number>) -> Number {
    list.into_iter().fold(Number::zero(), |sum, x| &sum + &x.square())
}

/// What the iteration is about.
pub struct Given<'a> {
    pub equation: &'a Diffusion,
    pub reduced: &'a Reduced,
    /// l_i < h_i
    pub sides: &'a [[Weight; 2]],
    /// C_0, .., C_p: rows of lower triangles.
    pub forms: &'a [Vec<Vec<Number>>],
    /// g
    pub load: &'a [Number],
}

/// The line `bounds`.
pub fn bounds(given: &Given<'_>, mut tokens: Tokens<'_>) -> Result<Bounds, Problem> {
    let &Given { equation, reduced, sides, forms, load } = given;
    let spectrum = [tokens.size()?, tokens.size()?];
    let (least_load, most_load, matrix_error, load_error) =
        (tokens.size()?, tokens.size()?, tokens.size()?, tokens.size()?);
    tokens.end()?;
    let ranges = equation.ranges(sides)?;
    let one = Number::one();
    let [c, most] = &spectrum;
    require(c.is_positive(), "c > 0")?;
    // a_min G <= A_y <= a_max G and |V^T G V - I| <= delta
    require(*c <= &Number::from(&ranges.least()) * &(&one - &reduced.delta), "c <= a_min (1 - delta)")?;
    require(*most >= &Number::from(&ranges.most()) * &(&one + &reduced.delta), "C >= a_max (1 + delta)")?;
    let exact = square(reduced.loads());
    require(least_load.is_positive() && least_load.square() <= exact, "0 < f <= |f_V|")?;
    require(most_load.square() >= exact, "F >= |f_V|")?;
    require(most_load.square() >= square(load.iter().cloned()), "F >= |g|")?;
    let error = square(reduced.loads().zip(load).map(|(f, g)| &f - g));
    require(load_error.square() >= error, "phi >= |g - f_V|")?;
    let sides: Vec<[Number; 2]> = sides.iter().map(|side| [Number::from(&side[0]), Number::from(&side[1])]).collect();
    let mut sum = Number::zero();
    for (i, form) in forms.iter().enumerate() {
        let exact = reduced.shifted(i, &sides)?;
        let mut frobenius = Number::zero();
        for (j, (row, exact)) in form.iter().zip(&exact).enumerate() {
            // Both are symmetric: what is below the diagonal counts twice.
            for (k, (entry, exact)) in row.iter().zip(exact).enumerate() {
                let square = (entry - exact).square();
                frobenius = &frobenius + &if k < j { square.scaled(1) } else { square };
            }
        }
        sum = &sum + &root(&frobenius);
    }
    require(matrix_error >= sum, "beta >= sum of |C_i - B'_i|")?;
    Ok(Bounds { spectrum, least_load, load: most_load, matrix_error, load_error })
}

/// The square of a bound of the norm of \[B'_1 .. B'_p\], without the factor (1 + delta)^2.
fn spread(equation: &Diffusion, sides: &[[Weight; 2]]) -> Weight {
    let lengths: Vec<Weight> = sides.iter().map(|[l, h]| h - l).collect();
    let terms = || equation.values.iter().map(|class| class.iter().skip(1));
    let most = |i: usize| terms().filter_map(|class| class.clone().nth(i)).map(|a| a.abs()).max().unwrap_or_default();
    let thetas: Vec<Weight> = lengths.iter().enumerate().map(|(i, length)| length * most(i)).collect();
    let denominator = &equation.denominator * &equation.denominator;
    if terms().flatten().any(|a| a.is_negative()) {
        // |B'_i| <= theta_i (1 + delta)
        return thetas.iter().map(|theta| theta * theta).sum::<Weight>() / denominator;
    }
    // 0 <= B'_i <= theta_i (1 + delta) I, so that B'_i^2 <= theta_i (1 + delta) B'_i.
    let sums = terms().map(|class| class.zip(&lengths).map(|(a, length)| length * a).sum::<Weight>());
    let theta = sums.max().unwrap_or_else(Weight::zero);
    theta * thetas.into_iter().max().unwrap_or_else(Weight::zero) / denominator
}

/// The state after k iterates; t_k = T_k(x).
pub struct Iteration {
    gamma: Number,
    x: Number,
    /// s >= |B_y^-1 f_V|
    solution: Number,
    /// S root, S >= the norm of \[C_1 .. C_p\], root^2 >= p d.
    spread: Number,
    /// gamma F
    first: Number,
    /// Enclosure of t_k / t_{k-1}.
    ratio: [Number; 2],
    /// At least 1 / t_k.
    pub decay: Number,
    /// At least sum_j (t_j / t_k) p_j.
    sum: Number,
    /// At least sum_j (k + 1 - j) (t_j / t_k) p_j.
    pub total: Number,
    /// |u_k| and |u_{k-1}|.
    sizes: [Number; 2],
    /// The error e0 of the squares of t.
    squares: Number,
    pub plan: generate::Parametric,
}

impl Iteration {
    /// The line `affine`.
    pub fn new(given: &Given<'_>, bounds: &Bounds, mut tokens: Tokens<'_>) -> Result<Self, Problem> {
        let &Given { equation, reduced, sides, forms, load } = given;
        let (gamma, x, solution) = (tokens.size()?, tokens.size()?, tokens.size()?);
        let (norm, count) = (tokens.size()?, tokens.size()?);
        tokens.end()?;
        let one = Number::one();
        require(gamma.is_positive(), "gamma > 0")?;
        require(x >= one, "x >= 1")?;
        // |I - gamma B_y| <= max(|1 - gamma c|, |1 - gamma C|) <= 1 / x
        for end in &bounds.spectrum {
            require(&x * &(&one - &(&gamma * end)).abs() <= one, "x |1 - gamma c|, x |1 - gamma C| <= 1")?;
        }
        require(&solution * &bounds.spectrum[0] >= bounds.load, "s c >= F")?;
        let products = (equation.parameters * load.len()) as u64;
        require(count.square() >= Number::from(products), "root^2 >= p d")?;
        let excess = &norm - &bounds.matrix_error;
        let least = &(&one + &reduced.delta).square() * &Number::from(&spread(equation, sides));
        require(!excess.is_negative() && excess.square() >= least, "S >= beta, (S - beta)^2 >= (1 + delta)^2 T")?;
        let row = |matrix: &[Vec<Number>], j: usize| -> Vec<Weight> {
            // The lower triangle, row j, then column j below it.
            let own = matrix.get(j).into_iter().flatten();
            own.chain(matrix.iter().skip(j + 1).filter_map(|row| row.get(j))).map(Number::to_weight).collect()
        };
        let matrices = forms.iter().map(|form| (0..load.len()).map(|j| row(form, j)).collect()).collect();
        let plan = generate::Parametric {
            sides: sides.to_vec(),
            gamma: gamma.to_weight(),
            matrices,
            load: load.iter().map(Number::to_weight).collect(),
            second: Weight::zero(),
            squares: 0,
            steps: Vec::new(),
        };
        let first = &gamma * &bounds.load;
        let (spread, zero) = (&norm * &count, Number::zero);
        let (ratio, sizes) = ([x.clone(), x.clone()], [zero(), zero()]);
        let (decay, sum, total, squares) = (zero(), zero(), zero(), zero());
        Ok(Self { gamma, x, solution, spread, first, ratio, decay, sum, total, sizes, squares, plan })
    }
    /// |u_k| is at most this.
    pub fn size(&self) -> &Number {
        &self.sizes[0]
    }
    /// The line `first`: u_1 = gamma g.
    pub fn first(&mut self, bounds: &Bounds, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        let (decay, p, size) = (tokens.size()?, tokens.size()?, tokens.size()?);
        tokens.end()?;
        require(&decay * &self.x >= Number::one(), "decay x >= 1")?;
        require(p >= &self.gamma * &bounds.load_error, "p >= gamma phi")?;
        require(size >= self.first, "size >= gamma F")?;
        (self.decay, self.sum, self.total) = (decay, p.clone(), p);
        self.sizes = [size, Number::zero()];
        Ok(())
    }
    /// The line `second`: there are no products of two unknowns yet.
    pub fn second(&mut self, bounds: &Bounds, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        let w = tokens.dyadic()?;
        self.advance(bounds, &w, &Number::zero(), tokens)?;
        self.plan.second = w.to_weight();
        Ok(())
    }
    /// The line `squares`.
    pub fn squares(&mut self, proof: &Proof, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        let (network, error) = unit_square(proof, &mut tokens)?;
        tokens.end()?;
        (self.plan.squares, self.squares) = (network, error);
        Ok(())
    }
    /// The line `step`.
    pub fn step(&mut self, proof: &Proof, bounds: &Bounds, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        let (squares, e) = unit_square(proof, &mut tokens)?;
        let (w, b) = (tokens.dyadic()?, tokens.dyadic()?);
        // u / (2 b) + 1/2 lies in [0, 1]
        require(b.is_positive() && b >= *self.size(), "b >= size, b > 0")?;
        // Each product t_i u_j errs by at most b (5 e / 2 + e0).
        let product = &b * &(&(&Number::from(5) * &e).scaled(-1) + &self.squares);
        self.advance(bounds, &w, &product, tokens)?;
        let (error, weight, bound) = (e.to_weight(), w.to_weight(), b.to_weight());
        self.plan.steps.push(generate::Step { squares, error, weight, bound });
        Ok(())
    }
    /// The next iterate with the weight w and products that err by at most `product`.
    fn advance(
        &mut self,
        bounds: &Bounds,
        w: &Number,
        product: &Number,
        mut tokens: Tokens<'_>,
    ) -> Result<(), Problem> {
        let (lo, hi, slack, p) = (tokens.dyadic()?, tokens.dyadic()?, tokens.size()?, tokens.size()?);
        let (decay, sum, total, size) = (tokens.size()?, tokens.size()?, tokens.size()?, tokens.size()?);
        tokens.end()?;
        let (one, twice) = (Number::one(), self.x.scaled(1));
        let [low, high] = &self.ratio;
        // t_{k+1} / t_k = 2 x - t_{k-1} / t_k, increasing in t_k / t_{k-1}
        require(one <= lo, "1 <= rho_lo'")?;
        require(&lo * low <= &(&twice * low) - &one, "rho_lo' <= 2 x - 1 / rho_lo")?;
        require(&hi * high >= &(&twice * high) - &one, "rho_hi' >= 2 x - 1 / rho_hi")?;
        require(lo <= hi, "rho_lo' <= rho_hi'")?;
        // The exact weight 2 x / rho' lies between those of the ends.
        for ratio in [&lo, &hi] {
            require(&slack * ratio >= (&(w * ratio) - &twice).abs(), "slack >= |w - 2 x / rho|")?;
        }
        // The network takes C_y for B_y, g for f_V; a wrong weight moves by |w' - w| |G u + gamma f_V - u_before|.
        let [now, before] = &self.sizes;
        let products = &self.spread * product;
        let inexact = &(&products + &(&bounds.matrix_error * now)) + &bounds.load_error;
        let moved = &slack * &(&(now + &self.first) + before);
        let least = &(&(&w.abs() * &self.gamma) * &inexact) + &moved;
        let condition =
            "p >= |w| gamma (S root b (5 e / 2 + e0) + beta size + phi) + slack (size + gamma F + size_before)";
        require(p >= least, condition)?;
        // Dividing by the lower end of the ratio gives the larger quotient.
        require(&decay * &lo >= self.decay, "decay' rho_lo' >= decay")?;
        require(&(&sum - &p) * &lo >= self.sum, "sum' >= sum / rho_lo' + p")?;
        require(&(&total - &sum) * &lo >= self.total, "total' >= total / rho_lo' + sum'")?;
        // |u_{k+1}| <= |c_G| + |T_{k+1}(x G) c_G| / t_{k+1} + total'
        require(size >= &(&self.solution * &(&one + &decay)) + &total, "size' >= s (1 + decay') + total'")?;
        let [now, _] = core::mem::replace(&mut self.sizes, [Number::zero(), Number::zero()]);
        self.sizes = [size, now];
        (self.ratio, self.decay, self.sum, self.total) = ([lo, hi], decay, sum, total);
        Ok(())
    }
}

/// A network that squares on \[0, 1\] with an error from 0 to e; its number and e.
fn unit_square(proof: &Proof, tokens: &mut Tokens<'_>) -> Result<(usize, Number), Problem> {
    let number = usize::try_from(tokens.natural()?).unwrap_or(usize::MAX);
    match proof.known(number)? {
        Specification::Square { two_sided: false, error, centred: false, .. } => Ok((number, error.hi.clone())),
        _ => problem(format!("network {number} is not a square on [0, 1] that is never too small")),
    }
}
