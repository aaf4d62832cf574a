//! Random networks as certificates: numbers of cells and maps, equality of two networks.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use crate::draw::Random;
use crate::oracle::layered::{Layer, layers};
use crate::oracle::{Q, domain, is_true, parse, regions};
use crate::rejection;
use crate::writer::{Writer, inside, sides};

pub fn q(p: i64, r: i64) -> Q {
    Q::new(BigInt::from(p), BigInt::from(r))
}

/// Matrices by rows, and biases.
pub type Dense = Vec<(Vec<Vec<Q>>, Vec<Q>)>;

fn weight(random: &mut Random) -> Q {
    q(random.between(-3, 3), random.between(1, 3))
}

/// Layers of these widths, the inputs first.
pub fn dense(widths: &[usize], random: &mut Random) -> Dense {
    let layer = |pair: &[usize]| {
        let rows = (0..pair[1]).map(|_| (0..pair[0]).map(|_| weight(random)).collect()).collect();
        (rows, (0..pair[1]).map(|_| weight(random)).collect())
    };
    widths.windows(2).map(layer).collect()
}

fn block(rows: &[Vec<Q>]) -> String {
    let common = rows.iter().flatten().fold(BigInt::one(), |d, w| d.lcm(w.denom()));
    let mut line = format!("block {} {} {common}", rows.len(), rows[0].len());
    for (i, row) in rows.iter().enumerate() {
        for (j, w) in row.iter().enumerate().filter(|(_, w)| !w.is_zero()) {
            line += &format!(" {i} {j} {}", (w * Q::from(common.clone())).to_integer());
        }
    }
    line
}

/// Blocks and networks as lines.
pub fn listed(networks: &[Dense]) -> Vec<String> {
    let (mut blocks, mut lines) = (Vec::new(), Vec::new());
    for network in networks {
        lines.extend(["network".to_owned(), format!("input {}", network[0].0[0].len())]);
        let mut node = 0;
        for (number, (rows, bias)) in network.iter().enumerate() {
            let place = blocks.len();
            blocks.push(block(rows));
            blocks.push(block(&bias.iter().map(|b| vec![b.clone()]).collect::<Vec<_>>()));
            let tile = |k: usize| format!("1 {k} 0 0 1 1 0");
            lines.push(format!("affine {} 1 {node} {} {}", rows.len(), tile(place), tile(place + 1)));
            node += 1;
            if number + 1 < network.len() {
                lines.push(format!("relu {node}"));
                node += 1;
            }
        }
        lines.push(format!("output {node}"));
    }
    [blocks, lines].concat()
}

/// The file: a statement without its size, networks, the lines of a cover.
pub fn file(statement: &[String], networks: &[String], steps: &[String]) -> String {
    let mut all = vec!["certinet-certificate 1".to_owned()];
    all.extend_from_slice(statement);
    all.push("size 0 0 0".to_owned());
    all.extend_from_slice(networks);
    all.push("cover".to_owned());
    all.extend_from_slice(steps);
    all.push("qed".to_owned());
    let text = format!("{}\nend {}\n", all.join("\n"), all.len());
    crate::oracle::with_true_size(&text).unwrap()
}

/// The layers of the networks of such a file, from the text.
pub fn layers_of(networks: &[String]) -> Vec<Vec<Layer>> {
    let statement = ["target square", "domain space 1", "norm maximum", "error 0", "kind bound"].map(str::to_owned);
    let text = file(&statement, networks, &[]);
    let list = parse::certificate(&text).unwrap().networks;
    (1..=list.len()).map(|end| layers(&list[..end]).unwrap()).collect()
}

/// A random box and its text.
fn interval(random: &mut Random) -> (Q, Q) {
    let lo = weight(random);
    let width = q(random.between(1, 5), random.between(1, 2));
    (lo.clone(), lo + width)
}

pub fn domain_line(list: &[(Q, Q)]) -> String {
    let text: Vec<String> = list.iter().map(|(lo, hi)| format!("{lo} {hi}")).collect();
    let line = format!("box {}", text.join(" "));
    assert_eq!(domain::read(&line).unwrap().dimension(), list.len());
    format!("domain {line}")
}

/// A certificate that counts regions, for these numbers.
pub fn regions_certificate(network: &Dense, sides_of: &[(Q, Q)], claim: (usize, usize)) -> String {
    let networks = listed(std::slice::from_ref(network));
    let all = layers_of(&networks);
    let mut writer = Writer { networks: vec![&all[0]], n: sides_of.len(), lines: Vec::new() };
    writer.write(&sides(sides_of), &mut |slacks, _| {
        let point: Vec<String> = inside(slacks).iter().map(Q::to_string).collect();
        vec![format!("leaf {}", point.join(" "))]
    });
    writer.lines.push("conclude".to_owned());
    file(&[format!("regions {} {}", claim.0, claim.1), domain_line(sides_of)], &networks, &writer.lines)
}

#[test]
fn numbers_of_cells_and_maps_are_those_of_brute_force() {
    let mut random = Random(1);
    let (mut most, mut fewer) = (0, 0);
    for round in 0..160 {
        let n = 1 + round % 2;
        let mut widths = vec![n];
        (0..=random.below(2)).for_each(|_| widths.push(1 + random.below(6)));
        widths.push(1 + random.below(2));
        let network = dense(&widths, &mut random);
        let sides: Vec<(Q, Q)> = (0..n).map(|_| interval(&mut random)).collect();
        let (cells, maps) = regions::count(&layers_of(&listed(std::slice::from_ref(&network)))[0], &sides).unwrap();
        let text = regions_certificate(&network, &sides, (cells, maps));
        assert_eq!(rejection(&text), "", "{text}");
        assert_eq!(is_true(&text), Ok(()));
        for (k, d) in [(cells + 1, maps), (cells - 1, maps), (cells, maps + 1), (cells, maps - 1)] {
            let other = text.replacen(&format!("regions {cells} {maps}\n"), &format!("regions {k} {d}\n"), 1);
            assert!(rejection(&other).starts_with("conclude: there are"), "{other}");
            assert!(is_true(&other).is_err());
        }
        most = most.max(cells);
        fewer += usize::from(maps < cells);
    }
    // Some networks have many cells, and some the same map on several.
    assert!(most >= 20 && fewer >= 20, "{most} {fewer}");
}

/// The same function: neurons scaled and in another order, one of them twice with half its weight, one that is never
/// read, and on the last layer a term that cancels.
pub fn disguised(network: &Dense, random: &mut Random) -> Dense {
    let mut other = network.clone();
    for number in 0..network.len() - 1 {
        let factor = q(random.between(1, 3), random.between(1, 3));
        let i = random.below(other[number].0.len());
        other[number].0[i].iter_mut().for_each(|w| *w *= &factor);
        other[number].1[i] *= &factor;
        other[number + 1].0.iter_mut().for_each(|row| row[i] /= &factor);
        // Neuron i is computed twice.
        let (row, bias) = (other[number].0[i].clone(), other[number].1[i].clone());
        let extra = vec![weight(random); row.len()];
        other[number].0.splice(0..0, [row, extra]);
        other[number].1.splice(0..0, [bias, weight(random)]);
        for row in &mut other[number + 1].0 {
            let half = &row[i] / q(2, 1);
            row[i] = half.clone();
            row.splice(0..0, [half, Q::zero()]);
        }
    }
    other
}

/// A certificate that two networks are equal, which is written whether they are or not.
pub fn equality_certificate(networks: &[Dense; 2], sides_of: &[(Q, Q)], n: usize) -> String {
    let networks = listed(networks);
    let all = layers_of(&networks);
    let mut writer = Writer { networks: vec![&all[1], &all[0]], n, lines: Vec::new() };
    writer.write(&sides(sides_of), &mut |_, _| vec!["leaf".to_owned()]);
    writer.lines.push("conclude".to_owned());
    let domain = if sides_of.is_empty() { format!("domain space {n}") } else { domain_line(sides_of) };
    let statement = ["target network 0", &domain, "norm maximum", "error 0", "kind exact"].map(str::to_owned);
    file(&statement, &networks, &writer.lines)
}

#[test]
fn equal_networks_and_others() {
    let mut random = Random(2);
    let mut different = 0;
    for round in 0..80 {
        let n = 1 + round % 2;
        let mut widths = vec![n];
        (0..=random.below(2)).for_each(|_| widths.push(1 + random.below(3)));
        widths.push(1 + random.below(2));
        let network = dense(&widths, &mut random);
        let other = disguised(&network, &mut random);
        let sides: Vec<(Q, Q)> =
            if round % 4 < 2 { Vec::new() } else { (0..n).map(|_| interval(&mut random)).collect() };
        let text = equality_certificate(&[network.clone(), other.clone()], &sides, n);
        assert_eq!(rejection(&text), "", "{text}");
        assert_eq!(is_true(&text), Ok(()));
        // One weight is another one: then the cover shows where.
        let mut changed = other;
        let last = changed.len() - 1;
        let layer = random.below(last + 1);
        let (i, j) = (random.below(changed[layer].0.len()), random.below(changed[layer].0[0].len()));
        changed[layer].0[i][j] += q(1, random.between(1, 4));
        let text = equality_certificate(&[network, changed], &sides, n);
        let equal = is_true(&text).is_ok();
        assert_eq!(rejection(&text).is_empty(), equal, "{text}");
        different += usize::from(!equal);
    }
    assert!(different > 20, "{different}");
}

#[test]
fn the_brute_force_counts_what_is_known() {
    // Three lines in general position through the square [-2, 2]^2: 7 cells.
    let rows = [[1, 0], [0, 1], [1, 1]].map(|row| row.map(|a| q(a, 1)).to_vec()).to_vec();
    let network: Dense =
        vec![(rows, vec![q(0, 1), q(0, 1), q(-1, 1)]), (vec![vec![q(1, 1), q(1, 1), q(1, 1)]], vec![Q::zero()])];
    let layers = layers_of(&listed(std::slice::from_ref(&network)));
    let side = (q(-2, 1), q(2, 1));
    assert_eq!(regions::count(&layers[0], &[side.clone(), side]).unwrap(), (7, 7));
    assert!(network[0].1[2].is_negative());
}
