//! Certificates of small problems whose solution is known by hand.

use super::*;
use crate::arith::{Integer, Rational};
use crate::certify::CertificateError;
use crate::linalg::Matrix;

fn r(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q)
}

/// The row (1, 1 + s), y = 1, epsilon = 1/4: 3/4 over the larger entry.
fn pair(s: &Rational) -> (Instance, Optimum) {
    let second = Rational::one() + s;
    let matrix = Matrix::new(vec![vec![Rational::one(), second.clone()]]).unwrap();
    let instance = Instance::new(matrix, vec![Rational::one()], r(1, 4)).unwrap();
    let largest = second.clone().max(Rational::one());
    let value = r(3, 4) / &largest;
    let corner = |j: usize| {
        let mut corner = vec![Surd::zero(), Surd::zero()];
        corner[j] = Surd::from(value.clone());
        corner
    };
    let face: Vec<(usize, i32)> = [(0, Rational::one()), (1, second)]
        .into_iter()
        .filter(|(_, entry)| *entry == largest)
        .map(|(j, _)| (j, 1))
        .collect();
    let optimum = Optimum {
        q: Integer::zero(),
        value: Surd::from(value.clone()),
        dual: vec![Surd::from(largest.recip().unwrap())],
        normal: None,
        vertices: face.iter().map(|&(j, _)| corner(j)).collect(),
        face,
        complete: true,
    };
    (instance, optimum)
}

fn text(instance: &Instance, optimum: Optimum, claims: &Claims) -> Result<String, CertificateError> {
    let mut bytes = Vec::new();
    write_certificate(instance, &Solution::Optimal(optimum), claims, &mut bytes)?;
    Ok(String::from_utf8(bytes).unwrap())
}

#[test]
fn a_certificate_line_by_line() {
    let (instance, optimum) = pair(&r(1, 2));
    let s = vec![r(1, 2), Rational::zero()];
    assert_eq!(distance_squared(&instance, &optimum, &s), Some((r(1, 2), r(1, 2))));
    let claims = Claims {
        unique: true,
        answer: Some((s, r(1, 2))),
        readings: vec![(0, 1, 1, Rational::one()), (0, 2, 40, Rational::one())],
    };
    let expected = "certinet-certificate 1 minimisation\nminimisation 1 2 1/4 0\nrow 1 3/2\ndata 1\nminimum 2 1\nunique\n\
                    answer 1/2 1/2 0\nreading 0 1 1 1\nreading 0 2 40 1\npoint 2 0 1\ndual 3 2\ninverse 1\nleft 1 2/3\n\
                    separation 2 -1 1\nmultipliers 3 1\nqed\nend 16\n";
    assert_eq!(text(&instance, optimum, &claims).unwrap(), expected);
}

#[test]
fn what_is_not_true_is_not_written() {
    let refused = |claims: Claims, s: &Rational| {
        let (instance, optimum) = pair(s);
        matches!(text(&instance, optimum, &claims), Err(CertificateError::Unproved { .. }))
    };
    let at = |t: Rational| Claims { answer: Some((vec![r(1, 2), Rational::zero()], t)), ..Claims::default() };
    let reading =
        |i: usize, j: usize, bits: u64| Claims { readings: vec![(i, j, bits, Rational::one())], ..Claims::default() };
    for s in [r(1, 2), r(-1, 2)] {
        assert!(!refused(Claims { unique: true, ..Claims::default() }, &s));
        assert!(!refused(reading(0, 1, 1), &s) && refused(reading(0, 1, 2), &s) && refused(reading(1, 0, 1), &s));
    }
    assert!(refused(Claims { unique: true, ..Claims::default() }, &Rational::zero()));
    assert!(!refused(at(r(1, 2)), &r(1, 2)) && refused(at(r(1_000_001, 2_000_000)), &r(1, 2)));
    assert!(!refused(at(r(1, 16)), &r(-1, 2)) && refused(at(r(1, 15)), &r(-1, 2)));
}

#[test]
fn a_face_is_narrowed_where_its_columns_are_dependent() {
    // y = (1, 1), columns (1, 0), (1, 1/2), (1, 1), (0, 1), epsilon = 0: p = (1/2, 1/2) with the third column only; p =
    // (0, 1), also of norm bound, has the last two on its face.
    let rows = vec![vec![r(1, 1), r(1, 1), r(1, 1), r(0, 1)], vec![r(0, 1), r(1, 2), r(1, 1), r(1, 1)]];
    let instance = Instance::new(Matrix::new(rows).unwrap(), vec![r(1, 1), r(1, 1)], Rational::zero()).unwrap();
    let mut point = vec![Surd::zero(); 4];
    point[2] = Surd::from(Rational::one());
    let optimum = |dual: [Rational; 2], face: Vec<(usize, i32)>| Optimum {
        q: Integer::zero(),
        value: Surd::from(Rational::one()),
        dual: dual.map(Surd::from).to_vec(),
        normal: None,
        face,
        vertices: vec![point.clone()],
        complete: true,
    };
    let (independent, dependent) =
        (optimum([r(0, 1), r(1, 1)], vec![(2, 1), (3, 1)]), optimum([r(1, 1), r(0, 1)], vec![(0, 1), (1, 1), (2, 1)]));
    assert_eq!(uniqueness(&instance, &independent).unwrap().narrow, None);
    let reason = uniqueness(&instance, &dependent).unwrap();
    assert!(reason.narrow.is_some() && reason.left.len() == 1);
    let s = vec![r(-3, 1), r(-5, 1), r(0, 1), r(1, 1)];
    // A column of the face on which s is negative needs no help, one on which it is positive does.
    for s in [s.clone(), s.iter().map(|x| -x).collect()] {
        for optimum in [&independent, &dependent] {
            let exact = Rational::from(9 + 25 + 1 + 1);
            assert_eq!(distance_squared(&instance, optimum, &s), Some((exact.clone(), exact)));
        }
    }
}
