//! Every bound of the store, by name.

use std::time::Duration;

/// Longest encoded key, table name included.
pub const KEY_BYTES_MAX: usize = 16 * 1024;

/// Largest stored value. Bigger things belong into [`Blobs`](crate::Blobs).
pub const VALUE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Most bytes that one transaction may write.
pub const TRANSACTION_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Most write closures that wait for the writer before `write` makes its caller wait, too.
pub const WAITING_WRITES_MAX: usize = 4096;

/// Most closures of `write_later` that may wait; more are refused with `Busy`.
pub const WAITING_LATER_MAX: usize = 65_536;

/// How long a `write_later` may wait for company before it gets a commit of its own.
pub const LATER_LAG: Duration = Duration::from_millis(100);

/// Most closures that share one commit.
pub const GROUP_WRITES_MAX: usize = 1024;

/// A commit takes no further closure once it has this many bytes.
pub const GROUP_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How long a commit waits for the clients of the last one to write again; less than a sync takes.
pub const COMPANY_WAIT: Duration = Duration::from_micros(40);

/// How many times the usual amount of recent writes may gather in memory while a run is being written, before writers
/// have to wait.
pub const RECENT_BYTES_FACTOR_MAX: usize = 4;

/// After this time without a write, recent writes move into a run and their memory is given back.
pub const IDLE: Duration = Duration::from_secs(5);

/// Files of the log that are kept to be used again.
pub const FREE_LOG_FILES_MAX: usize = 2;

/// How long to wait before a run that found no room on disk is tried again.
pub const KEEPER_RETRY: Duration = Duration::from_secs(1);

/// At least so many runs are merged at a time.
pub const MERGED_RUNS_MIN: usize = 4;

/// Bytes that a merge of runs writes in one step.
pub const COMPACTION_STEP_BYTES: u64 = 1024 * 1024;

/// Steps of merging between two looks for recent writes to move into a run. Merging writes each byte about four times,
/// so this keeps up with runs of 4 MiB.
pub const COMPACTION_STEPS: usize = 16;

/// With more runs than this, recent writes have to wait until some are merged: each look-up may have to ask every run.
pub const RUNS_MAX: usize = 24;

/// Runs smaller than the memory for recent writes divided by this are all of similar size.
pub const SMALL_RUN_DIVISOR: u64 = 16;
