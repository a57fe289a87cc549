//! The named limits of this crate.

use std::time::Duration;

/// Most bytes of one message to or from a supervisor: arguments and environment of a program fit (Linux allows 2 MiB).
pub(crate) const FRAME_BYTES_MAX: usize = 4 << 20;

/// Most file descriptors of one message. The kernel's own limit is 253.
pub(crate) const FRAME_FDS_MAX: usize = 128;

/// How long the server waits for a supervisor's answer.
pub(crate) const ANSWER_WAIT_MAX: Duration = Duration::from_secs(10);

/// How long a killed sandbox may take to disappear before its remains are left to the next start's sweep.
pub(crate) const DEATH_WAIT_MAX: Duration = Duration::from_secs(2);
