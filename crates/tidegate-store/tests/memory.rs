//! What any store does, shown on one in memory.

use serde::{Deserialize, Serialize};
use std::sync::{Arc, Barrier};
use tidegate_store::{Error, Raw, StartsWith, Store, Table};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Note {
    text: String,
}

const NOTES: Table<(String, u64), Note> = Table::new("test.notes");
const RAW: Table<Vec<u8>, Raw> = Table::new("test.raw");
const COUNTS: Table<String, i64> = Table::new("test.counts");

fn note(text: &str) -> Note {
    Note { text: text.into() }
}

fn filled() -> Store {
    let store = Store::memory();
    store
        .write_blocking(|tx| {
            for (who, n) in [("ann", 1), ("ann", 2), ("ann", 10), ("anna", 1), ("bob", 1)] {
                tx.put(&NOTES, (who, n), &note(&format!("{who}{n}")))?;
            }
            tx.put(&RAW, [0u8, 255].as_slice(), &Raw(vec![1, 2, 3]))
        })
        .unwrap();
    store
}

fn texts(scan: impl Iterator<Item = Result<((String, u64), Note), Error>>) -> Vec<String> {
    scan.map(|entry| entry.unwrap().1.text).collect()
}

#[test]
fn scans_prefixes_ranges_and_pages() {
    let s = filled().snapshot();
    assert_eq!(texts(s.scan(&NOTES, ("ann",))), ["ann1", "ann2", "ann10"]);
    assert_eq!(texts(s.scan_rev(&NOTES, ("ann",))), ["ann10", "ann2", "ann1"]);
    assert_eq!(texts(s.scan(&NOTES, (StartsWith("ann"),))), ["ann1", "ann2", "ann10", "anna1"]);
    assert_eq!(texts(s.scan(&NOTES, ())), ["ann1", "ann2", "ann10", "anna1", "bob1"]);
    assert_eq!(texts(s.scan_after(&NOTES, ("ann",), ("ann", 2))), ["ann10"]);
    assert_eq!(texts(s.range(&NOTES, NOTES.all().at_least(("ann", 2)).at_most(("bob", 1)))).len(), 4);
    assert_eq!(texts(s.range(&NOTES, NOTES.prefix(("ann",)).below(("ann", 10)))), ["ann1", "ann2"]);
    assert_eq!(texts(s.range_rev(&NOTES, NOTES.prefix(("ann",)).below(("ann", 10)))), ["ann2", "ann1"]);
    assert!(texts(s.range(&NOTES, NOTES.all().at_least(("bob", 2)).below(("ann", 1)))).is_empty());
    assert_eq!(s.get(&RAW, [0u8, 255].as_slice()).unwrap(), Some(Raw(vec![1, 2, 3])));
}

#[test]
fn an_error_leaves_nothing_behind() {
    let store = filled();
    let answer = store.write_blocking(|tx| {
        tx.delete(&NOTES, ("bob", 1))?;
        tx.put(&NOTES, ("eve", 1), &note("eve"))?;
        assert!(!tx.contains(&NOTES, ("bob", 1))?);
        Err::<(), _>(Error::Busy)
    });
    assert!(matches!(answer, Err(Error::Busy)));
    assert_eq!(texts(store.snapshot().scan(&NOTES, ())), ["ann1", "ann2", "ann10", "anna1", "bob1"]);
}

#[test]
fn a_panic_is_an_error_of_its_own_write_only() {
    let store = filled();
    let answer = store.write_blocking(|tx| {
        tx.delete(&NOTES, ("bob", 1))?;
        if tx.contains(&NOTES, ("ann", 1))? {
            panic!("on purpose");
        }
        Ok::<_, Error>(())
    });
    assert!(matches!(answer, Err(Error::Panicked { message }) if message == "on purpose"));
    assert!(store.snapshot().contains(&NOTES, ("bob", 1)).unwrap());
    store.write_blocking(|tx| tx.delete(&NOTES, ("bob", 1))).unwrap();
    assert!(!store.snapshot().contains(&NOTES, ("bob", 1)).unwrap());
}

#[test]
fn snapshots_stay_as_they_were() {
    let store = filled();
    let before = store.snapshot();
    let removed = store.write_blocking(|tx| tx.delete_prefix(&NOTES, (StartsWith("ann"),))).unwrap();
    assert_eq!(removed, 4);
    assert_eq!(texts(store.snapshot().scan(&NOTES, ())), ["bob1"]);
    assert_eq!(texts(before.scan(&NOTES, ())).len(), 5);
}

#[test]
fn a_scan_may_delete_what_it_walks_over() {
    let store = filled();
    store
        .write_blocking(|tx| {
            for entry in tx.scan(&NOTES, ("ann",)) {
                let ((who, n), _) = entry?;
                tx.delete(&NOTES, &(who, n))?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    assert_eq!(texts(store.snapshot().scan(&NOTES, ())), ["anna1", "bob1"]);
}

#[test]
fn concurrent_counts_all_count() {
    let store = Store::memory();
    let barrier = Arc::new(Barrier::new(8));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (store, barrier) = (store.clone(), barrier.clone());
            std::thread::spawn(move || {
                barrier.wait();
                for _ in 0..100 {
                    store.write_blocking(|tx| tx.add(&COUNTS, "n", 1)).unwrap();
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
    assert_eq!(store.snapshot().get(&COUNTS, "n").unwrap(), Some(800));
}

#[tokio::test]
async fn later_writes_are_seen_after_a_flush() {
    let store = Store::memory();
    for n in 0..10 {
        store.write_later(move |tx| tx.put(&NOTES, ("log", n), &note("line"))).unwrap();
    }
    store.flush().await.unwrap();
    assert_eq!(store.snapshot().scan(&NOTES, ("log",)).count(), 10);
}

#[tokio::test]
async fn a_closed_store_takes_no_writes_but_reads() {
    let store = filled();
    store.close().unwrap();
    let answer = store.write(|tx| tx.delete(&NOTES, ("bob", 1))).await;
    assert!(matches!(answer, Err(Error::Closed)));
    assert!(store.snapshot().contains(&NOTES, ("bob", 1)).unwrap());
}

#[test]
fn refuses_what_is_too_large() {
    let store = Store::memory();
    let key = "k".repeat(tidegate_store::limits::KEY_BYTES_MAX);
    let answer = store.write_blocking(move |tx| tx.put(&COUNTS, key.as_str(), &1));
    assert!(matches!(answer, Err(Error::TooLarge { what: "a key", .. })));
    let value = Raw(vec![0; tidegate_store::limits::VALUE_BYTES_MAX + 1]);
    let answer = store.write_blocking(move |tx| tx.put(&RAW, [1u8].as_slice(), &value));
    assert!(matches!(answer, Err(Error::TooLarge { what: "a value", .. })));
}

#[test]
fn a_value_of_another_shape_is_an_error() {
    const AS_RAW: Table<String, Raw> = Table::new("test.shape");
    const AS_NOTE: Table<String, Note> = Table::new("test.shape");
    let store = Store::memory();
    store.write_blocking(|tx| tx.put(&AS_RAW, "k", &Raw(b"not json".to_vec()))).unwrap();
    assert!(matches!(store.snapshot().get(&AS_NOTE, "k"), Err(Error::Value { table: "test.shape", .. })));
}
