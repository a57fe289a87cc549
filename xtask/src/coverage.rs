//! `cargo xtask coverage`: writes `docs/coverage.md` and `docs/cli.md` from what the program says of itself; `--check`
//! compares only.

use std::process::Command;

/// Pages, and the command that prints each.
const PAGES: [(&str, &[&str]); 2] =
    [("docs/coverage.md", &["operations", "--markdown"]), ("docs/cli.md", &["help-page"])];

/// Writes or compares the pages.
pub fn run(args: &[String]) -> Result<(), String> {
    let check = args.iter().any(|arg| arg == "--check");
    PAGES.iter().try_for_each(|(path, command)| page(path, command, check))
}

fn page(path: &str, command: &[&str], check: bool) -> Result<(), String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut printing = Command::new(cargo);
    printing.args(["run", "--quiet", "--bin", "tidegate", "--"]).args(command).current_dir(crate::root());
    let printed = printing.output().map_err(|e| format!("{path}: {e}"))?;
    if !printed.status.success() {
        return Err(format!("{path}: {}", String::from_utf8_lossy(&printed.stderr)));
    }
    let file = crate::root().join(path);
    if !check {
        return std::fs::write(&file, &printed.stdout).map_err(|e| format!("{path}: {e}"));
    }
    let same = std::fs::read(&file).is_ok_and(|found| found == printed.stdout);
    if same { Ok(()) } else { Err(format!("{path} is not what the program says; run cargo xtask coverage")) }
}
