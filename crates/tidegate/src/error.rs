//! What the command line says when something goes wrong: what happened, why, and what to do next.

use std::fmt;
use std::process::ExitCode;

/// An error for a person to read.
#[derive(Debug)]
pub struct Failure {
    what: String,
    why: Option<String>,
    hint: Option<String>,
    status: u8,
}

/// Exit status for data of a newer format: `EX_CONFIG` of sysexits.
pub const STATUS_CONFIG: u8 = 78;

/// Exit status for a disk that failed: `EX_IOERR` of sysexits.
pub const STATUS_IO: u8 = 74;

impl Failure {
    /// What could not be done.
    pub fn new(what: impl Into<String>) -> Failure {
        Failure { what: what.into(), why: None, hint: None, status: 1 }
    }

    /// The reason.
    pub fn because(mut self, why: impl fmt::Display) -> Failure {
        self.why = Some(why.to_string());
        self
    }

    /// What the reader can do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// The exit status, if it is not 1.
    pub fn status(mut self, status: u8) -> Failure {
        self.status = status;
        self
    }

    /// What could not be done, where the work goes on without it.
    pub fn as_warning(&self) -> String {
        let why = self.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        format!("warning: {}{why}", self.what)
    }

    /// Writes it to standard error and gives the exit status.
    pub fn report(&self) -> ExitCode {
        eprintln!("{self}");
        ExitCode::from(self.status)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        if let Some(why) = &self.why {
            write!(f, "\n  because: {why}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

/// What a command gives.
pub type Outcome = Result<ExitCode, Failure>;
