//! `GetApis`: all APIs of the caller's account in the region.

use super::shared::arn;
use crate::apis::{Api, Page, PageRequest};
use crate::tables::APIS;
use crate::{ApiGateway, Error};
use tidegate_core::{Context, Operation};

/// The operation.
pub struct GetApis;

impl Operation for GetApis {
    type Service = ApiGateway;
    type Input = PageRequest;
    type Output = Page<Api>;
    type Error = Error;
    const NAME: &'static str = "GetApis";
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, _input: &PageRequest) -> String {
        arn(cx, "/apis")
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: PageRequest) -> Result<Page<Api>, Error> {
        let state = gateway.0.store.snapshot();
        let all = state.scan(&APIS, (&cx.account, &cx.region)).map(|entry| Ok(entry?.1));
        input.cut(all.collect::<Result<_, Error>>()?, |api: &Api| &api.api_id)
    }
}
