//! `cargo xtask check`: what must be green on each commit.

use crate::tidy;
use std::process::Command;

/// Formatting, clippy without warnings, and the house's rules.
pub fn run(_args: &[String]) -> Result<(), String> {
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])?;
    tidy::run(&[])
}

/// Runs cargo in the repository; an error names the command.
pub fn cargo(arguments: &[&str]) -> Result<(), String> {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    execute(Command::new(program).args(arguments))
}

/// Runs a command in the repository; an error names it.
pub fn execute(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}").replace('"', "");
    println!("$ {shown}");
    let status = command.current_dir(crate::root()).status().map_err(|e| format!("{shown}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown} failed ({status})")) }
}
