//! `UpdateTimeToLive`: set or clear the attribute by which items expire.

use super::create_table::table_resource;
use super::shared::update_record;
use crate::error::Error;
use crate::request::{place, too_long, too_short};
use crate::schema::TableRecord;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `UpdateTimeToLive`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html>
pub struct UpdateTimeToLive;

/// The new setting.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: String,
    time_to_live_specification: Specification,
}

/// On or off, and the attribute.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Specification {
    enabled: bool,
    attribute_name: String,
}

/// The setting as it is now.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    time_to_live_specification: Specification,
}

impl Operation for UpdateTimeToLive {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "UpdateTimeToLive";
    const ACTION: &'static str = "dynamodb:UpdateTimeToLive";

    fn resource(cx: &Context, input: &Input) -> String {
        table_resource(cx, &input.table_name)
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Output, Error> {
        let place = place(cx, Some(&input.table_name))?;
        let given = input.time_to_live_specification;
        match given.attribute_name.len() {
            0 => return Err(too_short("TimeToLiveSpecification.AttributeName", 1)),
            256.. => return Err(too_long("TimeToLiveSpecification.AttributeName", 255)),
            _ => {}
        }
        let setting = given.clone();
        update_record(db, place, move |table| set(table, setting)).await?;
        Ok(Output { time_to_live_specification: given })
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
