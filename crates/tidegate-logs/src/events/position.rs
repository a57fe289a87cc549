//! Where an event stands, in an order that all readers share; page tokens are made of it.

use serde::{Deserialize, Serialize};

/// The place of an event: by time, then stream, row and number in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub(crate) struct Position {
    pub time_ms: u64,
    pub stream: u64,
    pub row: u64,
    pub index: u64,
}

impl Position {
    /// 56 digits, the shape of AWS' event ids.
    pub fn digits(self) -> String {
        let Position { time_ms, stream, row, index } = self;
        format!("{time_ms:016}{stream:014}{row:014}{index:012}")
    }
}

/// A gap between two events, where a reader stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Bound {
    /// Just before this event's place.
    Before(Position),
    /// Just behind this event's place.
    Behind(Position),
}

impl Bound {
    /// The time of the event beside it.
    pub fn time_ms(self) -> u64 {
        let (Bound::Before(place) | Bound::Behind(place)) = self;
        place.time_ms
    }

    /// Whether the event comes later.
    pub fn is_before(self, position: Position) -> bool {
        match self {
            Bound::Before(place) => place <= position,
            Bound::Behind(place) => place < position,
        }
    }
}
