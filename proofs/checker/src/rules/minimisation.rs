//! Minimisers of the 1-norm under a bound on the residual (section 12 of the format).

use std::cmp::Ordering;
use std::fmt;
use std::io::BufRead;

use crate::lexer::{Source, Tokens};
use crate::network::Weight;
use crate::number::Number;
use crate::problem::{Problem, problem};

use super::program::add;
use super::require;
use super::surd::Surd;

/// The most entries of the matrix, and the most products of one test of independence.
const MAX_ENTRIES: u64 = 1 << 20;
const MAX_PRODUCTS: u64 = 1 << 26;
/// The most bits of a reading.
const MAX_READ: u64 = 1 << 16;

/// A problem and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The columns of A.
    columns: Vec<Vec<Number>>,
    data: Vec<Number>,
    /// E
    epsilon: Number,
    /// The radicand of all field numbers.
    q: Number,
    /// D and v + w sqrt(q); `None`: no point is feasible.
    minimum: Option<(Number, Surd)>,
    unique: bool,
    answer: Option<Answer>,
    readings: usize,
}

/// Every minimiser has at least the squared distance from the point.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    squared: Number,
    point: Vec<Number>,
}

/// Field numbers over one denominator above 0.
struct FieldVector {
    denominator: Number,
    entries: Vec<Surd>,
}

/// A column of the face and the sign of a_j . p.
type Face = Vec<(usize, bool)>;

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (m, n) = (self.data.len(), self.columns.len());
        match &self.minimum {
            None => write!(f, "no x has |A x - y| <= E")?,
            Some((below, value)) if self.q.is_zero() => {
                write!(f, "the least |x|_1 over |A x - y| <= E is {}", ratio(&value.rational, below))?;
            }
            Some((below, value)) => {
                let [v, w] = [&value.rational, &value.root].map(|part| ratio(part, below));
                write!(f, "the least |x|_1 over |A x - y| <= E is {v} + {w} sqrt({})", self.q.to_weight())?;
            }
        }
        write!(f, " for E = {}, A {m} x {n}", self.epsilon.to_weight())?;
        if self.unique {
            write!(f, ", one minimiser")?;
        }
        if let Some(answer) = &self.answer {
            let squared = answer.squared.to_weight();
            write!(f, ", every minimiser at a squared distance of at least {squared} from the answer")?;
        }
        if self.readings > 0 {
            write!(f, ", in agreement with {} readings", self.readings)?;
        }
        Ok(())
    }
}

impl Statement {
    /// Reads a statement from the current line on; the source stands on the first line behind it afterwards.
    ///
    /// # Errors
    /// For lines in another form, and for readings that do not agree with the problem.
    pub fn read<R: BufRead>(source: &mut Source<R>) -> Result<Self, Problem> {
        let mut tokens = source.tokens();
        tokens.expect("minimisation")?;
        let (m, n) = (tokens.natural()?, tokens.natural()?);
        let (epsilon, q) = (tokens.fraction()?, Number::dyadic(tokens.integer()?, 0));
        tokens.end()?;
        require(m > 0 && n > 0 && m.checked_mul(n).is_some_and(|entries| entries <= MAX_ENTRIES), "1 <= m n <= 2^20")?;
        require(!epsilon.is_negative() && !q.is_negative(), "E >= 0 and q >= 0")?;
        source.advance()?;
        let mut columns = vec![Vec::new(); usize::try_from(n).unwrap_or(0)];
        for _ in 0..m {
            let row = rationals(source.tokens(), "row", columns.len())?;
            columns.iter_mut().zip(row).for_each(|(column, a)| column.push(a));
            source.advance()?;
        }
        let data = rationals(source.tokens(), "data", usize::try_from(m).unwrap_or(0))?;
        source.advance()?;
        let mut tokens = source.tokens();
        let minimum = match tokens.word()? {
            "infeasible" => None,
            "minimum" => Some((denominator(&mut tokens)?, field_number(&mut tokens, &q)?)),
            other => return problem(format!("'{other}' is not said of minimisers")),
        };
        tokens.end()?;
        source.advance()?;
        let mut statement = Self { columns, data, epsilon, q, minimum, unique: false, answer: None, readings: 0 };
        statement.claims(source)?;
        Ok(statement)
    }

    fn claims<R: BufRead>(&mut self, source: &mut Source<R>) -> Result<(), Problem> {
        let feasible = self.minimum.is_some();
        if feasible && source.tokens().peek(0) == "unique" {
            let mut tokens = source.tokens();
            tokens.expect("unique")?;
            tokens.end()?;
            self.unique = true;
            source.advance()?;
        }
        if feasible && source.tokens().peek(0) == "answer" {
            let mut tokens = source.tokens();
            tokens.expect("answer")?;
            let squared = tokens.fraction()?;
            require(!squared.is_negative(), "T >= 0")?;
            self.answer = Some(Answer { squared, point: numbers(tokens, self.columns.len())? });
            source.advance()?;
        }
        while source.tokens().peek(0) == "reading" {
            self.reading(source.tokens())?;
            self.readings += 1;
            source.advance()?;
        }
        Ok(())
    }

    fn reading(&self, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        tokens.expect("reading")?;
        let (i, j, bits) = (tokens.natural()?, tokens.natural()?, tokens.natural()?);
        let (row, column) = (usize::try_from(i).ok(), usize::try_from(j).ok());
        let value = tokens.fraction()?;
        tokens.end()?;
        require(bits <= MAX_READ, "k <= 2^16")?;
        let read = column.and_then(|j| if j == self.columns.len() { Some(&self.data) } else { self.columns.get(j) });
        let Some(entry) = read.zip(row).and_then(|(column, i)| column.get(i)) else {
            return problem(format!("there is no entry in row {i} and column {j}"));
        };
        let radius = Number::power_of_two(-i64::try_from(bits).unwrap_or(0));
        require((&value - entry).abs() <= radius, "the reading is within 2^-k of the entry")
    }

    /// Reads the proof from the current line on; the source stands on the first line behind it afterwards.
    ///
    /// # Errors
    /// When a condition fails.
    pub fn prove<R: BufRead>(&self, source: &mut Source<R>) -> Result<(), Problem> {
        let Some((below, value)) = &self.minimum else { return self.infeasible(source) };
        let q = &self.q;
        let point = FieldVector::read(source, "point", self.columns.len(), q)?;
        let image = self.image(&point)?;
        let mut square = Surd::zero();
        for (y, b) in self.data.iter().zip(&image) {
            // The residual times the denominator of the point.
            let r = Surd::from(y * &point.denominator).plus(&minus_one(), b)?;
            square = square.plus_product(&r, &r, q)?;
        }
        let radius = (&self.epsilon * &point.denominator).square();
        require(Surd::from(radius).at_least(&square, q)?, "the point is feasible")?;
        let mut norm = Surd::zero();
        for x in &point.entries {
            let sign = if x.sign(q) == Ordering::Less { minus_one() } else { Number::one() };
            norm = norm.plus(&sign, x)?;
        }
        // Both sides times the two denominators.
        let difference = Surd::zero().plus(below, &norm)?.plus(&-&point.denominator, value)?;
        require(difference.sign(q) == Ordering::Equal, "the point has the 1-norm V")?;

        let dual = FieldVector::read(source, "dual", self.data.len(), q)?;
        let face = self.face(&dual)?;
        if source.tokens().peek(0) == "normal" {
            let normal = self.normal(source)?;
            let squares = [dot(&normal, &normal)?, dot(&normal, &self.data)?, self.epsilon.square()];
            require(squares[0] == squares[2] && squares[1] == squares[2], "|r|^2 = r . y = E^2")?;
            let shifted: Vec<Number> = self.data.iter().zip(&normal).map(|(y, r)| y - r).collect();
            let gain = self.gain(&dual, &shifted)?;
            require(gain.sign(q) != Ordering::Less, "p . (y - r) >= V")?;
        } else {
            let gain = self.gain(&dual, &self.data)?;
            require(gain.sign(q) != Ordering::Less, "p . y >= V")?;
            let mut square = Surd::zero();
            for p in &dual.entries {
                square = square.plus_product(p, p, q)?;
            }
            // gain = (p . y - V) D_p D_V, and |p|^2 D_p^2 = square.
            let right = Surd::zero().plus(&(&self.epsilon * below).square(), &square)?;
            let left = Surd::zero().plus_product(&gain, &gain, q)?;
            require(left.at_least(&right, q)?, "(p . y - V)^2 >= E^2 |p|^2")?;
        }
        if self.unique {
            self.one_minimiser(source, &point, &face)?;
        }
        match &self.answer {
            Some(answer) => self.separated(source, answer, &point, &image, &face),
            None => Ok(()),
        }
    }

    /// (p . data - V) times both denominators.
    fn gain(&self, dual: &FieldVector, data: &[Number]) -> Result<Surd, Problem> {
        let Some((below, value)) = &self.minimum else { return Ok(Surd::zero()) };
        let product = combination(data, &dual.entries)?;
        Surd::zero().plus(below, &product)?.plus(&-&dual.denominator, value)
    }

    /// A x times the denominator of x.
    fn image(&self, x: &FieldVector) -> Result<Vec<Surd>, Problem> {
        let mut image = vec![Surd::zero(); self.data.len()];
        for (column, x) in self.columns.iter().zip(&x.entries) {
            for (sum, a) in image.iter_mut().zip(column) {
                *sum = sum.plus(a, x)?;
            }
        }
        Ok(image)
    }

    /// Tests |a_j . p| <= 1 for all columns; those with equality, and whether a_j . p is positive there.
    fn face(&self, dual: &FieldVector) -> Result<Face, Problem> {
        let mut face = Vec::new();
        for (j, column) in self.columns.iter().enumerate() {
            let product = combination(column, &dual.entries)?;
            let positive = product.sign(&self.q) == Ordering::Greater;
            let sign = if positive { minus_one() } else { Number::one() };
            // 1 - |a_j . p|, times the denominator of p
            match Surd::from(dual.denominator.clone()).plus(&sign, &product)?.sign(&self.q) {
                Ordering::Less => return problem(format!("it does not hold that |a_j . p| <= 1 for j = {j}")),
                Ordering::Equal => face.push((j, positive)),
                Ordering::Greater => {}
            }
        }
        Ok(face)
    }

    /// The line `normal`: r with a_j . r = 0 for all columns.
    fn normal<R: BufRead>(&self, source: &mut Source<R>) -> Result<Vec<Number>, Problem> {
        let normal = rationals(source.tokens(), "normal", self.data.len())?;
        for column in &self.columns {
            require(dot(column, &normal)?.is_zero(), "a_j . r = 0 for all j")?;
        }
        source.advance()?;
        Ok(normal)
    }

    fn infeasible<R: BufRead>(&self, source: &mut Source<R>) -> Result<(), Problem> {
        let normal = self.normal(source)?;
        let product = dot(&normal, &self.data)?;
        require(product.is_positive(), "r . y > 0")?;
        let right = &self.epsilon.square() * &dot(&normal, &normal)?;
        require(product.square() > right, "(r . y)^2 > E^2 |r|^2")
    }

    fn one_minimiser<R: BufRead>(
        &self,
        source: &mut Source<R>,
        point: &FieldVector,
        face: &Face,
    ) -> Result<(), Problem> {
        let mut left: Vec<usize> = face.iter().map(|(j, _)| *j).collect();
        if source.tokens().peek(0) == "narrow" {
            let w = rationals(source.tokens(), "narrow", self.data.len())?;
            source.advance()?;
            let products = self.columns.iter().map(|column| dot(column, &w)).collect::<Result<Vec<_>, _>>()?;
            let signs =
                face.iter().all(|(j, positive)| signed_at_least_zero(products[*j].cmp(&Number::zero()), *positive));
            require(signs, "t_j (a_j . w) >= 0 on the face")?;
            let support = point.entries.iter().zip(&products);
            let stays = support.into_iter().all(|(x, product)| product.is_zero() || x.sign(&self.q) == Ordering::Equal);
            require(stays, "a_j . w = 0 where x_j is not 0")?;
            left.retain(|j| products[*j].is_zero());
        }
        let mut tokens = source.tokens();
        tokens.expect("inverse")?;
        let count = tokens.natural()?;
        tokens.end()?;
        require(usize::try_from(count).is_ok_and(|count| count == left.len()), "c is the number of columns left")?;
        let products = (count * count).checked_mul(self.data.len() as u64);
        require(count <= 1 << 20 && products.is_some_and(|products| products <= MAX_PRODUCTS), "c^2 m <= 2^26")?;
        source.advance()?;
        for j in &left {
            let mut tokens = source.tokens();
            tokens.expect("left")?;
            require(usize::try_from(tokens.natural()?).is_ok_and(|named| named == *j), "the columns left, in order")?;
            let l = numbers(tokens, self.data.len())?;
            for i in &left {
                let expected = if i == j { Number::one() } else { Number::zero() };
                require(dot(&l, &self.columns[*i])? == expected, "l . a_i is 1 for i = j, else 0")?;
            }
            source.advance()?;
        }
        Ok(())
    }

    fn separated<R: BufRead>(
        &self,
        source: &mut Source<R>,
        answer: &Answer,
        point: &FieldVector,
        image: &[Surd],
        face: &Face,
    ) -> Result<(), Problem> {
        let q = &self.q;
        let h = FieldVector::read(source, "separation", self.columns.len(), q)?;
        let w = FieldVector::read(source, "multipliers", self.data.len(), q)?;
        for (j, positive) in face {
            let product = combination(&self.columns[*j], &w.entries)?;
            // h_j - a_j . w, times both denominators
            let difference = Surd::zero().plus(&w.denominator, &h.entries[*j])?.plus(&-&h.denominator, &product)?;
            let holds = signed_at_least_zero(difference.sign(q), *positive);
            require(holds, "t_j (h_j - a_j . w) >= 0 on the face")?;
        }
        let mut bound = Surd::zero();
        for (w, b) in w.entries.iter().zip(image) {
            bound = bound.plus_product(w, b, q)?;
        }
        // c = w . b - h . s times the denominators of h, w and x
        let others = &w.denominator * &point.denominator;
        let c = Surd::zero().plus(&h.denominator, &bound)?.plus(&-&others, &combination(&answer.point, &h.entries)?)?;
        require(c.sign(q) != Ordering::Less, "w . b >= h . s")?;
        let mut square = Surd::zero();
        for h in &h.entries {
            square = square.plus_product(h, h, q)?;
        }
        require(answer.squared.is_zero() || square.sign(q) == Ordering::Greater, "T = 0, or h is not 0")?;
        let right = Surd::zero().plus(&(&answer.squared * &others.square()), &square)?;
        let left = Surd::zero().plus_product(&c, &c, q)?;
        require(left.at_least(&right, q)?, "(w . b - h . s)^2 >= T |h|^2")
    }
}

impl FieldVector {
    /// The current line: so many field numbers; the source stands on the next one afterwards.
    fn read<R: BufRead>(source: &mut Source<R>, keyword: &str, count: usize, q: &Number) -> Result<Self, Problem> {
        let mut tokens = source.tokens();
        tokens.expect(keyword)?;
        let denominator = denominator(&mut tokens)?;
        let entries = (0..count).map(|_| field_number(&mut tokens, q)).collect::<Result<_, _>>()?;
        tokens.end()?;
        source.advance()?;
        Ok(Self { denominator, entries })
    }
}

impl Surd {
    /// Whether this >= other.
    fn at_least(&self, other: &Self, q: &Number) -> Result<bool, Problem> {
        Ok(self.plus(&minus_one(), other)?.sign(q) != Ordering::Less)
    }
}

/// p / q in lowest terms, for q > 0.
fn ratio(p: &Number, q: &Number) -> Weight {
    p.to_weight() / q.to_weight()
}

fn minus_one() -> Number {
    -&Number::one()
}

/// Whether t x >= 0 for x of a sign and t = 1 (positive) or -1.
fn signed_at_least_zero(sign: Ordering, positive: bool) -> bool {
    sign != if positive { Ordering::Less } else { Ordering::Greater }
}

fn denominator(tokens: &mut Tokens<'_>) -> Result<Number, Problem> {
    let denominator = Number::dyadic(tokens.integer()?, 0);
    require(denominator.is_positive(), "D > 0")?;
    Ok(denominator)
}

fn field_number(tokens: &mut Tokens<'_>, q: &Number) -> Result<Surd, Problem> {
    let rational = Number::dyadic(tokens.integer()?, 0);
    let root = if q.is_zero() { Number::zero() } else { Number::dyadic(tokens.integer()?, 0) };
    Ok(Surd { rational, root })
}

/// A line of so many rationals.
fn rationals(mut tokens: Tokens<'_>, keyword: &str, count: usize) -> Result<Vec<Number>, Problem> {
    tokens.expect(keyword)?;
    numbers(tokens, count)
}

fn numbers(mut tokens: Tokens<'_>, count: usize) -> Result<Vec<Number>, Problem> {
    let numbers = (0..count).map(|_| tokens.fraction()).collect::<Result<_, _>>()?;
    tokens.end()?;
    Ok(numbers)
}

fn dot(x: &[Number], y: &[Number]) -> Result<Number, Problem> {
    x.iter().zip(y).try_fold(Number::zero(), |sum, (x, y)| add(&sum, x, y))
}

/// The sum of t_i x_i.
fn combination(t: &[Number], x: &[Surd]) -> Result<Surd, Problem> {
    t.iter().zip(x).try_fold(Surd::zero(), |sum, (t, x)| sum.plus(t, x))
}
