//! Every bound of this crate, with the AWS quota that it mirrors.
//! <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>

/// Bytes of a zip archive that comes inline: 50 MB.
pub(crate) const ZIP_BYTES_MAX: usize = 52_428_800;
/// Bytes of a function and its layers, unzipped: 250 MB.
pub(crate) const UNZIPPED_BYTES_MAX: u64 = 262_144_000;
/// Bytes of all zip archives of an account: 75 GB.
pub(crate) const CODE_STORAGE_BYTES_MAX: u64 = 80_530_636_800;
/// Bytes of all environment variables as JSON: 4 KB.
pub(crate) const VARIABLES_BYTES_MAX: usize = 4096;
/// Characters of a function's name.
pub(crate) const NAME_MAX: usize = 64;
/// Seconds that one invocation may take.
pub(crate) const TIMEOUT_S_MAX: u32 = 900;
/// Memory of a function in MB.
pub(crate) const MEMORY_MB_MAX: u32 = 10_240;
/// Layers of a function.
pub(crate) const LAYERS_MAX: usize = 5;
/// Tags of a function.
pub(crate) const TAGS_MAX: usize = 50;
/// Bytes of a resource policy.
pub(crate) const POLICY_BYTES_MAX: usize = 20_480;
/// Functions, versions or aliases in one answer of a list.
pub(crate) const PAGE_MAX: usize = 50;
/// Versions in one answer of `ListVersionsByFunction`: Terraform asks for 10,000.
pub(crate) const VERSIONS_PAGE_MAX: usize = 10_000;

/// Invocations of an account's functions at the same time.
pub(crate) const CONCURRENCY_MAX: u32 = 1000;
/// Of these, what must not be reserved.
pub(crate) const CONCURRENCY_UNRESERVED_MIN: u32 = 100;
/// Bytes of the payload of a synchronous invocation: 6 MB.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 6_291_456;
/// Bytes of the payload of an asynchronous invocation: 1 MB since October 2025.
pub(crate) const EVENT_BYTES_MAX: usize = 1_048_576;

/// How long an asynchronous event is tried at most, unless configured: six hours.
pub(crate) const EVENT_AGE_S_MAX: u32 = 21_600;
/// How often an asynchronous event is tried again after errors of the function, unless configured.
pub(crate) const EVENT_RETRIES_MAX: u32 = 2;
/// Asynchronous events that are worked on at the same time.
pub(crate) const EVENTS_RUNNING_MAX: usize = 64;
/// Asynchronous events that wait; more are refused.
pub(crate) const EVENTS_WAITING_MAX: usize = 100_000;

/// Functions whose compiled form is kept.
pub(crate) const COMPILED_MAX: usize = 4096;
/// Decisions about log streams that are kept for one function version.
pub(crate) const LOG_DECISIONS_MAX: usize = 1024;
/// Milliseconds that such a decision holds.
pub(crate) const LOG_DECISION_MS: u64 = 1000;
/// Seconds that a session of an execution role lasts.
pub(crate) const SESSION_S: u32 = 3600;
/// Milliseconds before its end when a session is renewed: a little more than the longest invocation.
pub(crate) const SESSION_MARGIN_MS: u64 = 20 * 60_000;
/// Sessions of execution roles that are kept.
pub(crate) const SESSIONS_MAX: usize = 4096;
/// Milliseconds between two looks for extracted code that is no longer needed.
pub(crate) const CODE_CLEAN_EVERY_MS: u64 = 60_000;
/// Milliseconds that such code is kept: a little more than the longest invocation.
pub(crate) const CODE_UNUSED_MS: u64 = 20 * 60_000;
/// Seconds that the address of a code package is good for, as on AWS.
pub(crate) const CODE_URL_S: u64 = 600;
