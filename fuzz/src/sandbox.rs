//! Archives of code, and messages between server and supervisor.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tidegate_sandbox::archive::{Extracted, Limits, extract};
use tidegate_sandbox::fuzz;

/// Where archives are extracted: in the folder for such things, which the caller may choose (`TMPDIR`).
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join("tidegate-fuzz");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder can be made");
    fs::canonicalize(folder).expect("it was just made")
});

const BYTES_MAX: u64 = 256 << 10;
const ENTRIES_MAX: usize = 64;

/// Any bytes as an archive.
pub fn archive(bytes: &[u8]) {
    let tree = FOLDER.join("tree");
    fs::create_dir(&tree).expect("the last input's tree is gone");
    let limits = Limits { bytes_max: BYTES_MAX, entries_max: ENTRIES_MAX, ..Limits::default() };
    let extracted = extract(bytes, &tree, &limits);
    let mut found = Extracted::default();
    look(&tree, &tree, &mut found);
    assert_eq!(fs::read_dir(&*FOLDER).expect("it is there").count(), 1, "something is beside the tree");
    assert!(found.bytes <= BYTES_MAX + 1, "{found:?}");
    if let Ok(told) = extracted {
        // What had one name was replaced.
        assert!(
            found.bytes <= told.bytes && found.files <= told.files && found.links <= told.links,
            "{found:?} {told:?}"
        );
    }
    fs::remove_dir_all(&tree).expect("all of it can be removed");
}

/// Counts what is there; no link leads out, nothing has a bit that it should not have.
fn look(root: &Path, folder: &Path, found: &mut Extracted) {
    for entry in fs::read_dir(folder).expect("every folder can be read") {
        let path = entry.expect("it can be read").path();
        let data = fs::symlink_metadata(&path).expect("it is there");
        assert!(data.is_symlink() || data.permissions().mode() & 0o7000 == 0, "{path:?}");
        match () {
            () if data.is_symlink() => {
                found.links += 1;
                assert!(inside(root, &path), "{path:?} leads out");
            }
            () if data.is_dir() => look(root, &path, found),
            () => {
                assert!(data.is_file(), "{path:?}");
                found.files += 1;
                found.bytes += data.len();
            }
        }
    }
}

fn inside(root: &Path, link: &PathBuf) -> bool {
    fs::canonicalize(link).map_or(true, |real| real.starts_with(root))
}

/// One entry in each line: a letter for its kind, its name, a tab, and its content. Headers and checksums are right, so
/// that what stands in the lines is what is judged.
pub fn archive_entries(text: &[u8]) {
    let (mut bytes, mut directory, mut count) = (Vec::new(), Vec::new(), 0u16);
    for line in text.split(|byte| *byte == b'\n').take(2 * ENTRIES_MAX) {
        let Some((kind, rest)) = line.split_first() else { continue };
        let mut parts = rest.splitn(2, |byte| *byte == b'\t');
        let (name, content) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        add(&mut bytes, &mut directory, *kind, name, content);
        count += 1;
    }
    let at = bytes.len() as u32;
    bytes.extend_from_slice(&directory);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    [count, count].iter().for_each(|count| bytes.extend_from_slice(&count.to_le_bytes()));
    [directory.len() as u32, at].iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
    bytes.extend_from_slice(&[0, 0]);
    archive(&bytes);
}

/// Adds a stored entry (PKWARE APPNOTE 4.3).
fn add(bytes: &mut Vec<u8>, directory: &mut Vec<u8>, kind: u8, name: &[u8], content: &[u8]) {
    let mode: u32 = match kind {
        b'l' => 0o120_777,
        b'd' => 0o040_700,
        b's' => 0o106_755,
        b'p' => 0o010_644,
        b'c' => 0o020_644,
        b'0' => 0,
        b'w' => 0o100_000,
        _ => 0o100_644,
    };
    // Large ones meet the limit for all files together.
    let content = content.repeat(if kind == b'b' { 1000 } else { 1 });
    let mut head = Vec::new();
    [20u16, 0x800, 0, 0, 0x21].iter().for_each(|field| head.extend_from_slice(&field.to_le_bytes()));
    let size = content.len() as u32;
    [crc32fast::hash(&content), size, size].iter().for_each(|field| head.extend_from_slice(&field.to_le_bytes()));
    head.extend_from_slice(&(name.len() as u16).to_le_bytes());
    head.extend_from_slice(&[0, 0]);
    directory.extend_from_slice(b"PK\x01\x02\x14\x03");
    directory.extend_from_slice(&head);
    directory.extend_from_slice(&[0; 6]);
    directory.extend_from_slice(&(mode << 16).to_le_bytes());
    directory.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    directory.extend_from_slice(name);
    bytes.extend_from_slice(b"PK\x03\x04");
    bytes.extend_from_slice(&head);
    bytes.extend_from_slice(name);
    bytes.extend_from_slice(&content);
}

/// A message: what was read is written as it can be read again.
pub fn message(body: &[u8]) {
    for (kind, written) in fuzz::messages(body).into_iter().enumerate() {
        if let Some(written) = written {
            assert_eq!(fuzz::messages(&written)[kind].as_ref(), Some(&written));
        }
    }
}
