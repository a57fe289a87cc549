//! A Rust file with its comments and literals blanked out, so that braces and names can be counted as text.

use std::path::{Path, PathBuf};

/// One file.
pub struct Source {
    /// Path relative to the repository.
    pub path: PathBuf,
    /// The text as it is.
    pub text: String,
    /// The same with strings, characters and comments turned into spaces; line ends stay.
    pub code: String,
}

impl Source {
    /// Reads it.
    pub fn read(root: &Path, path: PathBuf) -> Result<Source, String> {
        let text = std::fs::read_to_string(root.join(&path)).map_err(|e| format!("{}: {e}", path.display()))?;
        let code = blank(&text);
        Ok(Source { path, text, code })
    }

    /// Whether it belongs to tests, benches, fuzzing or examples.
    pub fn is_test(&self) -> bool {
        let named = |part: &str| {
            matches!(part, "tests" | "benches" | "fuzz" | "examples" | "tests.rs" | "testing.rs")
                || part.ends_with("_tests.rs")
        };
        self.path.components().any(|part| part.as_os_str().to_str().is_some_and(named))
    }

    /// The code before the file's own tests.
    pub fn product_code(&self) -> &str {
        self.code.split("#[cfg(test)]\nmod ").next().unwrap_or_default()
    }
}

/// Blanks comments and literals.
fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_end(bytes, at);
        if end == at {
            out.push(bytes[at]);
            at += 1;
        } else {
            out.extend(bytes[at..end].iter().map(|b| if *b == b'\n' { b'\n' } else { b' ' }));
            at = end;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Where the comment or literal that begins here ends; `at` itself if none does.
fn literal_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        return at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    }
    if rest.starts_with(b"/*") {
        return at + find(rest, b"*/").map_or(rest.len(), |n| n + 2);
    }
    let inside_a_name = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    match rest[0] {
        b'"' => quoted_end(bytes, at),
        b'r' | b'b' if !inside_a_name => raw_end(bytes, at),
        b'\'' => character_end(bytes, at),
        _ => at,
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn quoted_end(bytes: &[u8], at: usize) -> usize {
    let mut n = at + 1;
    while n < bytes.len() && bytes[n] != b'"' {
        n += if bytes[n] == b'\\' { 2 } else { 1 };
    }
    (n + 1).min(bytes.len())
}

/// `r"…"`, `r#"…"#`, `br"…"`; `at` if it is none of them.
fn raw_end(bytes: &[u8], at: usize) -> usize {
    let prefix = bytes[at..].iter().take_while(|b| matches!(b, b'r' | b'b')).count();
    let hashes = bytes[at + prefix..].iter().take_while(|b| **b == b'#').count();
    let open = at + prefix + hashes;
    if prefix > 2 || bytes.get(open) != Some(&b'"') || !bytes[at..at + prefix].contains(&b'r') {
        return at;
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    find(&bytes[open + 1..], &close).map_or(bytes.len(), |n| open + 1 + n + close.len())
}

/// A character literal, told from a lifetime by its closing quote.
fn character_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at + 1..];
    if rest.first() == Some(&b'\\') {
        return rest.iter().skip(2).position(|b| *b == b'\'').map_or(at, |n| at + n + 4);
    }
    let width = rest.iter().take(5).position(|b| *b == b'\'');
    match width {
        Some(n) if n > 0 && std::str::from_utf8(&rest[..n]).is_ok_and(|t| t.chars().count() == 1) => at + n + 2,
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::blank;

    #[test]
    fn blanks_literals_and_nothing_else() {
        let cases = [
            ("let a = \"{\"; // }", "let a =    ;     "),
            ("let b = r#\"{\"#;", "let b =       ;"),
            ("let c = '{';", "let c =    ;"),
            ("let d = '\\'';", "let d =     ;"),
            ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
            ("/* { */ fn", "        fn"),
        ];
        for (text, expected) in cases {
            assert_eq!(blank(text), expected, "{text}");
        }
    }
}
