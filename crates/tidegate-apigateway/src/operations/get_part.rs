//! `GetAuthorizer`, `GetDeployment`, `GetIntegration`, `GetRoute`, `GetStage`: one part of an API.

use super::shared::arn;
use crate::tables::Part;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use std::marker::PhantomData;
use tidegate_core::{Context, Operation};

/// The operation, for each kind of part.
pub struct GetPart<P>(PhantomData<P>);

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    #[serde(
        alias = "AuthorizerId",
        alias = "DeploymentId",
        alias = "IntegrationId",
        alias = "RouteId",
        alias = "StageName"
    )]
    id: String,
}

impl<P: Part> Operation for GetPart<P> {
    type Service = ApiGateway;
    type Input = Input;
    type Output = P;
    type Error = Error;
    const NAME: &'static str = P::GET;
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/{}/{}", input.api_id, P::KIND.plural(), input.id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<P, Error> {
        gateway.read(cx, &input.api_id, |api| api.part(&input.id))
    }
}
