//! `CreateAuthorizer`, `CreateDeployment`, `CreateIntegration`, `CreateRoute`, `CreateStage`: a new part of an API.

use super::shared::{Settings, arn, with_pass_role};
use crate::apis::Change;
use crate::tables::Part;
use crate::{ApiGateway, Error};
use serde::Deserialize;
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};

/// The operation, for each kind of part.
pub struct CreatePart<P>(PhantomData<P>);

/// What clients create.
pub trait Creatable: Part {
    /// The operation's name.
    const CREATE: &'static str;
    /// What the request says of the new part.
    type Settings: Settings;

    /// Makes it and stores it.
    fn create(change: &mut Change<'_>, settings: Self::Settings) -> Result<Self, Error>;
}

/// What it takes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input<S> {
    api_id: String,
    #[serde(flatten)]
    settings: S,
}

impl<P: Creatable> Operation for CreatePart<P> {
    type Service = ApiGateway;
    type Input = Input<P::Settings>;
    type Output = P;
    type Error = Error;
    const NAME: &'static str = P::CREATE;
    const ACTION: &'static str = "apigateway:POST";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = P::Settings::NOT_HONORED;

    fn resource(cx: &Context, input: &Self::Input) -> String {
        arn(cx, format_args!("/apis/{}/{}", input.api_id, P::KIND.plural()))
    }

    fn checks(_: &ApiGateway, cx: &Context, input: &Self::Input) -> Result<Vec<Check>, Error> {
        Ok(with_pass_role(Check::new(Self::ACTION, Self::resource(cx, input)), input.settings.role()))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Self::Input) -> Result<P, Error> {
        gateway.change(cx, &input.api_id, move |change| P::create(change, input.settings)).await
    }
}
