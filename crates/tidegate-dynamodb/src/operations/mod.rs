//! One file for each operation, and the table of all.

use crate::item_operation::Item;
use crate::service::DynamoDb;
use tidegate_core::{Row, direct_row, row};

mod batch_get_item;
mod batch_write_item;
mod create_table;
mod delete_item;
mod delete_resource_policy;
mod delete_table;
mod describe_continuous_backups;
mod describe_endpoints;
mod describe_limits;
mod describe_table;
mod describe_time_to_live;
mod get_item;
mod get_resource_policy;
mod list_tables;
mod list_tags_of_resource;
mod put_item;
mod put_resource_policy;
mod query;
mod scan;
mod shared;
mod tag_resource;
mod transact_get_items;
mod transact_write_items;
mod untag_resource;
mod update_continuous_backups;
mod update_item;
mod update_table;
mod update_time_to_live;

pub use shared::{drop_rows, fill_index};

/// Everything that DynamoDB offers here.
pub const OPERATIONS: &[Row<DynamoDb>] = &[
    direct_row::<Item<batch_get_item::BatchGetItem>>(),
    direct_row::<Item<batch_write_item::BatchWriteItem>>(),
    row::<create_table::CreateTable>(),
    direct_row::<Item<delete_item::DeleteItem>>(),
    row::<delete_resource_policy::DeleteResourcePolicy>(),
    row::<delete_table::DeleteTable>(),
    row::<describe_continuous_backups::DescribeContinuousBackups>(),
    row::<describe_endpoints::DescribeEndpoints>(),
    row::<describe_limits::DescribeLimits>(),
    row::<describe_table::DescribeTable>(),
    row::<describe_time_to_live::DescribeTimeToLive>(),
    direct_row::<Item<get_item::GetItem>>(),
    row::<get_resource_policy::GetResourcePolicy>(),
    row::<list_tables::ListTables>(),
    row::<list_tags_of_resource::ListTagsOfResource>(),
    direct_row::<Item<put_item::PutItem>>(),
    row::<put_resource_policy::PutResourcePolicy>(),
    direct_row::<Item<query::Query>>(),
    direct_row::<Item<scan::Scan>>(),
    row::<tag_resource::TagResource>(),
    direct_row::<Item<transact_get_items::TransactGetItems>>(),
    direct_row::<Item<transact_write_items::TransactWriteItems>>(),
    row::<untag_resource::UntagResource>(),
    row::<update_continuous_backups::UpdateContinuousBackups>(),
    direct_row::<Item<update_item::UpdateItem>>(),
    row::<update_table::UpdateTable>(),
    row::<update_time_to_live::UpdateTimeToLive>(),
];
