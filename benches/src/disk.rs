//! The disk under the measurements: temporary folders, and the least time that a durable write can take.

use std::{fs::File, os::unix::fs::FileExt, path::Path, time::Instant};
use tempfile::TempDir;

use crate::report::median_or_zero as median;

/// A new directory below the given one, removed when it is dropped.
///
/// # Panics
/// If there is no room for a directory.
pub fn temporary(base: &Path) -> TempDir {
    tempfile::Builder::new().prefix("tidegate-bench-").tempdir_in(base).expect("a directory can be made")
}

/// The median time, in microseconds, of a write of 512 bytes and its `fdatasync`, into room that was filled before: the
/// least that a durable write can take on this disk.
///
/// # Panics
/// If the disk refuses.
pub fn fdatasync_us(base: &Path, times: usize) -> f64 {
    let dir = temporary(base);
    let file = File::create(dir.path().join("file")).expect("a file can be made");
    file.write_all_at(&vec![0; times * 512], 0).expect("there is room");
    file.sync_all().expect("the disk works");
    let mut taken = Vec::with_capacity(times);
    for n in 0..times {
        let start = Instant::now();
        file.write_all_at(&[1; 512], n as u64 * 512).expect("there is room");
        file.sync_data().expect("the disk works");
        taken.push(start.elapsed().as_secs_f64() * 1e6);
    }
    median(taken)
}
