//! Lives of a store: open, work, meet a fault, die in some way, and open again.

use super::world::{Change, Model, TABLE, World, apply, key, options, value};
use crate::{
    Blobs, Error, Raw, Snapshot,
    blobs::BlobId,
    fault::{Fault, FaultDisk, Random},
    verify,
    writer::Commit,
};
use std::{collections::BTreeMap, sync::Arc};

const LIVES: u64 = 4;
const STEPS: u64 = 60;

/// What must be true across lives.
struct Fate {
    random: Random,
    model: Model,
    /// A group whose commit failed in a way that leaves it open whether it is on disk.
    doubtful: Option<Vec<Change>>,
    blobs: BTreeMap<BlobId, Vec<u8>>,
    trace: Vec<u64>,
}

pub(super) fn live_and_die(seed: u64) {
    live_and_die_traced(seed);
}

/// Gives numbers that tell one course of events from another.
pub(super) fn live_and_die_traced(seed: u64) -> Vec<u64> {
    let random = Random::new(seed);
    let mut fate = Fate { random, model: Model::new(), doubtful: None, blobs: BTreeMap::new(), trace: Vec::new() };
    let mut disk = FaultDisk::new(seed ^ 0x5eed);
    for _ in 0..LIVES {
        disk = fate.life(&disk);
    }
    fate.reopen(&disk);
    fate.trace.push(disk.operations());
    fate.trace
}

impl Fate {
    /// One life; gives the disk that the next one finds.
    fn life(&mut self, disk: &FaultDisk) -> FaultDisk {
        self.plan_fault(disk);
        let opened = World::open(disk, options(&mut self.random));
        let Ok(mut world) = opened else {
            // Opening met the fault. What is on disk is as good as before.
            assert!(disk.operations() > 0, "an error without a fault");
            return self.die(disk);
        };
        if !self.settle_doubt(&world) {
            return self.die(disk);
        }
        let blobs = Blobs::open(Arc::new(disk.clone()));
        let steps = self.random.below(STEPS);
        for _ in 0..steps {
            self.step(&mut world);
            if let Ok(blobs) = &blobs {
                self.step_blobs(blobs);
            }
        }
        self.trace.push(disk.operations());
        if self.random.chance(4) { self.stop(disk, &mut world) } else { self.die(disk) }
    }

    fn plan_fault(&mut self, disk: &FaultDisk) {
        let fault = [Fault::Crash, Fault::Crash, Fault::Eio, Fault::Enospc][self.random.below(4) as usize];
        if !self.random.chance(5) {
            disk.fail_in(1 + self.random.below(150), fault);
        }
    }

    fn die(&mut self, disk: &FaultDisk) -> FaultDisk {
        let next = if self.random.chance(3) { disk.after_kill() } else { disk.after_power_loss() };
        if self.random.chance(2) {
            self.reopen(&next.copy());
        }
        next
    }

    /// Opens without faults, where everything must be as it should.
    fn reopen(&mut self, disk: &FaultDisk) {
        if disk.files().iter().any(|(path, _)| path == "MANIFEST") {
            let report = verify::closed_store(disk, "simulated").expect("the files can be listed");
            assert!(report.is_sound(), "{:?}", report.damage);
        }
        let world = World::open(disk, options(&mut self.random)).expect("a disk that only lost power opens");
        let runs = disk.files().iter().filter(|(path, _)| path.starts_with("runs/")).count();
        assert_eq!(runs, world.recovery.runs, "files that belong to nobody");
        let contents = world.contents().expect("nothing is damaged");
        self.assert_possible(&contents);
        let blobs = Blobs::open(Arc::new(disk.clone())).expect("nothing fails");
        for (id, bytes) in &self.blobs {
            assert_eq!(blobs.read(id).expect("nothing is damaged").as_ref(), Some(bytes), "a blob is lost");
        }
    }

    fn assert_possible(&self, contents: &Model) -> bool {
        let with_doubtful = self.doubtful.as_ref().map(|changes| {
            let mut model = self.model.clone();
            apply(&mut model, changes);
            model
        });
        if with_doubtful.as_ref() == Some(contents) {
            return true;
        }
        assert!(*contents == self.model, "{}", difference(&self.model, contents));
        false
    }

    /// Finds out what became of the group in doubt; `false` if the disk has crashed already.
    fn settle_doubt(&mut self, world: &World) -> bool {
        let Ok(contents) = world.contents() else { return false };
        if self.assert_possible(&contents) {
            self.model = contents;
        }
        self.doubtful = None;
        true
    }

    fn step(&mut self, world: &mut World) {
        match self.random.below(10) {
            0..=4 => self.commit(world),
            5 => drop(world.keeper.flush()),
            6 => drop(world.keeper.compact()),
            7 => drop(world.log_side.freeze()),
            8 => self.look_up(&world.log_side.newest()),
            _ => self.scan(&world.log_side.newest()),
        }
    }

    fn commit(&mut self, world: &mut World) {
        let count = 1 + self.random.below(3);
        let transactions: Vec<Vec<Change>> = (0..count).map(|_| self.transaction()).collect();
        let all: Vec<Change> = transactions.concat();
        let answers = world.commit(transactions);
        self.trace.push(answers.len() as u64 * 2 + u64::from(answers[0].1.is_ok()));
        match &answers[0].1 {
            Ok(()) => {
                assert!(answers.iter().all(|(_, answer)| answer.is_ok()), "a group has one answer");
                apply(&mut self.model, &all);
            }
            Err(Error::Full | Error::ReadOnly { .. }) => {}
            Err(Error::Io { .. }) => {
                assert!(self.doubtful.is_none(), "a second failure on a store that should be read-only");
                self.doubtful = Some(all);
                let again = world.commit(vec![self.transaction()]);
                assert!(matches!(again[0].1, Err(Error::ReadOnly { .. })), "{:?}", again[0].1);
            }
            Err(other) => panic!("unexpected answer: {other}"),
        }
    }

    fn transaction(&mut self) -> Vec<Change> {
        let count = 1 + self.random.below(5);
        let random = &mut self.random;
        (0..count).map(|_| (key(random), (!random.chance(3)).then(|| value(random)))).collect()
    }

    fn look_up(&mut self, snapshot: &Snapshot) {
        for _ in 0..20 {
            let key = key(&mut self.random);
            // After a crash nothing can be read; before, everything can.
            if let Ok(found) = snapshot.get(&TABLE, &key) {
                assert_eq!(found.map(|raw| raw.0).as_ref(), self.model.get(&key), "{}", key.escape_ascii());
            }
        }
    }

    fn scan(&mut self, snapshot: &Snapshot) {
        let (a, b) = (key(&mut self.random), key(&mut self.random));
        let range = TABLE.all().after(&a).at_most(&b);
        let reverse = self.random.chance(2);
        let scan = if reverse { snapshot.range_rev(&TABLE, range) } else { snapshot.range(&TABLE, range) };
        let Ok(found) = scan.collect::<Result<Vec<(Vec<u8>, Raw)>, _>>() else { return };
        let expected = self.model.iter().filter(|(key, _)| **key > a && **key <= b);
        let mut expected: Vec<(Vec<u8>, Raw)> = expected.map(|(k, v)| (k.clone(), Raw(v.clone()))).collect();
        if reverse {
            expected.reverse();
        }
        assert!(found == expected, "a scan differs from {} to {}", a.escape_ascii(), b.escape_ascii());
    }

    fn step_blobs(&mut self, blobs: &Blobs) {
        if !self.random.chance(12) {
            return;
        }
        // Few different ones, so that some are stored again.
        let bytes = vec![self.random.below(8) as u8; 5000];
        if let Ok(id) = blobs.put(&bytes) {
            self.blobs.insert(id, bytes);
        }
    }

    /// A clean stop, after which the next start has nothing to replay.
    fn stop(&mut self, disk: &FaultDisk, world: &mut World) -> FaultDisk {
        if world.close().is_err() {
            return self.die(disk);
        }
        let next = disk.after_power_loss();
        if self.doubtful.is_none() {
            let again = World::open(&next.copy(), options(&mut self.random)).expect("a stopped store opens");
            assert_eq!(again.recovery.replayed_records, 0, "a clean stop leaves nothing to replay");
        }
        next
    }
}

fn difference(expected: &Model, found: &Model) -> String {
    let missing = expected.iter().filter(|(key, value)| found.get(*key) != Some(value));
    let surplus = found.keys().filter(|key| !expected.contains_key(*key));
    let names = |keys: Vec<&Vec<u8>>| keys.iter().map(|k| k.escape_ascii().to_string()).collect::<Vec<_>>().join(" ");
    format!("lost or changed: {}; come back: {}", names(missing.map(|(k, _)| k).collect()), names(surplus.collect()))
}
