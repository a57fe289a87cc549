//! One page of a query or scan: walks over rows until a limit, filters, and shows what is wanted.

use super::range::Span;
use crate::error::Error;
use crate::json::Writer;
use crate::limits;
use crate::model::expression::{Condition, Projection};
use crate::model::{Attributes, stored, write_attributes};
use crate::schema::{IndexRecord, TableRecord};
use crate::tables::{ROWS, RowKey};
use tidegate_store::{Raw, Snapshot};

/// What of each item the answer shows.
#[derive(Debug, Clone)]
pub enum Shown {
    /// Only how many there are.
    Count,
    /// All that the row holds.
    Row,
    /// Parts of it.
    Parts(Projection),
}

/// What to walk over, and what to make of it.
#[derive(Debug)]
pub struct Walk<'a> {
    /// The table.
    pub table: &'a TableRecord,
    /// The index whose entries are walked over; none for the table's items.
    pub index: Option<&'a IndexRecord>,
    /// The rows.
    pub span: Span,
    /// From the last to the first.
    pub reverse: bool,
    /// Only rows behind this one, in walking order.
    pub after: Option<Vec<u8>>,
    /// Most rows to look at.
    pub limit: Option<usize>,
    /// What items must fulfill to be shown.
    pub filter: Option<Condition>,
    /// What is shown.
    pub shown: Shown,
    /// Whether each entry's whole item is fetched from the table, as a local index does for what it does not hold.
    pub fetch: bool,
}

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    /// How many items passed the filter.
    pub count: usize,
    /// How many were looked at.
    pub scanned: usize,
    /// Bytes that were read.
    pub bytes: usize,
    /// Bytes of each item that was fetched from the table.
    pub fetched: Vec<usize>,
    /// Where the next page starts, if there may be one.
    pub last_key: Option<Attributes>,
}

/// Reads a page and writes its items as a JSON list, if they are to be shown.
pub fn read_page(snapshot: &Snapshot, walk: &Walk<'_>, w: &mut Writer) -> Result<Page, Error> {
    let range = range(walk);
    let rows: Box<dyn Iterator<Item = _>> =
        if walk.reverse { Box::new(snapshot.range_rev(&ROWS, range)) } else { Box::new(snapshot.range(&ROWS, range)) };
    let mut page = Page::default();
    let mut last: Option<Raw> = None;
    for row in rows {
        let (_, raw) = row?;
        let size = stored::size(&raw.0)?;
        let full = page.bytes + size > limits::PAGE_BYTES && page.scanned > 0;
        if full || walk.limit == Some(page.scanned) {
            page.last_key = last.map(|raw| start_key(walk, &raw)).transpose()?;
            return Ok(page);
        }
        page.scanned += 1;
        page.bytes += size;
        show(snapshot, walk, &raw, &mut page, w)?;
        last = Some(raw);
    }
    // AWS looks no further once the limit is reached, so it cannot know that this was the end.
    if walk.limit == Some(page.scanned) {
        page.last_key = last.map(|raw| start_key(walk, &raw)).transpose()?;
    }
    Ok(page)
}

fn range(walk: &Walk<'_>) -> tidegate_store::KeyRange<RowKey> {
    let mut range = ROWS.all().at_least(&RowKey(walk.span.start.clone()));
    if let Some(end) = &walk.span.end {
        range = range.below(&RowKey(end.clone()));
    }
    match &walk.after {
        Some(key) if walk.reverse => range.below(&RowKey(key.clone())),
        Some(key) => range.after(&RowKey(key.clone())),
        None => range,
    }
}

/// The key attributes of a row, as `LastEvaluatedKey` has them.
fn start_key(walk: &Walk<'_>, raw: &Raw) -> Result<Attributes, Error> {
    let item = stored::decode(&raw.0)?;
    let mut key = walk.table.key.of(&item);
    if let Some(index) = walk.index {
        index.key.of(&item).into_iter().for_each(|(name, value)| drop(key.insert(name, value)));
    }
    Ok(key)
}

fn show(snapshot: &Snapshot, walk: &Walk<'_>, raw: &Raw, page: &mut Page, w: &mut Writer) -> Result<(), Error> {
    let plain = walk.filter.is_none() && !walk.fetch;
    match &walk.shown {
        Shown::Count if plain => {}
        Shown::Row if plain => stored::write_json(w, &raw.0)?,
        _ => {
            let entry = stored::decode(&raw.0)?;
            let item = if walk.fetch { fetch(snapshot, walk.table, &entry, page)? } else { entry };
            if walk.filter.as_ref().is_some_and(|f| !f.holds(&item)) {
                return Ok(());
            }
            match &walk.shown {
                Shown::Count => {}
                Shown::Row => write_attributes(w, &item),
                Shown::Parts(projection) => write_attributes(w, &projection.apply(&item)),
            }
        }
    }
    page.count += 1;
    Ok(())
}

fn fetch(snapshot: &Snapshot, table: &TableRecord, entry: &Attributes, page: &mut Page) -> Result<Attributes, Error> {
    let row = table.row_key(entry).ok_or(Error::Damaged)?;
    let raw = snapshot.get(&ROWS, &RowKey(row))?.ok_or(Error::Damaged)?;
    page.fetched.push(stored::size(&raw.0)?);
    Ok(stored::decode(&raw.0)?)
}
