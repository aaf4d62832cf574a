//! The program run in this process, as a test sees it.

use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// Standard output that the test can read afterwards.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Exit code, standard output, standard error.
pub fn certinet<S: AsRef<str>>(arguments: &[S]) -> (u8, String, String) {
    let (stdout, mut stderr) = (Shared::default(), Vec::new());
    let words = ["certinet"].into_iter().chain(arguments.iter().map(AsRef::as_ref)).map(OsString::from);
    let code = certinet::cli::run_with(words, Box::new(stdout.clone()), &mut stderr);
    let bytes = stdout.0.lock().unwrap().clone();
    (code, String::from_utf8(bytes).unwrap(), String::from_utf8(stderr).unwrap())
}
