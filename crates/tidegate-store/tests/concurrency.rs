//! Readers and writers side by side, while runs come and go beneath them.

use std::sync::atomic::{AtomicBool, Ordering};
use tidegate_store::{Error, Options, Raw, Store, Table};

const ACCOUNTS: Table<u64, i64> = Table::new("test.accounts");
const FILLER: Table<u64, Raw> = Table::new("test.filler");
const BIG: Table<u64, Raw> = Table::new("test.big");
const COUNT: u64 = 50;
const TRANSFERS: u64 = 1500;

fn small() -> Options {
    Options { recent_bytes: 8192, log_bytes: 16_384, log_step_bytes: 8192, block_bytes: 256, cache_bytes: 8192 }
}

fn transfer(store: &Store, from: u64, to: u64, amount: i64) -> Result<(), Error> {
    store.write_blocking(move |tx| {
        tx.add(&ACCOUNTS, from, -amount)?;
        tx.add(&ACCOUNTS, to, amount)?;
        tx.put(&FILLER, from, &Raw(vec![amount as u8; 300]))
    })
}

#[test]
fn every_snapshot_adds_up() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), small()).unwrap();
    store.write_blocking(|tx| (0..COUNT).try_for_each(|n| tx.put(&ACCOUNTS, n, &100))).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4u64)
            .map(|writer| {
                let store = &store;
                scope.spawn(move || {
                    for n in 0..TRANSFERS {
                        let (from, to) = ((n * 7 + writer) % COUNT, (n * 13 + writer * 5) % COUNT);
                        transfer(store, from, to, (n % 9) as i64).unwrap();
                    }
                })
            })
            .collect();
        for reverse in [false, true] {
            let (store, done) = (&store, &done);
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    let snapshot = store.snapshot();
                    let scan = if reverse { snapshot.scan_rev(&ACCOUNTS, ()) } else { snapshot.scan(&ACCOUNTS, ()) };
                    let balances: Vec<i64> = scan.map(|entry| entry.unwrap().1).collect();
                    assert_eq!((balances.len() as u64, balances.iter().sum::<i64>()), (COUNT, 100 * COUNT as i64));
                    let singly: i64 = (0..COUNT).map(|n| snapshot.get(&ACCOUNTS, n).unwrap().unwrap()).sum();
                    assert_eq!(singly, 100 * COUNT as i64);
                }
            });
        }
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::Relaxed);
    });
    assert!(store.verify().unwrap().is_sound());
}

#[test]
fn large_values_and_transactions_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let sizes = [0, 1, 8191, 1 << 20, 5 << 20, tidegate_store::limits::VALUE_BYTES_MAX];
    let store = Store::open(dir.path(), Options::default()).unwrap();
    store
        .write_blocking(move |tx| (0..).zip(sizes).try_for_each(|(n, size)| tx.put(&BIG, n, &Raw(vec![n as u8; size]))))
        .unwrap();
    for round in 0..3u64 {
        store.write_blocking(move |tx| tx.put(&BIG, 100 + round, &Raw(vec![7; 3 << 20]))).unwrap();
    }
    drop(store);
    let store = Store::open(dir.path(), Options::default()).unwrap();
    for (n, size) in (0..).zip(sizes) {
        assert!(store.snapshot().get(&BIG, n).unwrap() == Some(Raw(vec![n as u8; size])), "{size} bytes");
    }
    assert_eq!(store.snapshot().scan(&BIG, ()).count(), sizes.len() + 3);
}

#[test]
fn a_transaction_above_the_limit_leaves_nothing() {
    let store = Store::memory();
    let answer = store.write_blocking(|tx| (0..).try_for_each(|n| tx.put(&BIG, n, &Raw(vec![0; 8 << 20]))));
    assert!(matches!(answer, Err(Error::TooLarge { what: "a transaction", .. })));
    assert_eq!(store.snapshot().scan(&BIG, ()).count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_future_does_not_undo_its_write() {
    let store = Store::memory();
    let write = store.write(|tx| tx.put(&ACCOUNTS, 1, &5));
    let mut write = Box::pin(write);
    // Polled once, the closure is with the writer.
    let _ = std::future::poll_fn(|cx| std::task::Poll::Ready(write.as_mut().poll(cx))).await;
    drop(write);
    store.flush().await.unwrap();
    assert_eq!(store.snapshot().get(&ACCOUNTS, 1).unwrap(), Some(5));
}
