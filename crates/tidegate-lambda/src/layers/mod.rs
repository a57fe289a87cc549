//! Layers: archives that functions share. The control plane's operations on them, and their look-up for functions.
//! <https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html>

mod add_layer_version_permission;
mod delete_layer_version;
mod get_layer_version;
mod get_layer_version_by_arn;
mod get_layer_version_policy;
mod list_layer_versions;
mod list_layers;
mod publish_layer_version;
mod remove_layer_version_permission;
mod shared;

pub(crate) use add_layer_version_permission::AddLayerVersionPermission;
pub(crate) use delete_layer_version::DeleteLayerVersion;
pub(crate) use get_layer_version::GetLayerVersion;
pub(crate) use get_layer_version_by_arn::GetLayerVersionByArn;
pub(crate) use get_layer_version_policy::GetLayerVersionPolicy;
pub(crate) use list_layer_versions::ListLayerVersions;
pub(crate) use list_layers::ListLayers;
pub(crate) use publish_layer_version::PublishLayerVersion;
pub(crate) use remove_layer_version_permission::RemoveLayerVersionPermission;
pub(crate) use shared::check_size;
