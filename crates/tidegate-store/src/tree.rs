//! An ordered map in memory whose copies are free: clones share their nodes, and a change copies only the nodes on its
//! way. It holds what is not yet in a run, and everything of a store that lives in memory only.

use std::{ops::Bound, sync::Arc};

/// Most entries of a node; few in this crate's own tests, so that their trees are deep.
const WIDTH: usize = if cfg!(test) { 4 } else { 48 };

/// What an entry costs on top of its bytes, roughly; for [`Tree::size_bytes`].
const ENTRY_OVERHEAD_BYTES: usize = 96;

/// A key or a value.
pub(crate) type Bytes = Arc<[u8]>;

/// A key with its value; `None` hides an older value of the key that lies in a run.
pub(crate) type Entry = (Bytes, Option<Bytes>);

#[derive(Clone)]
pub(crate) enum Node {
    Leaf(Vec<Entry>),
    /// `keys[i]` is at most the first key of `children[i + 1]`, and above all of `children[i]`.
    Branch {
        keys: Vec<Bytes>,
        children: Vec<Arc<Node>>,
    },
}

/// A position in a tree: a leaf, and the entry's place in it.
pub(crate) struct Position {
    leaf: Arc<Node>,
    index: usize,
}

impl Position {
    pub(crate) fn entry(&self) -> &Entry {
        match &*self.leaf {
            Node::Leaf(entries) => &entries[self.index],
            Node::Branch { .. } => unreachable!("a position always holds a leaf"),
        }
    }

    /// The next position in the same leaf.
    pub(crate) fn forward(&mut self) -> bool {
        let Node::Leaf(entries) = &*self.leaf else { return false };
        let more = self.index + 1 < entries.len();
        self.index += usize::from(more);
        more
    }

    /// The position before it in the same leaf.
    pub(crate) fn backward(&mut self) -> bool {
        let more = self.index > 0;
        self.index -= usize::from(more);
        more
    }
}

#[derive(Clone)]
pub(crate) struct Tree {
    root: Arc<Node>,
    size_bytes: usize,
    len: usize,
}

impl Default for Tree {
    fn default() -> Tree {
        Tree { root: Arc::new(Node::Leaf(Vec::new())), size_bytes: 0, len: 0 }
    }
}

impl Tree {
    /// About how much memory the entries take.
    pub(crate) fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) fn get(&self, key: &[u8]) -> Option<&Option<Bytes>> {
        let mut node = &self.root;
        loop {
            match &**node {
                Node::Leaf(entries) => {
                    let found = entries.binary_search_by(|(k, _)| (**k).cmp(key)).ok()?;
                    return Some(&entries[found].1);
                }
                Node::Branch { keys, children } => node = &children[child_of(keys, key)],
            }
        }
    }

    pub(crate) fn insert(&mut self, key: Bytes, value: Option<Bytes>) {
        self.size_bytes += entry_bytes(&key, &value);
        let (replaced, split) = insert(&mut self.root, key.clone(), value);
        match replaced {
            Some(old) => self.size_bytes -= entry_bytes(&key, &old),
            None => self.len += 1,
        }
        if let Some((key, right)) = split {
            let left = self.root.clone();
            self.root = Arc::new(Node::Branch { keys: vec![key], children: vec![left, right] });
        }
    }

    /// Takes the entry out; where a run may hold an older value, insert `None` instead.
    pub(crate) fn remove(&mut self, key: &[u8]) {
        let Some(old) = self.get(key) else { return };
        self.size_bytes -= key.len() + old.as_ref().map_or(0, |v| v.len()) + ENTRY_OVERHEAD_BYTES;
        self.len -= 1;
        remove(&mut self.root, key);
        while let Node::Branch { children, .. } = &*self.root {
            match children.len() {
                0 => self.root = Arc::new(Node::Leaf(Vec::new())),
                1 => self.root = children[0].clone(),
                _ => break,
            }
        }
    }

    /// The first entry at or behind the bound.
    pub(crate) fn first_from(&self, from: Bound<&[u8]>) -> Option<Position> {
        first_from(&self.root, from)
    }

    /// The last entry at or before the bound.
    pub(crate) fn last_to(&self, to: Bound<&[u8]>) -> Option<Position> {
        last_to(&self.root, to)
    }
}

fn entry_bytes(key: &[u8], value: &Option<Bytes>) -> usize {
    key.len() + value.as_ref().map_or(0, |v| v.len()) + ENTRY_OVERHEAD_BYTES
}

fn child_of(keys: &[Bytes], key: &[u8]) -> usize {
    keys.partition_point(|k| **k <= *key)
}

type Split = Option<(Bytes, Arc<Node>)>;

/// Puts the entry below the node; gives the value that was there, and the right half if the node had to be split.
fn insert(node: &mut Arc<Node>, key: Bytes, value: Option<Bytes>) -> (Option<Option<Bytes>>, Split) {
    match Arc::make_mut(node) {
        Node::Leaf(entries) => match entries.binary_search_by(|(k, _)| k.cmp(&key)) {
            Ok(found) => (Some(std::mem::replace(&mut entries[found].1, value)), None),
            Err(place) => {
                entries.insert(place, (key, value));
                (None, split_leaf(entries, place))
            }
        },
        Node::Branch { keys, children } => {
            let place = child_of(keys, &key);
            let (replaced, split) = insert(&mut children[place], key, value);
            if let Some((key, right)) = split {
                keys.insert(place, key);
                children.insert(place + 1, right);
            }
            (replaced, split_branch(keys, children))
        }
    }
}

fn split_leaf(entries: &mut Vec<Entry>, place: usize) -> Split {
    if entries.len() <= WIDTH {
        return None;
    }
    // Keys often arrive in order; a full left half then wastes no room.
    let at = if place + 1 == entries.len() { entries.len() - 1 } else { entries.len() / 2 };
    let right = entries.split_off(at);
    Some((right[0].0.clone(), Arc::new(Node::Leaf(right))))
}

fn split_branch(keys: &mut Vec<Bytes>, children: &mut Vec<Arc<Node>>) -> Split {
    if children.len() <= WIDTH {
        return None;
    }
    let at = children.len() / 2;
    let right_children = children.split_off(at);
    let right_keys = keys.split_off(at);
    let middle = keys.pop().expect("a branch has one key less than children, and half of them is more than one");
    Some((middle, Arc::new(Node::Branch { keys: right_keys, children: right_children })))
}

fn remove(node: &mut Arc<Node>, key: &[u8]) {
    match Arc::make_mut(node) {
        Node::Leaf(entries) => {
            if let Ok(found) = entries.binary_search_by(|(k, _)| (**k).cmp(key)) {
                entries.remove(found);
            }
        }
        Node::Branch { keys, children } => {
            let place = child_of(keys, key);
            remove(&mut children[place], key);
            if children[place].is_empty() {
                children.remove(place);
                if !keys.is_empty() {
                    keys.remove(place.saturating_sub(1));
                }
            }
        }
    }
}

impl Node {
    fn is_empty(&self) -> bool {
        match self {
            Node::Leaf(entries) => entries.is_empty(),
            Node::Branch { children, .. } => children.is_empty(),
        }
    }
}

fn first_from(node: &Arc<Node>, from: Bound<&[u8]>) -> Option<Position> {
    match &**node {
        Node::Leaf(entries) => {
            let index = entries.partition_point(|(k, _)| match from {
                Bound::Included(from) => **k < *from,
                Bound::Excluded(from) => **k <= *from,
                Bound::Unbounded => false,
            });
            (index < entries.len()).then(|| Position { leaf: node.clone(), index })
        }
        Node::Branch { keys, children } => {
            let first = match from {
                Bound::Included(from) | Bound::Excluded(from) => child_of(keys, from),
                Bound::Unbounded => 0,
            };
            children[first..].iter().find_map(|child| first_from(child, from))
        }
    }
}

fn last_to(node: &Arc<Node>, to: Bound<&[u8]>) -> Option<Position> {
    match &**node {
        Node::Leaf(entries) => {
            let count = entries.partition_point(|(k, _)| match to {
                Bound::Included(to) => **k <= *to,
                Bound::Excluded(to) => **k < *to,
                Bound::Unbounded => true,
            });
            (count > 0).then(|| Position { leaf: node.clone(), index: count - 1 })
        }
        Node::Branch { keys, children } => {
            let last = match to {
                Bound::Included(to) | Bound::Excluded(to) => child_of(keys, to),
                Bound::Unbounded => children.len() - 1,
            };
            children[..=last].iter().rev().find_map(|child| last_to(child, to))
        }
    }
}

#[cfg(test)]
mod tests;
