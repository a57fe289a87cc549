//! `UpdateContinuousBackups`: turn point-in-time recovery on or off.

use super::shared::{ContinuousBackups, Named, open_named, recovery, update_record};
use crate::error::Error;
use crate::schema::Recovery;
use crate::service::DynamoDb;
use serde::Deserialize;
use tidegate_core::{Context, One, Operation};

/// `UpdateContinuousBackups`. <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html>
pub struct UpdateContinuousBackups;

/// The new setting.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    #[serde(flatten)]
    named: Named,
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

impl Operation for UpdateContinuousBackups {
    type Service = DynamoDb;
    type Input = Input;
    type Output = One<ContinuousBackups>;
    type Error = Error;
    const NAME: &'static str = "UpdateContinuousBackups";
    const ACTION: &'static str = "dynamodb:UpdateContinuousBackups";

    fn resource(cx: &Context, input: &Input) -> String {
        input.named.resource(cx)
    }

    const NOT_HONORED: &'static [(&'static str, &'static str)] =
        &[("PointInTimeRecoverySpecification", "the setting is kept and shown, but there is no restore")];

    async fn call(db: &DynamoDb, cx: &Context, input: Input) -> Result<One<ContinuousBackups>, Error> {
        let place = input.named.place(cx)?;
        open_named(db, place.clone())?;
        let given = input.point_in_time_recovery_specification;
        let (now, days) = (cx.clock().now(), given.recovery_period_in_days.unwrap_or(DAYS));
        let record = update_record(db, place, move |table| {
            let since = table.recovery.map_or(now, |r| r.since);
            table.recovery = given.point_in_time_recovery_enabled.then_some(Recovery { since, days });
            Ok(())
        });
        Ok(One("ContinuousBackupsDescription", recovery(&record.await?, now)))
    }
}
