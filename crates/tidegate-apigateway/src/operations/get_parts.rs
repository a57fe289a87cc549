//! `GetAuthorizers`, `GetDeployments`, `GetIntegrations`, `GetRoutes`, `GetStages`: all parts of one kind, page by page.

use super::shared::arn;
use crate::apis::{Page, PageRequest};
use crate::tables::Part;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use std::marker::PhantomData;
use tidegate_core::{Context, Operation};

/// The operation, for each kind of part.
pub struct GetParts<P>(PhantomData<P>);

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    api_id: String,
    #[serde(flatten)]
    page: PageRequest,
}

impl<P: Part> Operation for GetParts<P> {
    type Service = ApiGateway;
    type Input = Input;
    type Output = Page<P>;
    type Error = Error;
    const NAME: &'static str = P::GET_ALL;
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &Input) -> String {
        arn(cx, format_args!("/apis/{}/{}", input.api_id, P::KIND.plural()))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input) -> Result<Page<P>, Error> {
        input.page.cut(gateway.read(cx, &input.api_id, |api| api.parts())?, P::id)
    }
}
