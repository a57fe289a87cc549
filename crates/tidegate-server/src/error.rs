//! Why a server does not start.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a server did not start; nothing is left behind.
#[derive(Debug)]
pub enum StartError {
    /// Another program listens there.
    AddressInUse(SocketAddr),
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// Another server uses the data folder.
    DataInUse(PathBuf),
    /// The data folder was written by a newer version.
    NewerFormat(String),
    /// The data folder cannot be read or written.
    Data(PathBuf, String),
    /// Full isolation was required and is not to be had.
    Sandbox(String),
    /// TLS could not be set up.
    Tls(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::AddressInUse(address) => write!(f, "{address} is in use"),
            StartError::Listen(address, error) => write!(f, "{address} cannot be listened on: {error}"),
            StartError::DataInUse(path) => write!(f, "another server uses {}", path.display()),
            StartError::NewerFormat(found) => write!(f, "{found}"),
            StartError::Data(path, error) => write!(f, "{} cannot be used: {error}", path.display()),
            StartError::Sandbox(missing) => write!(f, "full isolation is required, and this machine refuses {missing}"),
            StartError::Tls(error) => write!(f, "TLS could not be set up: {error}"),
        }
    }
}

impl std::error::Error for StartError {}
