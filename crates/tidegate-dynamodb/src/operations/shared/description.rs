//! `TableDescription`: a table as answers show it.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html>

use super::table_input::*;
use crate::access::table_arn;
use crate::error::Error;
use crate::schema::{Billing, IndexRecord, OnDemand, TableRecord, Throughput};
use crate::service::{Count, DynamoDb, Place};
use serde::Serialize;
use tidegate_core::Context;
use tidegate_types::Timestamp;

/// Units for each second that AWS prepares every on-demand table for.
const WARM: Throughput = Throughput { read: 12_000, write: 4_000 };

/// A table.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TableDescription {
    attribute_definitions: Vec<AttributeDefinition>,
    table_name: String,
    key_schema: Vec<KeySchemaElement>,
    table_status: &'static str,
    creation_date_time: Timestamp,
    provisioned_throughput: ProvisionedDescription,
    table_size_bytes: u64,
    item_count: u64,
    table_arn: String,
    table_id: String,
    billing_mode_summary: Option<BillingModeSummary>,
    local_secondary_indexes: Option<Vec<IndexDescription>>,
    global_secondary_indexes: Option<Vec<IndexDescription>>,
    stream_specification: Option<StreamSpecification>,
    latest_stream_label: Option<String>,
    latest_stream_arn: Option<String>,
    #[serde(rename = "SSEDescription")]
    sse_description: Option<SseDescription>,
    table_class_summary: Option<TableClassSummary>,
    deletion_protection_enabled: bool,
    on_demand_throughput: Option<OnDemand>,
    warm_throughput: WarmDescription,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProvisionedDescription {
    number_of_decreases_today: u64,
    read_capacity_units: u64,
    write_capacity_units: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct BillingModeSummary {
    billing_mode: &'static str,
    last_update_to_pay_per_request_date_time: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct IndexDescription {
    index_name: String,
    key_schema: Vec<KeySchemaElement>,
    projection: Projection,
    index_status: Option<&'static str>,
    backfilling: Option<bool>,
    provisioned_throughput: Option<ProvisionedDescription>,
    index_size_bytes: u64,
    item_count: u64,
    index_arn: String,
    on_demand_throughput: Option<OnDemand>,
    warm_throughput: Option<WarmDescription>,
}

#[derive(Debug, Serialize)]
struct SseDescription {
    #[serde(rename = "Status")]
    status: &'static str,
    #[serde(rename = "SSEType")]
    kind: &'static str,
    #[serde(rename = "KMSMasterKeyArn")]
    key: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TableClassSummary {
    table_class: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct WarmDescription {
    read_units_per_second: u64,
    write_units_per_second: u64,
    status: &'static str,
}

/// The table as it is; `status` is `ACTIVE`, or what it is on the way to.
pub fn describe(
    db: &DynamoDb,
    cx: &Context,
    place: &Place,
    table: &TableRecord,
    status: &'static str,
) -> Result<TableDescription, Error> {
    let arn = table_arn(place).to_string();
    let count = |space| db.count(space, cx.clock().now_ms());
    let Count { rows: item_count, bytes: table_size_bytes } = count(table.space)?;
    let stream = table.stream.as_ref();
    let summary = match table.billing {
        Billing::PayPerRequest(since) => Some(BillingModeSummary {
            billing_mode: "PAY_PER_REQUEST",
            last_update_to_pay_per_request_date_time: since,
        }),
        Billing::Provisioned => None,
    };
    Ok(TableDescription {
        attribute_definitions: definition_list(&table.attributes),
        table_name: table.name.clone(),
        key_schema: key_schema_list(&table.key),
        table_status: status,
        creation_date_time: table.created,
        provisioned_throughput: provisioned(table.throughput),
        table_size_bytes,
        item_count,
        table_id: table.id.clone(),
        billing_mode_summary: summary,
        local_secondary_indexes: indexes(&count, table, &arn, false, status)?,
        global_secondary_indexes: indexes(&count, table, &arn, true, status)?,
        stream_specification: stream
            .map(|s| StreamSpecification { stream_enabled: true, stream_view_type: Some(s.view.clone()) }),
        latest_stream_label: stream.map(|s| s.label.clone()),
        latest_stream_arn: stream.map(|s| format!("{arn}/stream/{}", s.label)),
        sse_description: table.encryption.clone().map(|key| SseDescription { status: "ENABLED", kind: "KMS", key }),
        table_class_summary: table.class.clone().map(|table_class| TableClassSummary { table_class }),
        deletion_protection_enabled: table.deletion_protection,
        on_demand_throughput: table.on_demand,
        warm_throughput: warm(table.billing, table.warm, table.throughput),
        table_arn: arn,
    })
}

fn provisioned(units: Throughput) -> ProvisionedDescription {
    ProvisionedDescription {
        number_of_decreases_today: 0,
        read_capacity_units: units.read,
        write_capacity_units: units.write,
    }
}

fn warm(billing: Billing, asked: Option<Throughput>, units: Throughput) -> WarmDescription {
    let default = if billing == Billing::Provisioned { units } else { WARM };
    let units = asked.unwrap_or(default);
    WarmDescription { read_units_per_second: units.read, write_units_per_second: units.write, status: "ACTIVE" }
}

fn indexes(
    count: &impl Fn(u32) -> Result<Count, Error>,
    table: &TableRecord,
    arn: &str,
    global: bool,
    status: &'static str,
) -> Result<Option<Vec<IndexDescription>>, Error> {
    let all = table
        .indexes_of(global)
        .map(|i| Ok(index(count(i.space)?, table, i, arn, status)))
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(if all.is_empty() { None } else { Some(all) })
}

fn index(count: Count, table: &TableRecord, index: &IndexRecord, arn: &str, status: &'static str) -> IndexDescription {
    let own = match status {
        "CREATING" | "DELETING" => status,
        _ if index.building => "CREATING",
        _ => "ACTIVE",
    };
    IndexDescription {
        index_name: index.name.clone(),
        key_schema: key_schema_list(&index.key),
        projection: projection_shape(&index.projection),
        index_status: index.global.then_some(own),
        backfilling: index.building.then_some(true),
        // Also on demand, with zeros: Terraform's provider takes an index without it for none.
        provisioned_throughput: index.global.then(|| provisioned(index.throughput)),
        index_size_bytes: count.bytes,
        item_count: count.rows,
        index_arn: format!("{arn}/index/{}", index.name),
        on_demand_throughput: index.on_demand,
        warm_throughput: index.global.then(|| warm(table.billing, index.warm, index.throughput)),
    }
}
