//! Certificates without a network: which kinds there are.

use std::fmt;
use std::io::BufRead;

use crate::lexer::{Source, Tokens};
use crate::problem::{Problem, problem};

use super::{minimisation, program};

/// What such a certificate is about, as its first line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A linear program.
    Program,
    /// Minimisation of the 1-norm.
    Minimisation,
}

/// What such a certificate states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standalone {
    /// About a linear program.
    Program(program::Statement),
    /// About minimisation of the 1-norm.
    Minimisation(Box<minimisation::Statement>),
}

impl Kind {
    /// The rest of the first line.
    ///
    /// # Errors
    /// For another word.
    pub fn read(mut tokens: Tokens<'_>) -> Result<Self, Problem> {
        let kind = match tokens.word()? {
            "program" => Self::Program,
            "minimisation" => Self::Minimisation,
            other => return problem(format!("no certificate is about '{other}'")),
        };
        tokens.end()?;
        Ok(kind)
    }
    /// The rule that a wrong line of the proof is named by.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Minimisation => "minimisation",
        }
    }
}

impl Standalone {
    /// Reads the lines of a statement, which begins on the next line; the source stands on the first line behind it afterwards.
    ///
    /// # Errors
    /// For lines in another form.
    pub fn read<R: BufRead>(kind: Kind, source: &mut Source<R>) -> Result<Self, Problem> {
        source.advance()?;
        Ok(match kind {
            Kind::Program => Self::Program(program::Statement::read(source)?),
            Kind::Minimisation => Self::Minimisation(Box::new(minimisation::Statement::read(source)?)),
        })
    }
    /// Reads the proof, from the current line on; the source stands on the first line behind it afterwards.
    ///
    /// # Errors
    /// When a condition fails.
    pub fn prove<R: BufRead>(&self, source: &mut Source<R>) -> Result<(), Problem> {
        match self {
            Self::Program(statement) => statement.prove(source),
            Self::Minimisation(statement) => statement.prove(source),
        }
    }
}

impl fmt::Display for Standalone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program(statement) => statement.fmt(f),
            Self::Minimisation(statement) => statement.fmt(f),
        }
    }
}
