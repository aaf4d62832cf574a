//! The command lines of the default table.

use crate::session;

/// Standard output of a command that succeeds.
pub fn certinet(arguments: &[&str]) -> String {
    let (code, stdout, stderr) = session::certinet(arguments);
    assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}");
    stdout
}

/// Family and options of every default row, in the order of the table.
pub fn command_lines() -> Vec<Vec<String>> {
    let list: toml::Table = certinet(&["table", "--print-config"]).parse().unwrap();
    list["rows"].as_array().unwrap().iter().flat_map(expand).collect()
}

/// All command lines of an entry, the last list running fastest.
fn expand(entry: &toml::Value) -> Vec<Vec<String>> {
    let entry = entry.as_table().unwrap();
    let mut lines = vec![vec![entry["family"].as_str().unwrap().to_owned()]];
    for (key, value) in entry.iter().filter(|(key, _)| *key != "family") {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let word = |value: &toml::Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        let with = |line: &Vec<String>, value| [line.clone(), vec![format!("--{key}={}", word(value))]].concat();
        lines =
            lines.iter().flat_map(|line| values.iter().map(|value| with(line, value)).collect::<Vec<_>>()).collect();
    }
    lines
}

/// Does a task for every item on all processors, the first items first.
pub fn each<T: Sync>(items: &[T], task: impl Fn(&T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(4);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    task(item);
                }
            });
        }
    });
}
