//! Answers of the query protocol: `<XResponse><XResult>…</XResult><ResponseMetadata>…</ResponseMetadata></XResponse>`.

use super::xml::Elements;
use crate::Call;
use crate::xml::{Writer, attribute};
use serde_json::Value;
use tidegate_model::Service;

pub(super) fn body(call: &Call, output: &Value, request_id: &str) -> String {
    let mut out = Writer::default();
    let elements = Elements { service: call.service };
    let wrapper = call.operation.result_wrapper.map(str::to_owned);
    // SQS' model, which speaks JSON now, no longer names the wrappers.
    let wrapper = wrapper.or_else(|| call.output().map(|_| format!("{}Result", call.operation.name)));
    out.element_with(&format!("{}Response", call.operation.name), &namespace(call.service), |out| {
        if let (Some(structure), Some(wrapper)) = (call.output(), wrapper) {
            out.element(&wrapper, |out| elements.members(out, structure, output));
        }
        out.element("ResponseMetadata", |out| out.text_element("RequestId", request_id));
    });
    out.finish()
}

/// The namespace of a service's answers, as an attribute.
pub(super) fn namespace(service: &Service) -> String {
    let sqs = (service.name == "sqs").then_some("http://queue.amazonaws.com/doc/2012-11-05/");
    service.namespace.or(sqs).map(|uri| attribute("xmlns", uri)).unwrap_or_default()
}
