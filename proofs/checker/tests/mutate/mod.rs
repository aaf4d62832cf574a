//! Single changes of a certificate: of a word, a number, a line, or the bytes.

mod number;

use crate::draw::Random;
use crate::grammar::GRAMMAR;

/// A change, as cheap to keep as possible.
pub enum Edit {
    /// The word in this line is replaced.
    Word(usize, usize, String),
    /// Every word like that in this line is replaced in the whole file.
    Everywhere(usize, usize, String),
    /// A line is replaced by others; the number in the last line is corrected.
    Lines(usize, usize, Vec<String>),
    /// Only so many bytes are kept.
    Prefix(usize),
    /// The text with something replaced, first occurrence only.
    Text(String, String),
}

/// A change and what kind it is.
pub struct Mutant {
    pub kind: &'static str,
    pub edit: Edit,
}

/// Words that stand in each other's place.
const SIBLINGS: [&[&str]; 15] = [
    &["exact", "bound"],
    &["delayed", "centred", "bounded-weights", "four-wide"],
    &["direct", "shared-squares", "strassen"],
    &["minimum", "maximum", "median"],
    &["two-sided", "one-sided"],
    &["polynomial", "neumann", "newton-schulz"],
    &["chebyshev", "richardson", "powers"],
    &["maximum", "euclidean", "spectral"],
    &["square", "product", "power", "reciprocal", "matrix-power", "matrix-inverse", "symmetric-inverse"],
    &["cube", "box", "space", "balls", "symmetric"],
    &["settle", "reflect"],
    &["tree", "sorted", "arrivals"],
    &["size", "spiking-size"],
    &["relative-energy", "relative-h1"],
    &["faces", "box"],
];

/// All changes of a certificate, in the order of its lines; `other` is a certificate to take lines from.
pub fn mutants(text: &str, other: &str, random: &mut Random) -> Vec<Mutant> {
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    let mut all = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        for (place, word) in line.iter().enumerate() {
            let mut push = |kind, to: String| {
                if to != *word {
                    all.push(Mutant { kind, edit: Edit::Word(number, place, to) });
                }
            };
            let neighbours = [place.checked_sub(1), Some(place + 1)];
            let neighbours = neighbours.into_iter().flatten().filter_map(|place| line.get(place));
            match number::kind(word) {
                None => {
                    SIBLINGS.iter().filter(|group| group.contains(word)).for_each(|group| {
                        group.iter().for_each(|to| push("keyword", (*to).to_owned()));
                    });
                    (0..4).for_each(|_| push("word", GRAMMAR[random.below(GRAMMAR.len())].to_owned()));
                }
                Some(kind) => {
                    let neighbours = neighbours.filter(|word| number::kind(word).is_some());
                    neighbours.for_each(|to| push("neighbour", (*to).to_owned()));
                    number::changes(word, kind).into_iter().for_each(|to| push(kind, to.clone()));
                    for to in number::changes(word, kind) {
                        all.push(Mutant { kind: "everywhere", edit: Edit::Everywhere(number, place, to) });
                    }
                }
            }
            all.push(Mutant { kind: "shape", edit: Edit::Word(number, place, format!("{word} {word}")) });
            let shorter: Vec<&str> =
                line.iter().enumerate().filter(|(k, _)| *k != place).map(|(_, word)| *word).collect();
            all.push(Mutant { kind: "shape", edit: Edit::Lines(number, number + 1, vec![shorter.join(" ")]) });
        }
        all.extend(of_line(&lines, number, other, random));
    }
    all.extend(of_text(text, random));
    all
}

fn of_line(lines: &[Vec<&str>], number: usize, other: &str, random: &mut Random) -> Vec<Mutant> {
    let line = |number: usize| lines[number].join(" ");
    let lines_from_to = |end, to| Edit::Lines(number, end, to);
    let foreign: Vec<&str> = other.lines().collect();
    let mut edits = vec![
        ("line deleted", lines_from_to(number + 1, vec![])),
        ("line twice", lines_from_to(number + 1, vec![line(number), line(number)])),
        ("line twice", lines_from_to(number + 1, vec![line(number); 3])),
    ];
    if number + 1 < lines.len() {
        edits.push(("lines swapped", lines_from_to(number + 2, vec![line(number + 1), line(number)])));
        let elsewhere = random.below(lines.len());
        edits.push(("line from elsewhere", lines_from_to(number + 1, vec![line(elsewhere)])));
        edits.push(("line from elsewhere", lines_from_to(number + 1, vec![line(elsewhere), line(number)])));
    }
    for _ in 0..2 {
        let spliced = foreign[random.below(foreign.len())].to_owned();
        edits.push(("line of another file", lines_from_to(number + 1, vec![spliced.clone()])));
        edits.push(("line of another file", lines_from_to(number, vec![spliced])));
    }
    // A line of another file that begins in the same way.
    let same: Vec<&&str> = foreign.iter().filter(|line| line.split(' ').next() == Some(lines[number][0])).collect();
    if !same.is_empty() {
        let spliced = vec![(*same[random.below(same.len())]).to_owned()];
        edits.push(("line of another file", lines_from_to(number + 1, spliced)));
    }
    edits.into_iter().map(|(kind, edit)| Mutant { kind, edit }).collect()
}

fn of_text(text: &str, random: &mut Random) -> Vec<Mutant> {
    let mut all = Vec::new();
    let replaced = |from: &str, to: &str| Edit::Text(from.to_owned(), to.to_owned());
    for version in ["0", "2", "1.0", "01", "-1", ""] {
        let edit = replaced("certinet-certificate 1\n", &format!("certinet-certificate {version}\n"));
        all.push(Mutant { kind: "version", edit });
    }
    for end in ["\n\n", "\nqed\n", "", "\n ", "\n\0", "\nend 1\n", "\r\n", " \n"] {
        let last = text.trim_end_matches('\n').rsplit('\n').next().unwrap_or("");
        all.push(Mutant { kind: "end of file", edit: replaced(&format!("{last}\n"), &format!("{last}{end}")) });
    }
    for _ in 0..12 {
        all.push(Mutant { kind: "prefix", edit: Edit::Prefix(random.below(text.len())) });
        let line = text.lines().nth(random.below(text.lines().count())).unwrap_or("").to_owned();
        let spaces: [(&'static str, String); 6] = [
            ("spaces", line.replacen(' ', "  ", 1)),
            ("spaces", format!(" {line}")),
            ("spaces", format!("{line} ")),
            ("spaces", line.replacen(' ', "\t", 1)),
            ("line ends", format!("{line}\r")),
            ("line ends", format!("{line}\n")),
        ];
        for (kind, to) in spaces {
            all.push(Mutant { kind, edit: replaced(&format!("{line}\n"), &format!("{to}\n")) });
        }
    }
    all.push(Mutant { kind: "line ends", edit: replaced("certinet", "\u{feff}certinet") });
    all
}

/// The changed certificate.
pub fn apply(text: &str, edit: &Edit) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    match edit {
        Edit::Prefix(length) => return text[..*length].to_owned(),
        Edit::Text(from, to) => return text.replacen(from, to, 1),
        Edit::Word(number, place, to) => {
            let mut words: Vec<&str> = lines[*number].split(' ').collect();
            if let Some(word) = words.get_mut(*place) {
                *word = to;
            }
            lines[*number] = words.join(" ");
        }
        Edit::Everywhere(number, place, to) => {
            let from = lines[*number].split(' ').nth(*place).unwrap_or("").to_owned();
            for line in &mut lines {
                let words = line.split(' ').map(|word| if word == from { to.as_str() } else { word });
                *line = words.collect::<Vec<_>>().join(" ");
            }
        }
        Edit::Lines(start, end, with) => {
            lines.splice(*start..*end, with.iter().cloned());
            let last = lines.len() - 1;
            if lines[last].starts_with("end ") {
                lines[last] = format!("end {last}");
            }
        }
    }
    lines.into_iter().map(|line| line + "\n").collect()
}
