//! Archives from people one does not trust, and from those one does.

use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::{TempDir, tempdir};
use tidegate_sandbox::archive::{Error, Extracted, Limits, extract};

/// One entry of a hand-made archive; the fields that a library would not let one get wrong can be.
struct Entry<'a> {
    name: &'a [u8],
    mode: u32,
    data: Vec<u8>,
    /// Compression method: 0 stored, 8 deflated.
    method: u16,
    flags: u16,
    /// What the headers say about the size, if not the truth.
    size: Option<u32>,
    checksum: u32,
}

fn entry<'a>(name: &'a [u8], mode: u32, data: &[u8]) -> Entry<'a> {
    Entry { name, mode, data: data.to_vec(), method: 0, flags: 0x800, size: None, checksum: checksum(data) }
}

fn file<'a>(name: &'a str, data: &str) -> Entry<'a> {
    entry(name.as_bytes(), 0o100_644, data.as_bytes())
}

fn link<'a>(name: &'a str, target: &str) -> Entry<'a> {
    entry(name.as_bytes(), 0o120_777, target.as_bytes())
}

/// CRC-32 as in ISO 3309.
fn checksum(data: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    };
    !data.iter().fold(!0, step)
}

/// The archive as bytes (PKWARE APPNOTE 4.3).
fn zip(entries: &[Entry<'_>]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for one in entries {
        let at = out.len() as u32;
        let stored = one.data.len() as u32;
        let mut head = Vec::new();
        for field in [20, one.flags, one.method, 0, 0x21] {
            head.extend(u16::to_le_bytes(field));
        }
        for field in [one.checksum, stored, one.size.unwrap_or(stored)] {
            head.extend(u32::to_le_bytes(field));
        }
        head.extend((one.name.len() as u16).to_le_bytes());
        head.extend(0u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(one.name);
        out.extend(&one.data);
        directory.extend(b"PK\x01\x02");
        // Made on Unix, so that the mode counts.
        directory.extend((3u16 << 8 | 20).to_le_bytes());
        directory.extend(&head);
        directory.extend([0; 6]);
        directory.extend((one.mode << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(one.name);
    }
    finish(out, &directory, entries.len() as u16)
}

fn finish(mut out: Vec<u8>, directory: &[u8], count: u16) -> Vec<u8> {
    let at = out.len() as u32;
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn unzip(archive: &[u8]) -> (TempDir, Result<Extracted, Error>) {
    let folder = tempdir().unwrap();
    let inner = folder.path().join("tree");
    std::fs::create_dir(&inner).unwrap();
    let result = extract(archive, &inner, &Limits::default());
    (folder, result)
}

/// All names below the folder that holds the tree: nothing may ever be beside it.
fn outside(folder: &TempDir) -> Vec<String> {
    std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn names_that_lead_out_are_refused() {
    let long = vec![b'a'; 4096];
    let names: &[&[u8]] = &[
        b"../x",
        b"a/../../x",
        b"/etc/x",
        b"C:\\x",
        b"c:/x",
        b"a\\..\\x",
        b"..\\x",
        b"a\0b",
        b"..",
        b"\\\\host\\share",
        b"",
        &long,
    ];
    for name in names {
        let (folder, result) = unzip(&zip(&[file("fine", "x"), entry(name, 0o100_644, b"x")]));
        assert!(matches!(result, Err(Error::Name(_))), "{:?} {result:?}", String::from_utf8_lossy(name));
        assert_eq!(outside(&folder), ["tree"]);
    }
}

#[test]
fn links_that_lead_out_are_refused() {
    let cases: &[&[Entry<'_>]] = &[
        &[link("a", "/etc/passwd")],
        &[link("a", "../x")],
        &[link("a", "b/../../x")],
        &[link("d/a", "../../x")],
        // Each link by itself looks harmless, the chain would not be.
        &[link("b", "d"), link("a", "b/../.."), file("d/e", "x")],
        &[link("d/b", ".."), link("a", "d/b/../x")],
        &[link("a", "")],
    ];
    for case in cases {
        let (folder, result) = unzip(&zip(case));
        assert!(matches!(result, Err(Error::LinkOutside(_))), "{result:?}");
        assert_eq!(outside(&folder), ["tree"]);
    }
}

#[test]
fn files_are_never_written_through_links() {
    // The link comes first, and then a file "in" it.
    let (folder, result) = unzip(&zip(&[link("a", "b"), file("a/x", "x")]));
    assert!(matches!(result, Err(Error::Conflict(_))), "{result:?}");
    assert_eq!(outside(&folder), ["tree"]);
    // The same with a link that was there before, as of another layer.
    let (inner, target) = (folder.path().join("layers"), folder.path().join("target"));
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::create_dir_all(&target).unwrap();
    symlink(&target, inner.join("a")).unwrap();
    let result = extract(&zip(&[file("a/x", "x")]), &inner, &Limits::default());
    assert!(matches!(result, Err(Error::Conflict(_))), "{result:?}");
    assert_eq!(std::fs::read_dir(&target).unwrap().count(), 0);
    // A file in place of the link replaces the link, not what it leads to.
    std::fs::write(target.join("kept"), "kept").unwrap();
    symlink(target.join("kept"), inner.join("b")).unwrap();
    extract(&zip(&[file("b", "new")]), &inner, &Limits::default()).unwrap();
    assert_eq!(std::fs::read(target.join("kept")).unwrap(), b"kept");
    assert_eq!(std::fs::read(inner.join("b")).unwrap(), b"new");
}

#[test]
fn links_inside_are_kept() {
    let (folder, result) = unzip(&zip(&[link("bin/tool", "../lib/tool"), file("lib/tool", "tool"), link("dot", ".")]));
    assert_eq!(result.unwrap(), Extracted { bytes: 4, files: 1, links: 2 });
    assert_eq!(std::fs::read(folder.path().join("tree/bin/tool")).unwrap(), b"tool");
}

#[test]
fn special_files_are_refused() {
    for kind in [0o020_000, 0o060_000, 0o010_000, 0o140_000] {
        let (_, result) = unzip(&zip(&[entry(b"x", kind | 0o644, b"")]));
        assert!(matches!(result, Err(Error::Special(_))), "{kind:o} {result:?}");
    }
}

#[test]
fn modes() {
    for (mode, expected) in [
        (0o100_644, 0o644),
        (0o100_755, 0o755),
        (0o106_755, 0o755),
        (0o107_777, 0o777),
        (0o100_600, 0o644),
        (0o100_000, 0o444),
        (0, 0o644),
    ] {
        let (folder, result) = unzip(&zip(&[entry(b"x", mode, b"")]));
        result.unwrap();
        let found = std::fs::metadata(folder.path().join("tree/x")).unwrap().permissions().mode();
        assert_eq!(found & 0o7777, expected, "{mode:o}");
    }
    let (folder, result) = unzip(&zip(&[entry(b"d/", 0o042_700, b""), file("e/f", "")]));
    result.unwrap();
    for name in ["d", "e"] {
        assert_eq!(std::fs::metadata(folder.path().join("tree").join(name)).unwrap().mode() & 0o7777, 0o755, "{name}");
    }
}

#[test]
fn modes_as_they_are() {
    let folder = tempdir().unwrap();
    let limits = Limits { readable: false, ..Limits::default() };
    extract(&zip(&[entry(b"x", 0o100_600, b""), entry(b"y", 0o100_000, b"")]), folder.path(), &limits).unwrap();
    let mode = |name| std::fs::metadata(folder.path().join(name)).unwrap().mode() & 0o7777;
    assert_eq!((mode("x"), mode("y")), (0o600, 0o400));
}

#[test]
fn equal_names_and_names_that_differ_in_case() {
    let (folder, result) = unzip(&zip(&[file("A", "1"), file("a", "2"), file("a", "3")]));
    result.unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.path().join("tree").join(name)).unwrap();
    assert_eq!((read("A").as_str(), read("a").as_str()), ("1", "3"));
    let (_, result) = unzip(&zip(&[file("a/b", ""), file("a", "")]));
    assert!(matches!(result, Err(Error::Conflict(_))), "{result:?}");
    let (_, result) = unzip(&zip(&[file("a", ""), file("a/b", "")]));
    assert!(matches!(result, Err(Error::Conflict(_))), "{result:?}");
}

#[test]
fn later_archives_lie_over_earlier_ones() {
    let folder = tempdir().unwrap();
    for archive in [zip(&[file("python/a.py", "1"), file("python/b.py", "1")]), zip(&[file("python/a.py", "22")])] {
        extract(&archive, folder.path(), &Limits::default()).unwrap();
    }
    let read = |name: &str| std::fs::read_to_string(folder.path().join("python").join(name)).unwrap();
    assert_eq!((read("a.py").as_str(), read("b.py").as_str()), ("22", "1"));
}

#[test]
fn damage_is_told() {
    let good = zip(&[file("x", "hello")]);
    for (what, archive) in [
        ("nothing", Vec::new()),
        ("text", b"this is not a zip archive".to_vec()),
        ("cut off", good[..good.len() - 10].to_vec()),
        ("checksum", zip(&[Entry { checksum: 1, ..file("x", "hello") }])),
        ("method", zip(&[Entry { method: 8, ..file("x", "not deflated") }])),
    ] {
        let (_, result) = unzip(&archive);
        assert!(matches!(result, Err(Error::Corrupt(_))), "{what} {result:?}");
    }
    let (_, result) = unzip(&zip(&[Entry { flags: 1, ..file("x", "hello") }]));
    assert!(matches!(result, Err(Error::Encrypted)), "{result:?}");
    let (_, result) = unzip(&zip(&[Entry { method: 99, ..file("x", "hello") }]));
    assert!(matches!(result, Err(Error::Unsupported(_) | Error::Corrupt(_))), "{result:?}");
}

/// Zeros, deflated: `count` MiB.
fn zeros(count: usize) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    writer.start_file("zeros", options).unwrap();
    let block = vec![0; 1 << 20];
    (0..count).for_each(|_| writer.write_all(&block).unwrap());
    writer.finish().unwrap().into_inner()
}

#[test]
fn bombs_are_cut_off() {
    let bomb = zeros(40);
    let try_with = |limits: Limits| {
        let folder = tempdir().unwrap();
        let result = extract(&bomb, folder.path(), &limits);
        (result, used(folder.path()))
    };
    let (result, used) = try_with(Limits { ratio_max: 2000, bytes_max: 10 << 20, ..Limits::default() });
    assert!(matches!(result, Err(Error::TooLarge(10_485_760))), "{result:?}");
    assert!(used <= (10 << 20) + 1);
    let (result, used) = try_with(Limits { bytes_free: 1 << 20, ..Limits::default() });
    assert!(matches!(result, Err(Error::Ratio(250))), "{result:?}");
    assert!(used <= bomb.len() as u64 * 250 + 1);
}

fn used(folder: &Path) -> u64 {
    std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().metadata().unwrap().len()).sum()
}

/// Sizes in headers are believed by nobody.
#[test]
fn declared_sizes_do_not_matter() {
    for size in [0, 1, 0x7fff_ffff, 0xffff_fffe] {
        let start = Instant::now();
        let (_, result) = unzip(&zip(&[Entry { size: Some(size), ..file("x", "hello") }]));
        assert!(start.elapsed() < Duration::from_secs(1));
        match result {
            Ok(extracted) => assert_eq!(extracted.bytes, 5),
            Err(Error::Corrupt(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

/// Many entries that share the same bytes: the sum counts.
#[test]
fn overlapping_entries_count_each() {
    let data = vec![b'x'; 1 << 20];
    let mut archive = zip(&[entry(b"x", 0o100_644, &data)]);
    let end = archive.len() - 22;
    let directory = archive[30 + 1 + data.len()..end].to_vec();
    archive.truncate(30 + 1 + data.len());
    let archive = finish(archive, &directory.repeat(400), 400);
    let folder = tempdir().unwrap();
    let result = extract(&archive, folder.path(), &Limits { bytes_max: 8 << 20, ..Limits::default() });
    assert!(matches!(result, Err(Error::TooLarge(_))), "{result:?}");
}

#[test]
fn too_many_entries() {
    let names: Vec<String> = (0..200).map(|number| format!("{number}")).collect();
    let entries: Vec<Entry<'_>> = names.iter().map(|name| file(name, "")).collect();
    let folder = tempdir().unwrap();
    let limits = Limits { entries_max: 199, ..Limits::default() };
    assert!(matches!(extract(&zip(&entries), folder.path(), &limits), Err(Error::TooManyEntries(199))));
}

#[test]
fn many_files_are_fast() {
    let names: Vec<String> =
        (0..20_000).map(|number| format!("node_modules/p{}/lib/f{number}.js", number / 50)).collect();
    let entries: Vec<Entry<'_>> = names.iter().map(|name| file(name, "exports.x = 1")).collect();
    let archive = zip(&entries);
    // In memory where that can be had: the speed of a disk is not ours.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempdir()).unwrap();
    let start = Instant::now();
    assert_eq!(extract(&archive, folder.path(), &Limits::default()).unwrap().files, 20_000);
    let took = start.elapsed();
    eprintln!("20 000 files in {took:?}");
    assert!(took < Duration::from_secs(20), "{took:?}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(100))]

    /// Whatever the bytes are: an answer, no panic, nothing outside.
    #[test]
    fn never_panics(mut at in proptest::collection::vec((0usize..300, 0u8..=255), 0..6)) {
        let mut archive = zip(&[file("a/b", "hello"), link("c", "a"), entry(b"d/", 0o040_755, b"")]);
        at.iter_mut().for_each(|(place, value)| { let length = archive.len(); archive[*place % length] = *value; });
        let (folder, _) = unzip(&archive);
        proptest::prop_assert_eq!(outside(&folder), ["tree"]);
    }
}
