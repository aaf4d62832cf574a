//! Sections about linear systems: both iterations accepted, and rejected for every condition.
#![allow(clippy::unwrap_used)]

mod common;

use certinet_check::generate::{Solve, solve};
use certinet_check::network::Weight;
use common::{cases, lines, list, ratio};

fn certificate(error: &str, w: Weight, steps: &str) -> Vec<String> {
    let steps_of_network = vec![(3, w, ratio(1, 2))];
    let plan = Solve { size: 1, gamma: ratio(1, 2), rhs: ratio(1, 1), matrix_levels: 3, steps: steps_of_network };
    let mut all =
        lines("certinet-certificate 1\ntarget linear-solve 1\ndomain symmetric-system 1 1 3 1\nnorm euclidean");
    all.extend(lines(&format!("error {error}\nkind bound\nsize ?")));
    all.extend(list(&[solve(&plan).unwrap()], 0));
    all.extend(lines(steps));
    all
}

#[test]
fn chebyshev_steps() {
    let all = certificate(
        "3135/16384",
        ratio(9, 8),
        "solve 0 1 1 3 1 chebyshev 1*2^-1 1*2^1 1 1 3 1
        first 1*2^-1 1*2^-1
        step 3 9*2^-3 1*2^-1 7*2^-1 7*2^-1 1*2^-5 575*2^-14 5*2^-5 575*2^-14 575*2^-14 19519*2^-14
        conclude 3135*2^-14
        qed",
    );
    let step = "step 3 9*2^-3 1*2^-1 7*2^-1 7*2^-1 1*2^-5 575*2^-14 5*2^-5 575*2^-14 575*2^-14 19519*2^-14";
    let head = "solve 0 1 1 3 1 chebyshev 1*2^-1 1*2^1 1 1 3 1";
    let table = format!(
        "
        {head} => solve 0 1 1 4 1 chebyshev 1*2^-1 1*2^1 1 1 3 1 # solve: it does not hold that x |1 - gamma c|
        {head} => solve 0 1 1/2 3 1 chebyshev 1*2^-1 1*2^1 1*2^1 1 3 1 # solve: it does not hold that x |1 - gamma c|
        {head} => solve 0 1 3 1 1 chebyshev 1*2^-1 1*2^1 1 1 3 1 # solve: it does not hold that c <= C
        {head} => solve 0 1 0 3 1 chebyshev 1*2^-1 1*2^1 1 1 3 1 # solve: 0 is not positive
        {head} => solve 0 1 1 3 0 chebyshev 1*2^-1 1*2^1 1 1 3 1 # solve: 0 is not positive
        {head} => solve 0 1 1 3 2 chebyshev 1*2^-1 1*2^1 1 1 3 1 # solve: it does not hold that s c >= R
        {head} => solve 0 1 1 3 2 chebyshev 1*2^-1 1*2^1 1*2^1 1 3 1 # solve: it does not hold that F >= R
        {head} => solve 0 1 1 3 1 chebyshev 1*2^-1 1*2^-1 1 1 3 1 # solve: it does not hold that x >= 1
        {head} => solve 0 1 1 3 1 chebyshev -1*2^-1 1*2^1 1 1 3 1 # solve: it does not hold that gamma > 0
        {head} => solve 0 1 1 3 1 chebyshev 1*2^-1 1*2^1 1 1 3 1*2^-1 # solve: it does not hold that root^2 >= d
        {head} => solve 0 1 1 3 1 chebyshev 1*2^-1 1*2^1 1 1 0 1 # solve: 0 levels
        {head} => solve 0 1 1 3 1 chebyshev 1*2^-1 1*2^1 1 1 4 1 # conclude:
        {head} => solve 0 1 1 3 1 chebyshev 1*2^-1 1*2^1 1 3 3 1 # conclude: node
        {head} => solve 0 0 1 3 1 chebyshev 1*2^-1 1*2^1 1 1 3 1 # solve: it does not hold that d > 0
        {head} => solve 0 1 1 3 1 jacobi 1*2^-1 1*2^1 1 1 3 1 # solve: 'jacobi' is not
        first 1*2^-1 1*2^-1 => first 1*2^-2 1*2^-1 # first: it does not hold that start x >= s
        first 1*2^-1 1*2^-1 => first 1*2^-1 1*2^-2 # first: it does not hold that size >= gamma R
        first 1*2^-1 1*2^-1 => first 1*2^-1 1*2^-1 ; first 1*2^-1 1*2^-1 # first: a solve section is first
        first 1*2^-1 1*2^-1 => # step: a solve section is first
        first 1*2^-1 1*2^-1 => first 1*2^-1 1 # step: it does not hold that b >= size
        {step} => step 0 {} # step: 0 levels
        {step} => step 3 9*2^-3 1*2^-2 7*2^-1 7*2^-1 1*2^-5 575*2^-14 5*2^-5 575*2^-14 575*2^-14 19519*2^-14 # step: it does not hold that b >= size
        {step} => step 3 9*2^-3 -1*2^-1 7*2^-1 7*2^-1 1*2^-5 575*2^-14 5*2^-5 575*2^-14 575*2^-14 19519*2^-14 # step: it does not hold that b >= size
        {step} => step 3 9*2^-3 1*2^-1 29*2^-3 29*2^-3 1*2^-5 575*2^-14 5*2^-5 575*2^-14 575*2^-14 19519*2^-14 # step: it does not hold that rho_lo' <= 2 x
        {step} => step 3 9*2^-3 1*2^-1 1*2^-1 7*2^-1 1*2^-5 575*2^-14 5*2^-5 575*2^-14 575*2^-14 19519*2^-14 # step: it does not hold that 1 <= rho_lo'
        {step} => step 3 9*2^-3 1*2^-1 27*2^-3 27*2^-3 1*2^-5 575*2^-14 5*2^-5 575*2^-14 575*2^-14 19519*2^-14 # step: it does not hold that rho_hi' >= 2 x
        {step} => step 3 9*2^-3 1*2^-1 3 7*2^-1 1*2^-5 575*2^-14 5*2^-5 575*2^-14 575*2^-14 19519*2^-14 # step: it does not hold that slack
        {step} => step 3 9*2^-3 1*2^-1 7*2^-1 5 1*2^-5 575*2^-14 5*2^-5 575*2^-14 575*2^-14 19519*2^-14 # step: it does not hold that slack
        {step} => step 3 9*2^-3 1*2^-1 7*2^-1 7*2^-1 1*2^-6 575*2^-14 5*2^-5 575*2^-14 575*2^-14 19519*2^-14 # step: it does not hold that slack
        {step} => step 3 9*2^-3 1*2^-1 7*2^-1 7*2^-1 1*2^-5 287*2^-13 5*2^-5 575*2^-14 575*2^-14 19519*2^-14 # step: it does not hold that p >=
        {step} => step 3 9*2^-3 1*2^-1 7*2^-1 7*2^-1 1*2^-5 575*2^-14 1*2^-3 575*2^-14 575*2^-14 19519*2^-14 # step: it does not hold that start'
        {step} => step 3 9*2^-3 1*2^-1 7*2^-1 7*2^-1 1*2^-5 575*2^-14 5*2^-5 287*2^-13 575*2^-14 19519*2^-14 # step: it does not hold that sum'
        {step} => step 3 9*2^-3 1*2^-1 7*2^-1 7*2^-1 1*2^-5 575*2^-14 5*2^-5 575*2^-14 287*2^-13 19519*2^-14 # step: it does not hold that total'
        {step} => step 3 9*2^-3 1*2^-1 7*2^-1 7*2^-1 1*2^-5 575*2^-14 5*2^-5 575*2^-14 575*2^-14 9759*2^-13 # step: it does not hold that size'
        {step} => step 3 9*2^-3 1 7*2^-1 7*2^-1 1*2^-5 1 5*2^-5 1 1 5 # conclude: it does not hold that E
        {step} => # conclude: it does not hold that E
        {step} => step 3 1 1*2^-1 7*2^-1 7*2^-1 1*2^-2 1 5*2^-5 1 1 5 ; conclude 5 # conclude: node
        conclude 3135*2^-14 => conclude 1567*2^-13 # conclude: it does not hold that E >= start
        conclude 3135*2^-14 => conclude 1 # qed: it does not hold that E is at least
        domain symmetric-system 1 1 3 1 => domain symmetric-system 1 1/2 3 1 # qed: it does not hold that the domain
        domain symmetric-system 1 1 3 1 => domain symmetric-system 1 1 4 1 # qed: it does not hold that the domain
        domain symmetric-system 1 1 3 1 => domain symmetric-system 1 1 3 2 # qed: it does not hold that the domain
        domain symmetric-system 1 1 3 1 => domain symmetric-system 2 1 3 1 # qed: it does not hold that the domain
        domain symmetric-system 1 1 3 1 => domain symmetric-system 1 1 3 -1 # statement: a symmetric system has R
        norm euclidean => norm maximum # qed: it does not hold that the norm
        target linear-solve 1 => target linear-solve 2 # qed: it does not hold that the target
        kind bound => kind exact # qed: it does not hold that the error of the specification
        ",
        &step[7..]
    );
    cases(&all, 0, &table);
}

#[test]
fn richardson_steps() {
    let all = certificate(
        "519/2048",
        ratio(1, 1),
        "solve 0 1 1 3 1 richardson 1*2^-1 1*2^1 1 1 3 1
        first 1*2^-1 1*2^-1
        step 3 1 1*2^-1 1*2^1 1*2^1 0 7*2^-11 1*2^-2 0 7*2^-11 2567*2^-11
        conclude 519*2^-11
        qed",
    );
    let step = "step 3 1 1*2^-1 1*2^1 1*2^1 0 7*2^-11 1*2^-2 0 7*2^-11 2567*2^-11";
    let table = format!(
        "
        {step} => step 3 9*2^-3 1*2^-1 1*2^1 1*2^1 0 7*2^-11 1*2^-2 0 7*2^-11 2567*2^-11 # step: it does not hold that w = 1
        {step} => step 3 1 1*2^-1 1*2^1 1*2^1 1 7*2^-11 1*2^-2 0 7*2^-11 2567*2^-11 # step: it does not hold that w = 1
        {step} => step 3 1 1*2^-1 3 1*2^1 0 7*2^-11 1*2^-2 0 7*2^-11 2567*2^-11 # step: it does not hold that rho' = x
        {step} => step 3 1 1*2^-1 1*2^1 3 0 7*2^-11 1*2^-2 0 7*2^-11 2567*2^-11 # step: it does not hold that rho' = x
        {step} => step 3 1 1*2^-1 1*2^1 1*2^1 0 3*2^-10 1*2^-2 0 7*2^-11 2567*2^-11 # step: it does not hold that p >=
        {step} => step 3 1 1*2^-1 1*2^1 1*2^1 0 7*2^-11 1*2^-3 0 7*2^-11 2567*2^-11 # step: it does not hold that start'
        {step} => step 3 1 1*2^-1 1*2^1 1*2^1 0 7*2^-11 1*2^-2 1 7*2^-11 2567*2^-11 # step: it does not hold that sum' = 0
        {step} => step 3 1 1*2^-1 1*2^1 1*2^1 0 7*2^-11 1*2^-2 0 3*2^-10 2567*2^-11 # step: it does not hold that total'
        {step} => step 3 1 1*2^-1 1*2^1 1*2^1 0 7*2^-11 1*2^-2 0 7*2^-11 1283*2^-10 # step: it does not hold that size'
        solve 0 1 1 3 1 richardson 1*2^-1 1*2^1 1 1 3 1 => solve 0 1 1 3 1 chebyshev 1*2^-1 1*2^1 1 1 3 1 # step:
        "
    );
    cases(&all, 0, &table);
}
