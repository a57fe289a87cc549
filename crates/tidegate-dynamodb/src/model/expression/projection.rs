//! Projections: which parts of an item an answer shows.

use super::compile;
use super::parser;
use super::path::{Clash, Part, Path};
use super::problem::Problem;
use super::substitutions::Substitutions;
use crate::model::{AttributeValue, Attributes};
use std::collections::BTreeMap;

/// Paths that do not get in each other's way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Projection(Vec<Path>);

/// Paths by their first step: what of a map or list is wanted.
#[derive(Default)]
struct Wanted<'a> {
    all: bool,
    inner: BTreeMap<&'a Part, Wanted<'a>>,
}

impl Projection {
    /// Reads a `ProjectionExpression`.
    pub fn parse(text: &str, substitutions: &mut Substitutions) -> Result<Projection, Problem> {
        let raw = parser::projection(text)?;
        raw.iter().try_for_each(compile::unreserved)?;
        let paths = raw.iter().map(|p| compile::path(p, substitutions)).collect::<Result<Vec<_>, _>>()?;
        check_clashes(&paths)?;
        Ok(Projection(paths))
    }

    /// Whole attributes.
    pub fn of_attributes(names: Vec<String>) -> Projection {
        Projection(names.into_iter().map(Path::attribute).collect())
    }

    /// The values at these paths.
    pub fn of_paths(paths: Vec<Path>) -> Projection {
        Projection(paths)
    }

    /// The paths.
    pub fn paths(&self) -> &[Path] {
        &self.0
    }

    /// The parts of the item that are wanted; list elements close ranks, as AWS' answers have it.
    pub fn apply(&self, item: &Attributes) -> Attributes {
        let mut by_attribute: BTreeMap<&str, Wanted<'_>> = BTreeMap::new();
        for path in &self.0 {
            let root = by_attribute.entry(&path.attribute).or_default();
            path.steps.iter().fold(root, |wanted, step| wanted.inner.entry(step).or_default()).all = true;
        }
        let shown = by_attribute.iter().filter_map(|(name, wanted)| {
            item.get(name).and_then(|value| wanted.of(value)).map(|value| ((*name).to_owned(), value))
        });
        shown.collect()
    }
}

impl Wanted<'_> {
    fn of(&self, value: &AttributeValue) -> Option<AttributeValue> {
        if self.all {
            return Some(value.clone());
        }
        match value {
            AttributeValue::M(map) => {
                let shown: Attributes = self
                    .inner
                    .iter()
                    .filter_map(|(part, wanted)| match part {
                        Part::Name(name) => Some((name.clone(), wanted.of(map.get(name)?)?)),
                        Part::Index(_) => None,
                    })
                    .collect();
                (!shown.is_empty()).then_some(AttributeValue::M(shown))
            }
            AttributeValue::L(list) => {
                let shown: Vec<_> = self
                    .inner
                    .iter()
                    .filter_map(|(part, wanted)| match part {
                        Part::Index(index) => wanted.of(list.get(*index)?),
                        Part::Name(_) => None,
                    })
                    .collect();
                (!shown.is_empty()).then_some(AttributeValue::L(shown))
            }
            _ => None,
        }
    }
}

/// Complains about paths that get in each other's way; overlaps go before conflicts.
pub fn check_clashes(paths: &[Path]) -> Result<(), Problem> {
    let mut conflict = None;
    for (n, two) in paths.iter().enumerate() {
        for one in &paths[..n] {
            match one.clash(two) {
                Some(Clash::Overlap) => return Err(Problem::Overlap(one.clone(), two.clone())),
                Some(Clash::Conflict) => {
                    conflict = conflict.or_else(|| Some(Problem::Conflict(one.clone(), two.clone())))
                }
                None => {}
            }
        }
    }
    conflict.map_or(Ok(()), Err)
}
