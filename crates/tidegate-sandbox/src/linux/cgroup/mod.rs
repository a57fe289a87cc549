//! Control groups: limits and counts for all processes of a sandbox together. Version 1, version 2, both at once, or
//! none: what there is, is used.

mod find;
mod group;
mod two;

pub(crate) use find::hierarchies;
pub(crate) use group::Group;

use std::path::PathBuf;

/// Where groups can be made for each purpose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hierarchies {
    pub memory: Option<Place>,
    pub cpu: Option<Place>,
    pub cpu_count: Option<Place>,
    pub pids: Option<Place>,
    pub freezer: Option<Place>,
}

/// A folder in which groups can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub folder: PathBuf,
    pub version: Version,
}

/// The two interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    One,
    Two,
}

impl Hierarchies {
    /// All places, each once.
    fn places(&self) -> Vec<&Place> {
        let mut places: Vec<&Place> = Vec::new();
        for place in [&self.memory, &self.cpu, &self.cpu_count, &self.pids, &self.freezer].into_iter().flatten() {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }
}
