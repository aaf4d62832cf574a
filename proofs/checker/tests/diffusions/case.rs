//! Random small problems.

use num_traits::One;

use super::numbers::int;
use crate::draw::Random;
use crate::oracle::Q;

/// What a certificate is written for.
#[derive(Clone, Debug)]
pub struct Case {
    pub n: usize,
    pub classes: Vec<Vec<Q>>,
    /// The class of each triangle.
    pub triangles: Vec<usize>,
    pub load: Vec<(Q, [usize; 2])>,
    pub sides: Vec<[Q; 2]>,
    /// Columns of V.
    pub columns: usize,
    pub h1: bool,
    pub faces: bool,
    /// The degree of the polynomials on cells.
    pub degree: usize,
    /// How often cells are cut.
    pub cuts: usize,
    /// W_1, .., W_q
    pub fluxes: usize,
    /// Levels of the squares of t, then of each step.
    pub levels: Vec<u64>,
}

impl Case {
    pub fn parameters(&self) -> usize {
        self.sides.len()
    }
    /// A random problem; `conical` ones are proved on faces.
    pub fn random(random: &mut Random, conical: bool) -> Self {
        let n = 2 + random.below(3);
        let p = 1 + random.below(3);
        let small = |random: &mut Random| Q::new(random.between(1, 6).into(), random.between(1, 3).into());
        let mut classes = Vec::new();
        if conical {
            for i in 0..p {
                let ratio = if random.below(4) == 0 { int(0) } else { small(random) };
                for _ in 0..1 + random.below(2) {
                    let a = small(random);
                    let mut class = vec![int(0); p + 1];
                    class[0] = &a * &ratio;
                    class[i + 1] = a;
                    classes.push(class);
                }
            }
        } else {
            for _ in 0..1 + random.below(4) {
                // At least 1/4 for y between -1/2 and 5/2.
                let terms: Vec<Q> = (0..p).map(|_| Q::new(random.between(-2, 4).into(), 3.into())).collect();
                let least =
                    terms.iter().map(|a| if *a < int(0) { a * Q::new(5.into(), 2.into()) } else { -a / int(2) });
                let constant = small(random) - least.sum::<Q>();
                classes.push([vec![constant], terms].concat());
            }
        }
        let triangles = (0..2 * n * n).map(|_| random.below(classes.len())).collect();
        let mut load = vec![(small(random), [0, 0])];
        for _ in 0..random.below(3) {
            load.push((Q::new(random.between(-3, 3).into(), 2.into()), [1 + random.below(2), random.below(3)]));
        }
        let side = |random: &mut Random| {
            let lo = if conical { Q::new(1.into(), 3.into()) } else { Q::new(random.between(-1, 0).into(), 2.into()) };
            let hi = &lo + Q::new(random.between(1, 4).into(), 2.into());
            [lo, hi]
        };
        let sides = (0..p).map(|_| side(random)).collect();
        let steps = random.below(6);
        Self {
            n,
            classes,
            triangles,
            load,
            sides,
            columns: (1 + random.below(3)).min((n - 1) * (n - 1)),
            h1: random.below(2) == 0,
            faces: conical,
            degree: random.below(3),
            cuts: random.below(3),
            fluxes: random.below(4),
            levels: (0..=steps).map(|_| 6 + random.below(6) as u64).collect(),
        }
    }
    /// More classes than blocks: each triangle has its own.
    pub fn of_many_classes(random: &mut Random) -> Self {
        let mut case = Self::random(random, false);
        case.n = 6;
        case.sides.truncate(2);
        let p = case.parameters();
        let class = |random: &mut Random| {
            let terms = (0..p).map(|_| Q::new(random.between(-2, 4).into(), 8.into()));
            [vec![Q::one() + Q::one()], terms.collect()].concat()
        };
        case.classes = (0..72).map(|_| class(random)).collect();
        case.triangles = (0..72).collect();
        case.columns = 2;
        case.degree = case.degree.min(1);
        case
    }
    /// The words of the target.
    pub fn target(&self) -> String {
        let mut words = vec!["diffusion".to_owned()];
        words.extend([self.n, self.parameters(), self.classes.len()].map(|n| n.to_string()));
        words.extend(self.classes.iter().flatten().map(Q::to_string));
        let runs: Vec<&[usize]> = self.triangles.chunk_by(|a, b| a == b).collect();
        words.push(runs.len().to_string());
        words.extend(runs.iter().map(|run| format!("{} {}", run[0], run.len())));
        words.push(self.load.len().to_string());
        words.extend(self.load.iter().map(|(c, e)| format!("{c} {} {}", e[0], e[1])));
        words.join(" ")
    }
    /// The words of the domain.
    pub fn domain(&self) -> String {
        let sides: Vec<String> = self.sides.iter().map(|[l, h]| format!("{l} {h}")).collect();
        format!("box {}", sides.join(" "))
    }
}
