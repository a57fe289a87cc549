//! The floors of ARCHITECTURE.md: a crate depends on lower floors only, and services never on one another.

use std::path::Path;

/// Each crate with its floor.
const FLOORS: &[(&str, u8)] = &[
    ("tidegate-types", 0),
    ("tidegate-model", 0),
    ("tidegate-store", 0),
    ("tidegate-sandbox", 0),
    ("tidegate-wire", 1),
    ("tidegate-policy", 1),
    ("tidegate-runtime", 1),
    ("tidegate-core", 2),
    ("tidegate-iam", 3),
    ("tidegate-lambda", 3),
    ("tidegate-apigateway", 3),
    ("tidegate-dynamodb", 3),
    ("tidegate-logs", 3),
    ("tidegate-project", 4),
    ("tidegate-server", 4),
    ("tidegate", 5),
];

/// Edges within a floor that ARCHITECTURE.md gives a reason for.
const WITHIN_A_FLOOR: &[(&str, &str)] = &[("tidegate-store", "tidegate-types")];

/// Dependencies that go up or sideways, and crates without a floor.
pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let mut findings = Vec::new();
    let folders = std::fs::read_dir(root.join("crates")).map_err(|e| format!("crates: {e}"))?;
    for folder in folders.flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        let manifest = std::fs::read_to_string(folder.path().join("Cargo.toml")).unwrap_or_default();
        match floor(&name) {
            None => findings.push(format!("crates/{name}: give the crate a floor in xtask/src/tidy/floors.rs")),
            Some(own) => findings.extend(dependencies(&manifest).filter_map(|dep| wrong_edge(&name, own, dep))),
        }
    }
    Ok(findings)
}

fn floor(name: &str) -> Option<u8> {
    FLOORS.iter().find(|(krate, _)| *krate == name).map(|(_, floor)| *floor)
}

/// The house's own crates among the dependencies, those of tests apart.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let regular = manifest.split("[dev-dependencies]").next().unwrap_or_default();
    let names = regular.lines().filter_map(|line| line.split([' ', '.', '=']).next());
    names.filter(|name| name.starts_with("tidegate"))
}

fn wrong_edge(from: &str, own: u8, to: &str) -> Option<String> {
    let below = floor(to)? < own || WITHIN_A_FLOOR.contains(&(from, to));
    (!below).then(|| format!("crates/{from}: depends on {to}, which is not on a lower floor"))
}
