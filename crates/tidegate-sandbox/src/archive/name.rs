//! Names of entries and targets of links: what is allowed.

use super::Error;
use std::fmt;

/// Longest name of one file or folder in bytes, as on Linux file systems.
const PART_BYTES_MAX: usize = 255;
/// Longest name of an entry in bytes: longer paths could not be opened by programs.
const NAME_BYTES_MAX: usize = 4095;
/// Deepest nesting: bounds the folders held open at the same time.
const DEPTH_MAX: usize = 128;

/// A harmless relative path: one or more parts, each a plain name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(Vec<Vec<u8>>);

impl Name {
    /// Checks an entry's name. `None` stands for the archive's own root (`./`).
    pub fn parse(raw: &[u8]) -> Result<Option<Name>, Error> {
        let refused = || Error::Name(String::from_utf8_lossy(&raw[..raw.len().min(100)]).into_owned());
        let bad = raw.is_empty()
            || raw.len() > NAME_BYTES_MAX
            || raw.starts_with(b"/")
            || raw.iter().any(|byte| matches!(byte, 0 | b'\\'))
            || matches!(raw, [letter, b':', ..] if letter.is_ascii_alphabetic());
        if bad {
            return Err(refused());
        }
        let parts: Vec<Vec<u8>> = plain_parts(raw).map(<[u8]>::to_vec).collect();
        if parts.len() > DEPTH_MAX || parts.iter().any(|part| part == b".." || part.len() > PART_BYTES_MAX) {
            return Err(refused());
        }
        Ok((!parts.is_empty()).then_some(Name(parts)))
    }

    /// The folders on the way.
    pub fn folders(&self) -> &[Vec<u8>] {
        &self.0[..self.0.len() - 1]
    }

    /// The last part.
    pub fn last(&self) -> &[u8] {
        // `parse` makes no empty names.
        self.0.last().map_or(b"", Vec::as_slice)
    }

    /// All parts.
    pub fn parts(&self) -> &[Vec<u8>] {
        &self.0
    }

    /// Whether a link of this name may have this target: a relative path that climbs with `..` at its beginning only
    /// and not above the root. Then no chain of links can escape: the climbing starts at a real folder of known depth,
    /// and every link on the rest of the way keeps the same rule.
    pub fn may_link_to(&self, target: &[u8]) -> bool {
        let mut parts = plain_parts(target).skip_while(|part| *part == b"..");
        let climbs = plain_parts(target).take_while(|part| *part == b"..").count();
        let fine = !target.is_empty() && !target.starts_with(b"/") && !target.contains(&0);
        fine && climbs <= self.folders().len() && parts.all(|part| part != b".." && part.len() <= PART_BYTES_MAX)
    }
}

/// The parts of a path without the empty ones and `.`.
fn plain_parts(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".")
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0.join(&b'/')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let long = [b'a'; 256];
        let deep = "a/".repeat(129);
        let refused: &[&[u8]] = &[
            b"",
            b"/etc/passwd",
            b"../x",
            b"a/../../x",
            b"a/..",
            b"C:\\x",
            b"c:/x",
            b"a\\b",
            b"\\\\host\\x",
            b"a\0b",
            b"..",
            b"//x",
            &long,
            &[b'a'; 4096],
            deep.as_bytes(),
        ];
        for name in refused {
            assert!(matches!(Name::parse(name), Err(Error::Name(_))), "{:?}", String::from_utf8_lossy(name));
        }
        let allowed: &[(&[u8], &str)] = &[
            (b"index.js", "index.js"),
            (b"./a//b/./c", "a/b/c"),
            (b"a/", "a"),
            (b"...", "..."),
            (b"a..b/..c", "a..b/..c"),
            ("ä/日本".as_bytes(), "ä/日本"),
        ];
        for (raw, shown) in allowed {
            assert_eq!(Name::parse(raw).unwrap().unwrap().to_string(), *shown);
        }
        assert_eq!(Name::parse(b"./").unwrap(), None);
    }

    #[test]
    fn links() {
        let at = |name: &str| Name::parse(name.as_bytes()).unwrap().unwrap();
        for (name, target, fine) in [
            ("a", "b", true),
            ("a", "./b/c", true),
            ("x/a", "../b", true),
            ("x/y/a", "../../b", true),
            ("a", "../b", false),
            ("x/a", "../../b", false),
            ("a", "/etc/passwd", false),
            ("a", "", false),
            ("a", "b/..", false),
            ("a", "b/../../c", false),
            ("a", "c\0d", false),
        ] {
            assert_eq!(at(name).may_link_to(target.as_bytes()), fine, "{name} -> {target}");
        }
    }
}
