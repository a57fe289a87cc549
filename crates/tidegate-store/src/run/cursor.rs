//! Walking over a run.

use super::{Run, block::Block};
use crate::{
    Error,
    cursor::{Cursor, Span},
};
use std::{ops::Bound, sync::Arc};

/// A walk over the entries of a run, in either direction.
pub(crate) struct RunCursor {
    run: Arc<Run>,
    span: Span,
    /// Whether blocks go into the cache.
    cached: bool,
    number: usize,
    block: Option<Arc<Block>>,
    at: usize,
    key: Vec<u8>,
}

impl RunCursor {
    /// A walk over a range, through the cache.
    pub(crate) fn new(run: &Arc<Run>, span: &Span) -> Result<RunCursor, Error> {
        RunCursor::start(run, span, true)
    }

    /// A walk over everything, past the cache.
    pub(crate) fn everything(run: &Arc<Run>) -> Result<RunCursor, Error> {
        RunCursor::start(run, &Span::everything(), false)
    }

    fn start(run: &Arc<Run>, span: &Span, cached: bool) -> Result<RunCursor, Error> {
        let (run, span) = (run.clone(), span.clone());
        let mut cursor = RunCursor { run, span, cached, number: 0, block: None, at: 0, key: Vec::new() };
        if cursor.run.index().len() > 0 {
            cursor.seek()?;
        }
        Ok(cursor)
    }

    fn seek(&mut self) -> Result<(), Error> {
        let index = self.run.index();
        let first = self.span.first();
        self.number = match first {
            Bound::Included(key) | Bound::Excluded(key) => index.block_of(key),
            Bound::Unbounded if self.span.reverse => index.len() - 1,
            Bound::Unbounded => 0,
        };
        let (first, reverse) = (first.map(<[u8]>::to_vec), self.span.reverse);
        let block = self.load()?;
        let below = match &first {
            Bound::Included(key) | Bound::Excluded(key) => block.lower_bound(key),
            Bound::Unbounded => Some(if reverse { block.count() } else { 0 }),
        };
        let below = below.ok_or_else(|| self.run.damage(self.number))?;
        let hit = match &first {
            Bound::Included(key) | Bound::Excluded(key) => {
                below < block.count() && block.is_at(below, key) == Some(true)
            }
            Bound::Unbounded => false,
        };
        let included = matches!(first, Bound::Included(_));
        match (reverse, hit) {
            (false, _) => self.stand_at_or_after(below + usize::from(hit && !included)),
            (true, true) if included => self.stand_before(below + 1),
            (true, _) => self.stand_before(below),
        }
    }

    fn load(&mut self) -> Result<Arc<Block>, Error> {
        let block = if self.cached { self.run.block(self.number)? } else { self.run.read_block(self.number)? };
        self.block = Some(block.clone());
        Ok(block)
    }

    fn stand_at_or_after(&mut self, at: usize) -> Result<(), Error> {
        let Some(block) = &self.block else { return Ok(()) };
        if at < block.count() {
            return self.stand(at);
        }
        if self.number + 1 == self.run.index().len() {
            self.block = None;
            return Ok(());
        }
        self.number += 1;
        self.load()?;
        self.stand(0)
    }

    fn stand_before(&mut self, at: usize) -> Result<(), Error> {
        if at > 0 {
            return self.stand(at - 1);
        }
        if self.number == 0 {
            self.block = None;
            return Ok(());
        }
        self.number -= 1;
        let last = self.load()?.count() - 1;
        self.stand(last)
    }

    fn stand(&mut self, at: usize) -> Result<(), Error> {
        let Some(block) = &self.block else { return Ok(()) };
        let (rest, _) = block.entry(at).ok_or_else(|| self.run.damage(self.number))?;
        self.at = at;
        self.key.clear();
        self.key.extend_from_slice(block.prefix());
        self.key.extend_from_slice(rest);
        if !self.span.reaches(&self.key) {
            self.block = None;
        }
        Ok(())
    }
}

impl Cursor for RunCursor {
    fn current(&self) -> Option<(&[u8], Option<&[u8]>)> {
        // That the entry can be read was seen when the walk came to it.
        let (_, value) = self.block.as_ref()?.entry(self.at)?;
        Some((&self.key, value))
    }

    fn advance(&mut self) -> Result<(), Error> {
        if self.span.reverse { self.stand_before(self.at) } else { self.stand_at_or_after(self.at + 1) }
    }
}
