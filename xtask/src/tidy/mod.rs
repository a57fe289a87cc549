//! `cargo xtask tidy`: the rules of the house that a machine can check. Each rule prints what it found and where; the
//! numbers of the whole tree stand at the end.

mod floors;
mod functions;
mod source;
mod texts;

use source::Source;
use std::path::{Path, PathBuf};

/// Checks everything; fails if any rule is broken.
pub fn run(_args: &[String]) -> Result<(), String> {
    let root = crate::root();
    let sources = rust_sources(&root)?;
    let mut findings = floors::check(&root)?;
    findings.extend(sources.iter().flat_map(texts::check_source));
    findings.extend(texts::check_tree(&root)?);
    let (found, summary) = functions::check(&sources);
    findings.extend(found);
    findings.iter().for_each(|finding| println!("{finding}"));
    println!("{summary}");
    if findings.is_empty() { Ok(()) } else { Err(format!("{} findings", findings.len())) }
}

/// Every Rust file that git tracks, or will.
fn rust_sources(root: &Path) -> Result<Vec<Source>, String> {
    let files = tracked(root)?;
    let rust = files.into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs"));
    rust.filter(|path| root.join(path).exists()).map(|path| Source::read(root, path)).collect()
}

/// Paths of all files that are part of the repository, relative to its root.
fn tracked(root: &Path) -> Result<Vec<PathBuf>, String> {
    let listed = std::process::Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|e| format!("git: {e}"))?;
    Ok(String::from_utf8_lossy(&listed.stdout).lines().map(PathBuf::from).collect())
}
