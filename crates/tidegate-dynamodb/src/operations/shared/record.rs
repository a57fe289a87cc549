//! Finding a table by its ARN, and changing one setting of its record.

use crate::access::table_arn;
use crate::error::{Error, Missing};
use crate::request::{check_name, place};
use crate::schema::TableRecord;
use crate::service::{DynamoDb, Opened, Place};
use crate::tables::TABLES;
use serde::{Deserialize, Serialize};
use tidegate_core::Context;
use tidegate_types::{Arn, Timestamp};

/// The table that a request names.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Named {
    table_name: String,
}

impl Named {
    /// Where it is.
    pub fn place(&self, cx: &Context) -> Result<Place, Error> {
        place(cx, Some(&self.table_name))
    }

    /// Its ARN, for permissions.
    pub fn resource(&self, cx: &Context) -> String {
        table_resource(cx, &self.table_name)
    }
}

/// The table's ARN, whatever the request calls it.
pub fn table_resource(cx: &Context, name: &str) -> String {
    if name.starts_with("arn:") { name.to_owned() } else { table_arn(&Place::new(cx, name)).to_string() }
}

/// The table for a control-plane operation, or AWS' complaint that names it.
pub fn open(db: &DynamoDb, place: Place) -> Result<Opened, Error> {
    let name = place.name.clone();
    db.open(place)?.ok_or(Error::NotFound(Missing::Table(name)))
}

/// The same for the operations that have an error of their own for missing tables.
pub fn open_named(db: &DynamoDb, place: Place) -> Result<Opened, Error> {
    let name = place.name.clone();
    db.open(place)?.ok_or(Error::NoTable(name))
}

/// The table of this ARN.
pub fn open_arn(db: &DynamoDb, cx: &Context, text: &str) -> Result<Opened, Error> {
    let invalid = || Error::InvalidArn(text.to_owned());
    let arn: Arn = text.parse().map_err(|_| invalid())?;
    let name = arn.resource().strip_prefix("table/").filter(|_| arn.service() == "dynamodb").ok_or_else(invalid)?;
    check_name(name).map_err(|_| invalid())?;
    let own = arn.account() == cx.account.as_str() && arn.region() == cx.region.as_str();
    let found = if own { db.open(Place::new(cx, name))? } else { None };
    found.ok_or_else(|| Error::NotFound(Missing::Arn(text.to_owned())))
}

/// Changes a table's record in a transaction and gives the new one.
pub async fn update_record<F>(db: &DynamoDb, place: Place, change: F) -> Result<TableRecord, Error>
where
    F: FnOnce(&mut TableRecord) -> Result<(), Error> + Send + 'static,
{
    let changed = db.change_tables(move |tx| {
        let missing = || Error::NotFound(Missing::Table(place.name.clone()));
        let mut table = tx.get(&TABLES, place.key())?.ok_or_else(missing)?;
        change(&mut table)?;
        tx.put(&TABLES, place.key(), &table)?;
        Ok(table)
    });
    changed.await
}

/// Refuses to change a policy of another revision than the caller knows. `NO_POLICY` expects none.
pub fn check_revision(table: &TableRecord, expected: Option<&str>) -> Result<(), Error> {
    let current = table.policy.as_ref().map(|p| p.revision.as_str());
    match expected {
        None => Ok(()),
        Some("NO_POLICY") if current.is_none() => Ok(()),
        Some(expected) if current == Some(expected) => Ok(()),
        Some(_) => Err(Error::PolicyRevision),
    }
}

/// Point-in-time recovery as answers show it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContinuousBackups {
    continuous_backups_status: &'static str,
    point_in_time_recovery_description: PointInTime,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PointInTime {
    point_in_time_recovery_status: &'static str,
    recovery_period_in_days: Option<u32>,
    earliest_restorable_date_time: Option<Timestamp>,
    latest_restorable_date_time: Option<Timestamp>,
}

/// How far back a table can be restored at `now`. On AWS the newest five minutes cannot be.
pub fn recovery(table: &TableRecord, now: Timestamp) -> ContinuousBackups {
    const DAY_MS: u64 = 24 * 60 * 60 * 1000;
    let recovery = table.recovery;
    let earliest = recovery.map(|r| r.since.as_ms().max(now.as_ms().saturating_sub(u64::from(r.days) * DAY_MS)));
    let latest = recovery.map(|r| r.since.as_ms().max(now.as_ms().saturating_sub(5 * 60 * 1000)));
    let description = PointInTime {
        point_in_time_recovery_status: if recovery.is_some() { "ENABLED" } else { "DISABLED" },
        recovery_period_in_days: recovery.map(|r| r.days),
        earliest_restorable_date_time: earliest.map(Timestamp::from_ms),
        latest_restorable_date_time: latest.map(Timestamp::from_ms),
    };
    ContinuousBackups { continuous_backups_status: "ENABLED", point_in_time_recovery_description: description }
}
