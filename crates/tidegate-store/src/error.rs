//! What can go wrong in the store. Every caller of a shared commit gets the same answer, so errors can be cloned.

use std::{fmt, io, sync::Arc};

/// Why the store could not do what it was asked.
#[derive(Debug, Clone)]
pub enum Error {
    /// The operating system refused a file operation; nothing was acknowledged.
    Io {
        /// The file or directory, relative to the store's directory.
        file: String,
        /// The system's own error.
        source: Arc<io::Error>,
    },
    /// Stored bytes are not those that were written. The store never guesses what they were.
    Corrupt {
        /// The damaged file, relative to the store's directory.
        file: String,
        /// The range of keys or of bytes that cannot be trusted.
        range: String,
        /// What did not fit.
        detail: String,
    },
    /// The directory was written by a newer program; it was not touched.
    NewerFormat {
        /// The format that the directory has.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// The directory holds other files, but no store.
    NotAStore {
        /// The directory.
        path: String,
    },
    /// Another process has the directory open.
    Locked {
        /// The directory.
        path: String,
    },
    /// The disk is full: this write was not kept; later ones may be.
    Full,
    /// A write to the disk failed earlier: the store answers reads only, until it is opened anew.
    ReadOnly {
        /// The first failure.
        cause: Arc<str>,
    },
    /// Too many writes are waiting.
    Busy,
    /// A key, a value or a transaction is larger than the store takes.
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size in bytes.
        size_bytes: usize,
        /// The limit in bytes.
        size_bytes_max: usize,
    },
    /// A value could not be written down, or what was stored does not fit the table's type.
    Value {
        /// The table.
        table: &'static str,
        /// What the (de)serializer said.
        detail: String,
    },
    /// A write closure panicked; it left nothing behind.
    Panicked {
        /// The panic's message.
        message: String,
    },
    /// The store is closed.
    Closed,
}

impl Error {
    pub(crate) fn io(file: impl Into<String>, source: io::Error) -> Error {
        Error::Io { file: file.into(), source: Arc::new(source) }
    }

    pub(crate) fn corrupt(file: impl Into<String>, range: impl Into<String>, detail: impl Into<String>) -> Error {
        Error::Corrupt { file: file.into(), range: range.into(), detail: detail.into() }
    }

    /// Whether the same write may succeed later: a full disk, or too many open files.
    pub(crate) fn may_pass(&self) -> bool {
        const ENFILE: i32 = 23;
        const EMFILE: i32 = 24;
        let code = match self {
            Error::Io { source, .. } => source.raw_os_error(),
            _ => None,
        };
        self.is_full() || matches!(code, Some(ENFILE | EMFILE))
    }

    /// Whether the disk has no room left (`ENOSPC`, `EDQUOT`).
    pub fn is_full(&self) -> bool {
        match self {
            Error::Full => true,
            Error::Io { source, .. } => {
                matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { file, source } => write!(f, "{file}: {source}"),
            Error::Corrupt { file, range, detail } => write!(f, "{file} is damaged ({detail}); affected: {range}"),
            Error::NewerFormat { found, known } => {
                write!(f, "the data directory has format {found}, this program knows formats up to {known}")
            }
            Error::NotAStore { path } => write!(f, "{path} is neither empty nor a store"),
            Error::Locked { path } => write!(f, "{path} is in use by another process"),
            Error::Full => f.write_str("the disk is full"),
            Error::ReadOnly { cause } => write!(f, "the store is read-only since a write failed: {cause}"),
            Error::Busy => f.write_str("too many writes are waiting"),
            Error::TooLarge { what, size_bytes, size_bytes_max } => {
                write!(f, "{what} of {size_bytes} bytes is larger than {size_bytes_max}")
            }
            Error::Value { table, detail } => write!(f, "table {table}: {detail}"),
            Error::Panicked { message } => write!(f, "a transaction panicked: {message}"),
            Error::Closed => f.write_str("the store is closed"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}
