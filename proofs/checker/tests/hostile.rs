//! Hostile input: random tokens of the grammar, mutated bytes, numbers without end, dimensions without measure. Always a
//! verdict, never a panic, in bounded time.
#![allow(clippy::unwrap_used)]

mod corpus_files;
mod draw;
mod grammar;
mod timed;

use draw::Random;
use grammar::GRAMMAR;
use timed::Slowest;

fn number(random: &mut Random) -> String {
    let digits = |random: &mut Random| {
        let length = [1, 1, 2, 19, 20, 400][random.below(6)];
        (0..length).map(|_| char::from(b'0' + random.below(10) as u8)).collect::<String>()
    };
    match random.below(16) {
        0..=4 => random.below(4).to_string(),
        5 => "0".to_owned(),
        6 => (1u64 << random.below(64)).to_string(),
        7 => ((1u64 << random.below(63)) - 1).to_string(),
        8 => format!("-{}", digits(random)),
        9 => format!("{}/{}", digits(random), digits(random)),
        10 => format!("1/{}", 1u64 << random.below(64)),
        11 => format!("1*2^{}", random.between(-1_100_000, 1_100_000)),
        12 => format!("{}*2^-{}", 2 * random.below(1000) + 1, random.below(70)),
        13 => "9223372036854775807".to_owned(),
        14 => digits(random),
        _ => ["-0", "00", "1/1", "2/4", "1/0", "2*2^3", "1*2^0", "1*2^", "*2^1", "+1", "1e9", "--1", "\u{b2}"]
            [random.below(13)]
        .to_owned(),
    }
}

#[test]
fn random_tokens() {
    let mut random = Random(1);
    let mut slowest = Slowest::default();
    let corpus = corpus_files::all();
    for round in 0..6000 {
        // A true beginning, then lines of random tokens.
        let text = &corpus[random.below(corpus.len())].1;
        let lines: Vec<&str> = text.lines().collect();
        let kept = if round % 4 == 0 { 0 } else { random.below(lines.len()) };
        let mut changed: Vec<String> = lines[..kept].iter().map(|line| (*line).to_owned()).collect();
        for _ in 0..1 + random.below(6) {
            let mut words = vec![GRAMMAR[random.below(GRAMMAR.len())].to_owned()];
            for _ in 0..random.below(12) {
                let word = if random.below(6) == 0 {
                    GRAMMAR[random.below(GRAMMAR.len())].to_owned()
                } else {
                    number(&mut random)
                };
                words.push(word);
            }
            changed.push(words.join(" "));
        }
        changed.extend(lines[kept..].iter().skip(random.below(3)).map(|line| (*line).to_owned()));
        let _ = slowest.check((changed.join("\n") + "\n").as_bytes());
    }
    println!("random tokens, the slowest {:?}:\n{}", slowest.0, slowest.1);
}

#[test]
fn huge_numbers_in_every_place() {
    let mut random = Random(2);
    let mut slowest = Slowest::default();
    for (_, text) in corpus_files::all() {
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
        let places: Vec<(usize, usize)> =
            lines.iter().enumerate().flat_map(|(i, line)| (1..line.len()).map(move |j| (i, j))).collect();
        for _ in 0..120 {
            let mut changed: Vec<Vec<String>> =
                lines.iter().map(|line| line.iter().map(|word| (*word).to_owned()).collect()).collect();
            for _ in 0..1 + random.below(2) {
                let (i, j) = places[random.below(places.len())];
                changed[i][j] = match random.below(6) {
                    0 => (1u64 << random.between(20, 62)).to_string(),
                    1 => "1*2^1048576".to_owned(),
                    2 => "1*2^-1048576".to_owned(),
                    3 => format!("1/{}", "9".repeat(5000)),
                    4 => format!("1{}", "0".repeat(5000)),
                    _ => number(&mut random),
                };
            }
            let changed: Vec<String> = changed.into_iter().map(|line| line.join(" ")).collect();
            let _ = slowest.check((changed.join("\n") + "\n").as_bytes());
        }
    }
    println!("huge numbers, the slowest {:?}:\n{}", slowest.0, slowest.1);
}

#[test]
fn mutated_bytes() {
    let mut random = Random(3);
    let mut slowest = Slowest::default();
    let corpus = corpus_files::all();
    for _ in 0..4000 {
        let mut bytes = corpus[random.below(corpus.len())].1.clone().into_bytes();
        for _ in 0..1 + random.below(4) {
            let place = random.below(bytes.len());
            match random.below(5) {
                0 => bytes[place] = random.next() as u8,
                1 => bytes.insert(place, random.next() as u8),
                2 => drop(bytes.remove(place)),
                3 => bytes[place] = b" \n0123456789-/*^\r\t\0\xff"[random.below(20)],
                _ => {
                    let end = (place + random.below(200)).min(bytes.len());
                    let part = bytes[place..end].to_vec();
                    let at = random.below(bytes.len());
                    bytes.splice(at..at, part);
                }
            }
        }
        let _ = slowest.check(&bytes);
    }
    for _ in 0..500 {
        let bytes: Vec<u8> = (0..random.below(300)).map(|_| random.next() as u8).collect();
        let _ = slowest.check(&bytes);
    }
    println!("mutated bytes, the slowest {:?}", slowest.0);
}
