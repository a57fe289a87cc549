//! Every bound of this crate, with the AWS quota that it mirrors.

use std::time::Duration;

/// Most bytes of a request or response of a synchronous invocation: 6 MB.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const PAYLOAD_BYTES_MAX: usize = 6_291_456;
/// The size that AWS names when a response is too large.
pub const RESPONSE_BYTES_MAX: usize = 6_291_556;
/// The init phase ends after ten seconds.
pub const INIT_MAX: Duration = Duration::from_secs(10);
/// Bytes of log that `LogType: Tail` gives.
pub const LOG_TAIL_BYTES: usize = 4096;
/// Most environments of all functions together; the account quota of concurrent executions is 1,000.
pub const ENVIRONMENTS_MAX: usize = 1000;
/// Environments that nobody used for this long are shut down.
pub const IDLE_MAX: Duration = Duration::from_secs(600);
