//! Where an event stands, in an order that all readers share, and the page tokens made of it.

/// The place of an event: by time, then stream, row and number in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Position {
    pub time_ms: u64,
    pub stream: u64,
    pub row: u64,
    pub index: u64,
}

impl Position {
    /// 56 digits, the shape of AWS' event ids and of its tokens' middle part.
    pub fn digits(self) -> String {
        let Position { time_ms, stream, row, index } = self;
        format!("{time_ms:016}{stream:014}{row:014}{index:012}")
    }

    /// Reads those digits.
    pub fn parse(digits: &str) -> Option<Position> {
        let plain = digits.len() == 56 && digits.bytes().all(|b| b.is_ascii_digit());
        let number = |range: std::ops::Range<usize>| digits[range].parse().ok();
        if !plain {
            return None;
        }
        Some(Position {
            time_ms: number(0..16)?,
            stream: number(16..30)?,
            row: number(30..44)?,
            index: number(44..56)?,
        })
    }
}

/// A gap between two events, where a reader stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// The token to read on forward (`f`) or backward (`b`) from here.
    pub fn token(self, direction: char) -> String {
        match self {
            Bound::Before(place) => format!("{direction}/{}/a", place.digits()),
            Bound::Behind(place) => format!("{direction}/{}/s", place.digits()),
        }
    }

    /// Reads a token of this direction.
    pub fn parse(token: &str, direction: char) -> Option<Bound> {
        let (digits, side) = token.strip_prefix(direction)?.strip_prefix('/')?.split_once('/')?;
        let place = Position::parse(digits)?;
        match side {
            "a" => Some(Bound::Before(place)),
            "s" => Some(Bound::Behind(place)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_round_trip() {
        let place = Position { time_ms: 1_795_253_400_000, stream: 7, row: 3, index: 12 };
        for bound in [Bound::Before(place), Bound::Behind(place)] {
            assert_eq!(Bound::parse(&bound.token('f'), 'f'), Some(bound));
            assert_eq!(Bound::parse(&bound.token('f'), 'b'), None);
        }
        assert_eq!(place.digits().len(), 56);
        assert!(Bound::Before(place).is_before(place) && !Bound::Behind(place).is_before(place));
    }

    #[test]
    fn refuses_other_tokens() {
        for token in
            ["", "f", "f/", "f/1/s", "f/é/s", &format!("f/{}/x", "0".repeat(56)), &format!("f/{}/s", "é".repeat(28))]
        {
            assert_eq!(Bound::parse(token, 'f'), None, "{token}");
        }
    }
}
