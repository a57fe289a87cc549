//! `cargo xtask test`: installs what the tests need into `target/`, and runs all of them.

use crate::check::{self, cargo, execute};
use crate::{coverage, fuzz, sandbox};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Python packages of the black-box tests: the clients, in the versions that the tests were written against.
const PYTHON_PACKAGES: &str = "tests/clients/requirements.txt";

/// Checks, unit tests, and black-box tests; `--fast` leaves out the last.
pub fn run(args: &[String]) -> Result<(), String> {
    timed("the house's rules", || check::run(&[]))?;
    timed("unit and property tests", || cargo(&["test", "--workspace", "--quiet"]))?;
    timed("the sandbox in other situations", || sandbox::run(&[]))?;
    timed("the store through 2,000 lives with faults", simulation)?;
    timed("the parsers, 100,000 inputs each", parsers)?;
    timed("generated pages", || coverage::run(&["--check".to_owned()]))?;
    if args.iter().any(|arg| arg == "--fast") {
        return Ok(());
    }
    timed("release build", || cargo(&["build", "--release", "--bin", "tidegate"]))?;
    let python = timed("clients for the black-box tests", clients)?;
    timed("black-box tests", || {
        execute(
            Command::new(&python)
                .args(["-m", "pytest", "-q", "-rs", "tests/clients"])
                .env("PYTHONDONTWRITEBYTECODE", "1"),
        )
    })
}

/// The store's simulation over more seeds than `cargo test` runs; a failing seed is printed, and `TIDEGATE_SEED` replays it.
fn simulation() -> Result<(), String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    execute(
        Command::new(cargo)
            .args(["test", "--quiet", "--package", "tidegate-store", "simulation"])
            .env("TIDEGATE_SEEDS", "2000"),
    )
}

/// A first look at all parsers with inputs that nobody thought of; releases take many more. libFuzzer is C++.
fn parsers() -> Result<(), String> {
    if Command::new("c++").arg("--version").output().is_err() {
        println!("*** there is no C++ compiler: the fuzz targets are left out ***");
        return Ok(());
    }
    fuzz::run(&["--runs".to_owned(), "100000".to_owned()])
}

fn timed<T>(what: &str, step: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    println!("== {what}");
    let began = Instant::now();
    let result = step()?;
    println!("== {what}: {} s", began.elapsed().as_secs());
    Ok(result)
}

/// A Python environment with the clients, and the JavaScript SDK; both in `target/clients`. Gives the interpreter.
fn clients() -> Result<PathBuf, String> {
    let folder = crate::root().join("target/clients");
    let python = folder.join("venv/bin/python");
    if !python.exists() {
        execute(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
    }
    execute(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement", PYTHON_PACKAGES]))?;
    javascript(&folder)?;
    debian_packages();
    Ok(python)
}

/// Version 2 of the AWS CLI, for `aws logs tail`, where Debian's packages are at hand; the tests say what they leave out
/// without it.
fn debian_packages() {
    if Path::new("/usr/bin/aws").exists() || !Path::new("/usr/bin/apt-get").exists() {
        return;
    }
    let update = execute(Command::new("apt-get").args(["update", "-qq"]));
    let install =
        || execute(Command::new("apt-get").args(["install", "-y", "-qq", "--no-install-recommends", "awscli"]));
    if let Err(reason) = update.and_then(|()| install()) {
        println!("*** {reason}: the tests with version 2 of the AWS CLI are left out ***");
    }
}

fn javascript(folder: &Path) -> Result<(), String> {
    let manifest = crate::root().join("tests/clients/package.json");
    std::fs::copy(manifest, folder.join("package.json")).map_err(|e| format!("package.json: {e}"))?;
    execute(
        Command::new("npm")
            .args(["install", "--silent", "--no-audit", "--no-fund", "--no-package-lock", "--prefix"])
            .arg(folder),
    )
}
