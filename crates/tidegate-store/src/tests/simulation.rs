//! The engine against a model, on a disk that crashes, tears, drops and refuses: one life after another, all from a seed.
//!
//! `TIDEGATE_SEEDS=2000 cargo test -p tidegate-store simulation` runs so many seeds; `TIDEGATE_SEED=17` replays one.

mod flips;
mod life;
pub(super) mod world;

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::atomic::{AtomicU64, Ordering},
};

const SEEDS: u64 = 200;

fn from_env(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs the seeds on all cores; says which one failed.
fn for_each_seed(run: impl Fn(u64) + Sync) {
    let single = from_env("TIDEGATE_SEED");
    let (first, end) = single.map_or((0, from_env("TIDEGATE_SEEDS").unwrap_or(SEEDS)), |seed| (seed, seed + 1));
    let next = AtomicU64::new(first);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(seed) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < end) {
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| run(seed))) {
                        eprintln!("failed with seed {seed}; replay it with TIDEGATE_SEED={seed}");
                        resume_unwind(panic);
                    }
                }
            });
        }
    });
}

#[test]
fn acknowledged_writes_survive() {
    for_each_seed(life::live_and_die);
}

#[test]
fn no_flipped_bit_goes_unnoticed() {
    for_each_seed(flips::flip_bits);
}

#[test]
fn a_seed_gives_the_same_bytes_each_time() {
    for seed in 0..5 {
        let first = life::live_and_die_traced(seed);
        assert_eq!(first, life::live_and_die_traced(seed), "seed {seed}");
    }
}
