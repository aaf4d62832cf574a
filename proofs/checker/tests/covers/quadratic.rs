//! Networks of one variable against a quadratic polynomial: the supremum by brute force is proved, nothing less.

use num_traits::{Signed, Zero};

use crate::draw::Random;
use crate::oracle::pieces::{Piece, pieces, supremum};
use crate::oracle::{Q, is_true};
use crate::random::{Dense, dense, domain_line, file, layers_of, listed, q};
use crate::rejection;
use crate::writer::{Row, Writer, sides};

/// a x^2 + b x + c
type Quadratic = [Q; 3];

fn at([a, b, c]: &Quadratic, x: &Q) -> Q {
    (a * x + b) * x + c
}

/// An end of the interval: the place, the slack that vanishes there, its slope.
struct End {
    x: Q,
    slack: usize,
    slope: Q,
}

/// Both ends of the cell.
fn ends(slacks: &[Row]) -> [End; 2] {
    let zeros = |positive: bool| {
        let of_sign = slacks.iter().enumerate().filter(move |(_, s)| !s[0].is_zero() && s[0].is_positive() == positive);
        of_sign.map(|(slack, s)| End { x: -&s[1] / &s[0], slack, slope: s[0].abs() })
    };
    let less = |a: &End, b: &End| a.x.cmp(&b.x);
    [zeros(true).max_by(less).unwrap(), zeros(false).min_by(less).unwrap()]
}

/// A quadratic that is not negative on the interval, and has no minimum inside, as products of slacks.
fn sum(f: &Quadratic, [lo, hi]: &[End; 2]) -> String {
    let slope = |x: &Q| &f[0] * x * q(2, 1) + &f[1];
    let width = &hi.x - &lo.x;
    let (low, high) = (at(f, &lo.x), at(f, &hi.x));
    let terms: Vec<(Q, Vec<&End>)> = if !f[0].is_positive() {
        // The parabola without its chord is -a (x - lo) (hi - x).
        vec![(-&f[0], vec![lo, hi]), (low / &width, vec![hi]), (high / &width, vec![lo])]
    } else if slope(&lo.x) >= Q::zero() {
        vec![(f[0].clone(), vec![lo, lo]), (slope(&lo.x), vec![lo]), (low, vec![])]
    } else {
        vec![(f[0].clone(), vec![hi, hi]), (-slope(&hi.x), vec![hi]), (high, vec![])]
    };
    let terms: Vec<String> = terms
        .into_iter()
        .filter(|term| !term.0.is_zero())
        .map(|(c, ends)| {
            assert!(c.is_positive());
            let factor = ends.iter().fold(c, |c, end| c / &end.slope);
            let slacks: String = ends.iter().map(|end| format!(" {}", end.slack)).collect();
            format!(" {factor} {}{slacks}", ends.len())
        })
        .collect();
    format!(" {}{}", terms.len(), terms.concat())
}

/// The lines of a leaf, with a cut where one of both sides has its minimum.
fn leaf(slacks: &[Row], [upper, lower]: &[Quadratic; 2]) -> Vec<String> {
    let both = ends(slacks);
    for f in [upper, lower] {
        let least = if f[0].is_positive() { -&f[1] / (&f[0] * q(2, 1)) } else { both[0].x.clone() };
        if least > both[0].x && least < both[1].x {
            let mut lines = vec![format!("cut 1 {least}")];
            for slack in [vec![q(-1, 1), least.clone()], vec![q(1, 1), -&least]] {
                lines.extend(leaf(&[slacks, &[slack]].concat(), &[upper.clone(), lower.clone()]));
            }
            return lines;
        }
    }
    vec![format!("leaf{}{}", sum(upper, &both), sum(lower, &both))]
}

/// Where |R - p| is largest.
fn place(pieces: &[Piece], p: &Quadratic, most: &Q) -> Q {
    let mut points: Vec<Q> = pieces.iter().flat_map(|piece| [piece.lo.clone(), piece.hi.clone()]).collect();
    if !p[0].is_zero() {
        points.extend(pieces.iter().map(|piece| (&piece.slope - &p[1]) / (&p[0] * q(2, 1))));
    }
    let error = |x: &Q| {
        let piece = pieces.iter().find(|piece| piece.lo <= *x && *x <= piece.hi)?;
        Some((&piece.slope * x + &piece.offset - at(p, x)).abs())
    };
    points.into_iter().find(|x| error(x).as_ref() == Some(most)).unwrap()
}

/// A certificate of the exact supremum; and the supremum.
pub fn certificate(network: &Dense, p: &Quadratic, side: &(Q, Q)) -> (String, Q) {
    let networks = listed(std::slice::from_ref(network));
    let layers = layers_of(&networks);
    let pieces = pieces(&layers[0], &side.0, &side.1, 600).unwrap();
    let most = supremum(&pieces, p);
    let mut writer = Writer { networks: vec![&layers[0]], n: 1, lines: Vec::new() };
    writer.write(&sides(std::slice::from_ref(side)), &mut |slacks, outputs| {
        let r = &outputs[0][0];
        // E - (R - p) and E + (R - p)
        let upper = [p[0].clone(), &p[1] - &r[0], &most + &p[2] - &r[1]];
        let lower = [-&p[0], &r[0] - &p[1], &most + &r[1] - &p[2]];
        leaf(slacks, &[upper, lower])
    });
    writer.lines.push(format!("conclude {}", place(&pieces, p, &most)));
    let statement = [
        format!("target polynomial {} {} {}", p[2], p[1], p[0]),
        domain_line(std::slice::from_ref(side)),
        "norm maximum".to_owned(),
        format!("error {most}"),
        "kind exact".to_owned(),
    ];
    (file(&statement, &networks, &writer.lines), most)
}

/// A random case.
pub fn random_case(random: &mut Random) -> (String, Q) {
    let mut widths = vec![1];
    (0..=random.below(2)).for_each(|_| widths.push(1 + random.below(3)));
    widths.push(1);
    let network = dense(&widths, random);
    let p = [0, 1, 2].map(|_| q(random.between(-3, 3), random.between(1, 2)));
    let lo = q(random.between(-3, 1), random.between(1, 3));
    let side = (lo.clone(), lo + q(random.between(1, 5), 2));
    certificate(&network, &p, &side)
}

#[test]
fn the_supremum_is_proved_and_nothing_less() {
    let mut random = Random(3);
    for _ in 0..120 {
        let (text, most) = random_case(&mut random);
        assert_eq!(rejection(&text), "", "{text}");
        assert_eq!(is_true(&text), Ok(()));
        for factor in [q(1023, 1024), q(1025, 1024), q(0, 1)] {
            let other = text.replacen(&format!("error {most}\n"), &format!("error {}\n", &most * factor), 1);
            assert!(other == text || rejection(&other).starts_with("leaf: "), "{other}");
        }
    }
}
