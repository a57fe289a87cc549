//! Every format that was ever released must still open: small stores, written by the program of their time and killed.
//!
//! A new format gets its fixture with `TIDEGATE_BLESS=1 cargo test -p tidegate-store --test formats`.

use std::{fs, path::Path};
use tidegate_store::{BlobId, Error, Options, Raw, Store, Table, verify};

const TEXTS: Table<(String, u64), String> = Table::new("fixture.texts");
const RAWS: Table<i64, Raw> = Table::new("fixture.raws");
const FORMATS: [u32; 1] = [1];
const NEWEST: u32 = FORMATS[FORMATS.len() - 1];

fn options() -> Options {
    Options { log_step_bytes: 4096, block_bytes: 512, ..Options::default() }
}

fn write(store: &Store, from: u64) {
    store
        .write_blocking(move |tx| {
            for n in from..from + 20 {
                tx.put(&TEXTS, ("text", n), &format!("text {n}"))?;
                tx.put(&RAWS, -(n as i64), &Raw(vec![0, n as u8, 255]))?;
            }
            tx.delete(&TEXTS, ("text", from + 3))
        })
        .unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Two runs, a log with a record, and a blob.
fn bless(fixture: &Path) {
    let dir = tempfile::tempdir().unwrap();
    for from in [0, 20] {
        write(&Store::open(dir.path(), options()).unwrap(), from);
    }
    let store = Store::open(dir.path(), options()).unwrap();
    store.blobs().put(b"a blob").unwrap();
    write(&store, 40);
    let _ = fs::remove_dir_all(fixture);
    copy(dir.path(), fixture);
}

#[test]
fn every_released_format_opens() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    if std::env::var_os("TIDEGATE_BLESS").is_some() {
        bless(&fixtures.join(format!("format-{NEWEST}")));
    }
    for format in FORMATS {
        let dir = tempfile::tempdir().unwrap();
        copy(&fixtures.join(format!("format-{format}")), dir.path());
        let report = verify(dir.path()).unwrap();
        assert!(report.is_sound(), "format {format}: {:?}", report.damage);
        assert_eq!((report.runs, report.log_records, report.blobs), (2, 1, 1), "format {format}");
        check(&Store::open(dir.path(), options()).unwrap()).unwrap();
    }
}

fn check(store: &Store) -> Result<(), Error> {
    let snapshot = store.snapshot();
    for n in 0..60u64 {
        let text = (n % 20 != 3).then(|| format!("text {n}"));
        assert_eq!(snapshot.get(&TEXTS, ("text", n))?, text);
        assert_eq!(snapshot.get(&RAWS, -(n as i64))?, Some(Raw(vec![0, n as u8, 255])));
    }
    let blob = store.blobs().read(&BlobId::of(b"a blob"))?;
    assert_eq!(blob.as_deref(), Some(b"a blob".as_slice()));
    Ok(())
}
