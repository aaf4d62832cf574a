//! The certificates of the corpus are what the library writes today: `proofs/corpus/list.txt` says by which command.
//!
//! With the environment variable CERTINET_UPDATE_CORPUS set, they are written anew instead; the change is then looked at
//! like any other.

#![allow(clippy::unwrap_used)]

mod session;

use std::fs;
use std::path::Path;

#[test]
fn every_certificate_is_written_again() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/corpus");
    let list = fs::read_to_string(corpus.join("list.txt")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (network, certificate) = (folder.path().join("network.json"), folder.path().join("new.cert"));
    let mut names = Vec::new();
    for line in list.lines() {
        let (name, command) = line.split_once(": ").unwrap();
        // Files are named from the corpus.
        let words = command.split(' ').map(|word| {
            if word.ends_with(".mtx") || word.ends_with(".json") {
                corpus.join(word).to_string_lossy().into_owned()
            } else {
                word.to_owned()
            }
        });
        let mut words: Vec<String> = words.collect();
        for (option, path) in [("--output", &network), ("--certificate", &certificate)] {
            words.extend([option.to_owned(), path.to_string_lossy().into_owned()]);
        }
        let (code, _, stderr) = session::certinet(&words);
        assert_eq!((code, stderr.as_str()), (0, ""), "{line}");
        let text = fs::read_to_string(&certificate).unwrap();
        let committed = corpus.join(name);
        if std::env::var_os("CERTINET_UPDATE_CORPUS").is_some() {
            fs::write(&committed, &text).unwrap();
        }
        assert!(fs::read_to_string(&committed).unwrap() == text, "{line}: not what proofs/corpus/{name} holds");
        names.push(name.to_owned());
    }
    let on_disk = fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut on_disk: Vec<String> = on_disk.filter(|name| name.ends_with(".cert")).collect();
    on_disk.sort();
    names.sort();
    assert_eq!(names, on_disk);
    assert!(names.len() > 40);
}
