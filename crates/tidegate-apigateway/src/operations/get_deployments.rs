//! `GetDeployments`: all deployments of an API.

use super::arn;
use crate::apis::{Deployment, Page, PageRequest};
use crate::tables::Part;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct GetDeployments;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    #[serde(flatten)]
    page: PageRequest,
}

impl Operation for GetDeployments {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Page<Deployment>;
    type Error = Error;
    const NAME: &'static str = "GetDeployments";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/deployments", input.api_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Page<Deployment>, Error> {
        input.page.cut(gateway.read(cx, &input.api_id, |api| api.parts())?, Deployment::id)
    }
}
