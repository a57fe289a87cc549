//! `GetAuthorizer`, `GetDeployment`, `GetIntegration`, `GetRoute`, `GetStage`: one part of an API.

use super::shared::PartInput;
use crate::tables::Part;
use crate::{ApiGateway, Error};
use std::marker::PhantomData;
use tidegate_core::{Context, Operation};

/// The operation, for each kind of part.
pub struct GetPart<P>(PhantomData<P>);

impl<P: Part> Operation for GetPart<P> {
    type Service = ApiGateway;
    type Input = PartInput;
    type Output = P;
    type Error = Error;
    const NAME: &'static str = P::GET;
    const ACTION: &'static str = "apigateway:GET";

    fn resource(cx: &Context, input: &PartInput) -> String {
        input.arn::<P>(cx)
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: PartInput) -> Result<P, Error> {
        gateway.read(cx, &input.api_id, |api| api.part(&input.id))
    }
}
