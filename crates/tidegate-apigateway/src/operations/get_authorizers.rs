//! `GetAuthorizers`: all authorizers of an API.

use super::arn;
use crate::apis::{Authorizer, Page, PageRequest};
use crate::tables::Part;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use tidegate_core::{Context, Operation};

/// The operation.
pub struct GetAuthorizers;

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    #[serde(flatten)]
    page: PageRequest,
}

impl Operation for GetAuthorizers {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Page<Authorizer>;
    type Error = Error;
    const NAME: &'static str = "GetAuthorizers";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/authorizers", input.api_id))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Page<Authorizer>, Error> {
        input.page.cut(gateway.read(cx, &input.api_id, |api| api.parts())?, Authorizer::id)
    }
}
