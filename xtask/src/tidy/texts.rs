//! Words and calls that have no place in the tree.

use super::source::Source;
use std::path::Path;

/// Calls that product code does not make: the call, where it may stand, what to use instead.
const BANNED: &[(&str, &[&str], &str)] = &[
    ("SystemTime::now", &["crates/tidegate-types/", "xtask/"], "the context's clock"),
    ("thread::sleep", &["crates/tidegate-sandbox/", "xtask/"], "a condition or a timer"),
    (".unwrap()", &["xtask/"], "an error, or expect() with the reason why it cannot fail"),
    ("todo!(", &[], "an error that says what is not offered"),
    ("unimplemented!(", &[], "an error that says what is not offered"),
    ("dbg!(", &[], "nothing"),
    ("unsafe {", &["crates/tidegate-sandbox/"], "a safe call, or a function of tidegate-sandbox"),
    ("Command::new(\"sh\")", &[], "an argument list; there is no shell"),
];

/// What one file breaks.
pub fn check_source(source: &Source) -> Vec<String> {
    let path = source.path.display().to_string();
    let mut findings = Vec::new();
    if !source.text.starts_with("//!") && !source.text.starts_with("#![") {
        findings.push(format!("{path}: begin with //! and what lives here"));
    }
    if source.is_test() {
        return findings;
    }
    for (call, allowed, instead) in BANNED {
        let here = source.product_code().lines().enumerate().filter(|(_, line)| line.contains(call));
        if !allowed.iter().any(|prefix| path.starts_with(prefix)) {
            findings.extend(here.map(|(n, _)| format!("{path}:{}: {call}: use {instead}", n + 1)));
        }
    }
    findings
}

/// What the tree's texts may not name: registries' hosts, and paths of the machine they were written on.
pub fn check_tree(root: &Path) -> Result<Vec<String>, String> {
    // In two parts each, so that this file does not name them either.
    let hosts = [("registry", "npmjs"), ("files", "pythonhosted"), ("static", "crates"), ("pypi", "org/simple")];
    let hosts = hosts.map(|(host, domain)| format!("{host}.{domain}"));
    let homes = ["work", "root"].map(|name| format!("/{name}/"));
    let words: Vec<String> = hosts.into_iter().chain(homes).collect();
    let mut findings = Vec::new();
    for path in super::tracked(root)? {
        let Ok(text) = std::fs::read_to_string(root.join(&path)) else { continue };
        let hits = text.lines().enumerate().filter(|(_, line)| words.iter().any(|word| names(line, word)));
        findings
            .extend(hits.map(|(n, _)| format!("{}:{}: names a host or a path of one machine", path.display(), n + 1)));
    }
    Ok(findings)
}

/// Whether a line holds the word, for paths only where one begins.
fn names(line: &str, word: &str) -> bool {
    let begins = |at: usize| {
        !word.starts_with('/') || !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}".contains(c))
    };
    line.match_indices(word).any(|(at, _)| begins(at))
}
