//! Sections about one matrix: every rule accepted, and rejected for every condition.
#![allow(clippy::unwrap_used)]

mod common;

use common::{cases, lines};

/// Newton's iteration for d = 2, q = 1/2: one step, with a product taken on trust.
const NEWTON: &str = "
    certinet-certificate 1
    target matrix-inverse 2
    domain balls 2 2 1/2
    norm spectral 2 2
    error 267/2048
    kind bound
    size ?
    block 1 1 1 0 0 1
    block 1 1 1 0 0 -1
    block 1 1 1 0 0 2
    block 1 1 1 0 0 -2
    block 2 2 1 0 0 1 1 1 1
    network
    input 4
    input 4
    affine 4 2 0 1 0 0 0 1 1 1 4 1 1 1 1 0 0 0 1 1 1 4 1 1 0
    output 2
    network
    input 4
    affine 4 1 0 1 0 0 0 1 1 1 4 1 1 1 0 0 0 1 1 1 4 1 0
    relu 1
    affine 4 1 2 1 0 0 0 1 1 1 4 1 1 1 1 0 0 1 1 1 4 1 0
    call 0 1 0 0
    affine 4 3 3 1 0 0 0 1 1 1 4 1 1 3 1 1 0 0 1 1 1 4 1 1 4 1 0 0 0 1 1 1 4 1 1 0
    affine 4 1 5 1 4 0 0 1 1 1 2 2 2 1 2 0 0 1 1 1 4 1 0
    relu 6
    affine 4 1 7 1 0 0 0 1 1 1 4 1 1 1 3 0 0 1 1 1 4 1 0
    call 0 1 3 8
    affine 4 3 3 1 0 0 0 1 1 1 4 1 1 8 1 0 0 0 1 1 1 4 1 1 9 1 0 0 0 1 1 1 4 1 1 0
    affine 4 1 10 1 0 0 0 1 1 1 4 1 1 1 0 0 0 1 1 1 2 3 0
    output 11
    assume 0 matrix-product 2 2 2 1 1 1*2^-10
    matrix 1 2 1/2
    start 0 1*2^-1
    iterate 0 1*2^-1 1*2^-2
    carry 3
    residual 5 257*2^-10 1*2^-10
    carry 8
    step 10 2315*2^-11 267*2^-12
    conclude newton-schulz 267*2^-11
    qed";

#[test]
fn newton_steps() {
    cases(
        &lines(NEWTON),
        1,
        "
        error 267/2048 => error 266/2048 # statement: '266/2048' is not a fraction in lowest terms
        error 267/2048 => error 133/1024 # qed: it does not hold that E is at least
        error 267/2048 => error -1 # statement: an error is not negative
        kind bound => kind exact # qed: it does not hold that the error of the specification is attained
        kind bound => kind sharp # statement: a kind is
        domain balls 2 2 1/2 => domain balls 2 2 3/4 # qed: it does not hold that the domain
        domain balls 2 2 1/2 => domain balls 4 1 1/2 # qed: it does not hold that the domain
        domain balls 2 2 1/2 => domain balls 2 2 1/2 2 2 1/2 # qed: it does not hold that the domain
        domain balls 2 2 1/2 => domain balls 2 2 -1/2 # statement: the bound of a ball
        domain balls 2 2 1/2 => domain cube 4 0 0 # qed: it does not hold that the domain
        target matrix-inverse 2 => target matrix-inverse 3 # qed: it does not hold that the target
        target matrix-inverse 2 => target symmetric-inverse 2 # qed: it does not hold that the target
        norm spectral 2 2 => norm spectral 4 1 # qed: it does not hold that the norm
        norm spectral 2 2 => norm maximum # qed: it does not hold that the norm
        assume 0 matrix-product 2 2 2 1 1 1*2^-10 => # residual: the node is not x - u + p
        assume 0 matrix-product 2 2 2 1 1 1*2^-10 => assume 0 matrix-product 2 2 2 1 1 -1*2^-10 # assume: a size is claimed
        assume 0 matrix-product 2 2 2 1 1 1*2^-10 => assume 0 matrix-product 2 2 2 -1 1 1*2^-10 # assume: -1 is not positive
        assume 0 matrix-product 2 2 2 1 1 1*2^-10 => assume 0 matrix-product 4 1 4 1 1 1*2^-10 # assume: it does not hold that the network maps
        assume 0 matrix-product 2 2 2 1 1 1*2^-10 => assume 1 matrix-product 2 2 2 1 1 1*2^-10 # assume: it does not hold that the network maps
        assume 0 matrix-product 2 2 2 1 1 1*2^-10 => assume 2 matrix-product 2 2 2 1 1 1*2^-10 # assume: there is no network 2
        assume 0 matrix-product 2 2 2 1 1 1*2^-10 => assume 0 matrix-product 2 2 2 1 1 1*2^-10 ; assume 0 matrix-product 2 2 2 1 1 1*2^-10 # assume: network 0 has a specification already
        assume 0 matrix-product 2 2 2 1 1 1*2^-10 => assume 0 matrix-product 2 2 2 1/4 1 1*2^-10 # residual: it does not hold that q <= B1
        assume 0 matrix-product 2 2 2 1 1 1*2^-10 => assume 0 matrix-product 2 2 2 1 1/4 1*2^-10 # residual: it does not hold that n' <= B2
        assume 0 matrix-product 2 2 2 1 1 1*2^-10 => assume 0 matrix-product 2 2 2 1 1 1*2^-9 # residual: it does not hold that e >= E
        matrix 1 2 1/2 => matrix 1 4 1/2 # matrix: it does not hold that the network has one input
        matrix 1 2 1/2 => matrix 1 0 1/2 # matrix: it does not hold that the matrix has rows
        matrix 1 2 1/2 => matrix 1 2 0 # matrix: 0 is not positive
        matrix 1 2 1/2 => matrix 0 2 1/2 # matrix: network 0 has a specification already
        matrix 1 2 1/2 => matrix 1 2 1 # start: it does not hold that n >= q
        matrix 1 2 1/2 => matrix 1 2 4294967296 # start: it does not hold that n >= q
        matrix 1 2 1/2 => matrix 1 9223372036854775807 1 # matrix: it does not hold that the matrix has rows
        matrix 1 2 1/2 => matrix 1 2 1/2 ; qed # qed: the section before
        start 0 1*2^-1 => start 0 1*2^-2 # start: it does not hold that n >= q
        start 0 1*2^-1 => start 3 1*2^-1 # start: it does not hold that the node is the input
        start 0 1*2^-1 => start 0 1*2^-1 ; start 0 1*2^-1 # start: node 0 has an approx fact already
        start 0 1*2^-1 => start 12 1*2^-1 # start: there is no node 12
        start 0 1*2^-1 => # iterate: it does not hold that the node is X
        iterate 0 1*2^-1 1*2^-2 => iterate 0 1*2^-1 1*2^-3 # iterate: it does not hold that r >= q^2
        iterate 0 1*2^-1 1*2^-2 => iterate 0 1*2^-2 1*2^-2 # iterate: it does not hold that n >= q
        iterate 0 1*2^-1 1*2^-2 => iterate 4 1*2^-1 1*2^-2 # iterate: it does not hold that the node is X
        iterate 0 1*2^-1 1*2^-2 => iterate 0 1*2^-1 1*2^-2 ; iterate 0 1*2^-1 1*2^-2 # iterate: node 0 has an iterate fact already
        iterate 0 1*2^-1 1*2^-2 => # residual: node 0 has no iterate fact
        carry 3 => # residual: the node is not x - u + p
        carry 3 => carry 8 # carry: node 5 has no fact
        carry 3 => carry 2 # carry: node 2 is not affine
        carry 3 => carry 11 # carry: node 10 is not a ReLU
        carry 3 => carry 3 ; carry 3 # carry: node 3 has the facts of another node
        carry 3 => carry 3 ; combine 3 1 0 # combine:
        residual 5 257*2^-10 1*2^-10 => residual 5 1*2^-2 1*2^-10 # residual: it does not hold that n >= r + e
        residual 5 257*2^-10 1*2^-10 => residual 5 257*2^-10 1*2^-11 # residual: it does not hold that e >= E
        residual 5 257*2^-10 1*2^-10 => residual 10 257*2^-10 1*2^-10 # residual: the node is not
        residual 5 257*2^-10 1*2^-10 => residual 5 257*2^-10 1*2^-10 ; residual 5 257*2^-10 1*2^-10 # residual: it does not hold that the node has no residual
        residual 5 257*2^-10 1*2^-10 => residual 5 5 1*2^-10 # carry: it does not hold that c >= b(w)
        carry 8 => # step: node 8 has no residual fact
        step 10 2315*2^-11 267*2^-12 => step 10 1157*2^-10 267*2^-12 # step: it does not hold that n (1 - q)
        step 10 2315*2^-11 267*2^-12 => step 10 2315*2^-11 533*2^-13 # step: it does not hold that r >= r'^2
        step 10 2315*2^-11 267*2^-12 => step 5 2315*2^-11 267*2^-12 # step: the node is not u + w + p
        step 10 2315*2^-11 267*2^-12 => # conclude: node 10 has no iterate fact
        conclude newton-schulz 267*2^-11 => conclude newton-schulz 533*2^-12 # conclude: it does not hold that E (1 - q) >= r
        conclude newton-schulz 267*2^-11 => conclude polynomial # conclude: node 11 has no approx fact
        conclude newton-schulz 267*2^-11 => conclude neumann 1 # conclude: node 11 has no approx fact
        conclude newton-schulz 267*2^-11 => conclude # conclude: the line ends too early
        conclude newton-schulz 267*2^-11 => # qed: the section before
        affine 4 1 7 1 0 0 0 1 1 1 4 1 1 1 3 0 0 1 1 1 4 1 0 => affine 4 1 7 1 0 0 0 1 1 1 4 1 1 1 1 0 0 1 1 1 4 1 0 # carry: it does not hold that what is added
        affine 4 1 7 1 0 0 0 1 1 1 4 1 1 1 3 0 0 1 1 1 4 1 0 => affine 4 1 7 1 2 0 0 1 1 1 4 1 1 1 3 0 0 1 1 1 4 1 0 # carry: it does not hold that the maps are the identity
        affine 4 1 7 1 0 0 0 1 1 1 4 1 1 1 3 0 0 1 1 1 4 1 0 => affine 4 1 7 1 0 0 0 1 1 1 3 1 1 1 3 0 0 1 1 1 4 1 0 # carry: a map is not a multiple
        affine 4 1 7 1 0 0 0 1 1 1 4 1 1 1 3 0 0 1 1 1 4 1 0 => affine 4 1 7 1 0 0 0 1 1 1 4 1 1 1 3 0 0 1 1 1 3 1 0 # carry: a bias is not constant
        affine 4 1 10 1 0 0 0 1 1 1 4 1 1 1 0 0 0 1 1 1 2 3 0 => affine 4 1 10 1 0 0 0 1 1 1 4 1 1 1 0 0 0 1 1 1 4 1 0 # conclude: a bias is not a multiple of the identity matrix
        affine 4 1 10 1 0 0 0 1 1 1 4 1 1 1 0 0 0 1 1 1 2 3 0 => affine 4 1 10 1 0 0 0 1 1 1 4 1 1 1 2 0 0 1 1 1 2 3 0 # conclude: it does not hold that the output is I + u
        affine 4 1 10 1 0 0 0 1 1 1 4 1 1 1 0 0 0 1 1 1 2 3 0 => affine 4 1 10 1 2 0 0 1 1 1 4 1 1 1 0 0 0 1 1 1 2 3 0 # conclude: it does not hold that the output is I + u
        call 0 1 3 8 => call 0 1 8 3 # step: node 8 has no iterate fact
        call 0 1 0 0 => call 0 1 0 1 # residual: the node is not
        output 11 => output 10 # conclude:
        ",
    );
    // q = 1 is no contraction.
    let text = NEWTON.replace("matrix 1 2 1/2", "matrix 1 2 1").replace("start 0 1*2^-1", "start 0 1");
    let text = text
        .replace("iterate 0 1*2^-1 1*2^-2", "iterate 0 1 1")
        .replace("residual 5 257*2^-10", "residual 5 1025*2^-10");
    match common::verdict(&common::file(&lines(&text.replace("size ?", "size 1 1 1")))) {
        certinet_check::Verdict::Rejected { rule: "step", why, .. } => assert!(why.contains("n'' <= B2")),
        other => panic!("{other}"),
    }
    let text = text.replace("matrix-product 2 2 2 1 1 ", "matrix-product 2 2 2 2 2 ");
    match common::verdict(&common::file(&lines(&text.replace("size ?", "size 1 1 1")))) {
        certinet_check::Verdict::Rejected { rule: "step", why, .. } => assert!(why.contains("q < 1")),
        other => panic!("{other}"),
    }
}

/// 1 + X + X^2 for d = 1, q = 1/2, by a network of its own for X^2.
const NEUMANN: &str = "
    certinet-certificate 1
    target matrix-inverse 1
    domain balls 1 1 1/2
    norm spectral 1 1
    error 257/1024
    kind bound
    size ?
    block 1 1 1 0 0 1
    block 1 1 1 0 0 -1
    network
    input 1
    input 1
    affine 1 2 0 1 0 0 0 1 1 0 1 1 0 0 0 1 1 0 0
    output 2
    network
    input 1
    input 1
    call 0 1 0 1
    affine 1 1 2 1 0 0 0 1 1 0 1 0 0 0 1 1 0
    relu 3
    affine 1 1 4 1 0 0 0 1 1 0 1 1 0 0 1 1 0
    output 5
    network
    input 1
    call 1 1 0 0
    output 1
    network
    input 1
    call 2 1 0
    affine 1 2 0 1 0 0 0 1 1 0 1 1 0 0 0 1 1 0 1 0 0 0 1 1 0
    output 2
    assume 0 matrix-product 1 1 1 1 1 1*2^-10
    spec 1 carried-product 1 0
    matrix 2 1 1/2
    start 0 1*2^-1
    product 1 1*2^-2 1*2^-10
    conclude polynomial
    matrix 3 1 1/2
    start 0 1*2^-1
    apply 1 1*2^-2 1*2^-10
    combine 2 7*2^-2 1*2^-10
    power 1 1*2^-1
    power 2 1*2^-2 1 1
    power 3 1*2^-3 1 2
    conclude neumann 257*2^-10
    qed";

#[test]
fn polynomials_of_a_matrix() {
    cases(
        &lines(NEUMANN),
        1,
        "
        spec 1 carried-product 1 0 => # product: network 1 has no specification
        spec 1 carried-product 1 0 => spec 1 carried-product 2 0 # carried-product: node 3 is not that
        spec 1 carried-product 1 0 => spec 1 carried-product 0 0 # carried-product: 0 is not positive
        spec 1 carried-product 1 0 => spec 1 carried-product 1 1 # carried-product: network 1 has no specification
        spec 1 carried-product 1 0 => spec 0 carried-product 1 0 # carried-product: network 0 has a specification
        matrix 2 1 1/2 => matrix 2 1 1/4 # apply: it does not hold that q' >= q
        product 1 1*2^-2 1*2^-10 => product 1 1*2^-3 1*2^-10 # product: it does not hold that n >= n1 n2
        product 1 1*2^-2 1*2^-10 => product 1 1*2^-2 1*2^-11 # product: it does not hold that a >=
        product 1 1*2^-2 1*2^-10 => product 1 1 1*2^-10 # product: it does not hold that n + a <= c
        product 1 1*2^-2 1*2^-10 => product 1 1*2^-2 -1*2^-10 # product: a size is claimed to be negative
        product 1 1*2^-2 1*2^-10 => product 0 1*2^-2 1*2^-10 # product: node 0 does not call
        product 1 1*2^-2 1*2^-10 => iterate 0 1 1 ; residual 1 1 1 # residual: node 1 is not affine
        assume 0 matrix-product 1 1 1 1 1 1*2^-10 => assume 0 matrix-product 1 1 1 1/4 1 1*2^-10 # product: it does not hold that n1 + a1 <= B1
        assume 0 matrix-product 1 1 1 1 1 1*2^-10 => assume 0 matrix-product 1 1 1 1 1/4 1*2^-10 # product: it does not hold that n2 + a2 <= B2
        conclude polynomial => # matrix: the section before
        conclude polynomial => conclude neumann 1 # conclude: no stated power
        apply 1 1*2^-2 1*2^-10 => apply 1 1*2^-3 1*2^-10 # apply: it does not hold that n >= n'
        apply 1 1*2^-2 1*2^-10 => apply 1 1*2^-2 1*2^-11 # apply: it does not hold that n >= n'
        apply 1 1*2^-2 1*2^-10 => product 1 1*2^-2 1*2^-10 # product: node 1 does not call
        apply 1 1*2^-2 1*2^-10 => # combine: node 1 has no approx fact
        combine 2 7*2^-2 1*2^-10 => combine 2 3*2^-1 1*2^-10 # combine: it does not hold that n >= sum
        combine 2 7*2^-2 1*2^-10 => combine 2 7*2^-2 1*2^-11 # combine: it does not hold that a >= sum
        combine 2 7*2^-2 1*2^-10 => combine 1 7*2^-2 1*2^-10 # combine: node 1 is not affine
        combine 2 7*2^-2 1*2^-10 => combine 2 7*2^-2 1*2^-10 ; combine 2 7*2^-2 1*2^-10 # combine: node 2 has an approx fact already
        power 1 1*2^-1 => power 1 1*2^-2 # power: it does not hold that n >= q
        power 1 1*2^-1 => power 0 1 # power: it does not hold that k >= 1
        power 1 1*2^-1 => # power: it does not hold that both powers are stated
        power 1 1*2^-1 => power 1 1*2^-1 ; power 1 1*2^-1 # power: it does not hold that k >= 1 is stated for the first
        power 2 1*2^-2 1 1 => power 2 1*2^-3 1 1 # power: it does not hold that n >= n_i n_j
        power 2 1*2^-2 1 1 => power 2 1*2^-2 1 2 # power: it does not hold that i + j = k
        power 2 1*2^-2 1 1 => power 2 1*2^-2 0 2 # power: it does not hold that both powers
        power 2 1*2^-2 1 1 => power 2 1*2^-2 9223372036854775807 9223372036854775807 # power: it does not hold that i + j
        power 3 1*2^-3 1 2 => # conclude: no stated power
        conclude neumann 257*2^-10 => conclude neumann 513*2^-11 # conclude: it does not hold that E >= a
        conclude neumann 257*2^-10 => conclude neumann 1*2^-2 # conclude: it does not hold that E >= a
        conclude neumann 257*2^-10 => conclude newton-schulz 1 # conclude: node 2 is affine in more
        affine 1 2 0 1 0 0 0 1 1 0 1 1 0 0 0 1 1 0 1 0 0 0 1 1 0 => affine 1 2 0 1 1 0 0 1 1 0 1 1 0 0 0 1 1 0 1 0 0 0 1 1 0 # conclude: no stated power
        affine 1 2 0 1 0 0 0 1 1 0 1 1 0 0 0 1 1 0 1 0 0 0 1 1 0 => affine 1 2 0 1 0 0 0 1 1 0 1 1 0 0 0 1 1 0 0 # conclude: no stated power
        call 2 1 0 => call 1 1 0 0 # apply: network 1 has no polynomial specification
        ",
    );
}

/// X^2 for |X| <= 3/2, d = 1, and B^-1 by the scaled inverse, as targets.
#[test]
fn powers_and_symmetric_inverses() {
    let cut = NEUMANN.find("    network\n    input 1\n    call 2 1 0").unwrap();
    let head =
        NEUMANN[..cut].replace("target matrix-inverse 1", "target matrix-power 1 2").replace("257/1024", "1/1024");
    let text = format!(
        "{head}assume 0 matrix-product 1 1 1 1 1 1*2^-10
        spec 1 carried-product 1 0
        matrix 2 1 1/2
        start 0 1*2^-1
        product 1 1*2^-2 1*2^-10
        conclude polynomial
        qed"
    );
    cases(
        &lines(&text),
        1,
        "
        target matrix-power 1 2 => target matrix-power 1 3 # qed: it does not hold that t = X^k
        target matrix-power 1 2 => target matrix-power 2 2 # qed: it does not hold that the target
        target matrix-power 1 2 => target matrix-inverse 1 # qed: the target is a matrix power
        error 1/1024 => error 1/2048 # qed: it does not hold that E is at least
        error 1/1024 => error 0 # qed: it does not hold that E is at least
        ",
    );
    let inverse = NEUMANN.replace("target matrix-inverse 1", "target symmetric-inverse 1");
    let inverse =
        inverse.replace("domain balls 1 1 1/2", "domain symmetric 1 1 3").replace("error 257/1024", "error 257/2048");
    let inverse = inverse
        .replace("    block 1 1 1 0 0 -1\n", "    block 1 1 1 0 0 -1\n    block 1 1 2 0 0 -1\n    block 1 1 2 0 0 1\n");
    let inverse = inverse.replace(
        "    assume 0",
        "    network
    input 1
    affine 1 1 0 1 2 0 0 1 1 0 1 0 0 0 1 1 0
    call 3 1 1
    affine 1 1 2 1 3 0 0 1 1 0 0
    output 3
    assume 0",
    );
    let inverse = inverse.replace("    qed", "    spec 4 symmetric-inverse 1 1 3 1/2 3\n    qed");
    cases(
        &lines(&inverse),
        1,
        "
        spec 4 symmetric-inverse 1 1 3 1/2 3 => spec 4 symmetric-inverse 1 1 7/2 1/2 3 # symmetric-inverse: it does not hold that |1 - alpha c|
        spec 4 symmetric-inverse 1 1 3 1/2 3 => spec 4 symmetric-inverse 1 3/4 3 1/2 3 # symmetric-inverse: it does not hold that |1 - alpha c|
        spec 4 symmetric-inverse 1 1 3 1/2 3 => spec 4 symmetric-inverse 1 3 1 1/2 3 # symmetric-inverse: it does not hold that 0 < c
        spec 4 symmetric-inverse 1 1 3 1/2 3 => spec 4 symmetric-inverse 1 -1 3 1/2 3 # symmetric-inverse: it does not hold that 0 < c
        spec 4 symmetric-inverse 1 1 3 1/2 3 => spec 4 symmetric-inverse 1 1 3 -1/2 3 # symmetric-inverse: -1/2 is not positive
        spec 4 symmetric-inverse 1 1 3 1/2 3 => spec 4 symmetric-inverse 1 1 2 2/3 3 # symmetric-inverse: node 1 is not that
        spec 4 symmetric-inverse 1 1 3 1/2 3 => spec 4 symmetric-inverse 2 1 3 1/2 3 # symmetric-inverse: it does not hold that network j
        spec 4 symmetric-inverse 1 1 3 1/2 3 => spec 4 symmetric-inverse 1 1 3 1/2 2 # symmetric-inverse: network j has no
        domain symmetric 1 1 3 => domain symmetric 1 1/2 3 # qed: it does not hold that the domain
        domain symmetric 1 1 3 => domain symmetric 1 1 4 # qed: it does not hold that the domain
        domain symmetric 1 1 3 => domain symmetric 1 0 3 # statement: all eigenvalues
        domain symmetric 1 1 3 => domain balls 1 1 1 # qed: it does not hold that the domain
        error 257/2048 => error 1/8 # qed: it does not hold that E is at least
        ",
    );
}
