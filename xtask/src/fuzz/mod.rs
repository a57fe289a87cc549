//! `cargo xtask fuzz [TARGET …] [--runs N] [--seed N]`: throws inputs at every parser that reads bytes from outside.
//!
//! libFuzzer is linked into one program, which the pinned compiler instruments itself: neither another toolchain nor a
//! further tool is needed. `fuzz/README.md` tells more.

mod process;
mod seeds;

use crate::check::execute;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

/// Inputs for each target, unless `--runs` says otherwise.
const RUNS: u64 = 100_000;

/// At most as many targets run at a time.
const PARALLEL_MAX: usize = 2;

/// A counter for each edge between blocks of code, and a table of them: what libFuzzer reads to see what is new.
const RUSTFLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table --cfg fuzzing";

/// What the arguments ask for.
struct Options {
    /// All targets, if none is named.
    targets: Vec<String>,
    runs: u64,
    /// The same seed gives the same inputs, as long as the program stays the same.
    seed: u32,
}

/// Builds the program and runs the targets; fails if one of them did.
pub fn run(args: &[String]) -> Result<(), String> {
    let options = options(args)?;
    let program = build()?;
    let targets = chosen(process::targets(&program)?, &options.targets)?;
    let (began, count) = (Instant::now(), targets.len());
    let (queue, failures) = (Mutex::new(targets.into_iter()), Mutex::new(Vec::new()));
    let parallel = std::thread::available_parallelism().map_or(1, |n| n.get().min(PARALLEL_MAX));
    std::thread::scope(|scope| {
        for _ in 0..parallel {
            scope.spawn(|| {
                while let Some(target) = next(&queue) {
                    if let Err(failure) = process::fuzz(&program, &target, options.runs, options.seed) {
                        println!("*** {target} FAILED ***\n{failure}");
                        failures.lock().unwrap_or_else(|e| e.into_inner()).push(target);
                    }
                }
            });
        }
    });
    println!("{count} targets in {} s", began.elapsed().as_secs());
    let failures = failures.into_inner().unwrap_or_else(|e| e.into_inner());
    if failures.is_empty() { Ok(()) } else { Err(format!("{} failed", failures.join(", "))) }
}

fn next(queue: &Mutex<std::vec::IntoIter<String>>) -> Option<String> {
    queue.lock().unwrap_or_else(|e| e.into_inner()).next()
}

fn options(args: &[String]) -> Result<Options, String> {
    let mut options = Options { targets: Vec::new(), runs: RUNS, seed: 1 };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|text| text.parse().ok()).ok_or(format!("{arg} needs a number"));
        match arg.as_str() {
            "--runs" => options.runs = number()?,
            "--seed" => options.seed = number()? as u32,
            flag if flag.starts_with('-') => return Err(format!("no such option: {flag}")),
            target => options.targets.push(target.to_owned()),
        }
    }
    Ok(options)
}

/// The targets that are wanted; each must have seeds, and each file of seeds a target.
fn chosen(all: Vec<String>, wanted: &[String]) -> Result<Vec<String>, String> {
    let seeded = seeds::targets(&folder().join("seeds"))?;
    if let Some(odd) = all.iter().find(|t| !seeded.contains(t)).or_else(|| seeded.iter().find(|t| !all.contains(t))) {
        return Err(format!("{odd}: a target needs a file in fuzz/seeds, and the other way round"));
    }
    match wanted.iter().find(|name| !all.contains(name)) {
        Some(unknown) => Err(format!("no target {unknown}; there are {}", all.join(", "))),
        None if wanted.is_empty() => Ok(all),
        None => Ok(wanted.to_vec()),
    }
}

fn folder() -> PathBuf {
    crate::root().join("fuzz")
}

/// Builds the program; gives where it is.
fn build() -> Result<PathBuf, String> {
    // With a target named, the flags leave build scripts and macros alone.
    let (host, target_dir) = (host()?, folder().join("target"));
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let began = Instant::now();
    execute(
        Command::new(cargo)
            .args(["build", "--quiet", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", &host])
            .env("CARGO_TARGET_DIR", &target_dir)
            .env("RUSTFLAGS", RUSTFLAGS),
    )?;
    println!("built in {} s", began.elapsed().as_secs());
    Ok(target_dir.join(host).join("release").join("tidegate-fuzz"))
}

/// The machine's own target triple.
fn host() -> Result<String, String> {
    let told = Command::new("rustc").arg("-vV").output().map_err(|e| format!("rustc: {e}"))?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not name its host".to_owned())
}

/// Makes a folder that is empty.
fn empty(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_arguments() {
        let read = |args: &[&str]| options(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>());
        let options = read(&["wire_json", "--runs", "5", "--seed", "2"]).expect("they are sound");
        assert_eq!((options.targets, options.runs, options.seed), (vec!["wire_json".to_owned()], 5, 2));
        for wrong in [&["--runs"][..], &["--runs", "many"], &["--fast"]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
