//! `UpdateContinuousBackups`: turn point-in-time recovery on or off.

use super::create_table::table_resource;
use super::shared::{ContinuousBackups, open_named, recovery, update_record};
use crate::error::Error;
use crate::request::place;
use crate::schema::Recovery;
use crate::service::DynamoDb;
use serde::{Deserialize, Serialize};
use tidegate_core::{Context, Operation};

/// `UpdateContinuousBackups`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html>
pub struct UpdateContinuousBackups;

/// The new setting.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    table_name: String,
    point_in_time_recovery_specification: Specification,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Specification {
    point_in_time_recovery_enabled: bool,
    recovery_period_in_days: Option<u32>,
}

/// Days back, where the request does not say.
const DAYS: u32 = 35;

/// How far back the table can be restored.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    continuous_backups_description: ContinuousBackups,
}

impl Operation for UpdateContinuousBackups {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    type Error = Error;
    const NAME: &'static str = "UpdateContinuousBackups";
    const ACTION: &'static str = "dynamodb:UpdateContinuousBackups";

    fn resource(cx: &Context, input: &Input) -> String {
        table_resource(cx, &input.table_name)
    }

    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("PointInTimeRecoverySpecification", "the setting is kept and shown, but there is no restore")];

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<Output, Error> {
        let place = place(cx, Some(&input.table_name))?;
        open_named(db, place.clone())?;
        let given = input.point_in_time_recovery_specification;
        let (now, days) = (cx.clock().now(), given.recovery_period_in_days.unwrap_or(DAYS));
        let record = update_record(db, place, move |table| {
            let since = table.recovery.map_or(now, |r| r.since);
            table.recovery = given.point_in_time_recovery_enabled.then_some(Recovery { since, days });
            Ok(())
        });
        Ok(Output { continuous_backups_description: recovery(&record.await?, now) })
    }
}
