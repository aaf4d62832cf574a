//! Polynomials of several variables: p is an affine map plus a sum of Bernstein products with coefficients in [-E, E].

use std::collections::BTreeMap;

use num_traits::{One, Signed, Zero};

use crate::draw::Random;
use crate::oracle::{Q, is_true};
use crate::random::{dense, domain_line, file, listed, q};
use crate::rejection;
use crate::writer::{Row, sides};

/// Coefficients by exponents.
type Polynomial = BTreeMap<Vec<usize>, Q>;

fn times(p: &Polynomial, row: &Row) -> Polynomial {
    let mut product = Polynomial::new();
    for (exponents, c) in p {
        for (j, a) in row.iter().enumerate() {
            let mut exponents = exponents.clone();
            exponents.get_mut(j).into_iter().for_each(|e| *e += 1);
            *product.entry(exponents).or_insert_with(Q::zero) += c * a;
        }
    }
    product
}

fn add(sum: &mut Polynomial, factor: &Q, p: &Polynomial) {
    for (exponents, c) in p {
        *sum.entry(exponents.clone()).or_insert_with(Q::zero) += factor * c;
    }
}

/// Binomial factor and slacks of all products of (s_0 + s_1)^d_1 (s_2 + s_3)^d_2 ..
fn products(degrees: &[usize]) -> Vec<(i64, Vec<usize>)> {
    let mut list = vec![(1, Vec::new())];
    for (j, &d) in degrees.iter().enumerate() {
        let binomial = |k: usize| (0..k).fold(1, |b, i| b * (d - i) as i64 / (i as i64 + 1));
        let with = |(c, slacks): &(i64, Vec<usize>)| {
            let one = |k: usize| (c * binomial(k), [slacks.clone(), vec![2 * j; k], vec![2 * j + 1; d - k]].concat());
            (0..=d).map(one).collect::<Vec<_>>()
        };
        list = list.iter().flat_map(with).collect();
    }
    list
}

#[test]
fn bernstein_forms_are_accepted_and_nothing_near_them() {
    let mut random = Random(9);
    for round in 0..60 {
        let n = 1 + round % 3;
        let box_of: Vec<(Q, Q)> = (0..n)
            .map(|_| {
                let lo = q(random.between(-3, 3), random.between(1, 3));
                (lo.clone(), lo + q(random.between(1, 5), 3))
            })
            .collect();
        let slacks = sides(&box_of);
        let degrees: Vec<usize> = (0..n).map(|_| random.below(3)).collect();
        let widths = box_of.iter().zip(&degrees).fold(Q::one(), |w, ((lo, hi), &d)| w * num_traits::pow(hi - lo, d));
        let error = q(random.between(1, 4), random.between(1, 3));
        // p - R = sum of c (product) - E and 2 E = sum of 2 E (product): the sums have coefficients c and 2 E - c.
        let network = dense(&[n, 1], &mut random);
        let one = Polynomial::from([(vec![0; n], Q::one())]);
        let row = [network[0].0[0].clone(), network[0].1.clone()].concat();
        let mut p = times(&one, &row);
        add(&mut p, &-&error, &one);
        let mut sums = [Vec::new(), Vec::new()];
        for (binomial, factors) in products(&degrees) {
            let share = q(random.between(0, 4), 4);
            let whole = &error * q(2 * binomial, 1) / &widths;
            let product = factors.iter().fold(one.clone(), |product, &k| times(&product, &slacks[k]));
            add(&mut p, &(&whole * &share), &product);
            for (sum, share) in sums.iter_mut().zip([share.clone(), q(1, 1) - share]) {
                let text: String = factors.iter().map(|k| format!(" {k}")).collect();
                if share.is_positive() {
                    sum.push(format!(" {} {}{text}", &whole * share, factors.len()));
                }
            }
        }
        let leaf: String = sums.iter().map(|sum| format!(" {}{}", sum.len(), sum.concat())).collect();
        let terms: Vec<String> = p
            .iter()
            .map(|(exponents, c)| format!(" {c}{}", exponents.iter().map(|e| format!(" {e}")).collect::<String>()))
            .collect();
        let statement = [
            format!("target multivariate-polynomial {n} {}{}", terms.len(), terms.concat()),
            domain_line(&box_of),
            "norm maximum".to_owned(),
            format!("error {error}"),
            "kind bound".to_owned(),
        ];
        let steps = [format!("leaf{leaf}"), "conclude".to_owned()];
        let text = file(&statement, &listed(std::slice::from_ref(&network)), &steps);
        assert_eq!(rejection(&text), "", "{text}");
        assert_eq!(is_true(&text), Ok(()));
        // Every other coefficient of p, every other factor and slack makes it wrong.
        let (exponents, c) = p.iter().next().unwrap();
        let changed = terms[0].replacen(&format!(" {c} "), &format!(" {} ", c + q(1, 7)), 1);
        assert!(exponents.iter().all(Zero::is_zero) && changed != terms[0]);
        assert!(rejection(&text.replacen(&terms[0], &changed, 1)).starts_with("leaf: it does not hold"), "{text}");
        let words: Vec<&str> = steps[0].split(' ').collect();
        for place in 1..words.len() {
            let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            words[place] = if words[place] == "1" { "2".to_owned() } else { "1".to_owned() };
            let other = text.replacen(&steps[0], &words.join(" "), 1);
            let found = rejection(&other);
            assert!(found.starts_with("leaf: "), "{found} at {place}\n{other}\n{text}");
        }
    }
}
