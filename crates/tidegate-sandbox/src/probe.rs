//! What the system grants, for people and for decisions.

use crate::layer::{Layer, Layers};
use std::fmt;

/// What sandboxes on this system can have.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// Each layer in the order of [`Layer::ALL`].
    pub layers: Vec<Capability>,
}

/// One layer on this system.
#[derive(Clone, Debug)]
pub struct Capability {
    /// Which.
    pub layer: Layer,
    /// Whether sandboxes have it.
    pub available: bool,
    /// A sentence for a person: how it is provided, or what is lost without it.
    pub sentence: String,
}

/// How much of the whole isolation there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// Every layer.
    Full,
    /// Isolated, but without these layers.
    Reduced(Vec<Layer>),
    /// Programs are ordinary processes with limits: no isolation worth the name.
    Portable,
}

impl Capabilities {
    /// The level that follows.
    pub fn level(&self) -> Level {
        let missing: Vec<Layer> = self.layers.iter().filter(|one| !one.available).map(|one| one.layer).collect();
        if missing.is_empty() {
            Level::Full
        } else if missing.contains(&Layer::Mount) || missing.contains(&Layer::Pid) {
            Level::Portable
        } else {
            Level::Reduced(missing)
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Level::Full => f.write_str("full"),
            Level::Portable => f.write_str("portable (no isolation)"),
            Level::Reduced(missing) => {
                let names: Vec<&str> = missing.iter().map(|layer| layer.name()).collect();
                write!(f, "reduced (no {})", names.join(", no "))
            }
        }
    }
}

/// Finds out what sandboxes on this system can have. The first call makes trial sandboxes, which takes some
/// milliseconds; later ones answer from memory.
pub fn probe() -> Capabilities {
    let granted = granted();
    let describe = |layer: Layer| {
        let available = granted.has(layer);
        let with_reason =
            |why: Option<&str>| [Some(layer.without()), why].into_iter().flatten().collect::<Vec<_>>().join("; ");
        let sentence = match (available, layer) {
            (true, _) => provided(layer),
            (false, Layer::User) => with_reason(obstacle()),
            (false, Layer::Memory) => with_reason(groups_obstacle()),
            (false, _) => layer.without().to_owned(),
        };
        Capability { layer, available, sentence }
    };
    Capabilities { layers: Layer::ALL.into_iter().map(describe).collect() }
}

/// The layers that sandboxes have here.
#[cfg(target_os = "linux")]
pub(crate) fn granted() -> Layers {
    crate::linux::probe::granted()
}

#[cfg(target_os = "linux")]
fn provided(layer: Layer) -> String {
    crate::linux::probe::provided(layer)
}

#[cfg(target_os = "linux")]
fn obstacle() -> Option<&'static str> {
    crate::linux::probe::obstacle()
}

#[cfg(target_os = "linux")]
fn groups_obstacle() -> Option<&'static str> {
    crate::linux::probe::groups_obstacle()
}

#[cfg(not(target_os = "linux"))]
fn groups_obstacle() -> Option<&'static str> {
    obstacle()
}

#[cfg(not(target_os = "linux"))]
fn obstacle() -> Option<&'static str> {
    Some("only Linux has it")
}

/// The layers that sandboxes have here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn granted() -> Layers {
    Layers::default()
}

#[cfg(not(target_os = "linux"))]
fn provided(_: Layer) -> String {
    String::new()
}
