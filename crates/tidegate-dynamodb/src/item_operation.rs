//! Operations on items: JSON body in, JSON body out, without a document in between. Clients of other protocols, and
//! services that call through the registry, reach the same code by way of a JSON text.

use crate::error::Error;
use crate::service::DynamoDb;
use serde_json::Value;
use std::future::Future;
use std::marker::PhantomData;
use tidegate_core::{AwsError, Check, Context, Direct, Operation};

/// An operation on items. It reads and checks its own input and asks for permission itself.
pub trait ItemOperation: Send + Sync + 'static {
    /// The operation's name.
    const NAME: &'static str;
    /// The IAM action.
    const ACTION: &'static str;

    /// Body in, body out.
    fn run(db: &DynamoDb, cx: &Context, body: &[u8]) -> impl Future<Output = Result<Vec<u8>, Error>> + Send;
}

/// How often an operation is tried while its table is being changed.
const ATTEMPTS: usize = 8;

async fn attempt<T: ItemOperation>(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, Error> {
    for _ in 1..ATTEMPTS {
        match T::run(db, cx, body).await {
            Err(Error::TableChanged) => {}
            answer => return answer,
        }
    }
    T::run(db, cx, body).await
}

/// The adapter between an [`ItemOperation`] and the registry.
pub struct Item<T>(PhantomData<T>);

impl<T: ItemOperation> Operation for Item<T> {
    type Service = DynamoDb;
    type Input = Value;
    type Output = Value;
    type Error = Error;
    const NAME: &'static str = T::NAME;
    const ACTION: &'static str = T::ACTION;

    /// None here: which items are asked for is known only when the body has been read.
    fn checks(_: &DynamoDb, _: &Context, _: &Value) -> Result<Vec<Check>, Error> {
        Ok(Vec::new())
    }

    async fn call(db: &DynamoDb, cx: &Context, input: Value) -> Result<Value, Error> {
        let answer = attempt::<T>(db, cx, input.to_string().as_bytes()).await?;
        serde_json::from_slice(&answer).map_err(|_| Error::Damaged)
    }
}

impl<T: ItemOperation> Direct for Item<T> {
    async fn direct(db: &DynamoDb, cx: &Context, body: &[u8]) -> Result<Vec<u8>, AwsError> {
        attempt::<T>(db, cx, body).await.map_err(AwsError::from)
    }
}
