//! Work on the repository itself: `cargo xtask COMMAND`.

mod bench;
mod check;
mod coverage;
mod fuzz;
mod model;
mod pages;
mod sandbox;
mod test;
mod tidy;

use std::process::ExitCode;

/// What a command gives back: nothing, or the reason why it failed.
type Outcome = Result<(), String>;

/// Its name, one line of help, and what it does with the arguments behind its name.
type Command = (&'static str, &'static str, fn(&[String]) -> Outcome);

/// Every command.
const COMMANDS: &[Command] = &[
    ("model", "[--from DIR]  read botocore's API models into crates/tidegate-model/data", model::run),
    ("bench", "[NAME …]  install the references and measure against them", bench::run),
    ("check", "formatting, clippy and tidy: green on each commit", check::run),
    ("coverage", "[--check]  write docs/coverage.md and docs/cli.md", coverage::run),
    ("fuzz", "[TARGET …] [--runs N] [--seed N]  throw inputs at the parsers, guided by what they reach", fuzz::run),
    ("sandbox", "the sandbox's tests as an ordinary user, without cgroups, and with those of version 2", sandbox::run),
    ("test", "[--fast]  install what the tests need, and run them all", test::run),
    ("tidy", "check the floors, sizes, documentation and banned calls", tidy::run),
];

/// The repository's root.
pub(crate) fn root() -> std::path::PathBuf {
    let xtask = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let name = args.first().map_or("", String::as_str);
    match COMMANDS.iter().find(|(command, ..)| *command == name) {
        Some((_, _, run)) => finish(name, run(&args[1..])),
        None => usage(name),
    }
}

fn finish(name: &str, outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask {name}: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn usage(name: &str) -> ExitCode {
    eprintln!("{}usage: cargo xtask COMMAND\n", if name.is_empty() { "" } else { "no such command\n" });
    COMMANDS.iter().for_each(|(command, help, _)| eprintln!("  {command:10} {help}"));
    if name.is_empty() || name == "help" { ExitCode::SUCCESS } else { ExitCode::from(2) }
}
