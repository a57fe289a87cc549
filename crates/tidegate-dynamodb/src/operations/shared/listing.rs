//! What `Query` and `Scan` share: their members, what of each item they show, start keys and answers.

use crate::engine::{Consumed, Page, Shown, Span, Walk, read_page, read_units};
use crate::error::Error;
use crate::json::{Reader, Target, Writer};
use crate::legacy::Legacy;
use crate::model::expression::{Condition, Projection};
use crate::model::{Attributes, Faults, KeySchema, read_attributes, write_attributes};
use crate::request::{self, Expressions, ReturnCapacity, Select, Word};
use crate::schema::{IndexProjection, IndexRecord, TableRecord};
use tidegate_store::Snapshot;

/// The members of a query or scan, as given.
#[derive(Debug, Default)]
pub struct Listing {
    /// `TableName`.
    pub table: Option<String>,
    /// `IndexName`.
    pub index: Option<String>,
    /// `ConsistentRead`.
    pub consistent: bool,
    /// `ScanIndexForward` was false.
    pub reverse: bool,
    /// `Limit`.
    pub limit: Option<i64>,
    /// `Segment`.
    pub segment: Option<i64>,
    /// `TotalSegments`.
    pub segments: Option<i64>,
    /// `ExclusiveStartKey`.
    pub start: Option<Attributes>,
    /// Expressions.
    pub expressions: Expressions,
    /// The older parameters.
    pub legacy: Legacy,
    faults: Faults,
    select: Option<String>,
    capacity: Option<String>,
}

/// The table or index that is walked over.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The table.
    pub table: &'a TableRecord,
    /// The index, if one was named.
    pub index: Option<&'a IndexRecord>,
}

impl Listing {
    /// Reads a body; `parallel` says whether it is a scan's.
    pub fn read(body: &[u8], parallel: bool) -> Result<Listing, Error> {
        let mut listing = Listing::default();
        request::read_body(body, |r, name| listing.member(r, &name, parallel))?;
        Ok(listing)
    }

    fn member(&mut self, r: &mut Reader<'_>, name: &str, parallel: bool) -> Result<(), Error> {
        match name {
            "TableName" => self.table = request::read_text(r)?,
            "IndexName" => self.index = request::read_text(r)?,
            "ConsistentRead" => self.consistent = r.boolean()?,
            "ScanIndexForward" if !parallel => self.reverse = !r.boolean()?,
            "Limit" => self.limit = Some(r.integer(Target::Integer)?),
            "Segment" if parallel => self.segment = Some(r.integer(Target::Integer)?),
            "TotalSegments" if parallel => self.segments = Some(r.integer(Target::Integer)?),
            "Select" => self.select = request::read_text(r)?,
            "ReturnConsumedCapacity" => self.capacity = request::read_text(r)?,
            "ExclusiveStartKey" => self.start = Some(read_attributes(r, &mut self.faults)?),
            // Members of other operations.
            "UpdateExpression" | "ConditionExpression" | "Expected" | "AttributeUpdates" => r.skip()?,
            "KeyConditionExpression" | "KeyConditions" | "QueryFilter" if parallel => r.skip()?,
            "ScanFilter" if !parallel => r.skip()?,
            _ if self.expressions.member(r, name)? => {}
            _ if self.legacy.member(r, &mut self.faults, name)? => {}
            _ => r.skip()?,
        }
        Ok(())
    }

    /// Checks what needs neither expressions nor the table.
    pub fn check(&mut self) -> Result<ReturnCapacity, Error> {
        request::at_least("Limit", self.limit, 1)?;
        Select::parse(self.select.as_deref())?;
        let capacity = ReturnCapacity::parse(self.capacity.as_deref())?;
        if let Some(index) = &self.index {
            request::check_name(index)?;
        }
        self.expressions.refuse_mix(self.legacy.given())?;
        self.faults.check()?;
        Ok(capacity)
    }

    /// `Select`, if it was given.
    pub fn select(&self) -> Result<Option<Select>, Error> {
        self.select.as_deref().map(|word| Select::parse(Some(word))).transpose()
    }

    /// What is shown of each item, by `Select` and projection; `parameter` is the projection's name in complaints.
    pub fn shown(&self, projection: Option<Projection>, parameter: &str) -> Result<Shown, Error> {
        let refuse =
            |what: &str| Err(Error::built(format!("Cannot specify the {parameter} when choosing to get {what}")));
        match (self.select()?, projection) {
            (Some(Select::Count), Some(_)) => refuse("only the Count"),
            (Some(Select::All), Some(_)) => refuse("ALL_ATTRIBUTES"),
            (Some(Select::AllProjected), Some(_)) => refuse("ALL_PROJECTED_ATTRIBUTES"),
            (_, Some(projection)) => Ok(Shown::Parts(projection)),
            (Some(Select::Specific), None) => Err(Error::rule(
                "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
            )),
            (Some(Select::AllProjected), None) if self.index.is_none() => {
                Err(Error::rule("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"))
            }
            (Some(Select::Count), None) => Ok(Shown::Count),
            _ => Ok(Shown::Row),
        }
    }

    /// The table or the index that was named.
    pub fn source<'a>(&self, table: &'a TableRecord) -> Result<Source<'a>, Error> {
        let Some(name) = &self.index else { return Ok(Source { table, index: None }) };
        let index = table.index(name);
        let index =
            index.ok_or_else(|| Error::built(format!("The table does not have the specified index: {name}")))?;
        if index.building {
            return Err(Error::built(format!("Cannot read from backfilling global secondary index: {name}")));
        }
        if index.global && self.consistent {
            return Err(Error::rule("Consistent reads are not supported on global secondary indexes"));
        }
        Ok(Source { table, index: Some(index) })
    }
}

impl<'a> Source<'a> {
    /// The key that orders the rows.
    pub fn key(&self) -> &'a KeySchema {
        self.index.map_or(&self.table.key, |i| &i.key)
    }

    /// Where the rows lie.
    pub fn space(&self) -> u32 {
        self.index.map_or(self.table.space, |i| i.space)
    }

    /// Whether whole items must be fetched for what is shown; global indexes cannot, and AWS says so.
    pub fn fetches(&self, shown: &Shown, select: Option<Select>) -> Result<bool, Error> {
        let Some(index) = self.index else { return Ok(false) };
        let held = |projection: &Projection| {
            let missing = projection.paths().iter().filter(|p| !index.projects(self.table, &p.attribute));
            missing.map(|p| p.attribute.clone()).collect::<Vec<_>>()
        };
        match shown {
            Shown::Parts(projection) => {
                let missing = held(projection);
                if index.global && !missing.is_empty() {
                    let (name, missing) = (&index.name, missing.join(", "));
                    return Err(Error::parameter(format!(
                        "Global secondary index {name} does not project [{missing}]"
                    )));
                }
                Ok(!missing.is_empty())
            }
            _ if select != Some(Select::All) || index.projection == IndexProjection::All => Ok(false),
            _ if index.global => Err(Error::parameter(format!(
                "Select type ALL_ATTRIBUTES is not supported for global secondary index {} because its projection type is not ALL",
                index.name
            ))),
            _ => Ok(true),
        }
    }

    /// The row of an `ExclusiveStartKey`, or `None` if it has not exactly the attributes of the keys, with their types.
    pub fn start_row(&self, start: &Attributes) -> Option<Vec<u8>> {
        let keys = self.table.key.attributes().chain(self.index.into_iter().flat_map(|i| i.key.attributes()));
        let mut names: Vec<&str> = Vec::new();
        for attribute in keys {
            start.get(&attribute.name).filter(|v| v.kind() == attribute.kind.kind())?;
            names.push(&attribute.name);
        }
        names.sort_unstable();
        names.dedup();
        if names.len() != start.len() {
            return None;
        }
        match self.index {
            Some(index) => index.row_key(self.table, start),
            None => self.table.row_key(start),
        }
    }

    /// Units that a page used.
    pub fn consumed(&self, page: &Page, consistent: bool) -> Consumed {
        let units = read_units(page.bytes, consistent);
        let Some(index) = self.index else { return Consumed::of_table(units) };
        let mut consumed = Consumed::of_index(&index.name, index.global, units);
        consumed.table = page.fetched.iter().map(|bytes| read_units(*bytes, consistent)).sum();
        consumed
    }
}

/// Everything that an answer is made of.
pub struct Answer<'a> {
    /// What is walked over.
    pub source: Source<'a>,
    /// The rows.
    pub span: Span,
    /// The row behind which the page begins.
    pub after: Option<Vec<u8>>,
    /// The filter.
    pub filter: Option<Condition>,
    /// What is shown.
    pub shown: Shown,
    /// Whether whole items are fetched.
    pub fetch: bool,
}

impl Answer<'_> {
    /// Reads the page and writes the answer.
    pub fn render(self, snapshot: &Snapshot, listing: &Listing, capacity: ReturnCapacity) -> Result<Vec<u8>, Error> {
        let mut w = Writer::with_capacity(4096);
        let counting = matches!(self.shown, Shown::Count);
        let walk = Walk {
            table: self.source.table,
            index: self.source.index,
            span: self.span,
            reverse: listing.reverse,
            after: self.after,
            limit: listing.limit.map(|l| l as usize),
            filter: self.filter,
            shown: self.shown,
            fetch: self.fetch,
        };
        w.open_object();
        if !counting {
            w.key("Items").open_array();
        }
        let page = read_page(snapshot, &walk, &mut w)?;
        if !counting {
            w.close_array();
        }
        w.key("Count").integer(page.count as u64);
        w.key("ScannedCount").integer(page.scanned as u64);
        if let Some(key) = &page.last_key {
            write_attributes(w.key("LastEvaluatedKey"), key);
        }
        let consumed = self.source.consumed(&page, listing.consistent);
        consumed.write_member(&mut w, &self.source.table.name, capacity);
        w.close_object();
        Ok(w.into_bytes())
    }
}
