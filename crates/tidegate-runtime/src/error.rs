//! Why a function could not be run at all. What goes wrong inside of a function is no error here but a result.

use crate::RuntimeId;
use std::{fmt, io};

/// The runtime's own failures.
#[derive(Debug)]
pub enum Error {
    /// The version has as many invocations running as it may have.
    Throttled,
    /// All functions together have as many environments as this server allows.
    TooManyEnvironments,
    /// The event is larger than 6 MB.
    PayloadTooLarge,
    /// The server is shutting down.
    ShuttingDown,
    /// No interpreter of this family on the machine.
    InterpreterMissing(RuntimeId),
    /// The folder of bootstrap and SDK could not be made.
    Sdk(String),
    /// The sandbox or the file system refused.
    Sandbox(String),
    /// The execution role's credentials were refused; the text is the source's.
    Credentials(String),
    /// A file or a process could not be used.
    Io(&'static str, io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Throttled => f.write_str("the function runs as often as it may at the same time"),
            Error::TooManyEnvironments => f.write_str("all environments of this server are busy"),
            Error::PayloadTooLarge => f.write_str("the event is larger than 6 MB"),
            Error::ShuttingDown => f.write_str("the server is shutting down"),
            Error::InterpreterMissing(id) => {
                write!(
                    f,
                    "no interpreter for {id} on this machine; install one or run `tidegate runtimes install {id}`"
                )
            }
            Error::Sdk(why) => f.write_str(why),
            Error::Sandbox(why) => write!(f, "the sandbox could not be made: {why}"),
            Error::Credentials(why) => write!(f, "no credentials of the execution role: {why}"),
            Error::Io(what, source) => write!(f, "{what}: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io(_, source) => Some(source),
            _ => None,
        }
    }
}
