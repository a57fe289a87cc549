//! What is wrong with an archive.

use std::{fmt, io};

/// Why an archive was not extracted.
#[derive(Debug)]
pub enum Error {
    /// Not a zip archive, or a damaged one.
    Corrupt(String),
    /// A feature of the format that is not supported, such as a rare compression method.
    Unsupported(String),
    /// An entry is encrypted.
    Encrypted,
    /// An entry's name is absolute, climbs out with `..`, has a drive letter, a NUL or a backslash, or is too long.
    Name(String),
    /// The symbolic link leads outside of the archive or could be made to.
    LinkOutside(String),
    /// The entry is neither file nor folder nor symbolic link.
    Special(String),
    /// The same name is a folder and something else.
    Conflict(String),
    /// More than this many entries.
    TooManyEntries(usize),
    /// More than this many bytes come out.
    TooLarge(u64),
    /// More than this many bytes come out per byte of the archive.
    Ratio(u64),
    /// The host's file system failed.
    Io(io::Error),
}

impl Error {
    pub(super) fn from_zip(why: zip::result::ZipError) -> Error {
        use zip::result::ZipError;
        match why {
            ZipError::Io(why) => Error::from_copy(why),
            ZipError::InvalidPassword => Error::Encrypted,
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Error::Encrypted,
            ZipError::UnsupportedArchive(what) => Error::Unsupported(what.to_owned()),
            ZipError::CompressionMethodNotSupported(method) => Error::Unsupported(format!("compression {method}")),
            other => Error::Corrupt(other.to_string()),
        }
    }

    /// Tells the archive's faults from the file system's: decompressors give errors without a system error number.
    pub(super) fn from_copy(why: io::Error) -> Error {
        if why.raw_os_error().is_some() { Error::Io(why) } else { Error::Corrupt(why.to_string()) }
    }
}

impl From<io::Error> for Error {
    fn from(why: io::Error) -> Error {
        Error::Io(why)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Corrupt(what) => write!(f, "the zip archive is damaged: {what}"),
            Error::Unsupported(what) => write!(f, "the zip archive needs something unsupported: {what}"),
            Error::Encrypted => f.write_str("the zip archive is encrypted"),
            Error::Name(name) => write!(f, "the entry name {name:?} is not allowed"),
            Error::LinkOutside(name) => write!(f, "the symbolic link {name:?} leads out of the archive"),
            Error::Special(name) => write!(f, "the entry {name:?} is neither a file nor a folder nor a link"),
            Error::Conflict(name) => write!(f, "the entry {name:?} is a folder and something else"),
            Error::TooManyEntries(max) => write!(f, "the archive has more than {max} entries"),
            Error::TooLarge(max) => write!(f, "the archive is larger than {max} bytes when unzipped"),
            Error::Ratio(max) => write!(f, "the archive grows more than {max} times when unzipped"),
            Error::Io(why) => write!(f, "cannot write an entry: {why}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io(why) => Some(why),
            _ => None,
        }
    }
}
