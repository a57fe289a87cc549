//! Error answers, byte for byte, in every protocol.

use serde_json::json;
use tidegate_model::{Protocol, headers, service};
use tidegate_wire::sigv4::{self, Dialect};
use tidegate_wire::{AwsErrorParts, Call, CommonError, common_error, render_error};

/// `status`, the headers that matter, and the body.
fn shown(error: &AwsErrorParts, protocol: Protocol, name: &str) -> String {
    let response = render_error(error, protocol, service(name), "r1");
    let wanted = ["content-type", "x-amzn-errortype", "x-amzn-query-error", "retry-after", "smithy-protocol"];
    let headers =
        wanted.iter().filter_map(|name| Some(format!("{name}: {}\n", response.headers().get(*name)?.to_str().ok()?)));
    let id = ["x-amzn-requestid", "x-amz-request-id"].iter().find_map(|name| response.headers().get(*name));
    assert_eq!(id.and_then(|v| v.to_str().ok()), Some("r1"));
    let headers: String = headers.collect();
    format!("{}\n{headers}{}", response.status().as_u16(), String::from_utf8_lossy(response.body()))
}

fn error(code: &'static str, status: u16, message: &str) -> AwsErrorParts {
    AwsErrorParts::new(code, status, message)
}

#[test]
fn json_errors() {
    let missing = error("ResourceNotFoundException", 400, "Requested resource not found");
    assert_eq!(
        shown(&missing, Protocol::Json10, "dynamodb"),
        "400\ncontent-type: application/x-amz-json-1.0\n\
         {\"__type\":\"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException\",\"message\":\"Requested resource not found\"}"
    );
    assert_eq!(
        shown(&missing, Protocol::Json11, "logs"),
        "400\ncontent-type: application/x-amz-json-1.1\n\
         {\"__type\":\"ResourceNotFoundException\",\"message\":\"Requested resource not found\"}"
    );
    let queue = error("QueueDoesNotExist", 400, "The specified queue does not exist.");
    assert_eq!(
        shown(&queue, Protocol::Json10, "sqs"),
        "400\ncontent-type: application/x-amz-json-1.0\n\
         x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender\n\
         {\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"The specified queue does not exist.\"}"
    );
}

#[test]
fn json_errors_carry_their_members() {
    let mut canceled = error("TransactionCanceledException", 400, "Transaction cancelled");
    canceled.fields.insert(
        "CancellationReasons".into(),
        json!([{"Code": "None", "Message": null}, {"Code": "ConditionalCheckFailed"}]),
    );
    let shown = shown(&canceled, Protocol::Json10, "dynamodb");
    let body = shown.lines().last().expect("a body");
    assert_eq!(
        body,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionCanceledException\",\
         \"CancellationReasons\":[{\"Code\":\"None\"},{\"Code\":\"ConditionalCheckFailed\"}],\"Message\":\"Transaction cancelled\"}"
    );
}

#[test]
fn rest_json_errors() {
    let missing = error("ResourceNotFoundException", 404, "Function not found: arn");
    assert_eq!(
        shown(&missing, Protocol::RestJson, "lambda"),
        "404\ncontent-type: application/json\nx-amzn-errortype: ResourceNotFoundException\n\
         {\"Type\":\"User\",\"Message\":\"Function not found: arn\"}"
    );
    let invalid = error("InvalidParameterValueException", 400, "no");
    assert_eq!(
        shown(&invalid, Protocol::RestJson, "lambda"),
        "400\ncontent-type: application/json\nx-amzn-errortype: InvalidParameterValueException\n\
         {\"Type\":\"User\",\"message\":\"no\"}"
    );
    let mut throttled = error("TooManyRequestsException", 429, "Rate Exceeded.");
    throttled.fields.insert("Reason".into(), "ReservedFunctionConcurrentInvocationLimitExceeded".into());
    throttled.fields.insert("retryAfterSeconds".into(), "1".into());
    assert_eq!(
        shown(&throttled, Protocol::RestJson, "lambda"),
        "429\ncontent-type: application/json\nx-amzn-errortype: TooManyRequestsException\nretry-after: 1\n\
         {\"Type\":\"User\",\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\",\"message\":\"Rate Exceeded.\"}"
    );
    let gone = error("NotFoundException", 404, "Invalid API identifier specified 000000000000:a");
    assert_eq!(
        shown(&gone, Protocol::RestJson, "apigatewayv2"),
        "404\ncontent-type: application/json\nx-amzn-errortype: NotFoundException\n\
         {\"message\":\"Invalid API identifier specified 000000000000:a\"}"
    );
}

#[test]
fn query_errors() {
    let expected = "404\ncontent-type: text/xml\n\
         <ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>\
         <Code>NoSuchEntity</Code><Message>The role with name &lt;r&gt; cannot be found.</Message></Error>\
         <RequestId>r1</RequestId></ErrorResponse>";
    for code in ["NoSuchEntity", "NoSuchEntityException"] {
        let missing = error(code, 404, "The role with name <r> cannot be found.");
        assert_eq!(shown(&missing, Protocol::Query, "iam"), expected);
    }
    let inside = shown(&error("InternalFailure", 500, ""), Protocol::Query, "sts");
    assert!(inside.contains("<Type>Receiver</Type><Code>InternalFailure</Code>"), "{inside}");
}

#[test]
fn s3_errors() {
    let mut missing = error("NoSuchBucket", 404, "The specified bucket does not exist");
    missing.fields.insert("BucketName".into(), "b".into());
    assert_eq!(
        shown(&missing, Protocol::RestXml, "s3"),
        "404\ncontent-type: application/xml\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><BucketName>b</BucketName>\
         <RequestId>r1</RequestId><HostId>r1</HostId></Error>"
    );
}

#[test]
fn cbor_errors() {
    let shown = shown(&error("ResourceNotFound", 404, "gone"), Protocol::Cbor, "cloudwatch");
    let lead = "404\ncontent-type: application/cbor\nx-amzn-query-error: ResourceNotFound;Sender\nsmithy-protocol: rpc-v2-cbor\n";
    assert!(
        shown.starts_with(lead) && shown.contains("com.amazonaws.cloudwatch#") && shown.contains("gone"),
        "{shown}"
    );
}

/// Codes measured on AWS: the auth failures of ten services.
#[test]
fn auth_failures_have_the_services_codes() {
    let mismatch =
        || sigv4::Error::SignatureMismatch { canonical_request: String::new(), string_to_sign: String::new() };
    let cases = [
        (sigv4::Error::InvalidClientToken, "sts", "InvalidClientTokenId", 403),
        (sigv4::Error::InvalidClientToken, "iam", "InvalidClientTokenId", 403),
        (sigv4::Error::InvalidClientToken, "sqs", "InvalidClientTokenId", 403),
        (sigv4::Error::InvalidClientToken, "cloudwatch", "InvalidClientTokenId", 403),
        (sigv4::Error::InvalidClientToken, "dynamodb", "UnrecognizedClientException", 400),
        (sigv4::Error::InvalidClientToken, "kms", "UnrecognizedClientException", 400),
        (sigv4::Error::InvalidClientToken, "lambda", "UnrecognizedClientException", 403),
        (sigv4::Error::InvalidClientToken, "s3", "InvalidAccessKeyId", 403),
        (mismatch(), "iam", "SignatureDoesNotMatch", 403),
        (mismatch(), "dynamodb", "InvalidSignatureException", 400),
        (mismatch(), "lambda", "InvalidSignatureException", 403),
        (sigv4::Error::MissingAuthenticationToken, "dynamodb", "MissingAuthenticationTokenException", 400),
        (sigv4::Error::MissingAuthenticationToken, "sts", "MissingAuthenticationToken", 403),
        (sigv4::Error::ExpiredToken, "logs", "ExpiredTokenException", 400),
        (sigv4::Error::ExpiredToken, "sts", "ExpiredToken", 403),
    ];
    for (error, name, code, status) in cases {
        let service = service(name).expect("known");
        let answer = error.answer(Dialect::of(service, service.protocols[0]));
        assert_eq!((answer.code, answer.status), (code, status), "{error:?} {name}");
    }
}

#[test]
fn common_errors_are_localized() {
    use CommonError::*;
    let cases = [
        (AccessDenied, "dynamodb", "AccessDeniedException", 400),
        (AccessDenied, "lambda", "AccessDeniedException", 403),
        (AccessDenied, "iam", "AccessDenied", 403),
        (AccessDenied, "s3", "AccessDenied", 403),
        (InternalFailure, "dynamodb", "InternalServerError", 500),
        (InternalFailure, "lambda", "ServiceException", 500),
        (RequestTooLarge, "s3", "EntityTooLarge", 400),
        (Unreadable, "sts", "MalformedInput", 400),
        (UnknownOperation, "iam", "InvalidAction", 400),
        (Validation, "logs", "InvalidParameterException", 400),
    ];
    for (kind, name, code, status) in cases {
        let service = service(name).expect("known");
        let found = common_error(kind, service, service.protocols[0]);
        assert_eq!((found.code.as_ref(), found.status), (code, status), "{kind:?} {name}");
    }
}

#[test]
fn neutral_codes_become_the_services_own() {
    let denied = error("AccessDeniedException", 403, "User: x is not authorized");
    let shown_as = |protocol, name| shown(&denied, protocol, name);
    assert!(shown_as(Protocol::Query, "iam").starts_with("403\n"));
    assert!(shown_as(Protocol::Query, "iam").contains("<Code>AccessDenied</Code>"));
    let json = shown_as(Protocol::Json10, "dynamodb");
    assert!(json.starts_with("400\n"), "{json}");
    assert!(
        json.ends_with(
            "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"User: x is not authorized\"}"
        ),
        "{json}"
    );
    let invalid = shown(&error("ValidationException", 400, "no"), Protocol::Query, "sts");
    assert!(invalid.contains("<Code>ValidationError</Code>"), "{invalid}");
}

#[test]
fn every_operation_can_be_refused_as_not_implemented() {
    for header in headers() {
        let service = service(header.name).expect("listed");
        for protocol in &service.protocols {
            let call = Call { service, operation: &service.operations[0], protocol: *protocol };
            let shown = shown(&call.not_implemented(), *protocol, service.name);
            assert!(shown.starts_with("501\n") && shown.contains(call.operation.name), "{shown}");
        }
    }
}
