//! Lengths of functions and files, and how many public items are documented.

use super::source::Source;

/// A function's lines at most.
const FUNCTION_LINES_MAX: usize = 70;
/// The median of all functions' lines at most.
const FUNCTION_MEDIAN_MAX: usize = 9;
/// The 95th percentile of all functions' lines at most.
const FUNCTION_P95_MAX: usize = 60;
/// A file's lines at most, its tests apart.
const FILE_LINES_MAX: usize = 800;
/// Public items that are documented at least, in percent.
const DOCUMENTED_PERCENT_MIN: usize = 95;
/// Files that are tables: facts, a row a line.
const TABLES: &[&str] = &["reserved_words.rs", "managed_policies.rs", "catalog.rs", "catalogue.rs"];

/// What is too long or undocumented, and the tree's numbers.
pub fn check(sources: &[Source]) -> (Vec<String>, String) {
    let product: Vec<&Source> = sources.iter().filter(|s| !s.is_test()).collect();
    let mut findings: Vec<String> = product.iter().filter_map(|s| long_file(s)).collect();
    let mut lengths = Vec::new();
    for source in &product {
        for (line, length) in functions(source.product_code()) {
            lengths.push(length);
            if length > FUNCTION_LINES_MAX {
                findings.push(format!("{}:{line}: a function of {length} lines", source.path.display()));
            }
        }
    }
    lengths.sort_unstable();
    let (median, p95) = (percentile(&lengths, 50), percentile(&lengths, 95));
    let (documented, public) = product.iter().map(|s| documented(s)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let percent = documented * 100 / public.max(1);
    if median > FUNCTION_MEDIAN_MAX || p95 > FUNCTION_P95_MAX || percent < DOCUMENTED_PERCENT_MIN {
        findings.push("the tree's numbers below are over their limits".to_owned());
    }
    let summary = format!(
        "{} functions: median {median} lines (limit {FUNCTION_MEDIAN_MAX}), 95th percentile {p95} (limit {FUNCTION_P95_MAX}); \
         {documented} of {public} public items documented, {percent} % (at least {DOCUMENTED_PERCENT_MIN})",
        lengths.len()
    );
    (findings, summary)
}

fn long_file(source: &Source) -> Option<String> {
    let name = source.path.file_name()?.to_str()?;
    let lines = source.product_code().lines().count();
    let long = lines > FILE_LINES_MAX && !TABLES.contains(&name);
    long.then(|| format!("{}: {lines} lines; split it by what it is about", source.path.display()))
}

fn percentile(sorted: &[usize], percent: usize) -> usize {
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)
}

/// Line number and length of each function with a body.
fn functions(code: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let starts = (0..lines.len()).filter(|n| is_function(lines[*n]));
    starts.filter_map(|start| body_end(&lines, start).map(|end| (start + 1, end - start + 1))).collect()
}

fn is_function(line: &str) -> bool {
    let mut words = line.trim_start().split([' ', '(']);
    let mut word = words.next();
    while matches!(word, Some("pub" | "const" | "async" | "unsafe" | "extern" | "crate)" | "super)" | "in" | "")) {
        word = words.next();
    }
    word == Some("fn")
}

/// The line in which the function's braces close; `None` for a declaration without a body.
fn body_end(lines: &[&str], start: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (n, line) in lines.iter().enumerate().skip(start) {
        for byte in line.bytes() {
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 1 => return Some(n),
                b'}' => depth = depth.saturating_sub(1),
                b';' if depth == 0 => return None,
                _ => {}
            }
        }
    }
    None
}

/// Documented public items, and public items.
fn documented(source: &Source) -> (usize, usize) {
    let (text, code): (Vec<&str>, Vec<&str>) = (source.text.lines().collect(), source.product_code().lines().collect());
    let kinds =
        ["fn ", "struct ", "enum ", "trait ", "const ", "type ", "static ", "async fn ", "const fn ", "unsafe fn "];
    let public = |line: &&str| {
        line.trim_start().strip_prefix("pub ").is_some_and(|rest| kinds.iter().any(|k| rest.starts_with(k)))
    };
    let items: Vec<usize> = (0..code.len()).filter(|n| public(&code[*n])).collect();
    let with_docs = items.iter().filter(|n| has_docs(&text, **n)).count();
    (with_docs, items.len())
}

/// Whether a doc comment stands above, attributes apart.
fn has_docs(text: &[&str], item: usize) -> bool {
    let mut above = text[..item].iter().rev().map(|line| line.trim_start());
    above.find(|line| !line.starts_with("#[") && !line.ends_with(")]")).is_some_and(|line| line.starts_with("///"))
}
