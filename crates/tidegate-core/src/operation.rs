//! One AWS operation: a type that names it, says what the caller must be allowed to do, and does it.

use crate::{AwsError, Check, Context};
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// A future without a name.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The state of one AWS service, and the table of what it offers.
pub trait Service: Send + Sync + Sized + 'static {
    /// The name of the service's API model: `lambda`, `dynamodb`, `iam`, `sts`, `logs`, `apigatewayv2` …
    const MODEL: &'static str;
    /// All operations that it offers, one row each.
    const OPERATIONS: &'static [Row<Self>];
}

/// One operation. Its input has been checked against the API model (required members, lengths, ranges, patterns,
/// enums) before it arrives here.
pub trait Operation: 'static {
    /// The service that it belongs to.
    type Service: Service;
    /// The request's members that the operation honors, named as the model names them.
    type Input: DeserializeOwned + Send + 'static;
    /// The answer's members; null members are left out on the wire.
    type Output: Serialize;
    /// The service's error.
    type Error: Into<AwsError>;
    /// The operation's name, such as `PutItem`.
    const NAME: &'static str;
    /// The IAM action, such as `dynamodb:PutItem`; empty if AWS asks for no permission (`sts:GetCallerIdentity`).
    const ACTION: &'static str;
    /// Whether AWS takes the operation without a signature.
    const UNSIGNED: bool = false;
    /// Members of the model's input that are accepted without effect, with the reason; shown on the coverage page.
    const NOT_HONORED: &'static [(&'static str, &'static str)] = &[];

    /// The ARN of the resource that `ACTION` is about; `*` for actions without one.
    fn resource(_cx: &Context, _input: &Self::Input) -> String {
        "*".to_owned()
    }

    /// Everything that the caller must be allowed to do. Override it for conditions, resource policies, or operations
    /// that need several permissions.
    fn checks(_service: &Self::Service, cx: &Context, input: &Self::Input) -> Result<Vec<Check>, Self::Error> {
        Ok(if Self::ACTION.is_empty() { Vec::new() } else { vec![Check::new(Self::ACTION, Self::resource(cx, input))] })
    }

    /// Does it.
    fn call(
        service: &Self::Service,
        cx: &Context,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send;
}

/// A hot operation that takes the JSON body as it came and gives the JSON body of the answer, without a document in
/// between. It checks its own input, with the messages that the model's check would give, and asks for permission.
pub trait Direct: Operation {
    /// Body in, body out.
    fn direct(
        service: &Self::Service,
        cx: &Context,
        body: &[u8],
    ) -> impl Future<Output = Result<Vec<u8>, AwsError>> + Send;
}

/// An operation whose request and answer have blobs as their payload members. Bodies are these blobs, and pass as they
/// are, beside the document.
pub trait Payload: Operation {
    /// Puts the request's body where `call` finds it.
    fn put(input: &mut Self::Input, payload: Bytes);
    /// Takes the answer's body from where `call` left it.
    fn take(output: &mut Self::Output) -> Bytes;
}

type Run<S> = fn(Arc<S>, Context, Value) -> BoxFuture<'static, Result<Value, AwsError>>;
type RunDirect<S> = fn(Arc<S>, Context, Bytes) -> BoxFuture<'static, Result<Vec<u8>, AwsError>>;
type RunPayload<S> = fn(Arc<S>, Context, Value, Bytes) -> BoxFuture<'static, Result<(Value, Bytes), AwsError>>;

/// One line of a service's table: an operation with its types erased.
pub struct Row<S: Service> {
    /// The operation's name.
    pub name: &'static str,
    /// The IAM action, or empty.
    pub action: &'static str,
    /// Whether it is open to unsigned requests.
    pub unsigned: bool,
    /// Members that are accepted without effect, with the reason.
    pub not_honored: &'static [(&'static str, &'static str)],
    pub(crate) run: Run<S>,
    pub(crate) run_direct: Option<RunDirect<S>>,
    pub(crate) run_payload: Option<RunPayload<S>>,
}

/// The row of an operation.
pub const fn row<O: Operation>() -> Row<O::Service> {
    Row {
        name: O::NAME,
        action: O::ACTION,
        unsigned: O::UNSIGNED,
        not_honored: O::NOT_HONORED,
        run: run::<O>,
        run_direct: None,
        run_payload: None,
    }
}

/// The row of a hot operation, which JSON clients reach directly.
pub const fn direct_row<O: Direct>() -> Row<O::Service> {
    Row { run_direct: Some(run_direct::<O>), ..row::<O>() }
}

/// The row of an operation whose bodies are blobs.
pub const fn payload_row<O: Payload>() -> Row<O::Service> {
    Row { run_payload: Some(run_payload::<O>), ..row::<O>() }
}

fn run<O: Operation>(
    service: Arc<O::Service>,
    cx: Context,
    input: Value,
) -> BoxFuture<'static, Result<Value, AwsError>> {
    Box::pin(async move {
        let output = perform::<O>(&service, &cx, serde_json::from_value(input).map_err(unreadable)?).await?;
        Ok(document(&output))
    })
}

fn run_payload<O: Payload>(
    service: Arc<O::Service>,
    cx: Context,
    input: Value,
    payload: Bytes,
) -> BoxFuture<'static, Result<(Value, Bytes), AwsError>> {
    Box::pin(async move {
        let mut input = serde_json::from_value(input).map_err(unreadable)?;
        O::put(&mut input, payload);
        let mut output = perform::<O>(&service, &cx, input).await?;
        let payload = O::take(&mut output);
        Ok((document(&output), payload))
    })
}

/// Asks for permission, then does it.
async fn perform<O: Operation>(service: &O::Service, cx: &Context, input: O::Input) -> Result<O::Output, AwsError> {
    for check in O::checks(service, cx, &input).map_err(Into::into)? {
        cx.authorize(&check)?;
    }
    O::call(service, cx, input).await.map_err(Into::into)
}

/// Outputs are plain structs with string keys, which serde_json always takes.
fn document(output: &impl Serialize) -> Value {
    serde_json::to_value(output).unwrap_or_default()
}

fn run_direct<O: Direct>(
    service: Arc<O::Service>,
    cx: Context,
    body: Bytes,
) -> BoxFuture<'static, Result<Vec<u8>, AwsError>> {
    Box::pin(async move { O::direct(&service, &cx, &body).await })
}

/// Input that passed the model's check but not the operation's own types.
fn unreadable(error: serde_json::Error) -> AwsError {
    AwsError::validation(format!("1 validation error detected: {error}"))
}
