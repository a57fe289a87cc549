//! One bit of the data directory is turned over: every answer is an error or right.

use super::world::{Model, TABLE, World, apply, key, options, value};
use crate::{
    Blobs, Error,
    blobs::BlobId,
    fault::{FaultDisk, Random},
    store::Options,
    verify,
    writer::Commit,
};
use std::sync::Arc;

/// In each of the stores that every run makes: 10,000 in all.
const FLIPS: u64 = 10_000 / super::SEEDS;

/// In each further store: there the stores differ, rather than the flips.
const FURTHER_FLIPS: u64 = 5;

pub(super) fn flip_bits(seed: u64) {
    let mut random = Random::new(seed);
    let options = options(&mut random);
    let disk = FaultDisk::new(seed);
    let (model, blob) = fill(&disk, &options, &mut random);
    let files: Vec<_> = disk.files().into_iter().filter(|(_, len)| *len > 0).collect();
    for _ in 0..if seed < super::SEEDS { FLIPS } else { FURTHER_FLIPS } {
        let (path, len) = &files[random.below(files.len() as u64) as usize];
        let (byte, bit) = (random.below(*len as u64) as usize, random.below(8) as u8);
        let damaged = disk.copy();
        damaged.flip(path, byte, bit);
        let noticed = check(&damaged, &options, &model, &blob);
        let reported = reported(&damaged, path);
        // What the check does not see must not matter; what was noticed it must see.
        assert!(reported || !noticed, "{path}, byte {byte}, bit {bit}: noticed, but not in the report");
    }
}

/// Whether the damage is in the report; panics if the report does not say where it is.
fn reported(disk: &FaultDisk, path: &str) -> bool {
    let damage = match verify::closed_store(disk, "simulated") {
        Ok(report) => report.damage,
        Err(error) => vec![error],
    };
    for error in &damage {
        match error {
            Error::Corrupt { file, range, .. } => {
                assert!(file == path && !range.is_empty(), "{path} is damaged: {error}")
            }
            // The number of the format is text that has no checksum, because any later program must be able to read it.
            Error::NewerFormat { .. } => assert_eq!(path, "FORMAT"),
            other => panic!("{path} is damaged: {other}"),
        }
    }
    !damage.is_empty()
}

/// A store that was killed, with runs, a log to replay, and a blob.
fn fill(disk: &FaultDisk, options: &Options, random: &mut Random) -> (Model, (BlobId, Vec<u8>)) {
    let mut world = World::open(disk, options.clone()).expect("an empty disk opens");
    let blob = value(random);
    let blobs = Blobs::open(Arc::new(disk.clone())).expect("nothing fails");
    let id = blobs.put(&blob).expect("nothing fails");
    let mut model = Model::new();
    for round in 0..30 {
        let changes: Vec<_> = (0..4).map(|_| (key(random), (!random.chance(4)).then(|| value(random)))).collect();
        while world.commit(vec![changes.clone()]).remove(0).1.is_err() {
            // There is no room in memory until something moves into a run.
            assert!(world.keeper.flush().expect("nothing fails"), "a commit fails without a cause");
        }
        apply(&mut model, &changes);
        if round < 25 {
            world.keeper.flush().expect("nothing fails");
            world.keeper.compact().expect("nothing fails");
        }
    }
    (model, (id, blob))
}

/// Whether the damage was noticed; panics if it led to a wrong answer.
fn check(disk: &FaultDisk, options: &Options, model: &Model, blob: &(BlobId, Vec<u8>)) -> bool {
    // Opening may change files; the report is made from the disk as it was.
    let disk = disk.copy();
    let Ok(world) = World::open(&disk, options.clone()) else { return true };
    let snapshot = world.log_side.newest();
    let mut noticed = false;
    for n in 0..300 {
        let key = format!("{n:x}").into_bytes().repeat(1 + n % 3);
        match snapshot.get(&TABLE, &key) {
            Ok(found) => assert_eq!(found.map(|raw| raw.0).as_ref(), model.get(&key), "{}", key.escape_ascii()),
            Err(_) => noticed = true,
        }
    }
    match world.contents() {
        Ok(contents) => assert!(contents == *model, "a scan gives wrong entries"),
        Err(_) => noticed = true,
    }
    match Blobs::open(Arc::new(disk)).and_then(|blobs| blobs.read(&blob.0)) {
        Ok(bytes) => assert_eq!(bytes.as_ref(), Some(&blob.1), "a blob is wrong"),
        Err(_) => noticed = true,
    }
    noticed
}
