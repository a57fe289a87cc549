//! Every bound of this crate, with the AWS quota that it mirrors.

use std::sync::OnceLock;
use std::time::Duration;

/// Most bytes of the event of a synchronous invocation: 6 MB.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const PAYLOAD_BYTES_MAX: usize = 6_291_456;
/// Most bytes of a response; the size that AWS names when one is too large.
pub const RESPONSE_BYTES_MAX: usize = 6_291_556;
/// The init phase ends after ten seconds.
pub const INIT_MAX: Duration = Duration::from_secs(10);
/// Bytes of log that `LogType: Tail` gives.
pub const LOG_TAIL_BYTES: usize = 4096;
/// Most environments of all functions together; the account quota of concurrent executions is 1,000.
pub const ENVIRONMENTS_MAX: usize = 1000;
/// Environments that nobody used for this long are shut down.
pub const IDLE_MAX: Duration = Duration::from_secs(300);
/// An environment is frozen when no invocation came for this long: a busy one is spared the work.
pub(crate) const FREEZE_AFTER: Duration = Duration::from_millis(10);
/// How long a call waits for a busy environment before it takes another one: see `patience.rs`.
pub(crate) const PATIENCE: Duration = Duration::from_millis(5);
/// Only calls of functions that can answer within this time wait: most of it is the processor's, so that more processes
/// would not help.
pub(crate) const BRIEF: Duration = Duration::from_millis(1);
/// Such waits of one call, as long as other calls of the function end meanwhile.
pub(crate) const PATIENCE_ROUNDS: u32 = 4;
/// Environments of one server that start at the same time.
pub(crate) const STARTS_MAX: usize = 8;
/// Environments kept prepared for each runtime and memory size that is in use.
pub(crate) const PREPARED: usize = 2;
/// A prepared environment that has been in the making for this long is waited for: it is ready before a new process.
pub(crate) const PREPARED_SOON: Duration = Duration::from_millis(100);
/// Longest wait for it.
pub(crate) const PREPARED_WAIT_MAX: Duration = Duration::from_secs(1);
/// Prepared environments go when no function came for this long that could have used them.
pub(crate) const PREPARED_IDLE_MAX: Duration = Duration::from_secs(1800);
/// Environments kept prepared altogether.
pub(crate) const PREPARED_ALL: usize = 6;
/// Longest wait for a process to boot its bootstrap; that is our own code.
pub(crate) const BOOT_MAX: Duration = Duration::from_secs(30);
/// Credentials are renewed when they have less time left than this.
pub(crate) const CREDENTIALS_RENEW_MS: u64 = 5 * 60 * 1000;
/// Room that is made for reading from a channel or pipe.
pub(crate) const READ_BYTES: usize = 16 << 10;
/// Most bytes of one log event (256 KiB less the 26 that AWS counts for each); longer lines are split.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>
pub(crate) const LOG_EVENT_BYTES_MAX: usize = 262_144 - 26;
/// Log lines wait at most this long before they are handed on.
pub(crate) const LOG_DELAY: Duration = Duration::from_millis(50);
/// Bytes of log that an environment may write for each millisecond in the long run; about what CloudWatch Logs takes for
/// one stream (5 MB a second).
pub(crate) const LOG_BYTES_PER_MS: usize = 5_000;
/// Bytes of log that it may write at once.
pub(crate) const LOG_BURST_BYTES: usize = 4 << 20;
/// What an event counts for beside its text.
pub(crate) const LOG_EVENT_BYTES_EXTRA: usize = 64;
/// Time that fills the allowance up, in milliseconds.
pub(crate) const LOG_REFILL_MS_MAX: u64 = 1_000;
/// Most bytes that are still read from a pipe after the response, so that a flood cannot hold it up.
pub(crate) const DRAIN_BYTES_MAX: usize = 4 << 20;
/// Longest wait for the SDK's installation before the first invocation.
pub(crate) const SDK_WAIT_MAX: Duration = Duration::from_secs(300);
/// How long after its first use in a run an SDK is compared with what was installed: not while functions start.
pub(crate) const SDK_CHECK_AFTER: Duration = Duration::from_secs(2);
/// Most files, folders and links in an environment's `/tmp`.
pub(crate) const TMP_INODES_MAX: u64 = 262_144;
/// The size of `/tmp` in MiB where nobody asks for another: Lambda's default.
pub(crate) const EPHEMERAL_MB_DEFAULT: u32 = 512;
/// The peak of memory is read at most this often.
pub(crate) const MEMORY_READ_EVERY: Duration = Duration::from_millis(50);
/// Invocations on their way to one environment: it runs one at a time.
pub(crate) const CALLS_WAITING: usize = 1;
/// How often a shutdown looks whether invocations still run.
pub(crate) const SHUTDOWN_POLL: Duration = Duration::from_millis(20);
/// Questions for names that are asked of resolvers at the same time; more are lost, as datagrams are.
pub(crate) const NAMES_ASKED_MAX: usize = 256;
/// Most bytes of a question or answer (RFC 6891 §6.2.5 recommends 4096).
pub(crate) const NAME_MESSAGE_BYTES_MAX: usize = 4096;
/// How long one resolver may take.
pub(crate) const NAME_WAIT_MAX: Duration = Duration::from_secs(4);

/// Environments of a function that are kept busy before another one is: one for each processor, and one more that has its
/// next call ready.
pub(crate) fn busy() -> u32 {
    static BUSY: OnceLock<u32> = OnceLock::new();
    *BUSY.get_or_init(|| std::thread::available_parallelism().map_or(2, |processors| processors.get() as u32 + 1))
}
