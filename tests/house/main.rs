//! The rules of the house, read off the sources: arrows between folders, what the lower folders may not do, lengths of
//! files, and that the README and the CI script agree. The scanner is tested on small texts, so that it can fail.

#![allow(clippy::unwrap_used)]

mod rules;
mod scan;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file that git would track, as (path with `/`, content). Cargo marks its build folders by a CACHEDIR.TAG.
fn files() -> Vec<(String, String)> {
    fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let built = path.join("CACHEDIR.TAG").exists();
            if path.is_symlink() || name == ".git" || name == "proptest-regressions" || built {
                continue;
            }
            if path.is_dir() { walk(&path, out) } else { out.push(path) }
        }
    }
    let mut paths = Vec::new();
    walk(root(), &mut paths);
    paths.sort();
    paths
        .iter()
        .filter_map(|path| {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            Some((name, fs::read_to_string(path).ok()?))
        })
        .collect()
}

fn rust_files() -> Vec<(String, String)> {
    let files: Vec<_> = files().into_iter().filter(|(path, _)| path.ends_with(".rs")).collect();
    assert!(files.iter().any(|(path, _)| path == "src/lib.rs"), "the scan has found the sources");
    files
}

fn assert_none(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn arrows_point_down() {
    let sources = rust_files().into_iter().filter(|(path, _)| path.starts_with("src/"));
    assert_none(sources.flat_map(|(path, text)| rules::arrows(&path, &text)).collect());
}

#[test]
fn evaluate_and_below_only_compute() {
    let sources = rust_files().into_iter().filter(|(path, _)| path.starts_with("src/"));
    assert_none(sources.flat_map(|(path, text)| rules::effects(&path, &text)).collect());
}

#[test]
fn files_are_short_and_finished() {
    assert_none(
        rust_files()
            .iter()
            .flat_map(|(path, text)| rules::length(path, text).into_iter().chain(rules::unfinished(path, text)))
            .collect(),
    );
}

#[test]
fn no_file_names_a_place_on_one_machine() {
    assert_none(files().iter().flat_map(|(path, text)| rules::machine_paths(path, text)).collect());
}

#[test]
fn the_ci_script_runs_what_the_readme_says() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let script = fs::read_to_string(root().join(".ci/run")).unwrap();
    let commands = rules::readme_commands(&readme);
    for command in ["cargo run --release -- table", "cargo test --release --workspace"] {
        assert!(commands.iter().any(|c| c == command), "the README shows `{command}`");
    }
    assert_none(rules::not_run(&commands, &script));
}
