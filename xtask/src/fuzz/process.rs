//! One target in one process.

use super::{empty, folder, seeds};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

/// Longest input in bytes.
const INPUT_BYTES_MAX: usize = 4096;

/// A process larger than this has failed, whatever took the memory. What parsers take is bounded in `fuzz/src/main.rs`.
const RSS_MIB_MAX: usize = 512;

/// An input that takes longer, in seconds, hangs.
const SECONDS_MAX: u64 = 1;

/// Lines of a failed process' output that are shown.
const SHOWN_LINES: usize = 30;

/// The names of all targets.
pub fn targets(program: &Path) -> Result<Vec<String>, String> {
    let told = output(Command::new(program).env_remove("TIDEGATE_FUZZ"))?;
    Ok(String::from_utf8_lossy(&told.stdout).lines().map(str::to_owned).collect())
}

/// Runs a target; an error holds the end of its output and says how to see the failure again.
pub fn fuzz(program: &Path, target: &str, runs: u64, seed: u32) -> Result<(), String> {
    let began = Instant::now();
    let scratch = scratch(target);
    empty(&scratch)?;
    let told = patiently(program, target, runs, seed);
    let _ = std::fs::remove_dir_all(scratch);
    let told = told?;
    if !told.status.success() {
        return Err(failure(program, target, &told));
    }
    println!("{}", summary(target, &told, began.elapsed().as_secs_f64()));
    Ok(())
}

/// On a busy machine a process may have no turn for a second; an input that hangs does so twice.
fn patiently(program: &Path, target: &str, runs: u64, seed: u32) -> Result<Output, String> {
    let told = once(program, target, runs, seed)?;
    let hung = failed_input(&told).filter(|input| input.to_string_lossy().contains("timeout-"));
    match hung {
        Some(input) if replay(program, target, &input)?.status.success() => {
            println!("{target}: {} is no hang; running again", input.display());
            once(program, target, runs, seed)
        }
        _ => Ok(told),
    }
}

/// Where archives are extracted: in memory where there is such a place, as a disk would be slower by far.
fn scratch(target: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory } else { &std::env::temp_dir() };
    place.join(format!("tidegate-fuzz-{}-{target}", std::process::id()))
}

/// How many inputs ran, how fast, and the most memory that the process had.
fn summary(target: &str, told: &Output, seconds: f64) -> String {
    let stderr = String::from_utf8_lossy(&told.stderr);
    let number = |name: &str| -> f64 {
        let text = stderr.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        text.and_then(|text| text.trim().parse().ok()).unwrap_or_default()
    };
    let inputs = number("stat::number_of_executed_units");
    let (rate, memory) = (inputs / seconds, number("stat::peak_rss_mb"));
    format!("{target:24} {inputs:>9} inputs {rate:>7.0}/s {seconds:>6.1} s {memory:>4} MiB")
}

fn once(program: &Path, target: &str, runs: u64, seed: u32) -> Result<Output, String> {
    let place = |kind: &str| folder().join("target").join(kind).join(target);
    let (corpus, seeds, dictionary) = (place("corpus"), place("seeds"), place("seeds").with_extension("dict"));
    empty(&corpus)?;
    empty(&seeds)?;
    seeds::write(target, &seeds, &dictionary)?;
    let found = folder().join("artifacts").join(target);
    std::fs::create_dir_all(&found).map_err(|e| format!("{}: {e}", found.display()))?;
    output(
        command(program, target)
            .arg(format!("-runs={runs}"))
            .arg(format!("-seed={seed}"))
            .arg(format!("-max_len={INPUT_BYTES_MAX}"))
            .arg(format!("-dict={}", dictionary.display()))
            .arg(format!("-artifact_prefix={}/", found.display()))
            .args(["-print_final_stats=1", "-reload=0"])
            .args([corpus, seeds]),
    )
}

fn command(program: &Path, target: &str) -> Command {
    let mut command = Command::new(program);
    command.env("TIDEGATE_FUZZ", target).env("RUST_BACKTRACE", "0").env("TMPDIR", scratch(target));
    command.arg(format!("-timeout={SECONDS_MAX}")).arg(format!("-rss_limit_mb={RSS_MIB_MAX}"));
    command
}

fn replay(program: &Path, target: &str, input: &Path) -> Result<Output, String> {
    output(command(program, target).arg(input))
}

fn output(command: &mut Command) -> Result<Output, String> {
    command.output().map_err(|e| format!("{command:?}: {e}"))
}

/// The file with the input that the process failed at.
fn failed_input(told: &Output) -> Option<PathBuf> {
    let stderr = String::from_utf8_lossy(&told.stderr);
    let path = stderr.lines().find_map(|line| line.split_once("Test unit written to ")).map(|(_, path)| path.trim());
    path.map(PathBuf::from)
}

fn failure(program: &Path, target: &str, told: &Output) -> String {
    let stderr = String::from_utf8_lossy(&told.stderr);
    // Lines that begin so tell of progress.
    let lines: Vec<&str> = stderr.lines().filter(|line| !line.starts_with('#')).collect();
    let end = lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n");
    let again = failed_input(told)
        .map(|input| format!("\nSee it again: TIDEGATE_FUZZ={target} {} {}", program.display(), input.display()));
    format!("{end}\n{} ({}){}", target, told.status, again.unwrap_or_default())
}
