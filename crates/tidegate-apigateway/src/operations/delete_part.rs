//! `DeleteAuthorizer`, `DeleteDeployment`, `DeleteIntegration`, `DeleteRoute`, `DeleteStage`: removes a part of an API that
//! nothing needs.

use super::shared::PartInput;
use crate::apis::{Change, Lookup};
use crate::tables::Part;
use crate::{ApiGateway, Error};
use std::marker::PhantomData;
use tidegate_core::{Context, Operation};

/// The operation, for each kind of part.
pub struct DeletePart<P>(PhantomData<P>);

/// What clients delete.
pub trait Deletable: Part {
    /// The operation's name.
    const DELETE: &'static str;

    /// Whether nothing needs it.
    fn check_free(&self, look: Lookup<'_>) -> Result<(), Error>;

    /// Removes it.
    fn delete(&self, change: &mut Change<'_>) -> Result<(), Error> {
        change.remove::<Self>(self.id())
    }
}

impl<P: Deletable> Operation for DeletePart<P> {
    type Service = ApiGateway;
    type Input = PartInput;
    type Output = ();
    type Error = Error;
    const NAME: &'static str = P::DELETE;
    const ACTION: &'static str = "apigateway:DELETE";

    fn resource(cx: &Context, input: &PartInput) -> String {
        input.arn::<P>(cx)
    }

    async fn call(gateway: &ApiGateway, cx: &Context, input: PartInput) -> Result<(), Error> {
        gateway
            .change(cx, &input.api_id, move |change| {
                let part: P = change.look().part(&input.id)?;
                part.check_free(change.look())?;
                part.delete(change)
            })
            .await
    }
}
