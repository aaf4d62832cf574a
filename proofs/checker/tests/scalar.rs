//! Sections about numbers: every rule accepted, and rejected for every condition.
#![allow(clippy::unwrap_used)]

mod common;

use certinet_check::generate::{self, Squaring};
use common::{cases, lines, list, ratio};

/// Three blocks as networks 0, 1, 2, then the given lines as network 3; literal blocks 0, 1, .. first.
fn certificate(statement: &str, blocks: &str, network: &str, steps: &str) -> Vec<String> {
    let one = ratio(1, 1);
    let networks = [
        generate::squaring(2, None, Squaring::Delayed).unwrap(),
        generate::squaring(1, Some(&one), Squaring::Centred).unwrap(),
        generate::dot(1, 2, &one, &one).unwrap(),
    ];
    let blocks = lines(blocks);
    let mut all = lines(statement);
    let listed = list(&networks, blocks.len());
    all.splice(0..0, lines("certinet-certificate 1"));
    all.extend(lines("size ?"));
    all.extend(blocks);
    all.extend(listed);
    all.extend(lines(network));
    all.extend(lines("spec 0 squaring 2 unit delayed\nspec 1 squaring 1 1 centred\nspec 2 dot 1 2 1 1"));
    all.extend(lines(steps));
    all.push("qed".to_owned());
    all
}

#[test]
fn sums_of_squares_and_products() {
    let all = certificate(
        "target multivariate-polynomial 2 4 2 2 0 1 0 2 1 1 1 1 0 0
        domain box 0 1 -1 1
        norm maximum
        error 1/8
        kind bound",
        "block 1 1 1 0 0 1
        block 1 1 1 0 0 -1
        block 1 1 2 0 0 1
        block 1 1 1 0 0 4
        block 1 2 1 0 0 1
        block 1 2 1 0 1 1",
        "network
        input 2
        affine 1 1 0 1 4 0 0 1 1 0 0
        affine 1 1 0 1 5 0 0 1 1 0 0
        call 0 1 1
        call 1 1 2
        call 2 1 1 2
        affine 1 1 5 1 0 0 0 1 1 0 1 0 0 0 1 1 0
        relu 6
        affine 1 1 7 1 0 0 0 1 1 0 1 1 0 0 1 1 0
        relu 1
        affine 1 1 9 1 2 0 0 1 1 0 0
        call 0 1 10
        affine 1 1 11 1 3 0 0 1 1 0 0
        affine 1 5 3 1 0 0 0 1 1 0 4 1 0 0 0 1 1 0 8 1 0 0 0 1 1 0 12 1 0 0 0 1 1 0 0 0 1 0 0 0 1 1 0
        output 13",
        "scalar 3 powers box 0 1 -1 1
        input 1 0 0 1 0 0 0 1
        input 2 1 -1 1 0 0 -1 1
        square 3 0 1 0 1*2^-6 0 1
        square 4 0 1 -1*2^-5 1*2^-5 -1*2^-5 33*2^-5
        product 5 -1 1 -1*2^-6 1*2^-6 -1 1
        carry 8
        carry 9
        square 12 0 1 0 1*2^-4 0 17*2^-4
        affine 13 0 5 -3*2^-6 1*2^-3 -1*2^-5 163*2^-5
        conclude",
    );
    cases(
        &all,
        0,
        "
        error 1/8 => error 1/9 # qed: it does not hold that E is at least
        kind bound => kind exact # qed: it does not hold that the error of the specification is attained
        norm maximum => norm euclidean # qed: it does not hold that the norm
        domain box 0 1 -1 1 => domain box 0 1 -1 5/4 # qed: it does not hold that the domain
        domain box 0 1 -1 1 => domain box 1 0 -1 1 # statement: the lower end
        domain box 0 1 -1 1 => domain cube 2 -1 1 # qed: it does not hold that the domain
        domain box 0 1 -1 1 => domain cube 3 0 1 # qed: it does not hold that the domain
        domain box 0 1 -1 1 => domain space 2 # qed: it does not hold that the domain
        target multivariate-polynomial 2 4 2 2 0 1 0 2 1 1 1 1 0 0 => target multivariate-polynomial 2 4 3 2 0 1 0 2 1 1 1 1 0 0 # qed: it does not hold that E is at least
        target multivariate-polynomial 2 4 2 2 0 1 0 2 1 1 1 1 0 0 => target multivariate-polynomial 3 1 2 2 0 0 # qed: it does not hold that the target has as many
        target multivariate-polynomial 2 4 2 2 0 1 0 2 1 1 1 1 0 0 => target product 2 # qed: it does not hold that E is at least
        target multivariate-polynomial 2 4 2 2 0 1 0 2 1 1 1 1 0 0 => target square # qed: it does not hold that the target has as many
        target multivariate-polynomial 2 4 2 2 0 1 0 2 1 1 1 1 0 0 => target matrix-inverse 2 # qed: the target is not a polynomial
        target multivariate-polynomial 2 4 2 2 0 1 0 2 1 1 1 1 0 0 => target reciprocal # qed: the line ends too early
        scalar 3 powers box 0 1 -1 1 => scalar 3 powers cube 3 0 1 # scalar: it does not hold that the network has one input
        scalar 3 powers box 0 1 -1 1 => scalar 3 powers space 2 # scalar: the domain is a cube or a box
        scalar 3 powers box 0 1 -1 1 => scalar 3 powers balls 1 2 1 # scalar: the domain is a cube or a box
        scalar 3 powers box 0 1 -1 1 => scalar 3 chebyshev 1 0 box 0 1 -1 1 # scalar: the Chebyshev basis is for one
        scalar 3 powers box 0 1 -1 1 => scalar 2 powers box 0 1 -1 1 # scalar: network 2 has a specification
        scalar 3 powers box 0 1 -1 1 => scalar 4 powers box 0 1 -1 1 # scalar: there is no network 4
        scalar 3 powers box 0 1 -1 1 => scalar 3 powers box 1/4 1 -2 1 # input: it does not hold that X contains
        input 1 0 0 1 0 0 0 1 => input 1 0 1*2^-1 1 0 0 0 1 # input: it does not hold that X contains
        input 1 0 0 1 0 0 0 1 => input 1 0 0 1 1*2^-5 1*2^-4 0 1 # input: it does not hold that E contains
        input 1 0 0 1 0 0 0 1 => input 1 0 0 1 0 0 0 1*2^-1 # input: it does not hold that V contains
        input 1 0 0 1 0 0 0 1 => input 1 0 1 0 0 0 0 1 # input: the lower end of a range
        input 1 0 0 1 0 0 0 1 => input 1 1 -1 1 0 0 -1 1 # input: it does not hold that the map reads
        input 1 0 0 1 0 0 0 1 => input 1 2 0 1 0 0 0 1 # input: it does not hold that there is an input j
        input 1 0 0 1 0 0 0 1 => input 0 0 0 1 0 0 0 1 # input: it does not hold that the node has dimension 1
        input 1 0 0 1 0 0 0 1 => input 6 0 0 1 0 0 0 1 # input: it does not hold that the argument is the input
        input 1 0 0 1 0 0 0 1 => input 1 0 0 1 0 0 0 1 ; input 1 0 0 1 0 0 0 1 # input: it does not hold that the node has no fact
        input 1 0 0 1 0 0 0 1 => # square: node 1 has no fact
        affine 1 1 0 1 4 0 0 1 1 0 0 => affine 1 1 0 1 4 0 0 1 1 0 1 0 0 0 1 1 0 # input: it does not hold that there is no bias
        input 2 1 -1 1 0 0 -1 1 => affine 2 -1 1 0 0 -1 1 # affine: it does not hold that every argument has a fact
        square 3 0 1 0 1*2^-6 0 1 => square 3 1*2^-1 1 0 1*2^-6 0 1 # square: it does not hold that X contains
        square 3 0 1 0 1*2^-6 0 1 => square 3 0 1 0 1*2^-7 0 1 # square: it does not hold that E contains
        square 3 0 1 0 1*2^-6 0 1 => square 3 0 1 1*2^-7 1*2^-6 0 1 # square: it does not hold that E contains
        square 3 0 1 0 1*2^-6 0 1 => square 3 0 1 0 1*2^-6 0 1*2^-1 # square: it does not hold that V contains
        square 3 0 1 0 1*2^-6 0 1 => square 5 0 1 0 1*2^-6 0 1 # square: node 5 does not call a square
        square 3 0 1 0 1*2^-6 0 1 => product 3 0 1 0 1*2^-6 0 1 # product: node 3 does not call a product
        square 3 0 1 0 1*2^-6 0 1 => # affine: it does not hold that every argument
        call 0 1 1 => call 0 1 2 # square: it does not hold that v(w) lies in the domain
        call 0 1 1 => call 0 2 0 # square: it does not hold that the node has dimension 1
        square 4 0 1 -1*2^-5 1*2^-5 -1*2^-5 33*2^-5 => square 4 0 1 -1*2^-5 1*2^-5 0 33*2^-5 # square: it does not hold that V contains
        square 4 0 1 -1*2^-5 1*2^-5 -1*2^-5 33*2^-5 => square 4 0 1 -1*2^-5 1*2^-5 -1*2^-5 1 # square: it does not hold that V contains
        square 4 0 1 -1*2^-5 1*2^-5 -1*2^-5 33*2^-5 => square 4 0 1 0 1*2^-5 -1*2^-5 33*2^-5 # square: it does not hold that E contains
        spec 1 squaring 1 1 centred => spec 1 squaring 1 1 delayed # squaring: node
        spec 1 squaring 1 1 centred => # square: network 1 has no specification
        product 5 -1 1 -1*2^-6 1*2^-6 -1 1 => product 5 0 1 -1*2^-6 1*2^-6 -1 1 # product: it does not hold that X contains
        product 5 -1 1 -1*2^-6 1*2^-6 -1 1 => product 5 -1 1 0 1*2^-6 -1 1 # product: it does not hold that E contains
        product 5 -1 1 -1*2^-6 1*2^-6 -1 1 => product 5 -1 1 -1*2^-6 1*2^-6 0 1 # product: it does not hold that V contains
        product 5 -1 1 -1*2^-6 1*2^-6 -1 1 => product 5 -1 1 -1*2^-6 1*2^-6 -9*2^-3 1 # carry: it does not hold that v_lo(w) >= c
        carry 8 => carry 6 # carry: node 5 is not a ReLU
        carry 8 => carry 7 # carry: node 6 has no fact
        carry 9 => carry 9 ; carry 9 # carry: it does not hold that the node has no fact
        relu 1 => relu 2 # carry: it does not hold that v_lo(w) >= 0
        affine 1 1 7 1 0 0 0 1 1 0 1 1 0 0 1 1 0 => affine 1 1 7 1 3 0 0 1 1 0 1 1 0 0 1 1 0 # carry: it does not hold that the maps are 1
        affine 1 1 7 1 0 0 0 1 1 0 1 1 0 0 1 1 0 => affine 1 1 7 1 0 0 0 1 1 0 1 0 0 0 1 1 0 # carry: it does not hold that what is taken off
        affine 1 1 9 1 2 0 0 1 1 0 0 => affine 1 1 9 1 3 0 0 1 1 0 0 # square: it does not hold that the maps are 1 / B and B^2
        affine 1 1 9 1 2 0 0 1 1 0 0 => affine 1 1 9 1 2 0 0 1 1 0 1 2 0 0 1 1 0 # square: it does not hold that there is no bias
        affine 1 1 11 1 3 0 0 1 1 0 0 => affine 1 1 11 1 0 0 0 1 1 0 0 # square: it does not hold that the maps are 1 / B and B^2
        affine 1 1 11 1 3 0 0 1 1 0 0 => affine 1 1 11 1 3 0 0 1 1 0 1 3 0 0 1 1 0 # square: it does not hold that there is no bias
        call 0 1 10 => call 1 1 10 # square: it does not hold that the square is that on
        affine 13 0 5 -3*2^-6 1*2^-3 -1*2^-5 163*2^-5 => affine 13 0 9*2^-1 -3*2^-6 1*2^-3 -1*2^-5 163*2^-5 # affine: it does not hold that X
        affine 13 0 5 -3*2^-6 1*2^-3 -1*2^-5 163*2^-5 => affine 13 0 5 -3*2^-6 1*2^-4 -1*2^-5 163*2^-5 # affine: it does not hold that E
        affine 13 0 5 -3*2^-6 1*2^-3 -1*2^-5 163*2^-5 => affine 13 0 5 -1*2^-6 1*2^-3 -1*2^-5 163*2^-5 # affine: it does not hold that E
        affine 13 0 5 -3*2^-6 1*2^-3 -1*2^-5 163*2^-5 => affine 13 0 5 -3*2^-6 1*2^-3 -1*2^-5 81*2^-4 # affine: it does not hold that V
        affine 13 0 5 -3*2^-6 1*2^-3 -1*2^-5 163*2^-5 => # conclude: node 13 has no fact
        affine 13 0 5 -3*2^-6 1*2^-3 -1*2^-5 163*2^-5 => start 13 0 5 -3*2^-6 1*2^-3 -1*2^-5 163*2^-5 # start: the first word
        conclude => conclude polynomial # conclude: 'polynomial' is not expected
        conclude => # qed: the section before
        qed => qed 0 # qed: '0' is not expected
        ",
    );
}

#[test]
fn chebyshev_polynomials() {
    let blocks = "block 1 1 1 0 0 1\nblock 1 1 1 0 0 -1\nblock 1 1 1 0 0 2";
    let network = "network
        input 1
        affine 1 1 0 1 0 0 0 1 1 0 1 1 0 0 1 1 0
        call 1 1 1
        affine 1 1 2 1 2 0 0 1 1 0 1 1 0 0 1 1 0
        output 3";
    let all = certificate(
        "target polynomial 1 -4 2
        domain cube 1 0 2
        norm maximum
        error 1/16
        kind bound",
        blocks,
        network,
        "scalar 3 chebyshev 1 -1 cube 1 0 2
        input 0 0 0 1*2^1 0 0 0 1*2^1
        affine 1 -1 1 0 0 -1 1
        square 2 0 1 -1*2^-5 1*2^-5 -1*2^-5 33*2^-5
        affine 3 -1 1 -1*2^-4 1*2^-4 -17*2^-4 17*2^-4
        conclude",
    );
    cases(
        &all,
        0,
        "
        scalar 3 chebyshev 1 -1 cube 1 0 2 => scalar 3 chebyshev 1 -3/4 cube 1 0 2 # scalar: it does not hold that a hi + b <= 1
        scalar 3 chebyshev 1 -1 cube 1 0 2 => scalar 3 chebyshev 1 -5/4 cube 1 0 2 # scalar: it does not hold that a lo + b >= -1
        scalar 3 chebyshev 1 -1 cube 1 0 2 => scalar 3 chebyshev -1 1 cube 1 0 2 # scalar: it does not hold that a > 0
        scalar 3 chebyshev 1 -1 cube 1 0 2 => scalar 3 chebyshev 0 0 cube 1 0 2 # scalar: it does not hold that a > 0
        affine 3 -1 1 -1*2^-4 1*2^-4 -17*2^-4 17*2^-4 => affine 3 -1*2^-1 1 -1*2^-4 1*2^-4 -17*2^-4 17*2^-4 # affine: it does not hold that X
        target polynomial 1 -4 2 => target polynomial 1 -4 3 # qed: it does not hold that E is at least
        target polynomial 1 -4 2 => target polynomial 9/8 -4 2 # qed: it does not hold that E is at least
        target polynomial 1 -4 2 => target polynomial 1 -4 2 1 # qed: it does not hold that E is at least
        target polynomial 1 -4 2 => target product 2 # qed: the Chebyshev basis
        target polynomial 1 -4 2 => target power 9223372036854775807 # qed: a polynomial of degree 2048
        domain cube 1 0 2 => domain cube 1 0 17/8 # qed: it does not hold that the domain
        ",
    );
    let network = "network
        input 1
        affine 1 1 0 1 1 0 0 1 1 0 1 2 0 0 1 1 0
        output 1";
    let all = certificate(
        "target reciprocal
        domain cube 1 1/2 3/2
        norm maximum
        error 1/2
        kind bound",
        blocks,
        network,
        "scalar 3 chebyshev 2 -2 cube 1 1/2 3/2
        input 0 0 1*2^-1 3*2^-1 0 0 1*2^-1 3*2^-1
        affine 1 1*2^-1 3*2^-1 0 0 1*2^-1 3*2^-1
        conclude",
    );
    let mut all = all;
    *all.last_mut().unwrap() = "qed 0".to_owned();
    cases(
        &all,
        0,
        "
        error 1/2 => error 49/100 # qed: it does not hold that E is at least
        qed 0 => qed 1*2^-20 # qed: it does not hold that E is at least
        qed 0 => qed # qed: the line ends too early
        qed 0 => qed 1/2 # qed: '1/2' is not
        scalar 3 chebyshev 2 -2 cube 1 1/2 3/2 => scalar 3 powers cube 1 1/2 3/2 # qed: a reciprocal is proved in the Chebyshev basis
        domain cube 1 1/2 3/2 => domain cube 1 0 3/2 # qed: it does not hold that the domain
        domain cube 1 1/2 3/2 => domain space 1 # qed: it does not hold that the domain
        ",
    );
}
