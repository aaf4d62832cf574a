//! tmp
use certinet::arith::Rational;
use certinet::construct::*;
fn main() {
    for d in [2usize, 10, 100, 1000] {
        for (p, q) in [(1, 2), (1, 10), (1, 100)] {
            let delta = Rational::ratio(p, q);
            let r = SolveRequest {
                size: d,
                lower: delta.clone(),
                upper: Rational::from(2) - &delta,
                rhs_bound: Rational::one(),
                error: Rational::ratio(1, 1000),
            };
            for m in SolveMethod::ALL {
                let t0 = std::time::Instant::now();
                let c = linear_solve(&r, m).unwrap();
                let t = std::time::Instant::now();
                let l = c.network.layered().unwrap();
                let t1 = t.elapsed();
                let s = l.size().unwrap();
                println!(
                    "{d} {delta} {} L={} M={} err={:.2e} {:?} {:?} {:?} {:?}",
                    c.method,
                    s.layers,
                    s.weights,
                    c.claim.error.approx_f64(),
                    t - t0,
                    t1,
                    t.elapsed(),
                    if let Parameter::Numbers(n) = &c.parameters[5].1 {
                        n.iter().take(40).cloned().collect::<Vec<_>>()
                    } else {
                        vec![]
                    }
                );
            }
        }
    }
    if true {
        return;
    }
    for d in [2usize, 10, 100, 1000] {
        for (p, q) in [(1, 2), (1, 10), (1, 100)] {
            let (delta, eps) = (Rational::ratio(p, q), Rational::ratio(1, 1000));
            for c in [neumann_inverse(d, &delta, &eps).unwrap(), newton_schulz_inverse(d, &delta, &eps).unwrap()] {
                let t = std::time::Instant::now();
                let l = c.network.layered().unwrap();
                let t1 = t.elapsed();
                let s = l.size().unwrap();
                println!(
                    "{d} {delta} {} L={} M={} err={:.2e} {:?} {:?} {:?}",
                    c.method,
                    s.layers,
                    s.weights,
                    c.claim.error.approx_f64(),
                    t1,
                    t.elapsed(),
                    c.parameters[3].1
                );
            }
        }
    }
}
