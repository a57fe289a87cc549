//! Item collections: all items of one partition key, in the table and its local indexes.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections>

use crate::error::Error;
use crate::json::Writer;
use crate::model::{Attributes, stored, write_attributes};
use crate::schema::TableRecord;
use crate::tables::{ROWS, RowKey};
use tidegate_store::Snapshot;

/// Writes the API's `ItemCollectionMetrics` for the collection that the key belongs to.
pub fn write_collection(
    w: &mut Writer,
    snapshot: &Snapshot,
    table: &TableRecord,
    key: &Attributes,
) -> Result<(), Error> {
    let partition = table.key.partition.iter().filter_map(|a| key.get(&a.name).map(|v| (a.name.clone(), v.clone())));
    let mut bytes = size_in(snapshot, table, table.space, key)?;
    for index in table.indexes_of(false) {
        bytes += size_in(snapshot, table, index.space, key)?;
    }
    // AWS gives a range of one gigabyte around its estimate.
    let low = (bytes / (1 << 30)) as f64;
    w.open_object();
    write_attributes(w.key("ItemCollectionKey"), &partition.collect());
    w.key("SizeEstimateRangeGB").open_array();
    w.units(low);
    w.units(low + 1.0);
    w.close_array();
    w.close_object();
    Ok(())
}

fn size_in(snapshot: &Snapshot, table: &TableRecord, space: u32, key: &Attributes) -> Result<usize, Error> {
    let mut start = space.to_be_bytes().to_vec();
    table.key.encode_partition(key, &mut start).ok_or(Error::KeyDoesNotMatch)?;
    let rows = snapshot.range(&ROWS, ROWS.all().at_least(&RowKey(start.clone())));
    let mut bytes = 0;
    for row in rows {
        let (RowKey(row), raw) = row?;
        if !row.starts_with(&start) {
            break;
        }
        bytes += stored::size(&raw.0)?;
    }
    Ok(bytes)
}
