//! The oracle itself: it does not refute what is true, and refutes what is false.
#![allow(clippy::unwrap_used)]
mod oracle;
mod draw;

#[test]
fn files() {
    for file in std::env::args().skip(1).filter(|a| a.ends_with(".cert")) {
        println!("{file} {:?}", oracle::is_true(&std::fs::read_to_string(&file).unwrap()));
    }
    for entry in std::fs::read_dir("/tmp/c").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "cert") {
            let start = std::time::Instant::now();
            let r = oracle::is_true(&std::fs::read_to_string(&path).unwrap());
            println!("{path:?} {r:?} {:?}", start.elapsed());
        }
    }
}
