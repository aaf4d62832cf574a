//! `certinet barrier digits --digits K`: linear programs of which no algorithm gives K correct digits.

use core::str::FromStr;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::super::Run as Command;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::{count, whole_number};
use crate::arith::Rational;
use crate::barrier::BarrierError;
use crate::barrier::digits::{Algorithm, Family, Norm, Oracle, Patient, fool};
use crate::report::number::{Direction, Printed};
use crate::report::{Cell, Column, Record, Summary, Table};

/// The most digits.
const MOST_DIGITS: u64 = 1000;
/// The most bits: what the algorithms ask for by doubling stays within what an oracle gives.
const MOST_BITS: u64 = 100_000;

/// Shows linear programs of which no algorithm gives K correct digits, K - 1 take any time, and K - 2 no reading.
///
/// All programs of the family are well conditioned. K digits means an error of at most 10^-K. Each N of --bits is given
/// to algorithms that read N bits of the entries, and is the shift 2^-N that an algorithm has to see.
#[derive(Debug, clap::Args)]
pub struct Digits {
    /// The number K of digits that cannot be computed.
    #[arg(long, value_name = "K", default_value = "3", value_parser = count(MOST_DIGITS))]
    digits: u64,
    /// The norm of errors.
    #[arg(long, value_name = "P", default_value = "2")]
    norm: NormName,
    /// The numbers of bits.
    #[arg(long, value_name = "N,N,..", default_value = "1,10,100,1000")]
    bits: BitsOption,
}

/// The norms by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum NormName {
    /// The sum of absolute values.
    #[value(name = "1")]
    One,
    /// The Euclidean norm.
    #[value(name = "2")]
    Two,
    /// The largest absolute value.
    #[value(name = "inf")]
    Infinity,
}

impl From<NormName> for Norm {
    fn from(name: NormName) -> Self {
        match name {
            NormName::One => Self::One,
            NormName::Two => Self::Two,
            NormName::Infinity => Self::Infinity,
        }
    }
}

/// A list of whole numbers from 1 on, in increasing order without repetition.
#[derive(Debug, Clone)]
struct BitsOption(Vec<u64>);

impl FromStr for BitsOption {
    type Err = CliError;

    fn from_str(text: &str) -> Result<Self, CliError> {
        let read = whole_number(1, MOST_BITS);
        let entry = |(i, entry): (usize, &str)| {
            read(entry.trim()).map_err(|error| CliError::new(error).at(format!("entry {}", i + 1)))
        };
        let mut bits: Vec<u64> = text.split(',').enumerate().map(entry).collect::<Result<_, _>>()?;
        bits.sort_unstable();
        bits.dedup();
        Ok(Self(bits))
    }
}

impl Command for Digits {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let family = Family::new(u32::try_from(self.digits).map_err(CliError::new)?, self.norm.into());
        let rows = rows(&family, &self.bits.0).map_err(CliError::new)?;
        let report = Summary { record: record(&family, &rows), table: table(&rows)? };
        context.deliver(&report)?;
        Ok(Exit::Done)
    }
}

/// One algorithm on one program, or on two that it cannot tell apart.
struct Row {
    /// The digits that are asked for.
    digits: i64,
    algorithm: String,
    /// The shifts of the program or the programs.
    shifts: String,
    bits: u64,
    /// A bound of the error, from above or from below.
    error: Rational,
    /// Whether the digits are reached: the bound is from above, else from below.
    reached: bool,
    bar: Rational,
}

impl Row {
    fn verdict(&self) -> &'static str {
        if self.reached { "reached" } else { "not reached" }
    }

    fn json(&self) -> Value {
        json!({
            "digits": self.digits,
            "algorithm": self.algorithm,
            "instance": self.shifts,
            "bits": self.bits,
            "error": self.error.to_string(),
            "error_kind": if self.reached { "upper bound" } else { "lower bound" },
            "bar": self.bar.to_string(),
            "verdict": self.verdict(),
        })
    }
}

/// K digits with each number of bits, K - 1 digits in two ways, K - 2 digits.
fn rows(family: &Family, bits: &[u64]) -> Result<Vec<Row>, BarrierError> {
    let mut rows = Vec::new();
    for &n in bits {
        let algorithm = Patient { limits: [Some(n), None] };
        rows.push(fooled_row(family, &algorithm, 0, format!("{} of s1, the sign of s2", bits_text(n)))?);
    }
    for &n in bits {
        let algorithm = Patient { limits: [Some(0), Some(n)] };
        rows.push(fooled_row(family, &algorithm, 1, format!("the middle, {} of s2", bits_text(n)))?);
    }
    for &n in bits {
        rows.extend(measured_row(family, Patient::SIGN_OF_SECOND, 1, n, "the middle, the sign of s2")?);
    }
    if let Some(&n) = bits.last() {
        rows.extend(measured_row(family, Patient::MIDDLES, 2, n, "the middles")?);
    }
    Ok(rows)
}

fn bits_text(n: u64) -> String {
    if n == 1 { "1 bit".to_owned() } else { format!("{n} bits") }
}

fn digits_of(family: &Family, fewer: u32) -> i64 {
    i64::from(family.digits()) - i64::from(fewer)
}

/// An algorithm that is fooled in a block: its error on the worse of two programs.
fn fooled_row(family: &Family, algorithm: &Patient, block: usize, name: String) -> Result<Row, BarrierError> {
    let fooled = fool(family, algorithm, block)?;
    let fewer = u32::from(block == 1);
    let bar = family.bar(fewer);
    let worse = fooled.worse();
    Ok(Row {
        digits: digits_of(family, fewer),
        algorithm: name,
        shifts: format!("s{} = 2^-{n} or -(2^-{n})", block + 1, n = fooled.exponent),
        bits: fooled.bits,
        reached: worse <= family.norm().measure_of(&bar),
        error: family.norm().root_down(&worse),
        bar,
    })
}

/// An algorithm on the programs with shifts 2^-n of any signs: the largest of its errors, and the bits it read.
fn measured_row(
    family: &Family,
    algorithm: Patient,
    fewer: u32,
    n: u64,
    name: &str,
) -> Result<Option<Row>, BarrierError> {
    let power = Rational::power_of_two(-i64::try_from(n).unwrap_or(i64::MAX));
    let mut worst = Rational::zero();
    let mut bits = 0;
    for (first, second) in [(1, 1), (1, -1), (-1, 1), (-1, -1)] {
        let shifts = [first, second].map(|sign| &power * &Rational::from(sign));
        let Some(instance) = family.instance(shifts) else { return Ok(None) };
        let mut oracle = Oracle::new(family, &instance);
        let Some(error) = instance.error(&algorithm.answer(&mut oracle)?) else { return Ok(None) };
        worst = worst.max(error);
        bits = bits.max(oracle.finest(0)).max(oracle.finest(1));
    }
    let bar = family.bar(fewer);
    Ok(Some(Row {
        digits: digits_of(family, fewer),
        algorithm: name.to_owned(),
        shifts: format!("s1, s2 = 2^-{n} or -(2^-{n})"),
        bits,
        reached: worst <= family.norm().measure_of(&bar),
        error: family.norm().root_up(&worst),
        bar,
    }))
}

fn table(rows: &[Row]) -> Result<Table, CliError> {
    let mut table = Table::new(vec![
        Column::right("digits"),
        Column::left("algorithm"),
        Column::left("program"),
        Column::right("bits read"),
        Column::right("error").with_legend("of the worst answer; a lower bound where the digits are not reached"),
        Column::right("bar"),
        Column::left("verdict"),
    ]);
    for row in rows {
        // Below the bar an upper bound is rounded up, beyond it a lower one down, with digits that show the difference.
        let (direction, sign) = if row.reached { (Direction::Up, "<=") } else { (Direction::Down, ">=") };
        let cells = vec![
            Cell::count(row.digits),
            Cell::text(&row.algorithm),
            Cell::text(&row.shifts),
            Cell::count(row.bits),
            Cell::text(format!("{sign} {}", Printed::decimal(&row.error, 6, direction))),
            Cell::text(power_of_ten(row.digits)),
            Cell::text(row.verdict()),
        ];
        table.push(cells, row.json())?;
    }
    Ok(table)
}

/// 10^-digits.
fn power_of_ten(digits: i64) -> String {
    match digits {
        0 => "1".to_owned(),
        -1 => "10".to_owned(),
        digits => format!("10^{}", -digits),
    }
}

fn record(family: &Family, rows: &[Row]) -> Record {
    let condition = family.condition();
    let [t1, t2] = family.heights();
    let k = family.digits();
    let [first, second, third] = [0, 1, 2].map(|fewer| power_of_ten(digits_of(family, fewer)));
    let proved = format!(
        "no algorithm has errors up to {first} for all programs; {second} is reached, with as many bits as s2 takes; {third} without reading"
    );
    let json = json!({
        "digits": k,
        "norm": family.norm().name(),
        "heights": [t1.to_string(), t2.to_string()],
        "largest_entry": "1",
        "largest_right_hand_side": condition.rhs.to_string(),
        "gram_condition_upper": condition.gram.to_string(),
        "distance_to_infeasibility_lower": condition.distance.to_string(),
        "feasibility_condition_upper": condition.feasibility.to_string(),
        "proved": proved,
        "rows": rows.iter().map(Row::json).collect::<Vec<_>>(),
    });
    let entry = |s: &str| format!("(1 - max({s}, 0))/4");
    let row = |i: usize| {
        format!("{} u{i} + {} v{i} - w{i} + z = 1 + t{i}/4", entry(&format!("s{i}")), entry(&format!("-s{i}")))
    };
    Record::new(json)
        .with("minimise", Cell::text("u1 + v1 + w1 + u2 + v2 + w2 + z, all >= 0"))
        .with("equations", Cell::text(format!("{}; {}; z = 1", row(1), row(2))))
        .with("shifts", Cell::text("s1 is 0, 2^-n or -(2^-n), s2 is 2^-n or -(2^-n), for any n >= 1"))
        .with(
            "t1, t2",
            Cell::text(format!("{}, {}", Cell::Exact(t1.clone()).to_reading(), Cell::Exact(t2.clone()).to_reading())),
        )
        .with("norm", Cell::text(family.norm().name()))
        .with("largest entry of A", Cell::count(1))
        .with("largest entry of y", Cell::UpperBound(condition.rhs))
        .with("condition of A A'", Cell::UpperBound(condition.gram))
        .with("condition of feasibility", Cell::UpperBound(condition.feasibility))
        .with("proved", Cell::text(proved))
}
