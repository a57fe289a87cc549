//! What requests consume.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>

use crate::json::Writer;
use crate::request::ReturnCapacity;
use crate::schema::Entry;

/// Units that one request used of a table and its indexes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Consumed {
    /// The table's own.
    pub table: f64,
    /// Index, whether it is global, and its units.
    pub indexes: Vec<(String, bool, f64)>,
}

/// Whether units are of reading or of writing; transactions tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Told without direction.
    Plain,
    /// Read units.
    Read,
    /// Write units.
    Write,
}

/// Units for reading this many bytes: one for each 4 KB, half of that without strong consistency, never none.
pub fn read_units(bytes: usize, consistent: bool) -> f64 {
    let units = bytes.div_ceil(4096).max(1) as f64;
    if consistent { units } else { units / 2.0 }
}

/// Units for writing this many bytes: one for each KB, never none.
pub fn write_units(bytes: usize) -> f64 {
    bytes.div_ceil(1024).max(1) as f64
}

impl Consumed {
    /// Of the table alone.
    pub fn of_table(units: f64) -> Consumed {
        Consumed { table: units, indexes: Vec::new() }
    }

    /// Of one index alone.
    pub fn of_index(name: &str, global: bool, units: f64) -> Consumed {
        Consumed { table: 0.0, indexes: vec![(name.to_owned(), global, units)] }
    }

    /// Counts an index entry's change: two writes for a move, one for all others, none where nothing changed.
    pub fn index_change(&mut self, name: &str, global: bool, before: Option<&Entry>, after: Option<&Entry>) {
        let units = match (before, after) {
            (None, None) => return,
            (Some(one), None) | (None, Some(one)) => write_units(one.size),
            (Some(a), Some(b)) if a == b => return,
            (Some(a), Some(b)) if a.key == b.key => write_units(a.size.max(b.size)),
            (Some(a), Some(b)) => write_units(a.size) + write_units(b.size),
        };
        self.add_index(name, global, units);
    }

    fn add_index(&mut self, name: &str, global: bool, units: f64) {
        match self.indexes.iter_mut().find(|(n, ..)| n == name) {
            Some((.., sum)) => *sum += units,
            None => self.indexes.push((name.to_owned(), global, units)),
        }
    }

    /// Adds what another part of the request used.
    pub fn add(&mut self, other: &Consumed) {
        self.table += other.table;
        other.indexes.iter().for_each(|(name, global, units)| self.add_index(name, *global, *units));
    }

    /// The sum.
    pub fn total(&self) -> f64 {
        self.table + self.indexes.iter().map(|(.., units)| units).sum::<f64>()
    }

    /// Writes it as the API's `ConsumedCapacity`.
    pub fn write(&self, w: &mut Writer, table: &str, wanted: ReturnCapacity, direction: Direction) {
        w.open_object().key("TableName").string(table);
        write_amount(w, self.total(), direction);
        if wanted == ReturnCapacity::Indexes {
            w.key("Table").open_object();
            write_amount(w, self.table, direction);
            w.close_object();
            self.write_indexes(w, "LocalSecondaryIndexes", false, direction);
            self.write_indexes(w, "GlobalSecondaryIndexes", true, direction);
        }
        w.close_object();
    }

    /// Writes the answer's `ConsumedCapacity` member, if it was asked for.
    pub fn write_member(&self, w: &mut Writer, table: &str, wanted: ReturnCapacity) {
        if wanted != ReturnCapacity::None {
            self.write(w.key("ConsumedCapacity"), table, wanted, Direction::Plain);
        }
    }

    fn write_indexes(&self, w: &mut Writer, member: &str, global: bool, direction: Direction) {
        if !self.indexes.iter().any(|(_, g, _)| *g == global) {
            return;
        }
        w.key(member).open_object();
        for (name, _, units) in self.indexes.iter().filter(|(_, g, _)| *g == global) {
            w.key(name).open_object();
            write_amount(w, *units, direction);
            w.close_object();
        }
        w.close_object();
    }
}

fn write_amount(w: &mut Writer, units: f64, direction: Direction) {
    w.key("CapacityUnits").units(units);
    match direction {
        Direction::Plain => {}
        Direction::Read => w.key("ReadCapacityUnits").units(units),
        Direction::Write => w.key("WriteCapacityUnits").units(units),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_round_up() {
        let reads = [(0, 0.5), (1, 0.5), (4096, 0.5), (4097, 1.0), (8193, 1.5)];
        for (bytes, expect) in reads {
            assert_eq!((read_units(bytes, false), read_units(bytes, true)), (expect, expect * 2.0), "{bytes}");
        }
        for (bytes, expect) in [(0, 1.0), (1, 1.0), (1024, 1.0), (1025, 2.0), (409_600, 400.0)] {
            assert_eq!(write_units(bytes), expect, "{bytes}");
        }
    }
}
