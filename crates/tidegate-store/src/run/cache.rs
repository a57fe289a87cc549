//! Blocks that were read lately. Two generations: what is used in the old one moves into the young one, and when that
//! is full, the old one is dropped and the young one becomes old.

use super::block::Block;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

type Blocks = HashMap<(u64, u64), Arc<Block>>;

#[derive(Default)]
struct Generations {
    young: Blocks,
    young_bytes: usize,
    old: Blocks,
}

/// A bounded cache of blocks, by run and offset.
pub(crate) struct Cache {
    generations: Mutex<Generations>,
    generation_bytes_max: usize,
}

impl Cache {
    /// A cache that holds at most about this many bytes.
    pub(crate) fn new(bytes_max: usize) -> Cache {
        Cache { generations: Mutex::default(), generation_bytes_max: bytes_max / 2 }
    }

    pub(super) fn get(&self, run: u64, offset: u64) -> Option<Arc<Block>> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(block) = generations.young.get(&(run, offset)) {
            return Some(block.clone());
        }
        let block = generations.old.remove(&(run, offset))?;
        self.add(&mut generations, (run, offset), block.clone());
        Some(block)
    }

    pub(super) fn put(&self, run: u64, offset: u64, block: Arc<Block>) {
        self.add(&mut self.generations.lock().unwrap_or_else(PoisonError::into_inner), (run, offset), block);
    }

    fn add(&self, generations: &mut Generations, place: (u64, u64), block: Arc<Block>) {
        let size_bytes = block.size_bytes();
        if size_bytes > self.generation_bytes_max {
            return;
        }
        if generations.young_bytes + size_bytes > self.generation_bytes_max {
            generations.old = std::mem::take(&mut generations.young);
            generations.young_bytes = 0;
        }
        if generations.young.insert(place, block).is_none() {
            generations.young_bytes += size_bytes;
        }
    }
}
