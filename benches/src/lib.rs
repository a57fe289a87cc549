//! Measurements against named references, run in turn in the same minute. `cargo xtask bench` builds what they need and
//! runs them all; each prints medians and a ratio.

pub mod disk;
pub mod load;
pub mod reference;
pub mod report;
pub mod requests;
pub mod tidegate;

pub use disk::{Floor, fdatasync_us, temporary};
pub use report::median_or_zero as median;
