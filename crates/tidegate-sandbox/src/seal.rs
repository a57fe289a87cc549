//! Telling whether files on disk are still those that were written: disks turn bits over without a word.
//!
//! A seal lists every file below a folder with its checksum, and is kept beside the folder. It finds accidents, not
//! malice: who can change the files can change the seal.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// First words of a seal; the checksum of the list follows.
const MAGIC: &str = "tidegate seal 1";
/// Bytes of a file that are read at once.
const READ_BYTES: usize = 64 << 10;

/// What was, or is, below a folder: one line for each folder, file and link with its permissions, size, checksum and path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal(String);

impl Seal {
    /// Reads everything below a folder, except the entries of the folder itself that `except` names. Blocks.
    ///
    /// # Errors
    /// When something cannot be read.
    pub fn of(root: &Path, except: impl Fn(&str) -> bool) -> io::Result<Seal> {
        let mut lines = Vec::new();
        let mut buffer = vec![0; READ_BYTES];
        let mut waiting = vec![PathBuf::new()];
        while let Some(folder) = waiting.pop() {
            for entry in fs::read_dir(root.join(&folder))? {
                let entry = entry?;
                if folder.as_os_str().is_empty() && entry.file_name().to_str().is_some_and(&except) {
                    continue;
                }
                let path = folder.join(entry.file_name());
                let name = escaped(&path);
                let kind = entry.file_type()?;
                lines.push((name, describe(&entry.path(), kind, &mut buffer)?));
                if kind.is_dir() {
                    waiting.push(path);
                }
            }
        }
        lines.sort_unstable();
        Ok(Seal(lines.into_iter().map(|(name, found)| format!("{found} {name}\n")).collect()))
    }

    /// Keeps the seal in a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        fs::write(file, format!("{MAGIC} {:08x}\n{}", crc32fast::hash(self.0.as_bytes()), self.0))
    }

    /// The seal in a file; `None` if there is none, or one that is damaged itself.
    ///
    /// # Errors
    /// When there is a file that cannot be read.
    pub fn read(file: &Path) -> io::Result<Option<Seal>> {
        let bytes = match fs::read(file) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let sound = || {
            let (head, list) = str::from_utf8(&bytes).ok()?.split_once('\n')?;
            (head == format!("{MAGIC} {:08x}", crc32fast::hash(list.as_bytes()))).then(|| Seal(list.to_owned()))
        };
        Ok(sound())
    }

    /// The path of something that is not as it was; `None` if all is.
    pub fn difference(&self, now: &Seal) -> Option<String> {
        if self == now {
            return None;
        }
        let first = |of: &Seal, other: &Seal| {
            let known: HashSet<&str> = other.0.lines().collect();
            of.0.lines().find(|line| !known.contains(line)).and_then(|line| line.rsplit(' ').next()).map(str::to_owned)
        };
        first(self, now).or_else(|| first(now, self))
    }
}

/// A path without spaces and ends of lines.
fn escaped(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().escape_ascii().to_string().replace(' ', "\\x20")
}

/// All of an entry but its name.
fn describe(path: &Path, kind: fs::FileType, buffer: &mut [u8]) -> io::Result<String> {
    let mut text = String::new();
    let mode = |found: &Metadata| found.mode() & 0o7777;
    let written = if kind.is_dir() {
        write!(text, "d {:o}", mode(&fs::symlink_metadata(path)?))
    } else if kind.is_symlink() {
        write!(text, "l {}", escaped(&fs::read_link(path)?))
    } else if kind.is_file() {
        let mut file = File::open(path)?;
        let found = file.metadata()?;
        let (size, sum) = checksum(&mut file, buffer)?;
        write!(text, "f {:o} {size} {sum:08x}", mode(&found))
    } else {
        return Err(io::Error::other(format!("{} is no file", path.display())));
    };
    written.map_err(io::Error::other).map(|()| text)
}

/// Size and CRC-32 of a file.
fn checksum(file: &mut File, buffer: &mut [u8]) -> io::Result<(u64, u32)> {
    let (mut size, mut sum) = (0, crc32fast::Hasher::new());
    loop {
        match file.read(buffer) {
            Ok(0) => return Ok((size, sum.finalize())),
            Ok(count) => {
                size += count as u64;
                sum.update(&buffer[..count]);
            }
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn tree() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(dir.path().join("t/a b/c")).expect("folders can be made");
        for (path, text) in [("t/x.js", "one"), ("t/a b/y", ""), ("t/a b/c/z\n\u{fc}", "three"), ("t/own", "left out")]
        {
            fs::write(dir.path().join(path), text).expect("a file can be written");
        }
        symlink("x.js", dir.path().join("t/link")).expect("a link can be made");
        dir
    }

    fn seal(dir: &tempfile::TempDir) -> Seal {
        Seal::of(&dir.path().join("t"), |name| name == "own").expect("the tree can be read")
    }

    #[test]
    fn every_change_is_noticed() {
        type Change = fn(&Path) -> io::Result<()>;
        let table: [(&str, Change); 8] = [
            ("x.js", |t| fs::write(t.join("x.js"), "ono")),
            ("x.js", |t| fs::set_permissions(t.join("x.js"), fs::Permissions::from_mode(0o600))),
            ("x.js", |t| fs::remove_file(t.join("x.js"))),
            ("a b/y", |t| fs::write(t.join("a b/y"), "\0")),
            ("a b/c", |t| fs::set_permissions(t.join("a b/c"), fs::Permissions::from_mode(0o700))),
            ("link", |t| fs::remove_file(t.join("link")).and_then(|()| symlink("x.jr", t.join("link")))),
            ("new", |t| fs::write(t.join("new"), "")),
            ("a b/own", |t| fs::write(t.join("a b/own"), "")),
        ];
        for (path, change) in table {
            let dir = tree();
            let before = seal(&dir);
            assert_eq!(before.difference(&seal(&dir)), None);
            change(&dir.path().join("t")).expect("the tree can be changed");
            let found = before.difference(&seal(&dir)).expect(path);
            assert_eq!(found, escaped(Path::new(path)));
        }
    }

    #[test]
    fn what_is_left_out_may_change() {
        let dir = tree();
        let before = seal(&dir);
        fs::write(dir.path().join("t/own"), "changed").expect("a file can be written");
        assert_eq!(before.difference(&seal(&dir)), None);
    }

    #[test]
    fn a_kept_seal_is_read_again_unless_a_bit_of_it_was_turned_over() {
        let dir = tree();
        let (file, before) = (dir.path().join("seal"), seal(&dir));
        assert_eq!(Seal::read(&file).expect("nothing is there"), None);
        before.write(&file).expect("the seal can be written");
        assert_eq!(Seal::read(&file).expect("it can be read"), Some(before));
        let bytes = fs::read(&file).expect("it can be read");
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(&file, flipped).expect("it can be written");
            assert_eq!(Seal::read(&file).expect("it can be read"), None, "bit {bit}");
        }
    }
}
