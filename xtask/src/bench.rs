//! `cargo xtask bench`: installs the references by package name, and runs the measurements in turn.

use crate::check::{cargo, execute};
use std::process::Command;

/// The measurements, in this order.
const BENCHES: [&str; 4] = ["server", "dynamodb", "cold_start", "http_api"];

/// Runs all, or those that are named.
pub fn run(args: &[String]) -> Result<(), String> {
    references()?;
    cargo(&["build", "--release", "--bin", "tidegate"])?;
    for bench in BENCHES.into_iter().filter(|bench| args.is_empty() || args.iter().any(|arg| arg == bench)) {
        cargo(&["run", "--quiet", "--release", "--package", "tidegate-benches", "--bin", "bench", "--", bench])?;
    }
    Ok(())
}

/// nginx from Debian's packages, dynalite and the AWS SDK from npm, uvicorn and boto3 from PyPI.
fn references() -> Result<(), String> {
    let folder = crate::root().join("target/references");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    if !std::path::Path::new("/usr/sbin/nginx").exists() {
        execute(Command::new("apt-get").args(["update", "-qq"]))?;
        execute(Command::new("apt-get").args(["install", "-y", "-qq", "nginx-light"]))?;
    }
    if !folder.join("node_modules").exists() {
        let packages = ["dynalite@3.2.2", "@aws-sdk/client-dynamodb@3"];
        execute(
            Command::new("npm")
                .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
                .arg(&folder)
                .args(packages),
        )?;
    }
    let python = folder.join("venv/bin/python");
    if !python.exists() {
        execute(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
        execute(Command::new(&python).args(["-m", "pip", "install", "--quiet", "uvicorn==0.30.6", "boto3==1.43.11"]))?;
    }
    Ok(())
}
