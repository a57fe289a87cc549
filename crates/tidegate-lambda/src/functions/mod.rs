//! The control plane's operations, one file for each, and the table of all operations.

mod add_permission;
mod create_alias;
mod create_function;
mod delete_alias;
mod delete_function;
mod delete_function_concurrency;
mod delete_function_event_invoke_config;
mod get_account_settings;
mod get_alias;
mod get_function;
mod get_function_code_signing_config;
mod get_function_concurrency;
mod get_function_configuration;
mod get_function_event_invoke_config;
mod get_policy;
mod list_aliases;
mod list_function_event_invoke_configs;
mod list_functions;
mod list_tags;
mod list_versions_by_function;
mod publish_version;
mod put_function_concurrency;
mod put_function_event_invoke_config;
mod remove_permission;
mod shared;
mod tag_resource;
mod untag_resource;
mod update_alias;
mod update_function_code;
mod update_function_configuration;
mod update_function_event_invoke_config;

use crate::{Lambda, invoke::Invoke, layers};
use tidegate_core::{Row, payload_row, row};

pub(crate) use create_function::Code;
pub(crate) use shared::Paging;

pub(crate) const ALL: &[Row<Lambda>] = &[
    payload_row::<Invoke>(),
    row::<add_permission::AddPermission>(),
    row::<create_alias::CreateAlias>(),
    row::<create_function::CreateFunction>(),
    row::<delete_alias::DeleteAlias>(),
    row::<delete_function::DeleteFunction>(),
    row::<delete_function_concurrency::DeleteFunctionConcurrency>(),
    row::<delete_function_event_invoke_config::DeleteFunctionEventInvokeConfig>(),
    row::<get_account_settings::GetAccountSettings>(),
    row::<get_alias::GetAlias>(),
    row::<get_function::GetFunction>(),
    row::<get_function_code_signing_config::GetFunctionCodeSigningConfig>(),
    row::<get_function_concurrency::GetFunctionConcurrency>(),
    row::<get_function_configuration::GetFunctionConfiguration>(),
    row::<get_function_event_invoke_config::GetFunctionEventInvokeConfig>(),
    row::<get_policy::GetPolicy>(),
    row::<list_aliases::ListAliases>(),
    row::<list_function_event_invoke_configs::ListFunctionEventInvokeConfigs>(),
    row::<list_functions::ListFunctions>(),
    row::<list_tags::ListTags>(),
    row::<list_versions_by_function::ListVersionsByFunction>(),
    row::<publish_version::PublishVersion>(),
    row::<put_function_concurrency::PutFunctionConcurrency>(),
    row::<put_function_event_invoke_config::PutFunctionEventInvokeConfig>(),
    row::<remove_permission::RemovePermission>(),
    row::<tag_resource::TagResource>(),
    row::<untag_resource::UntagResource>(),
    row::<update_alias::UpdateAlias>(),
    row::<update_function_code::UpdateFunctionCode>(),
    row::<update_function_configuration::UpdateFunctionConfiguration>(),
    row::<update_function_event_invoke_config::UpdateFunctionEventInvokeConfig>(),
    row::<layers::AddLayerVersionPermission>(),
    row::<layers::DeleteLayerVersion>(),
    row::<layers::GetLayerVersion>(),
    row::<layers::GetLayerVersionByArn>(),
    row::<layers::GetLayerVersionPolicy>(),
    row::<layers::ListLayerVersions>(),
    row::<layers::ListLayers>(),
    row::<layers::PublishLayerVersion>(),
    row::<layers::RemoveLayerVersionPermission>(),
];
