//! A store in a directory: what comes back, and what is refused.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};
use tidegate_store::{Error, Options, Raw, Recovery, Store, Table};

const ITEMS: Table<(String, u64), Raw> = Table::new("test.items");
const NAMES: Table<String, String> = Table::new("test.names");

fn open(path: &Path) -> Store {
    Store::open(path, Options::default()).unwrap()
}

fn put(store: &Store, n: u64) {
    store.write_blocking(move |tx| tx.put(&ITEMS, ("k", n), &Raw(n.to_le_bytes().to_vec()))).unwrap();
}

fn has(store: &Store, n: u64) -> bool {
    store.snapshot().get(&ITEMS, ("k", n)).unwrap() == Some(Raw(n.to_le_bytes().to_vec()))
}

/// The directory as a kill would leave it.
fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    copy_into(from, to.path());
    to
}

fn copy_into(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy_into(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_stop_leaves_nothing_to_replay() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    (0..100).for_each(|n| put(&store, n));
    store.close().unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.recovery(), Recovery { replayed_records: 0, runs: 1 });
    assert!((0..100).all(|n| has(&store, n)));
    assert_eq!(store.snapshot().scan(&ITEMS, ("k",)).count(), 100);
}

#[test]
fn dropping_the_last_handle_is_a_stop_too() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, 1);
    drop(store);
    assert_eq!(open(dir.path()).recovery().replayed_records, 0);
}

#[test]
fn a_kill_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    (0..50).for_each(|n| put(&store, n));
    store.write_blocking(|tx| tx.delete(&ITEMS, ("k", 7))).unwrap();
    let killed = copy(dir.path());
    let again = open(killed.path());
    assert_eq!(again.recovery().replayed_records, 51);
    assert!((0..50).all(|n| has(&again, n) == (n != 7)));
    drop(again);
    assert_eq!(open(killed.path()).recovery().replayed_records, 0);
}

#[test]
fn keeps_its_order_through_many_small_runs() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..10u64 {
        let store = open(dir.path());
        store
            .write_blocking(move |tx| {
                for n in 0..30 {
                    tx.put(&ITEMS, ("k", n * 10 + round), &Raw(vec![round as u8]))?;
                }
                tx.delete(&ITEMS, ("k", round))?;
                tx.put(&NAMES, "round", &round.to_string())
            })
            .unwrap();
    }
    let store = open(dir.path());
    let snapshot = store.snapshot();
    let found: Vec<u64> = snapshot.scan(&ITEMS, ("k",)).map(|e| e.unwrap().0.1).collect();
    assert_eq!(found, (10..300).collect::<Vec<_>>());
    let mut reversed: Vec<u64> = snapshot.scan_rev(&ITEMS, ()).map(|e| e.unwrap().0.1).collect();
    reversed.reverse();
    assert_eq!(reversed, found);
    assert_eq!(snapshot.get(&NAMES, "round").unwrap().as_deref(), Some("9"));
    assert!(store.verify().unwrap().is_sound());
}

#[test]
fn is_open_once_and_for_its_owner_only() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("new/data");
    let store = open(&path);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(path.join("FORMAT")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(matches!(Store::open(&path, Options::default()), Err(Error::Locked { .. })));
    drop(store);
    open(&path);
}

#[test]
fn leaves_a_newer_format_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let format = dir.path().join("FORMAT");
    let newer = fs::read_to_string(&format).unwrap().replace('1', "2");
    fs::write(&format, &newer).unwrap();
    let answer = Store::open(dir.path(), Options::default());
    assert!(matches!(answer, Err(Error::NewerFormat { found: 2, known: 1 })));
    assert_eq!(fs::read_to_string(&format).unwrap(), newer);
}

#[test]
fn does_not_move_in_with_strangers() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.txt"), "mine").unwrap();
    assert!(matches!(Store::open(dir.path(), Options::default()), Err(Error::NotAStore { .. })));
    assert_eq!(fs::read_to_string(dir.path().join("thesis.txt")).unwrap(), "mine");
}

#[test]
fn a_store_without_its_stamp_is_not_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    put(&store, 1);
    drop(store);
    fs::remove_file(dir.path().join("FORMAT")).unwrap();
    assert!(matches!(Store::open(dir.path(), Options::default()), Err(Error::NotAStore { .. })));
    assert!(dir.path().join("runs/000000000001.run").exists());
}

#[test]
fn missing_files_are_damage() {
    for lost in ["MANIFEST", "runs/000000000001.run"] {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        put(&store, 1);
        drop(store);
        fs::remove_file(dir.path().join(lost)).unwrap();
        assert!(matches!(Store::open(dir.path(), Options::default()), Err(Error::Corrupt { .. })), "{lost}");
    }
}

#[test]
fn blobs_are_named_by_their_content() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (kept, useless) = (store.blobs().put(b"abc").unwrap(), store.blobs().put(b"old").unwrap());
    // The test vector of FIPS 180-2, B.1.
    assert_eq!(kept.as_str(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(store.blobs().put(b"abc").unwrap(), kept);
    assert_eq!(store.blobs().remove_unreferenced(|_| false).unwrap(), 0, "fresh blobs stay");
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.blobs().remove_unreferenced(|id| *id == kept).unwrap(), 1);
    assert_eq!(store.blobs().read(&kept).unwrap().as_deref(), Some(b"abc".as_slice()));
    assert_eq!(store.blobs().read(&useless).unwrap(), None);
    fs::write(dir.path().join("blobs").join(kept.as_str()), "abd").unwrap();
    assert!(matches!(store.blobs().read(&kept), Err(Error::Corrupt { .. })));
    assert_eq!(store.verify().unwrap().damage.len(), 1);
    store.blobs().put(b"abc").unwrap();
    assert!(store.verify().unwrap().is_sound());
}

#[test]
fn blob_ids_are_nothing_else() {
    let long = "a".repeat(65);
    for text in
        ["", "abc", "../../etc/passwd", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", &long]
    {
        assert!(text.parse::<tidegate_store::BlobId>().is_err(), "{text}");
    }
}

#[tokio::test]
async fn a_handle_may_end_inside_a_write() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let inner = store.clone();
    let writing = tokio::spawn(async move {
        let moved = store.clone();
        store
            .write(move |tx| {
                drop(moved);
                tx.put(&NAMES, "a", &"b".to_string())
            })
            .await
    });
    drop(inner);
    writing.await.unwrap().unwrap();
}
