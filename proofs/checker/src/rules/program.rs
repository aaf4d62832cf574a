//! Linear programs: a bound from multipliers of the rows, a point, a ray (section 11 of the format).

use std::fmt;
use std::io::BufRead;

use crate::lexer::{Source, Tokens};
use crate::number::Number;
use crate::problem::{Problem, problem};

use super::require;

/// The most bits of a sum.
const SUM_BITS: u64 = 1 << 20;
/// Sums up to this size are brought into lowest terms.
const SHORT: u64 = 1 << 12;

/// What a statement says of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// The smallest value is attained and is this.
    Minimum(Number),
    /// The largest value is attained and is this.
    Maximum(Number),
    /// No point satisfies all rows and columns.
    Infeasible,
    /// Values decrease without bound over the feasible points.
    UnboundedBelow,
    /// Values grow without bound over the feasible points.
    UnboundedAbove,
}

/// A linear program and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What is said.
    pub goal: Goal,
    constant: Number,
    rows: Vec<Range>,
    columns: Vec<Column>,
    /// The statement's first line.
    text: String,
}

/// The numbers from `lower` to `upper`; `None` is no bound.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Range {
    lower: Option<Number>,
    upper: Option<Number>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    cost: Number,
    range: Range,
    /// (row, coefficient), rows increase.
    entries: Vec<(usize, Number)>,
}

/// Numerators over one denominator above 0.
struct Fractions {
    denominator: Number,
    numerators: Vec<Number>,
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rows, columns) = (self.rows.len(), self.columns.len());
        write!(f, "{}, linear program of {rows} rows and {columns} columns", self.text)
    }
}

impl Statement {
    /// Reads a statement from the current line on; the source stands on the first line behind it afterwards.
    ///
    /// # Errors
    /// For lines in another form.
    pub fn read<R: BufRead>(source: &mut Source<R>) -> Result<Self, Problem> {
        let mut tokens = source.tokens();
        tokens.expect("program")?;
        let goal = match tokens.word()? {
            "minimum" => Goal::Minimum(tokens.fraction()?),
            "maximum" => Goal::Maximum(tokens.fraction()?),
            "infeasible" => Goal::Infeasible,
            "unbounded-below" => Goal::UnboundedBelow,
            "unbounded-above" => Goal::UnboundedAbove,
            other => return problem(format!("'{other}' is not said of programs")),
        };
        tokens.end()?;
        let text = source.text().split_once(' ').map_or("", |(_, rest)| rest).to_owned();
        source.advance()?;
        let mut tokens = source.tokens();
        tokens.expect("rows")?;
        let count = tokens.natural()?;
        tokens.end()?;
        let mut rows = Vec::new();
        for _ in 0..count {
            source.advance()?;
            let mut tokens = source.tokens();
            tokens.expect("row")?;
            rows.push(Range::read(&mut tokens)?);
            tokens.end()?;
        }
        source.advance()?;
        let mut tokens = source.tokens();
        tokens.expect("columns")?;
        let (count, constant) = (tokens.natural()?, tokens.fraction()?);
        tokens.end()?;
        let mut columns = Vec::new();
        for _ in 0..count {
            source.advance()?;
            columns.push(Column::read(source.tokens(), rows.len())?);
        }
        source.advance()?;
        Ok(Self { goal, constant, rows, columns, text })
    }

    /// Reads the proof from the current line on; the source stands on the first line behind it afterwards.
    ///
    /// # Errors
    /// When a condition fails.
    pub fn prove<R: BufRead>(&self, source: &mut Source<R>) -> Result<(), Problem> {
        let (m, n) = (self.rows.len(), self.columns.len());
        match &self.goal {
            Goal::Minimum(value) | Goal::Maximum(value) => {
                let point = Fractions::read(source, "point", n)?;
                self.feasible(&point)?;
                let gain = value - &self.constant;
                require(self.objective(&point)? == &point.denominator * &gain, "the point has the value V")?;
                let multipliers = Fractions::read(source, "multipliers", m)?;
                let bound = self.bound(&multipliers, true, matches!(self.goal, Goal::Maximum(_)))?;
                require(bound == &multipliers.denominator * &gain, "the multipliers bound the values by V")
            }
            Goal::Infeasible => {
                let multipliers = Fractions::read(source, "multipliers", m)?;
                require(self.bound(&multipliers, false, false)?.is_positive(), "the multipliers show 0 > 0")
            }
            Goal::UnboundedBelow | Goal::UnboundedAbove => {
                self.feasible(&Fractions::read(source, "point", n)?)?;
                let ray = Fractions::read(source, "ray", n)?;
                let recedes = |range: &Range, r: &Number| {
                    (range.upper.is_none() || !r.is_positive()) && (range.lower.is_none() || !r.is_negative())
                };
                let columns = self.columns.iter().zip(&ray.numerators).all(|(column, r)| recedes(&column.range, r));
                let rows = self.rows.iter().zip(&self.row_sums(&ray)?).all(|(row, r)| recedes(row, r));
                require(columns && rows, "the ray stays in all ranges")?;
                let gain = self.objective(&ray)?;
                let improves = if self.goal == Goal::UnboundedBelow { gain.is_negative() } else { gain.is_positive() };
                require(improves, "the objective improves along the ray")
            }
        }
    }

    /// c . x times the denominator of x, without the constant.
    fn objective(&self, x: &Fractions) -> Result<Number, Problem> {
        let terms = self.columns.iter().zip(&x.numerators);
        terms.into_iter().try_fold(Number::zero(), |sum, (column, n)| add(&sum, &column.cost, n))
    }

    /// A x times the denominator of x.
    fn row_sums(&self, x: &Fractions) -> Result<Vec<Number>, Problem> {
        let mut sums = vec![Number::zero(); self.rows.len()];
        for (column, n) in self.columns.iter().zip(&x.numerators).filter(|(_, n)| !n.is_zero()) {
            for (row, a) in &column.entries {
                sums[*row] = add(&sums[*row], a, n)?;
            }
        }
        Ok(sums)
    }

    /// Accepts a point of all ranges.
    fn feasible(&self, x: &Fractions) -> Result<(), Problem> {
        // lo <= n / D <= hi, multiplied by D > 0.
        let inside = |range: &Range, n: &Number| {
            let at_least = |end: &Number| &x.denominator * end <= *n;
            let at_most = |end: &Number| *n <= &x.denominator * end;
            range.lower.as_ref().is_none_or(at_least) && range.upper.as_ref().is_none_or(at_most)
        };
        let columns = self.columns.iter().zip(&x.numerators).all(|(column, n)| inside(&column.range, n));
        require(columns, "the point lies in the ranges of all columns")?;
        let rows = self.rows.iter().zip(&self.row_sums(x)?).all(|(row, n)| inside(row, n));
        require(rows, "the point lies in the ranges of all rows")
    }

    /// E times a bound of c . x (or of 0) over all feasible points: from below, or from above.
    fn bound(&self, y: &Fractions, costs: bool, above: bool) -> Result<Number, Problem> {
        // E c . x = m . (A x) + (E c - A^T m) . x, and every product is bounded by an end of its range.
        let mut sum = Number::zero();
        for (row, m) in self.rows.iter().zip(&y.numerators) {
            sum = extreme(&sum, row, m, above)?;
        }
        for column in &self.columns {
            let mut d = if costs { &y.denominator * &column.cost } else { Number::zero() };
            for (row, a) in &column.entries {
                d = add(&d, &-a, &y.numerators[*row])?;
            }
            sum = extreme(&sum, &column.range, &d, above)?;
        }
        Ok(sum)
    }
}

/// sum + a b, not too long.
pub(super) fn add(sum: &Number, a: &Number, b: &Number) -> Result<Number, Problem> {
    if a.is_zero() || b.is_zero() {
        return Ok(sum.clone());
    }
    let sum = sum + &(a * b);
    match sum.bits() {
        bits if bits <= SHORT => Ok(sum.reduced()),
        bits if bits <= SUM_BITS => Ok(sum),
        _ => problem("a sum has more than 2^20 bits"),
    }
}

/// The sum and the least (or largest) value of factor x over a range.
fn extreme(sum: &Number, range: &Range, factor: &Number, above: bool) -> Result<Number, Problem> {
    if factor.is_zero() {
        return Ok(sum.clone());
    }
    let end = if factor.is_positive() == above { &range.upper } else { &range.lower };
    match end {
        Some(end) => add(sum, factor, end),
        None => problem("it does not hold that the multipliers need no end that is missing"),
    }
}

impl Range {
    fn read(tokens: &mut Tokens<'_>) -> Result<Self, Problem> {
        let mut end = || {
            if tokens.peek(0) == "-" { tokens.expect("-").map(|()| None) } else { tokens.fraction().map(Some) }
        };
        Ok(Self { lower: end()?, upper: end()? })
    }
}

impl Column {
    fn read(mut tokens: Tokens<'_>, rows: usize) -> Result<Self, Problem> {
        tokens.expect("column")?;
        let (cost, range) = (tokens.fraction()?, Range::read(&mut tokens)?);
        let mut entries: Vec<(usize, Number)> = Vec::new();
        while !tokens.is_empty() {
            let row = usize::try_from(tokens.natural()?).ok().filter(|row| *row < rows);
            let Some(row) = row else { return problem(format!("there are rows 0 to {rows}, {rows} excluded")) };
            require(entries.last().is_none_or(|last| last.0 < row), "the rows of a column increase")?;
            entries.push((row, tokens.fraction()?));
        }
        Ok(Self { cost, range, entries })
    }
}

impl Fractions {
    /// The current line: so many numbers; the source stands on the next one afterwards.
    fn read<R: BufRead>(source: &mut Source<R>, keyword: &str, count: usize) -> Result<Self, Problem> {
        let mut tokens = source.tokens();
        tokens.expect(keyword)?;
        let denominator = Number::dyadic(tokens.integer()?, 0);
        require(denominator.is_positive(), "D > 0")?;
        let mut numerators = Vec::new();
        for _ in 0..count {
            numerators.push(Number::dyadic(tokens.integer()?, 0));
        }
        tokens.end()?;
        source.advance()?;
        Ok(Self { denominator, numerators })
    }
}
