//! tmp
use certinet::arith::Rational;
use certinet::construct::*;
fn main() {
    for d in [2usize, 10, 100, 1000] {
        for (p, q) in [(1, 2), (1, 10), (1, 100)] {
            let (delta, eps) = (Rational::ratio(p, q), Rational::ratio(1, 1000));
            for c in [neumann_inverse(d, &delta, &eps).unwrap(), newton_schulz_inverse(d, &delta, &eps).unwrap()] {
                let t = std::time::Instant::now();
                let l = c.network.layered().unwrap();
                let t1 = t.elapsed();
                let s = l.size().unwrap();
                println!("{d} {delta} {} L={} M={} err={:.2e} {:?} {:?} {:?}", c.method, s.layers, s.weights, c.claim.error.approx_f64(), t1, t.elapsed(), c.parameters[3].1);
            }
        }
    }
}
