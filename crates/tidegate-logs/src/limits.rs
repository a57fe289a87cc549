//! Every bound of this crate, with the AWS quota that it mirrors.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>

/// Nesting of parentheses in a JSON filter pattern; ours, for AWS names none.
pub(crate) const PATTERN_DEPTH_MAX: usize = 64;
/// Regular expressions in one filter pattern.
pub(crate) const PATTERN_REGEXES_MAX: usize = 2;
/// Memory of one compiled regular expression.
pub(crate) const PATTERN_REGEX_BYTES_MAX: usize = 1 << 20;

/// Bytes of a `PutLogEvents` batch: messages as UTF-8, and 26 for each event.
pub(crate) const BATCH_BYTES_MAX: usize = 1_048_576;
/// Bytes that AWS counts for an event beside its message.
pub(crate) const EVENT_OVERHEAD_BYTES: usize = 26;
/// Bytes of one event with its overhead; 1 MB since April 2025.
pub(crate) const EVENT_BYTES_MAX: usize = 1_048_576;
/// How far apart the events of one batch may be: 24 hours.
pub(crate) const BATCH_SPAN_MS_MAX: u64 = 24 * 3_600_000;
/// How old an event may be when it comes in: 14 days.
pub(crate) const EVENT_AGE_MS_MAX: u64 = 14 * 24 * 3_600_000;
/// How far in the future an event may be: 2 hours.
pub(crate) const EVENT_AHEAD_MS_MAX: u64 = 2 * 3_600_000;

/// Events in one answer of `GetLogEvents` and `FilterLogEvents`.
pub(crate) const PAGE_EVENTS_MAX: usize = 10_000;
/// Bytes in one answer of `GetLogEvents` and `FilterLogEvents`.
pub(crate) const PAGE_BYTES_MAX: usize = 1_048_576;
/// Events that one `FilterLogEvents` looks at before it answers with what it has and a token.
pub(crate) const PAGE_SCAN_EVENTS_MAX: usize = 100_000;
/// Groups or streams in one answer of the Describe operations.
pub(crate) const DESCRIBE_MAX: usize = 50;
/// Groups in one answer of `ListLogGroups`.
pub(crate) const LIST_MAX: usize = 1000;

/// Tags of one log group.
pub(crate) const TAGS_MAX: usize = 50;

/// Bytes of events that wait for the writer; what comes on top is dropped and counted.
pub(crate) const QUEUE_BYTES_MAX: usize = 32 << 20;
/// Bytes of one stored row of events.
pub(crate) const ROW_BYTES_MAX: usize = 64 << 10;
/// Time between the first and the last event of one stored row.
pub(crate) const ROW_SPAN_MS_MAX: u64 = 1000;
/// Rows that the expiry task removes in one transaction.
pub(crate) const EXPIRE_ROWS_MAX: usize = 1000;
