//! How much code a sceptic reads: the core, which every certificate goes through, stays below 3000 lines; each kind of claim
//! and the comparison with network files are files of their own.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

/// Text, numbers, networks, the layered form and its size, the verdict.
const CORE: [&str; 25] = [
    "algebra",
    "cache",
    "call",
    "check",
    "command",
    "count",
    "interned",
    "lattice",
    "layered",
    "lexer",
    "lib",
    "lower",
    "main",
    "maps",
    "network",
    "number",
    "overlap",
    "problem",
    "raise",
    "reader",
    "rules/mod",
    "rules/qed",
    "shapes",
    "statement",
    "tiles",
];

/// Lines of code of a file: without comments, empty lines and unit tests.
fn code(path: &Path) -> usize {
    let text = fs::read_to_string(path).unwrap();
    let own = text.lines().take_while(|line| !line.contains("#[cfg(test)]")).map(str::trim);
    own.filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

#[test]
fn the_core_is_small() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let core: usize = CORE.iter().map(|name| code(&source.join(format!("{name}.rs")))).sum();
    let mut all = 0;
    for folder in ["", "rules", "rules/cover", "rules/diffusion", "rules/spiking", "generate"] {
        let files = fs::read_dir(source.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        all +=
            files.filter(|path| path.extension().is_some_and(|end| end == "rs")).map(|path| code(&path)).sum::<usize>();
    }
    println!("core: {core} lines of code; with all kinds of claims and network files: {all}");
    assert!((1000..=3000).contains(&core), "the core has {core} lines");
    assert!(all > core);
}
