//! `Query`: items of one partition of a table or index, in order.

use super::shared::{Answer, Listing, named, open_for_items};
use crate::access::Wish;
use crate::engine::query_span;
use crate::error::Error;
use crate::item_operation::ItemOperation;
use crate::model::expression::{Condition, KeyCondition, Projection};
use crate::request::{self, Word};
use crate::service::DynamoDb;
use tidegate_core::Context;

/// `Query`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html>
pub struct Query;

const USERS: &[&str] = &["FilterExpression", "KeyConditionExpression"];

/// What a query's expressions, or the older parameters, say.
struct Asked {
    key: KeyCondition,
    filter: Option<Condition>,
    projection: Option<Projection>,
    /// The projection came as `AttributesToGet`, the filter as `QueryFilter`.
    legacy: bool,
}

impl ItemOperation for Query {
    const NAME: &'static str = "Query";
    const ACTION: &'static str = "dynamodb:Query";

    async fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
        let mut listing = Listing::read(body, false)?;
        let place = request::place(cx, listing.table.as_deref())?;
        let capacity = listing.check()?;
        let asked = asked(&mut listing)?;
        let parameter = if asked.legacy { "AttributesToGet" } else { "ProjectionExpression" };
        let shown = listing.shown(asked.projection.clone(), parameter)?;
        let select = listing.select()?;
        let mut wish = Wish { index: listing.index.as_deref(), select: select.map(|s| s.word()), ..Wish::default() };
        wish.key_condition = Some(&asked.key);
        wish.attributes.extend(asked.key.tests.iter().map(|(name, _)| name.as_str()));
        named(&mut wish, asked.filter.as_ref(), None, asked.projection.as_ref().map_or(&[], |p| p.paths()));
        let opened = open_for_items(db, cx, Self::ACTION, place, &wish)?;
        let source = listing.source(&opened.table)?;
        let fetch = source.fetches(&shown, select)?;
        let span = query_span(source.space(), source.key(), &asked.key)?;
        if let Some(name) = asked.filter.iter().flat_map(Condition::attributes).find(|name| source.key().contains(name))
        {
            return Err(filter_on_key(name, asked.legacy));
        }
        let after = listing.start.as_ref().map(|start| {
            let row = source.start_row(start).ok_or(Error::rule("The provided starting key is invalid"))?;
            let outside = "The provided starting key is outside query boundaries based on provided conditions";
            if span.contains(&row) { Ok(row) } else { Err(Error::rule(outside)) }
        });
        let after = after.transpose()?;
        let answer = Answer { source, span, after, filter: asked.filter, shown, fetch };
        answer.render(&db.snapshot(), &listing, capacity)
    }
}

fn filter_on_key(name: &str, legacy: bool) -> Error {
    if !legacy {
        return Error::FilterOnKey(name.to_owned());
    }
    Error::built(format!("QueryFilter can only contain non-primary key attributes: Primary key attribute: {name}"))
}

fn asked(listing: &mut Listing) -> Result<Asked, Error> {
    let legacy = !listing.legacy.given().is_empty();
    let parsed = std::mem::take(&mut listing.expressions).parse(USERS)?;
    let (projection, filter) = match legacy {
        true => (listing.legacy.projection()?, listing.legacy.filter()?),
        false => (parsed.projection, parsed.filter),
    };
    let key = match parsed.key_condition {
        Some(key) => Some(key),
        None => listing.legacy.key_condition()?,
    };
    let key = key.ok_or(Error::rule(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    ))?;
    Ok(Asked { key, filter, projection, legacy })
}
