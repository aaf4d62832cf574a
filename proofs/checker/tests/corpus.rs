//! The corpus: every file is verified, every rule occurs, and each condition of a rule has a case in which it fails.
#![allow(clippy::unwrap_used)]

mod corpus_files;

use std::collections::BTreeSet;

use certinet_check::check::{Verdict, check};

fn verdict(text: &str) -> Verdict {
    check(text.as_bytes()).unwrap().verdict
}

#[test]
fn every_file_is_verified() {
    for (name, text) in corpus_files::all() {
        assert_eq!(verdict(&text), Verdict::Verified, "{name}");
        assert!(text.len() < 20_000, "{name} has {} bytes", text.len());
    }
}

#[test]
fn the_list_names_every_file() {
    let list = include_str!("../../corpus/list.txt");
    let listed: BTreeSet<&str> = list.lines().map(|line| line.split_once(".cert: ").unwrap().0).collect();
    let files = corpus_files::all();
    let files: BTreeSet<&str> = files.iter().map(|file| file.0.as_str()).collect();
    assert_eq!(listed, files);
}

#[test]
fn every_rule_occurs() {
    let mut found = BTreeSet::new();
    for (_, text) in corpus_files::all() {
        let mut section = "";
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words[0] {
                "spec" if words[2] == "matrix-product" => {
                    let method = words.iter().find(|word| ["direct", "shared-squares", "strassen"].contains(word));
                    found.insert(format!("spec matrix-product {}", method.unwrap()));
                }
                "spec" if words[2] == "squaring" => drop(found.insert(format!("spec squaring {}", words[5]))),
                "spec" if ["minimum", "maximum", "median"].contains(&words[2]) => {
                    found.insert(format!("spec {} {}", words[2], words[4]));
                }
                "spec" => drop(found.insert(format!("spec {}", words[2]))),
                "matrix" | "scalar" | "solve" | "firing" | "times" => {
                    section = words[0];
                    let kind = match section {
                        "scalar" => words[2],
                        "solve" => words[6],
                        _ => "",
                    };
                    found.insert(format!("{section} {kind}").trim().to_owned());
                }
                "conclude" if section == "matrix" => drop(found.insert(format!("matrix conclude {}", words[1]))),
                "start" | "combine" | "carry" | "product" | "apply" | "power" | "iterate" | "residual" | "step"
                | "input" | "square" | "first" | "conclude" | "settle" | "reflect" | "arrivals" | "tree" | "sorted"
                    if !section.is_empty() =>
                {
                    found.insert(format!("{section} {}", words[0]));
                }
                "approximate-minimum" | "spiking-size" => drop(found.insert(words[0].to_owned())),
                "affine" if section == "scalar" => drop(found.insert("scalar affine".to_owned())),
                "qed" => drop(found.insert(if words.len() > 1 { "qed reciprocal" } else { "qed" }.to_owned())),
                _ => {}
            }
        }
    }
    for rule in RULES {
        assert!(found.remove(*rule), "no file has {rule}");
    }
    assert!(found.is_empty(), "not in the list: {found:?}");
}

const RULES: &[&str] = &[
    "spec squaring delayed",
    "spec squaring centred",
    "spec squaring bounded-weights",
    "spec squaring four-wide",
    "spec dot",
    "spec matrix-product direct",
    "spec matrix-product shared-squares",
    "spec matrix-product strassen",
    "spec carried-product",
    "spec symmetric-inverse",
    "spec minimum two-sided",
    "spec minimum one-sided",
    "spec maximum two-sided",
    "spec maximum one-sided",
    "spec median two-sided",
    "spec median one-sided",
    "spec absolute-value",
    "spec interpolation",
    "spec sort",
    "spiking-size",
    "firing",
    "firing settle",
    "firing reflect",
    "firing conclude",
    "times",
    "times arrivals",
    "times tree",
    "times sorted",
    "times conclude",
    "approximate-minimum",
    "matrix",
    "matrix start",
    "matrix combine",
    "matrix carry",
    "matrix product",
    "matrix apply",
    "matrix power",
    "matrix iterate",
    "matrix residual",
    "matrix step",
    "matrix conclude polynomial",
    "matrix conclude neumann",
    "matrix conclude newton-schulz",
    "scalar powers",
    "scalar chebyshev",
    "scalar input",
    "scalar affine",
    "scalar carry",
    "scalar square",
    "scalar product",
    "scalar conclude",
    "solve chebyshev",
    "solve richardson",
    "solve first",
    "solve step",
    "solve conclude",
    "qed",
    "qed reciprocal",
];

/// File, what is replaced, by what, the rule that rejects.
const REJECTED: &[(&str, &str, &str, &str)] = &[
    ("squaring-1", "certificate 1", "certificate 2", "text"),
    ("squaring-1", "target square", "target cube", "statement"),
    ("squaring-1", "domain cube 1 0 1", "domain cube 1 0 2", "qed"),
    ("squaring-1", "norm maximum", "norm euclidean", "qed"),
    ("squaring-1", "error 1/16", "error 1/17", "qed"),
    ("squaring-1", "error 1/16", "error 1/15", "qed"),
    ("squaring-1", "size 2 4 5", "size 2 4 6", "size"),
    ("squaring-1", "relu 1", "relu 2", "network"),
    ("squaring-1", "squaring 1 unit delayed", "squaring 2 unit delayed", "squaring"),
    ("squaring-1", "squaring 1 unit delayed", "squaring 1 1 delayed", "squaring"),
    ("squaring-1", "squaring 1 unit delayed", "squaring 1 unit centred", "squaring"),
    ("squaring-1", "squaring 1 unit delayed", "squaring 0 unit delayed", "squaring"),
    ("squaring-bound", "squaring 2 3/2 delayed", "squaring 2 5/4 delayed", "squaring"),
    ("product-2", "dot 1 2 3/2 1/4", "dot 1 2 1/4 3/2", "dot"),
    ("product-2", "dot 1 2 3/2 1/4", "dot 2 2 3/2 1/4", "dot"),
    ("matrix-product-direct", "spec 0 dot 2 1 1 1\n", "spec 0 dot 2 2 1 1\n", "dot"),
    ("matrix-product-direct", "matrix-product 1 2 2 1 1 1", "matrix-product 1 2 2 1 1 2", "matrix-product"),
    ("matrix-product-shared-squares", " 1*2^1 shared", " 2047*2^-10 shared", "matrix-product"),
    ("matrix-product-strassen", "strassen 1 ", "strassen 2 ", "matrix-product"),
    ("published", "carried-product 1 2", "carried-product 2 2", "carried-product"),
    ("published", "carried-product 1 2", "carried-product 1 1", "carried-product"),
    ("symmetric-inverse", "domain symmetric 2 51963/65536", "domain symmetric 2 51962/65536", "statement"),
    ("symmetric-inverse", "domain symmetric 2 51963/65536", "domain symmetric 2 25981/32768", "qed"),
    ("symmetric-inverse", "symmetric-inverse 2 51963/65536", "symmetric-inverse 2 3/4", "symmetric-inverse"),
    ("minimum-bound", "minimum 3 one-sided 2", "minimum 3 one-sided 1", "minimum"),
    ("minimum-bound", "minimum 3 one-sided 2", "minimum 3 two-sided", "minimum"),
    ("maximum-3", "maximum 3 two-sided", "minimum 3 two-sided", "minimum"),
    ("median-3", "median 3 two-sided", "median 5 two-sided", "median"),
    ("absolute-value", "absolute-value\nqed", "interpolation 0 0\nqed", "interpolation"),
    ("interpolation", "spec 0 interpolation -1 2", "spec 0 interpolation -1 3", "interpolation"),
    ("matrix-inverse", "start 0 1*2^-1", "start 0 1*2^-2", "start"),
    ("matrix-inverse", "start 0 1*2^-1", "start 1 1*2^-1", "start"),
    ("matrix-inverse", "product 1 1*2^-2 1*2^-4", "product 1 1*2^-3 1*2^-4", "product"),
    ("matrix-inverse", "product 1 1*2^-2 1*2^-4", "product 1 1*2^-2 1*2^-5", "product"),
    ("matrix-inverse", "product 1 1*2^-2 1*2^-4", "product 1 1*2^0 1*2^-4", "product"),
    ("matrix-inverse", "carry 4\n", "carry 3\n", "carry"),
    ("matrix-inverse", "combine 9 7*2^-3 7*2^-6", "combine 9 3*2^-2 7*2^-6", "combine"),
    ("matrix-inverse", "combine 9 7*2^-3 7*2^-6", "combine 9 7*2^-3 3*2^-5", "combine"),
    ("matrix-inverse", "power 2 1*2^-2 1 1", "power 2 1*2^-3 1 1", "power"),
    ("matrix-inverse", "power 2 1*2^-2 1 1", "power 2 1*2^-2 1 2", "power"),
    ("matrix-inverse", "power 4 1*2^-4 2 2\n", "", "conclude"),
    ("matrix-inverse", "neumann 15*2^-6", "neumann 7*2^-5", "conclude"),
    ("matrix-inverse", "neumann 15*2^-6", "newton-schulz 15*2^-6", "conclude"),
    ("published", "apply 2 1*2^-2", "apply 2 1*2^-3", "apply"),
    ("published", "apply 2 1*2^-2 1*2^-6", "apply 2 1*2^-2 1*2^-7", "apply"),
    ("newton-schulz", "iterate 0 1*2^1 1*2^-2", "iterate 0 1*2^-2 1*2^-2", "iterate"),
    ("newton-schulz", "iterate 0 1*2^1 1*2^-2", "iterate 0 1*2^1 1*2^-3", "iterate"),
    ("newton-schulz", "residual 5 1*2^-1 1*2^-4", "residual 5 1*2^-2 1*2^-4", "residual"),
    ("newton-schulz", "residual 5 1*2^-1 1*2^-4", "residual 5 1*2^-1 1*2^-5", "residual"),
    ("newton-schulz", "step 10 1*2^1 21*2^-7", "step 10 1 21*2^-7", "step"),
    ("newton-schulz", "step 10 1*2^1 21*2^-7", "step 10 1*2^1 5*2^-5", "step"),
    ("newton-schulz", "conclude newton-schulz 1415*2^-14", "conclude newton-schulz 707*2^-13", "conclude"),
    ("matrix-power-3", "target matrix-power 2 3", "target matrix-power 2 4", "qed"),
    ("power-3", "input 1 0 -1 1 0 0 -1 1", "input 1 0 0 1 0 0 -1 1", "input"),
    ("power-3", "square 2 0 1 0 1*2^-6 0 1", "square 2 0 1 0 1*2^-7 0 1", "square"),
    ("power-3", "square 2 0 1 0 1*2^-6 0 1", "square 2 1*2^-1 1 0 1*2^-6 0 1", "square"),
    ("power-3", "square 2 0 1 0 1*2^-6 0 1", "square 2 0 1 0 1*2^-6 0 1*2^-1", "square"),
    ("power-3", "carry 5", "carry 4", "carry"),
    ("power-3", "product 6 -1 1 -1*2^-5 1*2^-5", "product 6 -1 1 -1*2^-5 1*2^-6", "product"),
    ("power-3", "scalar 2 powers box -1 1", "scalar 2 powers box -1/2 1", "qed"),
    ("power-3", "scalar 2 powers box -1 1", "scalar 2 powers box -2 1", "input"),
    ("power-3", "target power 3", "target power 4", "qed"),
    ("polynomial-error", "chebyshev 2/3 -1/3", "chebyshev 3/4 -1/3", "scalar"),
    ("polynomial-error", "affine 2 -1 1 0 0 -1 1", "affine 2 -1*2^-1 1 0 0 -1 1", "affine"),
    ("polynomial-error", "target polynomial 0 1 0 -1/6", "target polynomial 0 1 0 -1/7", "qed"),
    ("linear-solve-chebyshev", "first 1*2^-1 1*2^-1", "first 1*2^-2 1*2^-1", "first"),
    ("linear-solve-chebyshev", "first 1*2^-1 1*2^-1", "first 1*2^-1 1*2^-2", "first"),
    ("linear-solve-chebyshev", "chebyshev 1*2^-1 1*2^1 1 1", "chebyshev 1*2^-1 3 1 1", "solve"),
    ("linear-solve-chebyshev", "chebyshev 1*2^-1 1*2^1 1 1", "chebyshev 1*2^-1 1*2^1 1*2^-1 1", "solve"),
    ("linear-solve-chebyshev", "chebyshev 1*2^-1", "richardson 1*2^-1", "step"),
    ("linear-solve-chebyshev", " 7*2^-1 7*2^-1 ", " 29*2^-3 29*2^-3 ", "step"),
    ("linear-solve-chebyshev", "step 2 ", "step 3 ", "conclude"),
    ("linear-solve-chebyshev", "domain symmetric-system 2 1 3 1", "domain symmetric-system 2 1 3 2", "qed"),
    ("squaring-1", "end 1", "end 2", "end"),
];

#[test]
fn conditions_that_fail() {
    let files = corpus_files::all();
    let mut wrong = Vec::new();
    for (name, from, to, rule) in REJECTED {
        let text = &files.iter().find(|file| file.0 == *name).unwrap().1;
        assert!(text.contains(from), "{name} has no {from}");
        let mut changed = text.replacen(from, to, 1);
        let lines = changed.lines().count();
        if lines != text.lines().count() {
            changed = changed.replace(&format!("end {lines}"), &format!("end {}", lines - 1));
        }
        let verdict = verdict(&changed);
        if !matches!(&verdict, Verdict::Rejected { rule: found, .. } if found == rule) {
            wrong.push(format!("{name}, {to:?} should be rejected by {rule}: {verdict}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} cases", REJECTED.len());
}
