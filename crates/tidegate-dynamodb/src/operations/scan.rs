//! `Scan`: all items of a table or index, in no order, in parallel segments if wanted.

use super::shared::{Answer, Listing, named, open_for_items};
use crate::access::Wish;
use crate::engine::{Span, segment_span, whole_span};
use crate::error::Error;
use crate::item_operation::ItemOperation;
use crate::model::expression::{Condition, Projection};
use crate::request::{self, Word};
use crate::service::DynamoDb;
use tidegate_core::Context;

/// `Scan`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html>
pub struct Scan;

impl ItemOperation for Scan {
    const NAME: &'static str = "Scan";
    const ACTION: &'static str = "dynamodb:Scan";

    async fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
        let mut listing = Listing::read(body, true)?;
        let place = request::place(cx, listing.table.as_deref())?;
        let capacity = listing.check()?;
        request::check_segments(listing.segment, listing.segments)?;
        let (filter, projection, parameter) = asked(&mut listing)?;
        let shown = listing.shown(projection.clone(), parameter)?;
        let select = listing.select()?;
        let mut wish = Wish { index: listing.index.as_deref(), select: select.map(|s| s.word()), ..Wish::default() };
        named(&mut wish, filter.as_ref(), None, projection.as_ref().map_or(&[], |p| p.paths()));
        let opened = open_for_items(db, cx, Self::ACTION, place, &wish)?;
        let source = listing.source(&opened.table)?;
        let fetch = source.fetches(&shown, select)?;
        let span = span(&listing, source.space());
        let after = listing.start.as_ref().map(|start| {
            let row = source.start_row(start).ok_or(Error::rule(
                "The provided starting key is invalid: The provided key element does not match the schema",
            ))?;
            if span.contains(&row) { Ok(row) } else { Err(wrong_segment(&listing)) }
        });
        let after = after.transpose()?;
        Answer { source, span, after, filter, shown, fetch }.render(&db.snapshot(), &listing, capacity)
    }
}

fn asked(listing: &mut Listing) -> Result<(Option<Condition>, Option<Projection>, &'static str), Error> {
    let legacy = !listing.legacy.given().is_empty();
    let parsed = std::mem::take(&mut listing.expressions).parse(&["FilterExpression"])?;
    if legacy {
        let projection = listing.legacy.projection()?;
        return Ok((listing.legacy.filter()?, projection, "AttributesToGet"));
    }
    Ok((parsed.filter, parsed.projection, "ProjectionExpression"))
}

fn span(listing: &Listing, space: u32) -> Span {
    match (listing.segment, listing.segments) {
        (Some(segment), Some(total)) => segment_span(space, segment as u64, total as u64),
        _ => whole_span(space),
    }
}

fn wrong_segment(listing: &Listing) -> Error {
    Error::built(format!(
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: {} Segment: {}",
        listing.segments.unwrap_or_default(),
        listing.segment.unwrap_or_default()
    ))
}
