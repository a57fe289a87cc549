//! The tree against the standard library's map.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn key(n: u16) -> Bytes {
    n.to_be_bytes().as_slice().into()
}

fn contents(tree: &Tree) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut position = tree.first_from(Bound::Unbounded);
    while let Some(mut p) = position {
        found.push(p.entry().clone());
        position = if p.forward() { Some(p) } else { tree.first_from(Bound::Excluded(&found[found.len() - 1].0)) };
    }
    found
}

proptest! {
    #[test]
    fn behaves_as_a_map(changes in prop::collection::vec((0u16..400, prop::option::weighted(0.6, any::<u8>())), 0..1500)) {
        let (mut tree, mut map) = (Tree::default(), BTreeMap::new());
        let mut kept = Vec::new();
        for (n, (k, v)) in changes.into_iter().enumerate() {
            match v {
                Some(v) => {
                    tree.insert(key(k), Some([v].as_slice().into()));
                    map.insert(key(k), Some([v].as_slice().into()));
                }
                None => {
                    tree.remove(&key(k));
                    map.remove(&key(k));
                }
            }
            if n % 200 == 0 {
                kept.push((tree.clone(), map.clone()));
            }
        }
        kept.push((tree, map));
        for (tree, map) in kept {
            let expected: Vec<Entry> = map.clone().into_iter().collect();
            prop_assert_eq!(contents(&tree), expected);
            prop_assert_eq!(tree.len(), map.len());
            for k in 0..400 {
                prop_assert_eq!(tree.get(&key(k)), map.get(&key(k)));
                let k = key(k);
                let first = tree.first_from(Bound::Excluded(&k)).map(|p| p.entry().clone());
                let model = map.range::<Bytes, _>((Bound::Excluded(&k), Bound::Unbounded)).next();
                prop_assert_eq!(first, model.map(|(k, v)| (k.clone(), v.clone())));
                let last = tree.last_to(Bound::Excluded(&k)).map(|p| p.entry().clone());
                let model = map.range::<Bytes, _>((Bound::Unbounded, Bound::Excluded(&k))).next_back();
                prop_assert_eq!(last, model.map(|(k, v)| (k.clone(), v.clone())));
            }
        }
    }
}
