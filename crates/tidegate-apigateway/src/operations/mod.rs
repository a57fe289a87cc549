//! The operations of the API model `apigatewayv2`, one file each; what AWS offers for every kind of part alike is
//! written once, and has a row for each. Whatever is not in the table answers 501.

mod create_api;
mod create_authorizer;
mod create_deployment;
mod create_integration;
mod create_part;
mod create_route;
mod create_stage;
mod delete_access_log_settings;
mod delete_api;
mod delete_authorizer;
mod delete_cors_configuration;
mod delete_deployment;
mod delete_integration;
mod delete_part;
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
mod update_part;
mod update_route;
mod update_stage;

use crate::ApiGateway;
use crate::apis::{Authorizer, Deployment, Integration, Route, Stage};
use create_part::CreatePart;
use delete_part::DeletePart;
use get_part::GetPart;
use get_parts::GetParts;
use tidegate_core::{Row, Service, row};
use update_part::UpdatePart;

impl Service for ApiGateway {
    const MODEL: &'static str = "apigatewayv2";
    const OPERATIONS: &'static [Row<ApiGateway>] = &[
        row::<create_api::CreateApi>(),
        row::<CreatePart<Authorizer>>(),
        row::<CreatePart<Deployment>>(),
        row::<CreatePart<Integration>>(),
        row::<CreatePart<Route>>(),
        row::<CreatePart<Stage>>(),
        row::<delete_access_log_settings::DeleteAccessLogSettings>(),
        row::<delete_api::DeleteApi>(),
        row::<DeletePart<Authorizer>>(),
        row::<delete_cors_configuration::DeleteCorsConfiguration>(),
        row::<DeletePart<Deployment>>(),
        row::<DeletePart<Integration>>(),
        row::<DeletePart<Route>>(),
        row::<delete_route_request_parameter::DeleteRouteRequestParameter>(),
        row::<delete_route_settings::DeleteRouteSettings>(),
        row::<DeletePart<Stage>>(),
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
        row::<UpdatePart<Authorizer>>(),
        row::<UpdatePart<Deployment>>(),
        row::<UpdatePart<Integration>>(),
        row::<UpdatePart<Route>>(),
        row::<UpdatePart<Stage>>(),
    ];
}
