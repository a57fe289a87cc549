//! Walking over sorted sources and merging them: the newest source that has a key says what its value is.

use crate::{
    Error,
    tree::{Position, Tree},
};
use std::ops::Bound;

/// The bounds of a walk, as encoded keys.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) start: Bound<Vec<u8>>,
    pub(crate) end: Bound<Vec<u8>>,
    /// From the last key to the first.
    pub(crate) reverse: bool,
}

impl Span {
    /// Every key, in order.
    pub(crate) fn everything() -> Span {
        Span { start: Bound::Unbounded, end: Bound::Unbounded, reverse: false }
    }

    /// Whether a walk that has reached this key is still inside.
    pub(crate) fn reaches(&self, key: &[u8]) -> bool {
        if self.reverse {
            match &self.start {
                Bound::Included(start) => key >= start.as_slice(),
                Bound::Excluded(start) => key > start.as_slice(),
                Bound::Unbounded => true,
            }
        } else {
            match &self.end {
                Bound::Included(end) => key <= end.as_slice(),
                Bound::Excluded(end) => key < end.as_slice(),
                Bound::Unbounded => true,
            }
        }
    }

    /// Where the walk begins.
    pub(crate) fn first(&self) -> Bound<&[u8]> {
        let bound = if self.reverse { &self.end } else { &self.start };
        bound.as_ref().map(|key| key.as_slice())
    }
}

/// A walk over one sorted source.
pub(crate) trait Cursor: Send {
    /// The entry that the walk stands on, or `None` at its end.
    fn current(&self) -> Option<(&[u8], Option<&[u8]>)>;

    /// One entry on.
    fn advance(&mut self) -> Result<(), Error>;
}

/// A walk over a tree, as it was when the walk began.
pub(crate) struct TreeCursor {
    tree: Tree,
    span: Span,
    position: Option<Position>,
}

impl TreeCursor {
    pub(crate) fn new(tree: &Tree, span: &Span) -> TreeCursor {
        let mut cursor = TreeCursor { tree: tree.clone(), span: span.clone(), position: None };
        cursor.seek(span.first());
        cursor
    }

    fn seek(&mut self, from: Bound<&[u8]>) {
        let position = if self.span.reverse { self.tree.last_to(from) } else { self.tree.first_from(from) };
        self.position = position.filter(|p| self.span.reaches(&p.entry().0));
    }
}

impl Cursor for TreeCursor {
    fn current(&self) -> Option<(&[u8], Option<&[u8]>)> {
        let (key, value) = self.position.as_ref()?.entry();
        Some((key, value.as_deref()))
    }

    fn advance(&mut self) -> Result<(), Error> {
        let Some(position) = &mut self.position else { return Ok(()) };
        let last = position.entry().0.clone();
        let moved = if self.span.reverse { position.backward() } else { position.forward() };
        if !moved {
            self.seek(Bound::Excluded(&last));
        } else if !self.span.reaches(&position.entry().0) {
            self.position = None;
        }
        Ok(())
    }
}

/// A stored entry: a key, and its value unless it was deleted.
pub(crate) type Pair = (Vec<u8>, Option<Vec<u8>>);

/// A walk over several sources at once.
pub(crate) struct Merge {
    /// Newest first.
    cursors: Vec<Box<dyn Cursor>>,
    reverse: bool,
}

impl Merge {
    pub(crate) fn new(cursors: Vec<Box<dyn Cursor>>, reverse: bool) -> Merge {
        Merge { cursors, reverse }
    }

    /// The next key with its newest value; deleted ones, too.
    pub(crate) fn next_pair(&mut self) -> Result<Option<Pair>, Error> {
        let Some((key, value)) = self.best() else { return Ok(None) };
        let pair = (key.to_vec(), value.map(<[u8]>::to_vec));
        for cursor in &mut self.cursors {
            if cursor.current().is_some_and(|(key, _)| key == pair.0) {
                cursor.advance()?;
            }
        }
        Ok(Some(pair))
    }

    fn best(&self) -> Option<(&[u8], Option<&[u8]>)> {
        // `min_by` keeps the first of equals, `max_by` the last: both give the newest source.
        let entries = self.cursors.iter().filter_map(|c| c.current());
        if self.reverse { entries.rev().max_by(|a, b| a.0.cmp(b.0)) } else { entries.min_by(|a, b| a.0.cmp(b.0)) }
    }
}
