//! A store with 1 GiB in it: filling it, opening it after a kill, reading from it, and the memory that it takes.
//!
//! `cargo run --release -p tidegate-benches --bin store_big [DIRECTORY]`
//! The program starts itself as a child, which fills the store and is killed; then it opens what the child has left.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use tidegate_benches::temporary;
use tidegate_store::{Error, Options, Raw, Store, Table};

const ITEMS: Table<u64, Raw> = Table::new("bench.items");
const VALUE_BYTES: usize = 1000;
const ITEMS_COUNT: u64 = 1 << 20;
const GROUP: u64 = 200;
const READS: u64 = 100_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [word, dir] if word == "fill" => fill(Path::new(dir)).expect("the store works"),
        [base] => measure(Path::new(base)),
        _ => measure(&std::env::temp_dir()),
    }
}

/// Scattered over the key space.
fn key(n: u64) -> u64 {
    n.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn fill(dir: &Path) -> Result<(), Error> {
    let store = Store::open(dir, Options::default())?;
    for first in (0..ITEMS_COUNT).step_by(GROUP as usize) {
        store.write_blocking(move |tx| {
            (first..first + GROUP).try_for_each(|n| tx.put(&ITEMS, key(n), &Raw(vec![n as u8; VALUE_BYTES])))
        })?;
    }
    println!("filled");
    // Killed while it waits.
    std::io::stdin().lines().for_each(drop);
    Ok(())
}

fn measure(base: &Path) {
    let dir = temporary(base);
    let start = Instant::now();
    kill_after_filling(dir.path());
    println!("fill with {ITEMS_COUNT} x {VALUE_BYTES} bytes {:>8.1} s", start.elapsed().as_secs_f64());
    println!("size on disk                  {:>8.0} MiB", size_mib(dir.path()));
    let before = memory_mib();
    let start = Instant::now();
    let store = Store::open(dir.path(), Options::default()).expect("the store opens");
    println!("open after the kill           {:>8.0} ms, {:?}", start.elapsed().as_secs_f64() * 1e3, store.recovery());
    println!("memory for the open store     {:>8.1} MiB", memory_mib() - before);
    // The merges that the kill has interrupted.
    std::thread::sleep(Duration::from_secs(20));
    let start = Instant::now();
    for n in 0..READS {
        let n = n.wrapping_mul(7919) % ITEMS_COUNT;
        let found = store.snapshot().get(&ITEMS, key(n)).expect("nothing is damaged");
        assert!(found.is_some_and(|v| v.0[0] == n as u8), "an acknowledged put is lost");
    }
    println!("scattered gets/s              {:>8.0}", READS as f64 / start.elapsed().as_secs_f64());
    println!("memory after them             {:>8.1} MiB", memory_mib() - before);
    let start = Instant::now();
    let report = store.verify().expect("the files can be listed");
    println!("verify                        {:>8.1} s, sound: {}", start.elapsed().as_secs_f64(), report.is_sound());
}

fn kill_after_filling(dir: &Path) {
    let program = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(program);
    let mut child =
        command.arg("fill").arg(dir).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let output = child.stdout.take().expect("the output is a pipe");
    assert!(BufReader::new(output).lines().any(|line| line.is_ok_and(|l| l == "filled")), "the child failed");
    child.kill().expect("the child is there");
    child.wait().expect("the child is there");
}

fn size_mib(dir: &Path) -> f64 {
    let entries = std::fs::read_dir(dir).expect("the directory can be read");
    let sizes = entries.map(|entry| {
        let path: PathBuf = entry.expect("the directory can be read").path();
        if path.is_dir() { size_mib(&path) } else { path.metadata().map_or(0.0, |m| m.len() as f64) / (1 << 20) as f64 }
    });
    sizes.sum()
}

/// Resident memory of this process; 0 where the system does not say.
fn memory_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
