//! Answers in every protocol, byte for byte; and bodies that pass by the document.

use bytes::Bytes;
use http::{HeaderMap, Method, Response};
use serde_json::{Value, json};
use tidegate_model::Protocol;
use tidegate_wire::{Call, Request, parse, parse_head, render, render_json_body, render_payload, route};

fn call(service: &str, operation: &str, protocol: Protocol) -> Call {
    Call::named(service, operation, protocol).expect("known")
}

/// Status, headers but the request id, and body.
fn shown(response: &Response<Bytes>) -> String {
    let headers = response.headers().iter().filter(|(name, _)| !name.as_str().ends_with("requestid"));
    let headers: String =
        headers.map(|(name, value)| format!("{name}: {}\n", value.to_str().expect("ASCII"))).collect();
    format!("{}\n{headers}{}", response.status().as_u16(), String::from_utf8_lossy(response.body()))
}

#[track_caller]
fn answers(call: &Call, output: Value, expected: &str) {
    assert_eq!(shown(&render(call, &output, "r1")), expected);
}

#[test]
fn json_answers() {
    let get = call("dynamodb", "GetItem", Protocol::Json10);
    answers(
        &get,
        json!({"Item": {"pk": {"S": "é"}, "none": null}, "ConsumedCapacity": null}),
        "200\ncontent-type: application/x-amz-json-1.0\nx-amz-crc32: 1305222533\n{\"Item\":{\"pk\":{\"S\":\"é\"}}}",
    );
    let describe = call("dynamodb", "DescribeTable", Protocol::Json10);
    let table = json!({"Table": {"TableName": "t", "CreationDateTime": 1_795_253_400.5, "ItemCount": 2.0}});
    let body = render(&describe, &table, "r1").into_body();
    assert_eq!(body, "{\"Table\":{\"TableName\":\"t\",\"CreationDateTime\":1795253400.5,\"ItemCount\":2}}");
    let capacity = json!({"ConsumedCapacity": {"CapacityUnits": 1}});
    assert_eq!(render(&get, &capacity, "r1").into_body(), "{\"ConsumedCapacity\":{\"CapacityUnits\":1.0}}");
    // Logs answers operations without output with nothing at all.
    answers(&call("logs", "CreateLogGroup", Protocol::Json11), json!({}), "200\n");
    let direct = render_json_body(&call("logs", "PutLogEvents", Protocol::Json11), "{}", "r1");
    assert_eq!(shown(&direct), "200\ncontent-type: application/x-amz-json-1.1\n{}");
}

#[test]
fn query_answers() {
    answers(
        &call("sts", "GetCallerIdentity", Protocol::Query),
        json!({"Account": "000000000000", "Arn": "arn:aws:iam::000000000000:root"}),
        "200\ncontent-type: text/xml\n<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <GetCallerIdentityResult><Account>000000000000</Account><Arn>arn:aws:iam::000000000000:root</Arn>\
         </GetCallerIdentityResult><ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata>\
         </GetCallerIdentityResponse>",
    );
    answers(
        &call("iam", "DeleteRole", Protocol::Query),
        json!(null),
        "200\ncontent-type: text/xml\n<DeleteRoleResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
         <ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></DeleteRoleResponse>",
    );
    let roles = json!({"Roles": [{"RoleName": "r", "CreateDate": 1_795_253_400.25}], "IsTruncated": false});
    let body = render(&call("iam", "ListRoles", Protocol::Query), &roles, "r1").into_body();
    let body = String::from_utf8_lossy(&body);
    let list = "<Roles><member><RoleName>r</RoleName><CreateDate>2026-11-21T09:30:00Z</CreateDate></member></Roles>\
                <IsTruncated>false</IsTruncated>";
    assert!(body.contains(list), "{body}");
}

#[test]
fn rest_json_answers() {
    let create = call("apigatewayv2", "CreateApi", Protocol::RestJson);
    answers(
        &create,
        json!({"ApiId": "a", "CreatedDate": 1_795_253_400, "Tags": {}, "Version": null}),
        "201\ncontent-type: application/json\n{\"apiId\":\"a\",\"createdDate\":\"2026-11-21T09:30:00Z\",\"tags\":{}}",
    );
    answers(&call("apigatewayv2", "DeleteApi", Protocol::RestJson), json!({}), "204\n");
    let invoke = call("lambda", "Invoke", Protocol::RestJson);
    answers(
        &invoke,
        json!({"StatusCode": 200, "FunctionError": "Unhandled", "ExecutedVersion": "$LATEST", "Payload": "eyJhIjoxfQ=="}),
        "200\nx-amz-function-error: Unhandled\nx-amz-executed-version: $LATEST\ncontent-type: application/json\n{\"a\":1}",
    );
    answers(&invoke, json!({"StatusCode": 202, "Payload": ""}), "202\n");
    answers(&invoke, json!({"StatusCode": 204}), "204\n");
}

#[test]
fn rest_xml_answers() {
    answers(
        &call("s3", "ListBuckets", Protocol::RestXml),
        json!({"Buckets": [{"Name": "b", "CreationDate": 1_795_253_400}]}),
        "200\ncontent-type: application/xml\nx-amz-request-id: r1\nx-amz-id-2: r1\n\
         <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ListAllMyBucketsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Buckets><Bucket><Name>b</Name>\
         <CreationDate>2026-11-21T09:30:00.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>",
    );
    let head = json!({"ContentType": "text/plain", "LastModified": 1_795_253_400, "Metadata": {"k": "v"}});
    let get = render_payload(&call("s3", "GetObject", Protocol::RestXml), &head, Bytes::from_static(b"\xff\0"), "r1");
    assert_eq!(get.headers()["last-modified"], "Sat, 21 Nov 2026 09:30:00 GMT");
    assert_eq!(
        (&get.headers()["content-type"], &get.headers()["x-amz-meta-k"]),
        (&"text/plain".parse().expect("a value"), &"v".parse().expect("a value"))
    );
    assert_eq!(get.body().as_ref(), b"\xff\0");
}

#[test]
fn cbor_answers() {
    let output = json!({"Metrics": [{"Namespace": "n"}], "NextToken": null});
    let response = render(&call("cloudwatch", "ListMetrics", Protocol::Cbor), &output, "r1");
    assert_eq!(response.headers()["smithy-protocol"], "rpc-v2-cbor");
    assert_eq!(response.body().as_ref(), b"\xa1\x67Metrics\x81\xa1\x69Namespace\x61n");
}

#[test]
fn a_header_cannot_be_split() {
    let output = json!({"StatusCode": 200, "FunctionError": "a\r\nx-evil: 1"});
    let response = render(&call("lambda", "Invoke", Protocol::RestJson), &output, "r1");
    assert!(!response.headers().contains_key("x-evil") && !response.headers().contains_key("x-amz-function-error"));
}

#[test]
fn payloads_can_pass_by_the_document() {
    let headers = HeaderMap::new();
    let request = Request {
        method: &Method::POST,
        path: "/2015-03-31/functions/f/invocations",
        query: "Qualifier=live",
        headers: &headers,
        body: b"{}",
        scope: Some("lambda"),
    };
    let routed = route(&request).expect("Invoke");
    assert_eq!(parse(&routed, &request), Ok(json!({"Payload": "e30=", "FunctionName": "f", "Qualifier": "live"})));
    assert_eq!(parse_head(&routed, &request), Ok(json!({"FunctionName": "f", "Qualifier": "live"})));
}
