//! `UpdateAuthorizer`, `UpdateDeployment`, `UpdateIntegration`, `UpdateRoute`, `UpdateStage`: changes a part of an API.

use super::shared::{Settings, arn, with_pass_role};
use crate::apis::Change;
use crate::tables::Part;
use crate::{ApiGateway, Error};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};

/// The operation, for each kind of part.
pub struct UpdatePart<P>(PhantomData<P>);

/// What clients change.
pub trait Updatable: Part {
    /// The operation's name.
    const UPDATE: &'static str;
    /// What the request says of the part.
    type Settings: Settings;

    /// Changes it and stores it.
    fn update(self, change: &mut Change<'_>, settings: Self::Settings) -> Result<Self, Error>;
}

/// What it takes.
pub struct Input<P: Updatable> {
    api_id: String,
    id: String,
    settings: P::Settings,
}

impl<'de, P: Updatable> Deserialize<'de> for Input<P> {
    /// A part's id is under the name of its kind; other kinds' ids are settings.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Input<P>, D::Error> {
        let mut members = Map::<String, Value>::deserialize(deserializer)?;
        let mut text = |name| match members.remove(name) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(D::Error::missing_field(name)),
        };
        let (api_id, id) = (text("ApiId")?, text(P::ID)?);
        let settings = serde_json::from_value(members.into()).map_err(D::Error::custom)?;
        Ok(Input { api_id, id, settings })
    }
}

impl<P: Updatable> Operation for UpdatePart<P> {
    type Service = ApiGateway;
    type Input = Input<P>;
    type Output = P;
    type Error = Error;
    const NAME: &'static str = P::UPDATE;
    const ACTION: &'static str = "apigateway:PATCH";
    const NOT_HONORED: &'static [(&'static str, &'static str)] = P::Settings::NOT_HONORED;

    fn resource(cx: &Context, input: &Input<P>) -> String {
        arn(cx, format_args!("/apis/{}/{}/{}", input.api_id, P::KIND.plural(), input.id))
    }

    fn checks(_: &ApiGateway, cx: &Context, input: &Input<P>) -> Result<Vec<Check>, Error> {
        Ok(with_pass_role(Check::new(Self::ACTION, Self::resource(cx, input)), input.settings.role()))
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: Input<P>) -> Result<P, Error> {
        let Input { api_id, id, settings } = input;
        gateway.change(cx, &api_id, move |change| change.look().part::<P>(&id)?.update(change, settings)).await
    }
}
