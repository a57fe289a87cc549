//! The operations, one file for each, and the table of them.

mod create_log_group;
mod create_log_stream;
mod delete_log_group;
mod delete_log_stream;
mod delete_retention_policy;
mod describe_log_groups;
mod describe_log_streams;
mod filter_log_events;
mod get_log_events;
mod list_log_groups;
mod list_tags_for_resource;
mod list_tags_log_group;
mod put_log_events;
mod put_log_group_deletion_protection;
mod put_retention_policy;
mod tag_log_group;
mod tag_resource;
mod test_metric_filter;
mod untag_log_group;
mod untag_resource;

use crate::Logs;
use tidegate_core::{Row, Service, row};

impl Service for Logs {
    const MODEL: &'static str = "logs";
    const OPERATIONS: &'static [Row<Logs>] = &[
        row::<create_log_group::CreateLogGroup>(),
        row::<create_log_stream::CreateLogStream>(),
        row::<delete_log_group::DeleteLogGroup>(),
        row::<delete_log_stream::DeleteLogStream>(),
        row::<delete_retention_policy::DeleteRetentionPolicy>(),
        row::<describe_log_groups::DescribeLogGroups>(),
        row::<describe_log_streams::DescribeLogStreams>(),
        row::<filter_log_events::FilterLogEvents>(),
        row::<get_log_events::GetLogEvents>(),
        row::<list_log_groups::ListLogGroups>(),
        row::<list_tags_for_resource::ListTagsForResource>(),
        row::<list_tags_log_group::ListTagsLogGroup>(),
        row::<put_log_events::PutLogEvents>(),
        row::<put_log_group_deletion_protection::PutLogGroupDeletionProtection>(),
        row::<put_retention_policy::PutRetentionPolicy>(),
        row::<tag_log_group::TagLogGroup>(),
        row::<tag_resource::TagResource>(),
        row::<test_metric_filter::TestMetricFilter>(),
        row::<untag_log_group::UntagLogGroup>(),
        row::<untag_resource::UntagResource>(),
    ];
}
