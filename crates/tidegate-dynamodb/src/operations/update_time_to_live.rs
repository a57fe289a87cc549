//! `UpdateTimeToLive`: set or clear the attribute by which items expire.

use super::shared::{Named, update_record};
use crate::error::Error;
use crate::request::{too_long, too_short};
use crate::schema::TableRecord;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, One, Operation};

/// `UpdateTimeToLive`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html>
pub struct UpdateTimeToLive;

/// The new setting.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(flatten)]
    named: Named,
    time_to_live_specification: Specification,
}

/// On or off, and the attribute.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Specification {
    enabled: bool,
    attribute_name: String,
}

impl Operation for UpdateTimeToLive {
    type Service = DynamoDb;
    type Input = Input;
    type Output = One<Specification>;
    type Error = Error;
    const NAME: &'static str = "UpdateTimeToLive";
    const ACTION: &'static str = "dynamodb:UpdateTimeToLive";

    fn resource(cx: &Context, input: &Input) -> String {
        input.named.resource(cx)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<One<Specification>, Error> {
        let place = input.named.place(cx)?;
        let given = input.time_to_live_specification;
        match given.attribute_name.len() {
            0 => return Err(too_short("TimeToLiveSpecification.AttributeName", 1)),
            256.. => return Err(too_long("TimeToLiveSpecification.AttributeName", 255)),
            _ => {}
        }
        let setting = given.clone();
        update_record(db, place, move |table| set(table, setting)).await?;
        Ok(One("TimeToLiveSpecification", given))
    }
}

fn set(table: &mut TableRecord, given: Specification) -> Result<(), Error> {
    match (&table.ttl, given.enabled) {
        (Some(_), true) => return Err(Error::rule("TimeToLive is already enabled")),
        (None, false) => return Err(Error::rule("TimeToLive is already disabled")),
        (Some(current), false) if *current != given.attribute_name => {
            return Err(Error::built(format!(
                "TimeToLive is active on a different AttributeName: current AttributeName is {current}"
            )));
        }
        _ => {}
    }
    table.ttl = given.enabled.then_some(given.attribute_name);
    Ok(())
}
