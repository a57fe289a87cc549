//! The inputs that fuzzing begins with: one a line in `fuzz/seeds/TARGET.txt`. `\n`, `\t`, `\\` and `\xNN` stand for the
//! bytes that a line cannot hold; lines that begin with `# ` are comments.

use std::collections::BTreeSet;
use std::path::Path;

/// Longest word of the dictionary in bytes.
const WORD_BYTES_MAX: usize = 40;

/// The targets that have seeds.
pub fn targets(folder: &Path) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".txt")?.to_owned()));
    Ok(names.collect())
}

/// Writes a target's seeds as files into a folder, and their words as a dictionary.
pub fn write(target: &str, folder: &Path, dictionary: &Path) -> Result<(), String> {
    let source = super::folder().join("seeds").join(format!("{target}.txt"));
    let text = std::fs::read_to_string(&source).map_err(|e| format!("{}: {e}", source.display()))?;
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
    let seeds: Option<Vec<Vec<u8>>> = lines.map(bytes).collect();
    let seeds = seeds.ok_or_else(|| format!("{}: an escape is none", source.display()))?;
    super::empty(folder)?;
    for (n, seed) in seeds.iter().enumerate() {
        std::fs::write(folder.join(n.to_string()), seed).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    let words: BTreeSet<&[u8]> = seeds.iter().flat_map(|seed| words(seed)).collect();
    let lines: String = words.iter().map(|word| format!("\"{}\"\n", quoted(word))).collect();
    std::fs::write(dictionary, lines).map_err(|e| format!("{}: {e}", dictionary.display()))
}

/// The bytes that a line stands for; `None` if an escape is none.
fn bytes(line: &str) -> Option<Vec<u8>> {
    let (mut out, mut rest) = (Vec::new(), line.as_bytes());
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let (&kind, tail) = rest.split_first()?;
        rest = tail;
        out.push(match kind {
            b'n' => b'\n',
            b't' => b'\t',
            b'\\' => b'\\',
            b'x' => {
                let (digits, tail) = rest.split_at_checked(2)?;
                rest = tail;
                u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?
            }
            _ => return None,
        });
    }
    Some(out)
}

/// Words of letters, digits and what joins them: libFuzzer puts them together anew.
fn words(seed: &[u8]) -> impl Iterator<Item = &[u8]> {
    let joins = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.:/$".contains(byte);
    seed.split(move |byte| !joins(byte)).filter(|word| (2..=WORD_BYTES_MAX).contains(&word.len()))
}

/// As a dictionary of libFuzzer has it.
fn quoted(word: &[u8]) -> String {
    word.iter().map(|byte| format!("\\x{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_bytes() {
        let cases: [(&str, Option<&[u8]>); 5] = [
            (r"a\nb\tc\\d", Some(b"a\nb\tc\\d")),
            (r"\x00\xfF", Some(&[0, 0xff])),
            (r"\", None),
            (r"\x0", None),
            (r"\q", None),
        ];
        for (line, expected) in cases {
            assert_eq!(bytes(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn words_are_what_is_between_the_rest() {
        let found: Vec<&[u8]> = words(b"SET #a = if_not_exists(m.x, :v) \xff").collect();
        assert_eq!(found, [&b"SET"[..], b"if_not_exists", b"m.x", b":v"]);
        assert_eq!(quoted(b"A\""), "\\x41\\x22");
    }

    #[test]
    fn every_line_of_every_target_is_sound() {
        let folder = crate::fuzz::folder().join("seeds");
        for target in targets(&folder).expect("there are seeds") {
            let text = std::fs::read_to_string(folder.join(format!("{target}.txt"))).expect("it was listed");
            let bad = text.lines().find(|line| bytes(line).is_none());
            assert_eq!(bad, None, "{target}");
        }
    }
}
