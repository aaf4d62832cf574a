//! The rules, each a function from a file to the sentences that say what is wrong.

use crate::scan::{Named, names, strip};

/// The folders of `src`, from the bottom up; an arrow may point to the own folder and to a lower level only.
const LEVELS: [&[&str]; 9] = [
    &["arith"],
    &["linalg"],
    &["network", "programs"],
    &["evaluate"],
    &["certify"],
    &["construct", "polyhedra"],
    &["pde", "verify", "spiking", "barrier", "simplify"],
    &["report", "format"],
    &["cli"],
];
/// Folders up to this level print nothing and read nothing.
const SILENT: usize = 3;
/// The most lines of a Rust file.
const LONGEST: usize = 1000;

fn level(folder: &str) -> Option<usize> {
    LEVELS.iter().position(|folders| folders.contains(&folder))
}

/// The module a file is: `src/a/b.rs` is a::b, `src/a/mod.rs` is a; `None` for the crate's roots.
fn module(path: &str) -> Option<Vec<&str>> {
    let inner = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let mut words: Vec<&str> = inner.split('/').collect();
    if words.last() == Some(&"mod") {
        words.pop();
    }
    (words != ["lib"] && words != ["main"]).then_some(words)
}

/// The folder of `src` that a path names, `Some("")` for the root itself, `None` for an outside or local name.
fn target(module: &[&str], named: &Named) -> Option<String> {
    let mut words = named.path.iter().map(String::as_str).peekable();
    let mut place: Vec<&str> = module.iter().copied().chain(named.inside.iter().map(String::as_str)).collect();
    match words.peek() {
        Some(&"crate" | &"certinet") => {
            words.next();
            place.clear();
        }
        Some(&"super" | &"self") => {}
        _ => return None,
    }
    while let Some(step) = words.next_if(|word| matches!(*word, "super" | "self")) {
        if step == "super" {
            place.pop();
        }
    }
    place.extend(words);
    match place.first() {
        Some(first) => Some((*first).to_owned()),
        // `pub(crate)` names the root without taking anything from it.
        None if named.next == "as" || named.path.len() > 1 => Some(String::new()),
        None => None,
    }
}

/// Arrows that point up, to the side, or out of the house.
pub fn arrows(path: &str, text: &str) -> Vec<String> {
    let text = production(path, text);
    let Some(module) = module(path) else {
        return Vec::new();
    };
    let Some(own) = level(module[0]) else {
        return vec![format!("{path}: src/{} is no folder of the house; give it a level", module[0])];
    };
    names(&strip(text))
        .iter()
        .filter_map(|named| {
            let target = target(&module, named)?;
            let down = target == module[0] || level(&target).is_some_and(|level| level < own);
            let arrow = named.path.join("::");
            (!down).then(|| format!("{path}:{}: {arrow} is an arrow that does not point down", named.line))
        })
        .collect()
}

/// The text without its tests: an oracle may live on any floor, so tests may look up.
///
/// Tests are files that end in `tests.rs`, and what follows the last `#[cfg(test)]` that opens a module.
fn production<'a>(path: &str, text: &'a str) -> &'a str {
    if path.ends_with("tests.rs") {
        return "";
    }
    match text.rfind("\n#[cfg(test)]\n") {
        Some(at) if text[at..].lines().skip(2).find(|line| !line.starts_with("#[")).is_some_and(opens_module) => {
            &text[..at]
        }
        _ => text,
    }
}

fn opens_module(line: &str) -> bool {
    line.trim_start_matches("pub(super) ").starts_with("mod ") && line.ends_with('{')
}

/// Printing, files, clocks and the environment in the folders that only compute.
pub fn effects(path: &str, text: &str) -> Vec<String> {
    const MACROS: [&str; 7] = ["print", "println", "eprint", "eprintln", "dbg", "env", "option_env"];
    const MODULES: [&str; 4] = ["fs", "env", "net", "process"];
    const WORDS: [&str; 5] = ["Instant", "SystemTime", "stdin", "stdout", "stderr"];
    let own = module(path).and_then(|module| level(module[0]));
    if own.is_none_or(|level| level > SILENT) {
        return Vec::new();
    }
    names(&strip(text))
        .iter()
        .filter(|named| {
            let first = named.path[0].as_str();
            let is_macro = named.next == "!" && named.path.last().is_some_and(|word| MACROS.contains(&word.as_str()));
            let is_module = first == "std" && named.path.get(1).is_some_and(|word| MODULES.contains(&word.as_str()));
            let is_word = named.path.iter().any(|word| WORDS.contains(&word.as_str()));
            let is_glob = first == "std" && named.path.get(1).is_some_and(|word| word == "*");
            is_macro || is_module || is_word || is_glob
        })
        .map(|named| format!("{path}:{}: {} has no place below certify", named.line, named.path.join("::")))
        .collect()
}

/// A file that is too long; generated files are exempt.
pub fn length(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > LONGEST && !path.ends_with(".generated.rs"))
        .then(|| format!("{path}: {lines} lines, at most {LONGEST} are accepted; split it by object"))
}

/// Placeholders and tests that do not run.
pub fn unfinished(path: &str, text: &str) -> Vec<String> {
    let stripped = strip(text);
    let mut problems: Vec<String> = names(&stripped)
        .iter()
        .filter(|named| named.next == "!" && matches!(named.path[0].as_str(), "todo" | "unimplemented"))
        .map(|named| format!("{path}:{}: {}! stands for missing work", named.line, named.path[0]))
        .collect();
    let dense: String = stripped.split_whitespace().collect();
    if dense.contains("#[ignore") || (dense.contains("#[cfg_attr(") && dense.contains(",ignore")) {
        problems.push(format!("{path}: a test is ignored"));
    }
    problems
}

/// Absolute paths that exist on one machine only.
pub fn machine_paths(path: &str, text: &str) -> Vec<String> {
    // Put together here so that this file does not contain them.
    let places = ["home", "root", "work", "Users"].map(|folder| format!("/{folder}/"));
    let is_start = |line: &str, at: usize| {
        !line[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '}'))
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| {
            places.iter().any(|place| line.match_indices(place.as_str()).any(|(at, _)| is_start(line, at)))
                || line.contains(&["C:", "\\"].concat())
        })
        .map(|(i, line)| format!("{path}:{}: a path of one machine: {}", i + 1, line.trim()))
        .collect()
}

/// The commands in the `sh` blocks of the README, without comments.
pub fn readme_commands(readme: &str) -> Vec<String> {
    let mut inside = false;
    let mut commands = Vec::new();
    for line in readme.lines().map(str::trim) {
        if line.starts_with("```") {
            inside = !inside && matches!(line, "```sh" | "```bash");
        } else if inside {
            let command = line.split(" #").next().unwrap_or_default().trim();
            if !command.is_empty() && !command.starts_with('#') {
                commands.push(command.to_owned());
            }
        }
    }
    commands
}

/// The `cargo test` commands and main jobs of the README that the script does not run on a line of their own.
pub fn not_run(commands: &[String], script: &str) -> Vec<String> {
    commands
        .iter()
        .filter(|command| command.starts_with("cargo test") || command.ends_with("-- table"))
        .filter(|command| !script.lines().any(|line| line.trim().strip_prefix("run ") == Some(command.as_str())))
        .map(|command| format!(".ci/run does not run `{command}`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up(path: &str, text: &str) -> bool {
        !arrows(path, text).is_empty()
    }

    #[test]
    fn arrows_up_and_aside_are_found() {
        for (path, text) in [
            ("src/arith/a.rs", "use crate::linalg::Matrix;"),
            ("src/arith/a.rs", "use crate::{arith::b, cli::run};"),
            ("src/arith/mod.rs", "use super::network::Graph;"),
            ("src/arith/a/b.rs", "fn f() { super::super::super::cli::run() }"),
            ("src/arith/a.rs", "mod tests { use super::super::super::report::Table; }"),
            ("src/arith/a.rs", "\n#[cfg(test)]\nuse crate::cli::run;\nfn f() { crate::cli::run() }"),
            ("src/pde/a.rs", "crate::verify::x"),
            ("src/report/a.rs", "crate::format::x"),
            ("src/construct/a.rs", "crate::polyhedra::x"),
            ("src/evaluate/a.rs", "use crate::*;"),
            ("src/evaluate/a.rs", "use crate as root;"),
            ("src/evaluate/a.rs", "$crate::certify::x"),
            ("src/evaluate/a.rs", "certinet::certify::x"),
            ("src/evaluate/a.rs", "crate::Error"),
            ("src/strange/a.rs", ""),
        ] {
            assert!(up(path, text), "{path}: {text}");
        }
    }

    #[test]
    fn arrows_down_and_home_are_accepted() {
        for (path, text) in [
            ("src/cli/a.rs", "use crate::{arith::b, report::Table, cli::x};"),
            ("src/linalg/a.rs", "use crate::arith::Rational; use super::Matrix; use self::inner::X;"),
            ("src/linalg/a.rs", "mod tests { use super::super::Matrix; pub(crate) fn f() {} }"),
            ("src/linalg/a.rs", "// crate::cli::run\nlet s = \"crate::cli\";"),
            ("src/linalg/a.rs", "pub(super) fn f() {} pub(in crate::linalg) fn g() {}"),
            ("src/main.rs", "certinet::cli::run()"),
            ("src/lib.rs", "pub mod cli;"),
            ("src/arith/a.rs", "fn f() {}\n#[cfg(test)]\n#[allow(x)]\nmod tests {\nuse crate::cli::run; }"),
            ("src/arith/a_tests.rs", "use crate::cli::run;"),
        ] {
            assert_eq!(arrows(path, text), Vec::<String>::new(), "{path}: {text}");
        }
    }

    #[test]
    fn effects_are_found_below_certify_only() {
        for text in [
            "println!(\"x\")",
            "use std::fs;",
            "use std::{env, fmt};",
            "use std::time::Instant;",
            "std::io::stdout()",
            "let t = SystemTime::now();",
            "std::eprintln!()",
            "use std::*;",
        ] {
            for folder in ["arith", "linalg", "network", "evaluate"] {
                assert_eq!(effects(&format!("src/{folder}/a.rs"), text).len(), 1, "{folder}: {text}");
            }
            assert!(effects("src/certify/a.rs", text).is_empty());
        }
        assert!(effects("src/arith/a.rs", "// println!\nuse std::fmt; write!(f, \"std::fs\")").is_empty());
    }

    #[test]
    fn long_and_unfinished_files_are_found() {
        let long = "\n".repeat(LONGEST + 1);
        assert!(length("a.rs", &long).is_some() && length("a.rs", &long[1..]).is_none());
        assert!(length("a.generated.rs", &long).is_none());
        for text in ["todo!()", "unimplemented! ()", "#[ignore]", "#[ignore = \"slow\"]", "#[cfg_attr(a, ignore)]"] {
            assert_eq!(unfinished("a.rs", text).len(), 1, "{text}");
        }
        assert!(unfinished("a.rs", "// todo!()\nlet ignore = \"#[ignore]\";").is_empty());
    }

    #[test]
    fn machine_paths_are_found() {
        let line = ["see /ho", "me/someone/x"].concat();
        assert_eq!(machine_paths("a.md", &line).len(), 1);
        assert!(machine_paths("a.md", "src/network/mod.rs, /usr/bin/env bash, net/work/x").is_empty());
    }

    #[test]
    fn commands_are_compared() {
        let commands = readme_commands("```sh\ncargo test # all\n# no\n```\ncargo no\n```json\ncargo no\n```\n");
        assert_eq!(commands, ["cargo test"]);
        assert_eq!(not_run(&commands, "  run cargo test\n"), Vec::<String>::new());
        assert_eq!(not_run(&commands, "run cargo test --lib\n# run cargo test\n").len(), 1);
    }
}
