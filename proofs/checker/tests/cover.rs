//! Covers: every line accepted, and rejected for every condition.
#![allow(clippy::unwrap_used)]

mod common;

use common::{cases, lines};

/// The lines of a certificate.
fn certificate(statement: &str, networks: &str, steps: &str) -> Vec<String> {
    let mut all = lines("certinet-certificate 1");
    all.extend(lines(statement));
    all.extend(lines("size ?"));
    all.extend(lines(networks));
    all.extend(lines("cover"));
    all.extend(lines(steps));
    all.extend(lines("qed"));
    all
}

/// max(x, 0) + max(-x, 0).
const ABSOLUTE: &str = "block 2 1 1 0 0 1 1 0 -1
    block 1 2 1 0 0 1 0 1 1
    network
    input 1
    affine 2 1 0 1 0 0 0 1 1 0 0
    relu 1
    affine 1 1 2 1 1 0 0 1 1 0 0
    output 3";

/// |x| twice: as before, then as 2 max(x, 0) - x, whose x is the difference of max(x, 0) and max(-x, 0).
const TWO_ABSOLUTE: &str = "block 2 1 1 0 0 1 1 0 -1
    block 1 2 1 0 0 1 0 1 1
    block 1 1 1 0 0 2
    block 1 1 1 0 0 -1
    network
    input 1
    affine 2 1 0 1 0 0 0 1 1 0 0
    relu 1
    affine 1 1 2 1 1 0 0 1 1 0 0
    output 3
    network
    input 1
    relu 0
    affine 1 2 1 1 2 0 0 1 1 0 0 1 3 0 0 1 1 0 0
    output 2";

/// max(x, 0) / 2 + max(x - 1/2, 0), the interpolant of x^2 at 0, 1/2, 1.
const INTERPOLANT: &str = "block 2 1 1 0 0 1 1 0 1
    block 2 1 2 1 0 -1
    block 1 2 2 0 0 1 0 1 2
    network
    input 1
    affine 2 1 0 1 0 0 0 1 1 0 1 1 0 0 1 1 0
    relu 1
    affine 1 1 2 1 2 0 0 1 1 0 0
    output 3";

#[test]
fn regions_of_the_absolute_value() {
    let all = certificate(
        "regions 2 2
        domain cube 1 -1 1/2",
        ABSOLUTE,
        "split 0
        on 1 2 1
        leaf -1/2
        off 1 2 1
        leaf 1/4
        conclude",
    );
    cases(
        &all,
        0,
        "
        regions 2 2 => regions 3 2 # conclude: there are 2 cells and 2 affine maps
        regions 2 2 => regions 2 1 # conclude: there are 2 cells and 2 affine maps
        regions 2 2 => regions 1 2 # conclude: there are 2 cells and 2 affine maps
        regions 2 2 => target absolute-value # statement: 'size' is not 'norm'
        domain cube 1 -1 1/2 => domain cube 1 -1 1/8 # leaf: it does not hold that all slacks are positive
        domain cube 1 -1 1/2 => domain cube 1 -1 1/4 # leaf: it does not hold that all slacks are positive
        domain cube 1 -1 1/2 => domain cube 1 0 1/2 # leaf: it does not hold that all slacks are positive
        domain cube 1 -1 1/2 => domain cube 2 -1 1/2 # cover: it does not hold that the network has as many inputs
        domain cube 1 -1 1/2 => domain balls 1 1 1 # cover: the domain is a space, a cube or a box
        domain cube 1 -1 1/2 => domain cube 1 1/4 1/4 # leaf: it does not hold that all slacks are positive
        domain cube 1 -1 1/2 => domain space 1 # on: there is no slack 2
        cover => cover 0 # cover: '0' is not expected
        cover => spec 0 absolute-value ; cover # cover: it does not hold that the last network has no specification
        cover => # split: the first word is not that of a step
        cover => cover ; spec 0 absolute-value # spec: the section before is not concluded
        split 0 => split 1 # on: neuron 1 of the open layer is decided
        split 0 => split 2 # split: the open layer has no neuron 2
        split 0 => split 0 0 # split: '0' is not expected
        split 0 => on 0 2 1 # on: there is no slack 2
        split 0 => on 0 0 1 # on: it does not hold that the constant is not negative
        split 0 => off 0 1 1 # off: it does not hold that the constant is not negative
        split 0 => cut 1 0 # cut: regions are not cut
        split 0 => leaf 0 # leaf: it does not hold that every neuron is decided
        split 0 => # on: there is no slack 2
        split 0 => carry 0 # carry: 'carry' is not a line of a cover
        split 0 => nonsense # text: 'nonsense' is not a line of a cover
        on 1 2 1 => on 1 2 2 # on: it does not hold that the difference is a constant
        on 1 2 1 => on 1 2 1/2 # on: it does not hold that the difference is a constant
        on 1 2 1 => on 1 2 -1 # on: it does not hold that the multipliers are positive
        on 1 2 1 => on 1 2 1 0 0 # on: it does not hold that the multipliers are positive
        on 1 2 1 => on 1 2 # on: the line ends too early
        on 1 2 1 => on 1 2 1*2^1 # on: '1*2^1' is not
        on 1 2 1 => on 1 # on: it does not hold that the difference is a constant
        on 1 2 1 => on 1 3 1 # on: there is no slack 3
        on 1 2 1 => on 1 1 1 # on: it does not hold that the constant is not negative
        on 1 2 1 => on 0 2 1 # on: neuron 0 of the open layer is decided
        on 1 2 1 => on 2 2 1 # on: the open layer has no neuron 2
        on 1 2 1 => on 1 2 1 ; on 1 2 1 # on: every neuron is decided
        on 1 2 1 => on 1 2 1 ; split 1 # split: every neuron is decided
        on 1 2 1 => off 1 2 1 # off: it does not hold that the difference is a constant
        on 1 2 1 => off 1 0 1 # off: it does not hold that the constant is not negative
        on 1 2 1 => # leaf: it does not hold that every neuron is decided
        on 1 2 1 => split 1 ; leaf -1/2 # leaf: it does not hold that all slacks are positive
        leaf -1/2 => leaf 0 # leaf: it does not hold that all slacks are positive
        leaf -1/2 => leaf -1 # leaf: it does not hold that all slacks are positive
        leaf -1/2 => leaf -2 # leaf: it does not hold that all slacks are positive
        leaf -1/2 => leaf # leaf: the line ends too early
        leaf -1/2 => leaf -1/2 -1/2 # leaf: '-1/2' is not expected
        leaf -1/2 => # off: every neuron is decided
        leaf -1/2 => conclude # conclude: it does not hold that no cell is left
        leaf 1/4 => leaf 1/2 # leaf: it does not hold that all slacks are positive
        leaf 1/4 => leaf 1/4 ; leaf 1/4 # leaf: no cell is left
        leaf 1/4 => leaf 1/4 ; split 0 # split: no cell is left
        leaf 1/4 => leaf 1/4 ; off 1 2 1 # off: no cell is left
        leaf 1/4 => # conclude: it does not hold that no cell is left
        conclude => conclude 1 # conclude: '1' is not expected
        conclude => conclude ; cover # cover: it does not hold that the last network has no specification
        conclude => # qed: the section before
        qed => qed 0 # qed: '0' is not expected
        ",
    );
}

#[test]
fn regions_of_three_layers_on_the_plane() {
    // z = max(x - y, 0); max(z - 1, 0) + max(3 - z, 0) on [-2, 2]^2: x - y <= 0, <= 1, <= 3, beyond.
    let all = certificate(
        "regions 4 4
        domain box -2 2 -2 2",
        "block 1 2 1 0 0 1 0 1 -1
        block 2 1 1 0 0 1 1 0 -1
        block 2 1 1 0 0 -1 1 0 3
        block 1 2 1 0 0 2 0 1 1
        network
        input 2
        affine 1 1 0 1 0 0 0 1 1 0 0
        relu 1
        affine 2 1 2 1 1 0 0 1 1 0 1 2 0 0 1 1 0
        relu 3
        affine 1 1 4 1 3 0 0 1 1 0 0
        output 5",
        "split 0
        off 0
        on 1
        leaf 0 1
        split 0
        on 1 5 1
        leaf 1/2 0
        split 1
        leaf 7/4 -7/4
        leaf 1 -1
        conclude",
    );
    cases(
        &all,
        0,
        "
        regions 4 4 => regions 4 3 # conclude: there are 4 cells and 4 affine maps
        off 0 => on 0 # on: it does not hold that the constant is not negative
        off 0 => off 0 0 1 # off: it does not hold that the difference is a constant
        on 1 => off 1 # off: it does not hold that the constant is not negative
        on 1 5 1 => on 1 4 1 # on: it does not hold that the difference is a constant
        on 1 5 1 => off 1 4 1 # off: it does not hold that the constant is not negative
        on 1 5 1 => split 1 ; leaf 7/4 -7/4 # leaf: it does not hold that all slacks are positive
        leaf 7/4 -7/4 => leaf 3/2 -3/2 # leaf: it does not hold that all slacks are positive
        leaf 1 -1 => leaf -1 1 # leaf: it does not hold that all slacks are positive
        leaf 1 -1 => leaf 1 # leaf: the line ends too early
        domain box -2 2 -2 2 => domain box -2 2 0 2 # leaf: it does not hold that all slacks are positive
        ",
    );
}

#[test]
fn equal_networks() {
    let all = certificate(
        "target network 0
        domain space 1
        norm maximum
        error 0
        kind exact",
        TWO_ABSOLUTE,
        "split 0
        off 1 0 1
        on 2 0 1
        off 0 0 1
        on 1 0 1
        leaf
        on 1 0 1
        off 2 0 1
        on 0 0 1
        off 1 0 1
        leaf
        conclude",
    );
    cases(
        &all,
        0,
        "
        error 0 => error 1 # conclude: it does not hold that the error of equal functions is 0
        norm maximum => norm euclidean # cover: it does not hold that the norm is maximum
        target network 0 => target network 2 # cover: there is no network 2
        target network 0 => target network 9223372036854775807 # cover: there is no network 9223372036854775807
        target network 0 => target spiking # network: 'cover' is not 'spiking'
        target network 0 => target absolute-value # cover: the target is not a polynomial
        target network 0 => target reciprocal # cover: a cover is about
        block 1 1 1 0 0 -1 => block 1 1 1 0 0 -2 # leaf: it does not hold that both affine maps are the same
        block 1 1 1 0 0 2 => block 1 1 2 0 0 3 # leaf: it does not hold that both affine maps are the same
        split 0 => split 1 # off: neuron 1 of the open layer is decided
        leaf => leaf 0 # leaf: '0' is not expected
        leaf => cut 1 1 ; leaf # conclude: it does not hold that no cell is left
        leaf => cut 1 1 ; leaf ; split 0 # split: every neuron is decided
        leaf => cut 1 ; leaf ; leaf # cut: the line ends too early
        leaf => cut 1 1 1 ; leaf ; leaf # cut: '1' is not expected
        conclude => conclude 0 # conclude: '0' is not expected
        ",
    );
    // A bound above 0 is true, and so is a cut.
    let all: Vec<String> = all.iter().map(|line| line.replace("kind exact", "kind bound")).collect();
    let mut loose: Vec<String> = all.iter().map(|line| line.replace("error 0", "error 1/3")).collect();
    let place = loose.iter().position(|line| line == "leaf").unwrap();
    loose.splice(place..=place, lines("cut 1/3 -1/2\nleaf\ncut 0 0\nleaf\nleaf"));
    cases(&loose, 0, "");
    // Networks of other dimensions.
    let twice: Vec<String> =
        all.iter().map(|line| line.replace("affine 1 1 2 1 1 0 0 1 1 0 0", "affine 2 1 2 1 1 0 0 1 1 0 0")).collect();
    cases(&all, 0, "error 0 => error -1 # statement: an error is not negative");
    assert_ne!(twice, all);
    assert!(matches!(
        common::verdict(&common::file(
            &twice.iter().map(|line| line.replace("size ?", "size 1 1 1")).collect::<Vec<_>>()
        )),
        certinet_check::Verdict::Rejected { rule: "cover", .. }
    ));
}

#[test]
fn squares() {
    let all = certificate(
        "target square
        domain cube 1 0 1
        norm maximum
        error 1/16
        kind exact",
        INTERPOLANT,
        "on 0 0 1
        split 1
        cut 1 1/4
        leaf 1 1 2 3 3 2 1/16 0 1 2 0 2
        leaf 1 1 2 3 3 2 1/16 0 1 2 2 0
        cut 1 3/4
        leaf 1 1 2 3 3 2 1 2 1 2 1/16 0
        leaf 2 1/2 2 3 3 1/2 2 3 3 2 1/16 0 1 2 1 2
        conclude 1/4",
    );
    cases(
        &all,
        0,
        "
        error 1/16 => error 1/15 # leaf: it does not hold that E - (R - p) is the first sum
        error 1/16 => error 1/17 # leaf: it does not hold that E - (R - p) is the first sum
        target square => target polynomial 0 0 2 # leaf: it does not hold that E - (R - p) is the first sum
        target square => target polynomial 1/32 0 1 # leaf: it does not hold that E - (R - p) is the first sum
        target square => target product 2 # cover: it does not hold that the target has as many variables
        target square => target reciprocal # cover: a cover is about regions
        target square => target minimum 1 # cover: the target is not a polynomial
        norm maximum => norm spectral 1 1 # cover: it does not hold that the norm is maximum
        domain cube 1 0 1 => domain space 1 # cover: it does not hold that the domain is bounded
        domain cube 1 0 1 => domain cube 1 0 2 # leaf: it does not hold that E + (R - p) is the second sum
        domain cube 1 0 1 => domain cube 1 -1 1 # on: it does not hold that the constant is not negative
        domain cube 1 0 1 => domain cube 1 1/2 1 # leaf: it does not hold that E + (R - p) is the second sum
        cut 1 1/4 => cut 1 1/8 # leaf: it does not hold that E - (R - p) is the first sum
        cut 1 1/4 => cut 2 1/2 # leaf: it does not hold that E - (R - p) is the first sum
        cut 1 1/4 => # leaf: there is no slack 3
        leaf 1 1 2 3 3 2 1/16 0 1 2 0 2 => leaf 1 1 2 3 3 1 1 2 0 2 # leaf: it does not hold that E + (R - p) is the second sum
        leaf 1 1 2 3 3 2 1/16 0 1 2 0 2 => leaf 1 1 2 3 3 2 1/16 0 -1 2 0 2 # leaf: it does not hold that the factors are positive
        leaf 1 1 2 3 3 2 1/16 0 1 2 0 2 => leaf 2 1 2 3 3 0 0 2 1/16 0 1 2 0 2 # leaf: it does not hold that the factors are positive
        leaf 1 1 2 3 3 2 1/16 0 1 2 0 2 => leaf 1 1 2 3 4 2 1/16 0 1 2 0 2 # leaf: there is no slack 4
        leaf 1 1 2 3 3 2 1/16 0 1 2 0 2 => leaf 1 1 2 3 3 # leaf: the line ends too early
        leaf 1 1 2 3 3 2 1/16 0 1 2 0 2 => leaf 1 1 2 3 3 2 1/16 0 1 2 0 2 0 # leaf: '0' is not expected
        leaf 1 1 2 3 3 2 1/16 0 1 2 0 2 => leaf 2 1/16 0 1 2 0 2 1 1 2 3 3 # leaf: it does not hold that E - (R - p) is the first sum
        leaf 1 1 2 3 3 2 1/16 0 1 2 0 2 => leaf 0 0 # leaf: it does not hold that E - (R - p) is the first sum
        conclude 1/4 => conclude 3/4 ; qed 0 # qed: '0' is not expected
        conclude 1/4 => conclude 1/2 # conclude: it does not hold that |R - p| is E at the point
        conclude 1/4 => conclude 5/4 # conclude: it does not hold that the point lies in the domain
        conclude 1/4 => conclude -1/4 # conclude: it does not hold that the point lies in the domain
        conclude 1/4 => conclude 1/4 1/4 # conclude: '1/4' is not expected
        conclude 1/4 => conclude # conclude: it does not hold that an exact error is attained at a point
        ",
    );
    let bound: Vec<String> = all.iter().map(|line| line.replace("kind exact", "kind bound")).collect();
    cases(&bound, 0, "conclude 1/4 => conclude 1/2 # conclude: it does not hold that |R - p| is E");
    let without: Vec<String> = bound.iter().map(|line| line.replace("conclude 1/4", "conclude")).collect();
    cases(&without, 0, "error 1/16 => error 1/17 # leaf: it does not hold");
}

#[test]
fn a_product_of_two_variables() {
    let all = certificate(
        "target product 2
        domain cube 2 -1 1
        norm maximum
        error 1
        kind exact",
        "block 1 2 1 0 0 1 0 1 1
        block 1 1 1 0 0 1
        block 1 1 1 0 0 -1
        network
        input 2
        affine 1 1 0 1 0 0 0 1 1 0 0
        affine 1 2 1 1 1 0 0 1 1 0 1 1 2 0 0 1 1 0 0
        output 2",
        "leaf 2 1/2 2 0 2 1/2 2 1 3 2 1/2 2 1 2 1/2 2 0 3
        conclude 1 -1",
    );
    cases(
        &all,
        0,
        "
        domain cube 2 -1 1 => domain box -1 1 -1 2 # leaf: it does not hold that E - (R - p) is the first sum
        target product 2 => target multivariate-polynomial 2 1 2 1 1 # leaf: it does not hold that E - (R - p)
        target product 2 => target multivariate-polynomial 2 2 1 1 1 1 2 0 # leaf: it does not hold that E - (R - p)
        target product 2 => target multivariate-polynomial 3 1 1 1 1 0 # cover: it does not hold that the target has as many
        conclude 1 -1 => conclude 1 0 # conclude: it does not hold that |R - p| is E
        conclude 1 -1 => conclude 1 # conclude: the line ends too early
        conclude 1 -1 => conclude 1 2 # conclude: it does not hold that the point lies
        ",
    );
    let other: Vec<String> =
        all.iter().map(|line| line.replace("product 2", "multivariate-polynomial 2 1 1 1 1")).collect();
    cases(&other, 0, "");
}
