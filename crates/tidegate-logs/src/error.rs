//! Everything that this service answers with an error, and AWS' words for it.

use crate::pattern::PatternError;
use std::fmt;
use tidegate_core::{self as core, AwsError};
use tidegate_store as store;

/// Why a request was refused.
#[derive(Debug, Clone)]
pub enum Error {
    /// No group of this name.
    NoSuchGroup,
    /// No stream of this name in the group.
    NoSuchStream,
    /// A group of this name is there.
    GroupExists,
    /// A stream of this name is there.
    StreamExists,
    /// The group must not be deleted.
    DeletionProtected,
    /// Neither or both of a group's name and identifier.
    OneGroupReference,
    /// Not the ARN of a log group of this account and region.
    ForeignArn(String),
    /// A retention that AWS does not offer.
    Retention(i64),
    /// A page token that was not given out.
    InvalidToken,
    /// Prefix and pattern in one request.
    PrefixAndPattern,
    /// Prefix or pattern beside identifiers.
    PrefixAndIdentifiers,
    /// Stream names and a prefix of them in one request.
    NamesAndPrefix,
    /// Ordering by time with a prefix of names.
    OrderWithPrefix,
    /// Start behind end.
    TimeRange,
    /// Not a filter pattern.
    Pattern(PatternError),
    /// Events that are not in order.
    Unordered,
    /// Events too far apart.
    SpanTooLong,
    /// A batch with too many bytes.
    BatchTooLarge {
        /// Its size.
        size_bytes: usize,
        /// The most that is taken.
        size_bytes_max: usize,
    },
    /// One event with too many bytes.
    EventTooLarge {
        /// Its size.
        size_bytes: usize,
        /// The most that is taken.
        size_bytes_max: usize,
    },
    /// A tag key that belongs to AWS.
    ReservedTagKey,
    /// More tags than a group may have.
    TooManyTags,
    /// A parameter, or a value of one, that is not offered.
    Unsupported(&'static str),
    /// The store failed.
    Store(store::Error),
}

impl Error {
    fn code(&self) -> (&'static str, u16) {
        match self {
            Error::NoSuchGroup | Error::NoSuchStream => ("ResourceNotFoundException", 400),
            Error::GroupExists | Error::StreamExists => ("ResourceAlreadyExistsException", 400),
            Error::DeletionProtected => ("ValidationException", 400),
            Error::TooManyTags => ("TooManyTagsException", 400),
            Error::Unsupported(_) => (AwsError::NOT_IMPLEMENTED, 501),
            Error::Store(store::Error::Busy) => ("ServiceUnavailableException", 500),
            Error::Store(_) => (AwsError::INTERNAL_FAILURE, 500),
            _ => ("InvalidParameterException", 400),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoSuchGroup => f.write_str("The specified log group does not exist."),
            Error::NoSuchStream => f.write_str("The specified log stream does not exist."),
            Error::GroupExists => f.write_str("The specified log group already exists"),
            Error::StreamExists => f.write_str("The specified log stream already exists"),
            Error::DeletionProtected => {
                f.write_str("The specified log group has deletion protection enabled and cannot be deleted.")
            }
            Error::OneGroupReference => f.write_str("Specify either logGroupName or logGroupIdentifier."),
            Error::ForeignArn(arn) => write!(f, "The ARN {arn} is not one of a log group of this account and region."),
            Error::Retention(days) => write!(
                f,
                "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: \
                 Member must satisfy enum value set: {RETENTION_DAYS:?}"
            ),
            Error::InvalidToken => f.write_str("The specified nextToken is invalid."),
            Error::PrefixAndPattern => {
                f.write_str("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
            }
            Error::PrefixAndIdentifiers => {
                f.write_str("logGroupIdentifiers cannot be used with logGroupNamePrefix or logGroupNamePattern.")
            }
            Error::NamesAndPrefix => f.write_str("Only one of logStreamNames and logStreamNamePrefix is allowed."),
            Error::OrderWithPrefix => f.write_str("Cannot order by LastEventTime with a logStreamNamePrefix."),
            Error::TimeRange => f.write_str("startTime must not be later than endTime."),
            Error::Pattern(error) => error.fmt(f),
            Error::Unordered => {
                f.write_str("Log events in a single PutLogEvents request must be in chronological order.")
            }
            Error::SpanTooLong => {
                f.write_str("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
            }
            Error::BatchTooLarge { size_bytes, size_bytes_max } => {
                write!(f, "Upload too large: {size_bytes} bytes exceeds limit of {size_bytes_max}")
            }
            Error::EventTooLarge { size_bytes, size_bytes_max } => {
                write!(f, "Log event too large: {size_bytes} bytes exceeds limit of {size_bytes_max}")
            }
            Error::ReservedTagKey => f.write_str("Tag keys must not start with aws:"),
            Error::TooManyTags => f.write_str("A log group can have at most 50 tags."),
            Error::Unsupported(what) => write!(f, "{what} is not supported."),
            Error::Store(store::Error::Busy) => f.write_str("The service cannot complete the request."),
            Error::Store(_) => f.write_str("The request processing has failed because of an unknown error."),
        }
    }
}

/// The retentions that AWS offers, in days.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
pub(crate) const RETENTION_DAYS: [u32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Store(source) => Some(source),
            _ => None,
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        Error::Store(error)
    }
}

impl From<core::InvalidToken> for Error {
    fn from(_: core::InvalidToken) -> Error {
        Error::InvalidToken
    }
}

impl From<PatternError> for Error {
    fn from(error: PatternError) -> Error {
        Error::Pattern(error)
    }
}

impl From<Error> for AwsError {
    fn from(error: Error) -> AwsError {
        if let Error::Store(source) = &error {
            tracing::error!(%source, "the store failed CloudWatch Logs");
        }
        let (code, status) = error.code();
        AwsError::new(code, status, error.to_string())
    }
}
