//! Solvers that are programs of their own, spoken to over their standard input and output.
//!
//! ```text
//! certinet writes   certinet-duel 1
//!                   problem l1 m N
//!                   epsilon p/q
//!                   ready
//! program writes    matrix i j k          an entry to within 2^-k: the reply is a line p/q or p
//!                   data i k
//!                   double matrix i j     an entry rounded to the nearest double: the reply is its shortest decimal
//!                   double data i
//!                   status WORDS          kept, no reply
//!                   answer x_0 .. x_N-1   decimals or fractions: ends the duel
//! ```
//!
//! Rows and columns count from 0. Whatever else comes, or nothing within the time, ends the duel without an answer. The
//! program runs in a process group of its own, which is gone when the duel is over.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::arith::Rational;
use crate::barrier::duel::{Answer, DuelError, Oracle, Place, Solver};

/// The longest line of a program, in bytes.
const LONGEST_LINE: u64 = 1 << 20;
/// The most bits of the numerator or the denominator of an answer.
const MOST_BITS: u64 = 1 << 12;
/// Characters of a program's line that a message shows.
const SHOWN: usize = 80;
/// Lines that wait to be read.
const WAITING: usize = 64;
/// How long the exit status and the last words of a program that ended are waited for.
const AFTERWARDS: Duration = Duration::from_millis(300);

/// An external program as a solver.
#[derive(Debug)]
pub struct Program {
    /// The command as it was given.
    pub command: String,
    /// The program and its arguments.
    pub words: Vec<String>,
    /// The most seconds one duel may take.
    pub seconds: u64,
}

impl Solver for Program {
    fn name(&self) -> &str {
        &self.command
    }

    fn answer(&self, oracle: &mut Oracle) -> Result<Answer, DuelError> {
        let mut process = Process::start(&self.words, self.seconds)?;
        let outcome = converse(&mut process, oracle);
        match outcome {
            Err(DuelError::Program { reason }) => Err(DuelError::Program { reason: process.with_last_words(reason) }),
            outcome => outcome,
        }
    }
}

fn broke_off(reason: impl Into<String>) -> DuelError {
    DuelError::Program { reason: reason.into() }
}

/// A piece of a program's line, fit for a message.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().count() > SHOWN { format!("{short}..") } else { short }
}

/// Tells the problem, replies to readings, until there is an answer.
fn converse(process: &mut Process, oracle: &mut Oracle) -> Result<Answer, DuelError> {
    let (rows, columns, epsilon) = (oracle.rows(), oracle.columns(), oracle.epsilon().clone());
    process.say(format!("certinet-duel 1\nproblem l1 {rows} {columns}\nepsilon {epsilon}\nready\n"));
    let mut status = String::new();
    loop {
        let line = process.hear()?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let strange = || broke_off(format!("wrote '{}', which is no line of the protocol", shown(&line)));
        let number = |word: &str| word.parse::<usize>().map_err(|_| strange());
        let reply = match words.as_slice() {
            ["matrix", i, j, k] => {
                let place = Place::Matrix { row: number(i)?, column: number(j)? };
                oracle.read(place, number(k)? as u64)?.to_string()
            }
            ["data", i, k] => oracle.read(Place::Data { row: number(i)? }, number(k)? as u64)?.to_string(),
            ["double", "matrix", i, j] => {
                format!("{:?}", oracle.read_double(Place::Matrix { row: number(i)?, column: number(j)? })?)
            }
            ["double", "data", i] => format!("{:?}", oracle.read_double(Place::Data { row: number(i)? })?),
            ["status", ..] => {
                status = shown(line.strip_prefix("status").unwrap_or(&line).trim());
                continue;
            }
            ["answer", point @ ..] => return Ok(Answer { point: read_point(point)?, status }),
            _ => return Err(strange()),
        };
        process.say(reply + "\n");
    }
}

fn read_point(words: &[&str]) -> Result<Vec<Rational>, DuelError> {
    let read = |(entry, word): (usize, &&str)| {
        let short = |x: &Rational| x.numerator().bits().max(x.denominator().bits()) <= MOST_BITS;
        word.parse::<Rational>()
            .ok()
            .filter(short)
            .ok_or_else(|| DuelError::NotFinite { entry, value: format!("'{}'", shown(word)) })
    };
    words.iter().enumerate().map(read).collect()
}

/// What comes from a program's standard output.
enum Heard {
    Line(String),
    TooLong,
    NoText,
    End,
}

/// A running program with the threads that keep its pipes moving.
struct Process {
    child: Child,
    group: Pid,
    deadline: Instant,
    seconds: u64,
    replies: Sender<String>,
    heard: Receiver<Heard>,
    last_words: Receiver<String>,
    ended: bool,
    status: Option<ExitStatus>,
}

impl Process {
    fn start(words: &[String], seconds: u64) -> Result<Self, DuelError> {
        let (program, arguments) = words.split_first().ok_or_else(|| broke_off("has no name"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| DuelError::NotStarted { program: shown(program), reason: error.to_string() })?;
        let (replies, to_write) = mpsc::channel();
        let (to_hear, heard) = mpsc::sync_channel(WAITING);
        let (to_end, last_words) = mpsc::sync_channel(1);
        // The threads end with the pipes, or when this end of their channel is gone; nobody waits for them, as a process
        // that left the group may hold a pipe open.
        if let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        {
            thread::spawn(move || write_replies(stdin, &to_write));
            thread::spawn(move || read_lines(stdout, &to_hear));
            thread::spawn(move || to_end.send(last_line(stderr)));
        }
        let group = Pid::from_child(&child);
        let deadline = Instant::now() + Duration::from_secs(seconds);
        Ok(Self { child, group, deadline, seconds, replies, heard, last_words, ended: false, status: None })
    }

    /// Sends a reply; whether the program reads it is its own affair.
    fn say(&self, text: String) {
        // A closed pipe shows in what is heard next.
        let _ = self.replies.send(text);
    }

    fn hear(&mut self) -> Result<String, DuelError> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        match self.heard.recv_timeout(left) {
            Ok(Heard::Line(line)) => Ok(line),
            Ok(Heard::TooLong) => Err(broke_off(format!("wrote a line of more than {LONGEST_LINE} bytes"))),
            Ok(Heard::NoText) => Err(broke_off("wrote a line that is no text")),
            Ok(Heard::End) | Err(RecvTimeoutError::Disconnected) => {
                let how = self.exit_status().map_or_else(String::new, |status| format!(" ({status})"));
                Err(broke_off(format!("ended without an answer{how}")))
            }
            Err(RecvTimeoutError::Timeout) => Err(broke_off(format!("gave no answer within {} seconds", self.seconds))),
        }
    }

    /// How the program ended, if it did.
    fn exit_status(&mut self) -> Option<ExitStatus> {
        let until = Instant::now() + AFTERWARDS;
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        while !matches!(waitid(WaitId::Pid(self.group), options), Ok(Some(_))) {
            if Instant::now() > until {
                return None;
            }
            thread::sleep(Duration::from_millis(2));
        }
        self.end()
    }

    /// Kills the whole group and takes the program's exit status, once: afterwards its number may be another's.
    fn end(&mut self) -> Option<ExitStatus> {
        if !self.ended {
            self.ended = true;
            let _ = kill_process_group(self.group, Signal::KILL);
            // A program that moved to another group is killed by itself.
            let _ = self.child.kill();
            self.status = self.child.wait().ok();
        }
        self.status
    }

    fn with_last_words(&mut self, reason: String) -> String {
        self.end();
        match self.last_words.recv_timeout(AFTERWARDS) {
            Ok(words) if !words.is_empty() => format!("{reason}; its last words: {}", shown(&words)),
            _ => reason,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn write_replies(mut stdin: ChildStdin, replies: &Receiver<String>) {
    while let Ok(reply) = replies.recv() {
        if stdin.write_all(reply.as_bytes()).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

fn read_lines(stdout: ChildStdout, heard: &SyncSender<Heard>) {
    let mut reader = BufReader::new(stdout);
    loop {
        let mut bytes = Vec::new();
        let read = reader.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', &mut bytes);
        let line = match read {
            Err(_) | Ok(0) => Heard::End,
            Ok(_) if bytes.len() as u64 > LONGEST_LINE => Heard::TooLong,
            Ok(_) => String::from_utf8(bytes).map_or(Heard::NoText, |line| Heard::Line(line.trim().to_owned())),
        };
        let is_last = !matches!(line, Heard::Line(_));
        if heard.send(line).is_err() || is_last {
            return;
        }
    }
}

/// The last line that is not empty, of whatever length the stream is; long lines are cut.
fn last_line(stderr: impl Read) -> String {
    let mut reader = BufReader::new(stderr);
    let (mut last, mut bytes) = (String::new(), Vec::new());
    loop {
        bytes.clear();
        match reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes) {
            Err(_) | Ok(0) => return last,
            Ok(_) => {
                let line = String::from_utf8_lossy(&bytes);
                if !line.trim().is_empty() {
                    last = line.trim().to_owned();
                }
            }
        }
    }
}
