//! The operations of the API model `apigatewayv2`, one file each; what AWS offers for every kind of part alike is
//! written once. Whatever is not in the table answers 501.

mod create_api;
mod create_authorizer;
mod create_deployment;
mod create_integration;
mod create_route;
mod create_stage;
mod delete_access_log_settings;
mod delete_api;
mod delete_authorizer;
mod delete_cors_configuration;
mod delete_deployment;
mod delete_integration;
mod delete_route;
mod delete_route_request_parameter;
mod delete_route_settings;
mod delete_stage;
mod get_api;
mod get_apis;
mod get_part;
mod get_parts;
mod get_tags;
mod reset_authorizers_cache;
mod shared;
mod tag_resource;
mod untag_resource;
mod update_api;
mod update_authorizer;
mod update_deployment;
mod update_integration;
mod update_route;
mod update_stage;

use crate::ApiGateway;
use crate::apis::{Authorizer, Deployment, Integration, Route, Stage};
use get_part::GetPart;
use get_parts::GetParts;
use tidegate_core::{Row, Service, row};

impl Service for ApiGateway {
    const MODEL: &'static str = "apigatewayv2";
    const OPERATIONS: &'static [Row<ApiGateway>] = &[
        row::<create_api::CreateApi>(),
        row::<create_authorizer::CreateAuthorizer>(),
        row::<create_deployment::CreateDeployment>(),
        row::<create_integration::CreateIntegration>(),
        row::<create_route::CreateRoute>(),
        row::<create_stage::CreateStage>(),
        row::<delete_access_log_settings::DeleteAccessLogSettings>(),
        row::<delete_api::DeleteApi>(),
        row::<delete_authorizer::DeleteAuthorizer>(),
        row::<delete_cors_configuration::DeleteCorsConfiguration>(),
        row::<delete_deployment::DeleteDeployment>(),
        row::<delete_integration::DeleteIntegration>(),
        row::<delete_route::DeleteRoute>(),
        row::<delete_route_request_parameter::DeleteRouteRequestParameter>(),
        row::<delete_route_settings::DeleteRouteSettings>(),
        row::<delete_stage::DeleteStage>(),
        row::<get_api::GetApi>(),
        row::<get_apis::GetApis>(),
        row::<GetPart<Authorizer>>(),
        row::<GetParts<Authorizer>>(),
        row::<GetPart<Deployment>>(),
        row::<GetParts<Deployment>>(),
        row::<GetPart<Integration>>(),
        row::<GetParts<Integration>>(),
        row::<GetPart<Route>>(),
        row::<GetParts<Route>>(),
        row::<GetPart<Stage>>(),
        row::<GetParts<Stage>>(),
        row::<get_tags::GetTags>(),
        row::<reset_authorizers_cache::ResetAuthorizersCache>(),
        row::<tag_resource::TagResource>(),
        row::<untag_resource::UntagResource>(),
        row::<update_api::UpdateApi>(),
        row::<update_authorizer::UpdateAuthorizer>(),
        row::<update_deployment::UpdateDeployment>(),
        row::<update_integration::UpdateIntegration>(),
        row::<update_route::UpdateRoute>(),
        row::<update_stage::UpdateStage>(),
    ];
}
