//! Blocks with other parameters, and files that are no certificates.
#![allow(clippy::unwrap_used)]

mod common;

use certinet_check::generate::{self, Extreme, Squaring};
use certinet_check::network::Network;
use certinet_check::{Verdict, check};
use common::{cases, file, lines, list, ratio, sized, verdict};

fn certificate(statement: &str, networks: &[Network], steps: &str) -> Vec<String> {
    let mut all = lines("certinet-certificate 1");
    all.extend(lines(statement));
    all.extend(lines("size ?"));
    all.extend(list(networks, 0));
    all.extend(lines(steps));
    all.push("qed".to_owned());
    all
}

fn square() -> Vec<String> {
    let network = generate::squaring(2, Some(&ratio(3, 2)), Squaring::Delayed).unwrap();
    let statement = "target square\ndomain cube 1 -3/2 3/2\nnorm maximum\nerror 9/256\nkind exact";
    certificate(statement, &[network], "spec 0 squaring 2 3/2 delayed")
}

#[test]
fn blocks_are_compared_with_their_parameters() {
    cases(
        &square(),
        0,
        "
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 3 3/2 delayed # squaring:
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 2 2 delayed # squaring: node
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 2 unit delayed # squaring:
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 2 3/2 centred # squaring: node
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 2 3/2 four-wide # squaring: node
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 2 3/2 fast # squaring: 'fast' is not
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 0 3/2 delayed # squaring: 0 levels
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 10001 3/2 delayed # squaring: 10001 levels
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 2 0 delayed # squaring: 0 is not positive
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 2 -3/2 delayed # squaring: -3/2 is not positive
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 2 3/2 delayed 1 # squaring: '1' is not expected
        spec 0 squaring 2 3/2 delayed => spec 1 squaring 2 3/2 delayed # squaring: there is no network 1
        spec 0 squaring 2 3/2 delayed => spec 0 squaring 2 3/2 delayed ; spec 0 squaring 2 3/2 delayed # squaring: network 0 has a specification
        spec 0 squaring 2 3/2 delayed => spec 0 absolute-value # absolute-value:
        spec 0 squaring 2 3/2 delayed => spec 0 trust # text: 'trust' is not a block
        spec 0 squaring 2 3/2 delayed => # qed: network 0 has no specification
        error 9/256 => error 1/16 # qed: it does not hold that E is the error
        error 9/256 => error 9/257 # qed: it does not hold that E is at least
        domain cube 1 -3/2 3/2 => domain cube 1 -3/2 1 # qed: it does not hold that the domain is that
        domain cube 1 -3/2 3/2 => domain cube 1 -2 3/2 # qed: it does not hold that the domain lies
        domain cube 1 -3/2 3/2 => domain cube 2 -3/2 3/2 # qed: it does not hold that the domain lies
        target square => target power 3 # qed: it does not hold that the target
        target square => target absolute-value # qed: it does not hold that the target
        ",
    );
    // x^2 is the second power, and a smaller domain has a bound.
    let text = file(&sized(&square())).replace("target square", "target power 2");
    assert_eq!(verdict(&text), Verdict::Verified);
    let text = file(&sized(&square())).replace("kind exact", "kind bound").replace("error 9/256", "error 1");
    assert_eq!(verdict(&text.replace("cube 1 -3/2 3/2", "box -1 1/2")), Verdict::Verified);

    let (one, half) = (ratio(1, 1), ratio(1, 2));
    let networks = [generate::dot(2, 3, &one, &half).unwrap(), generate::direct((2, 2, 2), 0).unwrap()];
    let statement =
        "target matrix-product 2 2 2\ndomain balls 2 2 1 2 2 1/2\nnorm spectral 2 2\nerror 1/128\nkind exact";
    cases(
        &certificate(statement, &networks, "spec 0 dot 2 3 1 1/2\nspec 1 matrix-product 2 2 2 3 1 1/2 1*2^1 direct 0"),
        0,
        "
        spec 0 dot 2 3 1 1/2 => spec 0 dot 1 3 1 1/2 # dot: node 0
        spec 0 dot 2 3 1 1/2 => spec 0 dot 2 2 1 1/2 # dot:
        spec 0 dot 2 3 1 1/2 => spec 0 dot 2 3 1/2 1 # dot: node 2
        spec 0 dot 2 3 1 1/2 => spec 0 dot 0 3 1 1/2 # dot: it does not hold that n > 0
        spec 0 dot 2 3 1 1/2 => spec 0 dot 9223372036854775807 3 1 1/2 # dot:
        spec 0 dot 2 3 1 1/2 => # matrix-product: network 0 has no specification
        spec 1 matrix-product 2 2 2 3 1 1/2 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 3 1 1/2 1 direct 0 # matrix-product: it does not hold that r^2
        spec 1 matrix-product 2 2 2 3 1 1/2 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 3 1 1/2 2 direct 0 # matrix-product: '2' is not a dyadic
        spec 1 matrix-product 2 2 2 3 1 1/2 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 3 1 1/2 -3 direct 0 # matrix-product: it does not hold that r > 0
        ",
    );
}

#[test]
fn products_of_matrices() {
    let one = ratio(1, 1);
    let networks = [generate::dot(2, 3, &one, &one).unwrap(), generate::direct((2, 2, 2), 0).unwrap()];
    let statement = "target matrix-product 2 2 2\ndomain balls 2 2 1 2 2 1\nnorm spectral 2 2\nerror 1/64\nkind exact";
    let steps = "spec 0 dot 2 3 1 1\nspec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0";
    cases(
        &certificate(statement, &networks, steps),
        0,
        "
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 3 1 1 1 direct 0 # matrix-product: it does not hold that r^2
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 3 1 1 3 direct 0 # qed: it does not hold that E is at least
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 3 1 1 -1*2^1 direct 0 # matrix-product: it does not hold that r > 0
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 2 1 1 1*2^1 direct 0 # matrix-product: it does not hold that network j
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 3 1 2 1*2^1 direct 0 # matrix-product: it does not hold that network j
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 2 1 2 3 1 1 1*2^1 direct 0 # matrix-product: it does not hold that network j
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 1 2 4 3 1 1 1*2^1 direct 0 # matrix-product: node
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 0 2 2 3 1 1 1*2^1 direct 0 # matrix-product: it does not hold that d, n, l > 0
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 1 # matrix-product: network 1 has no
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 3 1 1 1*2^1 shared-squares # matrix-product:
        spec 1 matrix-product 2 2 2 3 1 1 1*2^1 direct 0 => spec 1 matrix-product 2 2 2 3 1 1 9 strassen 1 0 # matrix-product:
        error 1/64 => error 1/32 # qed: it does not hold that E is the error
        domain balls 2 2 1 2 2 1 => domain balls 2 2 1 2 2 1/2 # qed: it does not hold that the domain is that
        kind exact => kind exact # zz
        "
        .replace("kind exact => kind exact # zz", "")
        .as_str(),
    );
    // 2 and 3 levels up to one size: the witness lies in the balls as long as d n <= 4^(m+1).
    let shared = generate::shared_squares((1, 1, 1), 2, (&one, &one)).unwrap();
    let networks = [shared, generate::strassen((1, 1), 2, (&one, &one), 0).unwrap()];
    let statement = "target matrix-product 2 2 2\ndomain balls 2 2 1 2 2 1\nnorm spectral 2 2\nerror 27/64\nkind bound";
    let steps =
        "spec 0 matrix-product 1 1 1 2 1 1 1 shared-squares\nspec 1 matrix-product 2 2 2 2 1 1 9*2^1 strassen 1 0";
    cases(
        &certificate(statement, &networks, steps),
        0,
        "
        kind bound => kind exact # qed: it does not hold that the error of the specification is attained
        spec 0 matrix-product 1 1 1 2 1 1 1 shared-squares => spec 0 matrix-product 1 1 1 2 1 1 1*2^-1 shared-squares # matrix-product: it does not hold that r^2 >= d l
        spec 0 matrix-product 1 1 1 2 1 1 1 shared-squares => spec 0 matrix-product 1 1 1 2 1 2 1 shared-squares # matrix-product: node
        spec 1 matrix-product 2 2 2 2 1 1 9*2^1 strassen 1 0 => spec 1 matrix-product 2 2 2 2 1 1 17 strassen 1 0 # matrix-product: it does not hold that r^2 >= 320^k
        spec 1 matrix-product 2 2 2 2 1 1 9*2^1 strassen 1 0 => spec 1 matrix-product 2 2 2 2 1 1 9*2^1 strassen 2 0 # matrix-product: d = n = l = 2^k b
        spec 1 matrix-product 2 2 2 2 1 1 9*2^1 strassen 1 0 => spec 1 matrix-product 2 2 2 2 1 1 9*2^1 strassen 64 0 # matrix-product: d = n = l = 2^k b
        spec 1 matrix-product 2 2 2 2 1 1 9*2^1 strassen 1 0 => spec 1 matrix-product 2 2 4 2 1 1 9*2^1 strassen 1 0 # matrix-product: d = n = l = 2^k b
        spec 1 matrix-product 2 2 2 2 1 1 9*2^1 strassen 1 0 => spec 1 matrix-product 2 2 2 2 1 1 9*2^1 strassen 0 0 # matrix-product: it does not hold that network j
        spec 1 matrix-product 2 2 2 2 1 1 9*2^1 strassen 1 0 => spec 1 matrix-product 2 2 2 3 1 1 9*2^1 strassen 1 0 # matrix-product: it does not hold that network j
        ",
    );
}

#[test]
fn exact_blocks() {
    for (name, bound) in [("two-sided", None), ("one-sided 3", Some(ratio(3, 1)))] {
        for which in ["minimum", "maximum", "median"] {
            let network = match which {
                "minimum" => generate::extreme(Extreme::Minimum, 3, bound.as_ref()).unwrap(),
                "maximum" => generate::extreme(Extreme::Maximum, 3, bound.as_ref()).unwrap(),
                _ => generate::median(3, bound.as_ref()).unwrap(),
            };
            let domain = if bound.is_some() { "cube 3 -3 3" } else { "space 3" };
            let statement = format!("target {which} 3\ndomain {domain}\nnorm maximum\nerror 0\nkind exact");
            let other = if which == "minimum" { "maximum" } else { "minimum" };
            let sided = if bound.is_some() { "two-sided" } else { "one-sided 3" };
            let table = format!(
                "spec 0 {which} 3 {name} => spec 0 {other} 3 {name} # {other}:
                spec 0 {which} 3 {name} => spec 0 {which} 3 {sided} # {which}:
                spec 0 {which} 3 {name} => spec 0 {which} 3 one-sided 2 # {which}:
                spec 0 {which} 3 {name} => spec 0 {which} 3 one-sided 0 # {which}: 0 is not positive
                spec 0 {which} 3 {name} => spec 0 {which} 3 both # {which}: 'both' is neither
                spec 0 {which} 3 {name} => spec 0 {which} 5 {name} # {which}:
                spec 0 {which} 3 {name} => spec 0 {which} 0 {name} # {which}: it does not hold that n
                target {which} 3 => target {other} 3 # qed: it does not hold that the target
                target {which} 3 => target {which} 4 # qed: it does not hold that the target
                norm maximum => norm euclidean # qed: it does not hold that the norm
                domain {domain} => domain space 4 # qed: it does not hold that the domain"
            );
            cases(&certificate(&statement, &[network], &format!("spec 0 {which} 3 {name}")), 0, &table);
        }
    }
    let points = [(0, 1), (1, 3)].map(|(x, y)| (ratio(x, 2), ratio(y, 3)));
    let network = generate::interpolation(&points).unwrap();
    let statement = "target interpolation 0 1/3 1/2 1\ndomain space 1\nnorm maximum\nerror 0\nkind exact";
    cases(
        &certificate(statement, &[network], "spec 0 interpolation 0 1/3 1/2 1"),
        0,
        "
        spec 0 interpolation 0 1/3 1/2 1 => spec 0 interpolation 0 1/3 1 1 # interpolation: node
        spec 0 interpolation 0 1/3 1/2 1 => spec 0 interpolation 1/2 1 0 1/3 # interpolation: the first coordinates
        spec 0 interpolation 0 1/3 1/2 1 => spec 0 interpolation 0 1/3 0 1 # interpolation: the first coordinates
        spec 0 interpolation 0 1/3 1/2 1 => spec 0 interpolation 0 1/3 1/2 # interpolation: the line ends
        target interpolation 0 1/3 1/2 1 => target interpolation 0 1/3 1/2 2 # qed: it does not hold that the target
        ",
    );
}

#[test]
fn files_that_are_no_certificates() {
    let good = sized(&square());
    let text = file(&good);
    assert_eq!(verdict(&text), Verdict::Verified);
    let rejected = |text: &str| matches!(verdict(text), Verdict::Rejected { .. });
    // Cut anywhere, or with anything behind it.
    for end in 0..text.len() {
        assert!(rejected(&text[..end]), "{end}");
    }
    for tail in ["\n", " ", "x", "end 1\n", "qed\n", "\0"] {
        assert!(rejected(&format!("{text}{tail}")));
    }
    // A line left out, given twice, or exchanged with the next one; a byte changed to one that is not text.
    for line in 0..good.len() {
        let mut changed = good.clone();
        changed.remove(line);
        assert!(rejected(&file(&changed)), "{line}");
        changed = good.clone();
        changed.insert(line, good[line].clone());
        let unused = good[line].starts_with("block");
        assert!(rejected(&file(&changed)) || unused, "{line}");
        changed = good.clone();
        if line + 1 < good.len() {
            changed.swap(line, line + 1);
            assert!(rejected(&file(&changed)) || changed == good, "{line}");
        }
        for wrong in ["\u{7f}", "\u{e9}", "\t", "\r"] {
            changed = good.clone();
            changed[line] += wrong;
            assert!(rejected(&file(&changed)));
        }
    }
    for (old, new, why) in [
        ("certinet-certificate 1", "certinet-certificate 2", "'2' is not '1'"),
        ("error 9/256", "error 18/512", "lowest terms"),
        ("error 9/256", "error  9/256", "exactly one space"),
        ("error 9/256", "error 9/256 ", "is not expected"),
        ("relu 1", "relu 2", "argument 2 is not a node before"),
        ("relu 1", "relu 18446744073709551615", "is not a natural number"),
        ("relu 1", "sigmoid 1", "'sigmoid' is not a node"),
        ("output 7", "output 9", "its output 9 is no node"),
        ("block 2 1 1 0 0 1 1 0 -1", "block 2 1 1 1 0 -1 0 0 1", "sorted"),
        ("block 2 1 1 0 0 1 1 0 -1", "block 2 1 2 0 0 2 1 0 -2", "a factor in common"),
        ("block 2 1 1 0 0 1 1 0 -1", "block 2 1 0 0 0 1 1 0 -1", "denominator of a block is positive"),
        ("block 2 1 1 0 0 1 1 0 -1", "block 2 1 1 0 0 0 1 0 -1", "not 0"),
        ("block 2 1 1 0 0 1 1 0 -1", "block 2 1 1 0 0 1 2 0 -1", "inside"),
        ("kind exact", "kind exact ; kind exact", ""),
    ] {
        let place = good.iter().position(|line| line == old).unwrap_or_else(|| panic!("{old}\n{}", good.join("\n")));
        let mut changed = good.clone();
        changed.splice(place..=place, new.split(" ; ").map(str::to_owned));
        match verdict(&file(&changed)) {
            Verdict::Rejected { step, why: found, .. } => assert!(step > 0 && found.contains(why), "{new}: {found}"),
            other => panic!("{new}: {other}"),
        }
    }
    // Deep nesting of calls.
    let mut deep = lines("certinet-certificate 1\ntarget square\ndomain cube 1 0 1\nnorm maximum\nerror 0\nkind bound");
    deep.push("size 1 1 1".to_owned());
    deep.extend(lines("network\ninput 1\nrelu 0\noutput 1"));
    for k in 0..200_000 {
        deep.extend(["network".into(), "input 1".into(), format!("call {k} 1 0"), "output 1".into()]);
    }
    deep.push("qed".to_owned());
    assert!(rejected(&file(&deep)));
}

#[test]
fn random_changes_never_panic_and_are_never_verified_as_another_theorem() {
    let good = file(&sized(&square()));
    let mut state = 1u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let signs = b"0123456789 -/*^\nabcdefghijklmnopqrstuvwxyz";
    for _ in 0..10_000 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..=next(3) {
            let place = next(bytes.len());
            match next(3) {
                0 => bytes[place] = signs[next(signs.len())],
                1 => bytes.insert(place, signs[next(signs.len())]),
                _ => drop(bytes.remove(place)),
            }
        }
        let outcome = check(bytes.as_slice()).unwrap();
        if outcome.verdict == Verdict::Verified {
            // The same weights and domain: |R(x) - x^2| <= 9/256 with equality, so E is that or the kind is a bound.
            let statement = outcome.statement.unwrap().to_string();
            assert!(statement.contains("9/256 (exact)") || statement.contains("(bound)"), "{statement}");
        }
    }
}

#[test]
fn long_continued_fractions_are_compared_without_recursion() {
    // Neighbouring quotients of Fibonacci numbers agree in almost 40,000 partial quotients.
    let (mut a, mut b) = (num_bigint::BigInt::from(1), num_bigint::BigInt::from(1));
    for _ in 0..40_000 {
        (a, b) = (b.clone(), a + b);
    }
    let weight =
        |p: &num_bigint::BigInt, q: &num_bigint::BigInt| certinet_check::network::Weight::new(p.clone(), q.clone());
    let next = &a + &b;
    let network = generate::squaring(1, Some(&weight(&b, &next)), Squaring::Delayed).unwrap();
    let statement = "target square\ndomain cube 1 0 0\nnorm maximum\nerror 1\nkind bound\nsize 1 1 1";
    let mut all = lines("certinet-certificate 1");
    all.extend(lines(statement));
    all.extend(list(&[network], 0));
    all.extend([format!("spec 0 squaring 1 {a}/{b} delayed"), "qed".to_owned()]);
    match verdict(&file(&all)) {
        Verdict::Rejected { rule: "squaring", why, .. } => assert!(why.contains("is not that of the block")),
        other => panic!("{other}"),
    }
}
