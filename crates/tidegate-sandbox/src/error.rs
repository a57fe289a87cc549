//! Why a sandbox could not be made or used.

use crate::Layer;
use std::{fmt, io};

/// A failure of the sandbox itself. What programs do inside is an [`crate::Event`], not an error.
#[derive(Debug)]
pub enum Error {
    /// A system call of the server failed; the text says what it was for.
    System(&'static str, io::Error),
    /// A step inside of the sandbox failed; the text says which.
    Inside(String, io::Error),
    /// The sandbox is gone: killed, or its supervisor died.
    Gone,
    /// The supervisor did not answer in time.
    Silent,
    /// [`crate::Options::required`] is set and these layers are missing.
    Refused(Vec<Layer>),
    /// The specification asks for something impossible.
    Invalid(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::System(what, why) => write!(f, "cannot {what}: {why}"),
            Error::Inside(what, why) => write!(f, "inside of the sandbox: cannot {what}: {why}"),
            Error::Gone => f.write_str("the sandbox is gone"),
            Error::Silent => f.write_str("the sandbox's supervisor does not answer"),
            Error::Refused(layers) => {
                f.write_str("this system does not grant")?;
                layers.iter().try_for_each(|layer| write!(f, " {layer}"))
            }
            Error::Invalid(what) => write!(f, "invalid sandbox: {what}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::System(_, why) | Error::Inside(_, why) => Some(why),
            _ => None,
        }
    }
}
