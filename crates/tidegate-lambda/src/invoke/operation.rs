//! `Invoke`: run a function, now or later.

use super::payload::client_context;
use crate::names::FunctionRef;
use crate::{Error, Lambda};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tidegate_core::ports::{InvocationType, InvokeError, InvokeRequest};
use tidegate_core::{AwsError, Check, Context, Operation, Payload};
use tidegate_types::Blob;

pub(crate) struct Invoke;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    function_name: String,
    qualifier: Option<String>,
    #[serde(default)]
    invocation_type: Type,
    log_type: Option<String>,
    client_context: Option<String>,
    #[serde(default, deserialize_with = "read_blob")]
    payload: Bytes,
    tenant_id: Option<String>,
    durable_execution_name: Option<String>,
}

#[derive(Deserialize, Default, Clone, Copy)]
enum Type {
    #[default]
    RequestResponse,
    Event,
    DryRun,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Output {
    status_code: u16,
    function_error: Option<String>,
    log_result: Option<String>,
    #[serde(serialize_with = "write_blob")]
    payload: Bytes,
    executed_version: Option<String>,
}

impl Operation for Invoke {
    type Service = Lambda;
    type Input = Input;
    type Output = Output;
    type Error = AwsError;
    const NAME: &'static str = "Invoke";
    const ACTION: &'static str = "lambda:InvokeFunction";

    /// The data plane checks permissions itself, for all callers alike.
    fn checks(_: &Lambda, _: &Context, _: &Input) -> Result<Vec<Check>, AwsError> {
        Ok(Vec::new())
    }

    async fn call(lambda: &Lambda, cx: &Context, input: Input) -> Result<Output, AwsError> {
        let function = FunctionRef::parse(cx, &input.function_name, input.qualifier.as_deref())?;
        let unsupported = [(&input.tenant_id, "TenantId"), (&input.durable_execution_name, "DurableExecutionName")];
        if let Some((_, member)) = unsupported.into_iter().find(|(value, _)| value.is_some()) {
            return Err(Error::Unsupported(member.into()).into());
        }
        // AWS gives a function without an event an empty object.
        let payload = if input.payload.is_empty() { Bytes::from_static(b"{}") } else { input.payload };
        let request = InvokeRequest {
            function_arn: function.arn(),
            payload,
            invocation_type: match input.invocation_type {
                Type::RequestResponse => InvocationType::RequestResponse,
                Type::Event => InvocationType::Event,
                Type::DryRun => InvocationType::DryRun,
            },
            source_arn: None,
            trace_header: None,
            log_tail: input.log_type.as_deref() == Some("Tail"),
            client_context: input.client_context.as_deref().map(client_context).transpose()?,
        };
        let answer = lambda.answer(cx, request, cx.request_id.to_string()).await.map_err(InvokeError::into_aws)?;
        let waited = answer.status == 200;
        Ok(Output {
            status_code: answer.status,
            function_error: answer.function_error,
            log_result: answer.log_tail.map(|tail| STANDARD.encode(tail)),
            payload: answer.payload,
            executed_version: waited.then_some(answer.executed_version),
        })
    }
}

impl Payload for Invoke {
    fn put(input: &mut Input, payload: Bytes) {
        input.payload = payload;
    }

    fn take(output: &mut Output) -> Bytes {
        std::mem::take(&mut output.payload)
    }
}

fn read_blob<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    Blob::deserialize(deserializer).map(|blob| blob.0.into())
}

fn write_blob<S: Serializer>(payload: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    Blob(payload.to_vec()).serialize(serializer)
}
