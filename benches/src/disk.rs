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

/// A file that is written and synced for comparison: the least that a durable write can take on this disk.
pub struct Floor {
    _dir: TempDir,
    file: File,
    writes: u64,
}

/// How many writes the file has room for; then it begins from its start.
const FLOOR_WRITES: u64 = 4096;

impl Floor {
    /// A file below this directory, filled beforehand.
    ///
    /// # Panics
    /// If the disk refuses.
    pub fn new(base: &Path) -> Floor {
        let dir = temporary(base);
        let file = File::create(dir.path().join("file")).expect("a file can be made");
        file.write_all_at(&vec![0; FLOOR_WRITES as usize * 512], 0).expect("there is room");
        file.sync_all().expect("the disk works");
        Floor { _dir: dir, file, writes: 0 }
    }

    /// Microseconds for a write of 512 bytes and its `fdatasync`.
    ///
    /// # Panics
    /// If the disk refuses.
    pub fn sync_us(&mut self) -> f64 {
        let start = Instant::now();
        self.file.write_all_at(&[1; 512], self.writes % FLOOR_WRITES * 512).expect("there is room");
        self.file.sync_data().expect("the disk works");
        self.writes += 1;
        start.elapsed().as_secs_f64() * 1e6
    }
}

/// The median of so many, in microseconds.
///
/// # Panics
/// If the disk refuses.
pub fn fdatasync_us(base: &Path, times: usize) -> f64 {
    let mut floor = Floor::new(base);
    median((0..times).map(|_| floor.sync_us()).collect())
}
