//! A store whose threads are driven by hand, and what it should hold.

use crate::{
    Error, Raw, Recovery, Table, Transaction,
    engine::{self, Keeper, LogSide},
    fault::{FaultDisk, Random},
    queue::{Call, Job},
    store::Options,
    writer::{Commit, commit_group},
};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

pub(in crate::tests) const TABLE: Table<Vec<u8>, Raw> = Table::new("sim.t");

/// What the table should hold.
pub(in crate::tests) type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// One change: a key, and its value unless it is deleted.
pub(in crate::tests) type Change = (Vec<u8>, Option<Vec<u8>>);

pub(in crate::tests) fn apply(model: &mut Model, changes: &[Change]) {
    for (key, value) in changes {
        match value {
            Some(value) => drop(model.insert(key.clone(), value.clone())),
            None => drop(model.remove(key)),
        }
    }
}

/// Small sizes, so that everything that has a border meets it often.
pub(in crate::tests) fn options(random: &mut Random) -> Options {
    Options {
        cache_bytes: random.below(3) as usize * 2048,
        recent_bytes: 1024 + random.below(8192) as usize,
        log_bytes: 1024 + random.below(8192),
        log_step_bytes: 512 << random.below(4),
        block_bytes: 64 << random.below(5),
    }
}

pub(in crate::tests) fn key(random: &mut Random) -> Vec<u8> {
    let n = random.below(300);
    // Keys of different lengths, some of them beginnings of others.
    format!("{n:x}").into_bytes().repeat(1 + (n % 3) as usize)
}

pub(in crate::tests) fn value(random: &mut Random) -> Vec<u8> {
    let len = if random.chance(20) { random.below(6000) } else { random.below(120) };
    let first = random.next();
    (0..len).map(|n| (first >> (n % 8 * 8)) as u8).collect()
}

/// An open engine.
pub(in crate::tests) struct World {
    pub(in crate::tests) log_side: LogSide,
    pub(in crate::tests) keeper: Keeper,
    pub(in crate::tests) recovery: Recovery,
}

/// What became of one transaction.
type Answer = Arc<Mutex<Option<Result<(), Error>>>>;

impl World {
    pub(in crate::tests) fn open(disk: &FaultDisk, options: Options) -> Result<World, Error> {
        let (log_side, keeper, recovery) = engine::open(Arc::new(disk.clone()), "simulated", options)?;
        Ok(World { log_side, keeper, recovery })
    }

    /// Commits transactions as one group; each is given back with its answer.
    pub(in crate::tests) fn commit(&mut self, transactions: Vec<Vec<Change>>) -> Vec<(Vec<Change>, Result<(), Error>)> {
        let answers: Vec<Answer> = transactions.iter().map(|_| Answer::default()).collect();
        let mut jobs: VecDeque<Box<dyn Job>> = VecDeque::new();
        for (changes, answer) in transactions.iter().zip(&answers) {
            let (changes, answer) = (changes.clone(), answer.clone());
            let closure = move |tx: &mut Transaction| write(tx, &changes);
            jobs.push_back(Box::new(Call::new(closure, move |given| *answer.lock().unwrap() = Some(given))));
        }
        commit_group(&mut jobs, &mut self.log_side);
        assert!(jobs.is_empty(), "a few small transactions fit into one group");
        self.log_side.settle();
        let answers = answers.iter().map(|answer| answer.lock().unwrap().take().expect("each job is answered"));
        transactions.into_iter().zip(answers).collect()
    }

    /// Everything in the table, in order.
    pub(in crate::tests) fn contents(&self) -> Result<Model, Error> {
        let snapshot = self.log_side.newest();
        snapshot.scan(&TABLE, ()).map(|entry| entry.map(|(key, value)| (key, value.0))).collect()
    }

    /// What a stop does.
    pub(in crate::tests) fn close(&mut self) -> Result<(), Error> {
        self.keeper.abandon_compaction();
        self.keeper.flush()?;
        self.log_side.freeze();
        self.keeper.flush().map(drop)
    }
}

fn write(tx: &mut Transaction, changes: &[Change]) -> Result<(), Error> {
    for (key, value) in changes {
        match value {
            Some(value) => tx.put(&TABLE, key, &Raw(value.clone()))?,
            None => tx.delete(&TABLE, key)?,
        }
    }
    Ok(())
}
