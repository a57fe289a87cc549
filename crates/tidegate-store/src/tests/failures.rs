//! A store with its threads on a disk that fails: nothing is acknowledged that is not there, and reads go on.

use super::simulation::world::World;
use crate::{
    Blobs, Error, Options, Raw, Store, Table,
    fault::{Fault, FaultDisk},
    verify,
};
use std::sync::Arc;

const ITEMS: Table<u64, Raw> = Table::new("test.items");

fn open(disk: &FaultDisk) -> Result<Store, Error> {
    let options = Options { recent_bytes: 8192, log_bytes: 8192, log_step_bytes: 4096, ..Options::default() };
    Store::open_in(Arc::new(disk.clone()), "simulated", options)
}

fn put(store: &Store, n: u64) -> Result<(), Error> {
    store.write_blocking(move |tx| tx.put(&ITEMS, n, &Raw(vec![n as u8; 200])))
}

fn count(store: &Store) -> usize {
    store.snapshot().scan(&ITEMS, ()).collect::<Result<Vec<_>, _>>().unwrap().len()
}

#[test]
fn a_broken_disk_makes_the_store_read_only_for_good() {
    let disk = FaultDisk::new(1);
    let store = open(&disk).unwrap();
    put(&store, 0).unwrap();
    disk.fail_in(2, Fault::Eio);
    let failed = (1..10).find_map(|n| put(&store, n).err().map(|e| (n, e)));
    assert!(store.failure().is_some());
    let (n, error) = failed.expect("one of the next writes meets the fault");
    assert!(matches!(error, Error::Io { .. } | Error::ReadOnly { .. }), "{error}");
    disk.heal();
    assert!(matches!(put(&store, 100), Err(Error::ReadOnly { .. })), "a failed sync is never tried again");
    assert_eq!(count(&store), n as usize, "reads go on, and show what was acknowledged");
    assert!(store.close().is_err());
    let again = open(&disk.after_power_loss()).unwrap();
    assert!((n..=n + 1).contains(&(count(&again) as u64)), "the failed write is whole or absent");
}

#[test]
fn a_full_disk_passes() {
    let mut refused = 0;
    for seed in 0..20 {
        let (found, acknowledged, some) = fill_up(seed);
        assert_eq!(found, acknowledged, "seed {seed}");
        refused += some;
    }
    assert!(refused > 20, "the disk was full {refused} times only");
}

/// Entries found, writes acknowledged, and writes refused for want of room.
fn fill_up(seed: u64) -> (usize, usize, usize) {
    let disk = FaultDisk::new(seed);
    let store = open(&disk).unwrap();
    let mut acknowledged = 0;
    let mut refused = 0;
    for round in 0..20 {
        disk.fail_in(1 + (round * 7 + seed) % 40, Fault::Enospc);
        for n in 0..30 {
            match put(&store, round * 30 + n) {
                Ok(()) => acknowledged += 1,
                Err(Error::Full) => refused += 1,
                // A full disk that shows in a sync, or in a directory, is a broken one.
                Err(Error::Io { .. } | Error::ReadOnly { .. }) => return (count(&store), acknowledged, refused),
                Err(other) => panic!("{other}"),
            }
        }
    }
    (count(&store), acknowledged, refused)
}

#[test]
fn what_was_refused_does_not_come_back() {
    let mut refused = 0;
    for seed in 0..300 {
        let disk = FaultDisk::new(seed);
        let mut world = World::open(&disk, Options::default()).unwrap();
        let commit = |world: &mut World, key: u8| {
            // The end of such a value looks like the room that it is written into.
            let change = vec![(vec![key], Some(vec![0; 3000]))];
            world.commit(vec![change]).remove(0).1
        };
        commit(&mut world, 1).unwrap();
        disk.fail_in(1, Fault::Enospc);
        let answer = commit(&mut world, 2);
        let found = World::open(&disk.after_kill(), Options::default()).unwrap().contents().unwrap();
        match answer {
            Ok(()) => assert_eq!(found.len(), 2, "seed {seed}"),
            Err(Error::Full) => {
                refused += 1;
                assert_eq!(found.len(), 1, "seed {seed}");
            }
            Err(_) => {}
        }
    }
    assert!(refused > 0, "no write met the full disk");
}

#[test]
fn a_blob_that_a_killed_process_left_is_on_disk_once_it_is_stored_again() {
    for seed in 0..20 {
        let disk = FaultDisk::new(seed);
        // The fifth step of storing a blob is to sync the directory.
        disk.fail_in(5, Fault::Crash);
        Blobs::open(Arc::new(disk.clone())).unwrap().put(b"code").unwrap_err();
        let disk = disk.after_kill();
        let id = Blobs::open(Arc::new(disk.clone())).unwrap().put(b"code").unwrap();
        let found = Blobs::open(Arc::new(disk.after_power_loss())).unwrap().read(&id).unwrap();
        assert_eq!(found.as_deref(), Some(b"code".as_slice()), "seed {seed}");
    }
}

#[test]
fn waits_for_the_keeper_under_load() {
    let disk = FaultDisk::new(3);
    let store = open(&disk).unwrap();
    (0..2000).for_each(|n| put(&store, n).unwrap());
    assert_eq!(count(&store), 2000);
    store.close().unwrap();
    drop(store);
    assert!(verify::closed_store(&disk, "simulated").unwrap().is_sound());
    let store = open(&disk).unwrap();
    assert_eq!((count(&store), store.recovery().replayed_records), (2000, 0));
    assert!(store.recovery().runs < 16, "{:?}", store.recovery());
}

#[test]
fn a_lost_segment_is_damage() {
    let disk = FaultDisk::new(4);
    let mut world = World::open(&disk, Options { log_bytes: 1, ..Options::default() }).unwrap();
    for n in 0..3u8 {
        let change = vec![(vec![n], Some(vec![n]))];
        assert!(world.commit(vec![change]).iter().all(|(_, answer)| answer.is_ok()));
    }
    let logs: Vec<String> = disk.files().into_iter().map(|(path, _)| path).filter(|p| p.starts_with("log/")).collect();
    assert_eq!(logs.len(), 2, "one segment waits for the keeper, the other one goes on");
    let killed = disk.after_kill();
    crate::storage::Storage::remove(&killed, &logs[0]).unwrap();
    assert!(matches!(open(&killed), Err(Error::Corrupt { .. })));
}
