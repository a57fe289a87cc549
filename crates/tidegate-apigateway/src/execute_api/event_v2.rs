//! The event of payload format 2.0. What a request does not have is absent here, never null.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use super::caller::Caller;
use super::exchange::Exchange;
use super::json::Json;
use std::borrow::Cow;
use tidegate_core::Principal;

/// The event for the integration's function.
pub fn write(x: &Exchange<'_>) -> Vec<u8> {
    let mut json = Json::with_capacity(2048 + x.request.body.len() / 3 * 4);
    json.raw("{\"version\":\"2.0\",\"routeKey\":").string(&x.route.key);
    request(&mut json, x);
    json.raw(",\"requestContext\":");
    context(&mut json, x);
    body(&mut json, x);
    json.raw("}");
    json.into_bytes()
}

/// The event for an authorizer's function.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
pub fn write_for_authorizer(x: &Exchange<'_>, route_arn: &str, identity: &[String]) -> Vec<u8> {
    let mut json = Json::with_capacity(2048);
    json.raw("{\"version\":\"2.0\",\"type\":\"REQUEST\",\"routeArn\":").string(route_arn);
    json.raw(",\"identitySource\":").array(identity.iter().map(String::as_str));
    json.raw(",\"routeKey\":").string(&x.route.key);
    request(&mut json, x);
    json.raw(",\"requestContext\":");
    context(&mut json, x);
    json.raw("}");
    json.into_bytes()
}

/// From `rawPath` to `stageVariables`.
fn request(json: &mut Json, x: &Exchange<'_>) {
    json.raw(",\"rawPath\":").string(x.path);
    json.raw(",\"rawQueryString\":").string(x.request.query.as_deref().unwrap_or_default());
    let cookies = x.cookies();
    if !cookies.is_empty() {
        json.raw(",\"cookies\":").array(cookies.iter().map(String::as_str));
    }
    json.raw(",\"headers\":");
    joined(json, &x.headers());
    let query = x.query();
    if !query.is_empty() {
        json.raw(",\"queryStringParameters\":");
        joined(json, &query);
    }
    if !x.parameters.is_empty() {
        json.raw(",\"pathParameters\":").object(x.parameters.iter().map(|(n, v)| (*n, v.as_str())));
    }
    if !x.stage.variables.is_empty() {
        json.raw(",\"stageVariables\":").object(x.stage.variables.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    }
}

/// An object in which values of one name have become one value with commas. The pairs are sorted by name.
fn joined<N: AsRef<str>>(json: &mut Json, pairs: &[(N, Cow<'_, str>)]) {
    json.grouped(pairs, |json, values| {
        json.joined(values.map(|value| &**value));
    });
}

fn context(json: &mut Json, x: &Exchange<'_>) {
    let (request, arrival) = (x.request, x.arrival);
    json.raw("{\"accountId\":").string(x.api.account.as_str());
    json.raw(",\"apiId\":").string(&x.api.api_id);
    match &x.caller {
        Caller::Anyone => {}
        Caller::Iam(principal) => iam(json, principal),
        Caller::Function(verdict) => {
            let context = serde_json::to_string(&verdict.context).unwrap_or_default();
            json.raw(",\"authorizer\":{\"lambda\":").raw(&context).raw("}");
        }
    }
    json.raw(",\"domainName\":").string(&request.domain_name);
    json.raw(",\"domainPrefix\":").string(x.domain_prefix());
    json.raw(",\"http\":{\"method\":").string(request.method.as_str());
    json.raw(",\"path\":").string(x.path);
    json.raw(",\"protocol\":").string(x.request.shown_protocol());
    json.raw(",\"sourceIp\":").string(&request.source_ip.to_string());
    json.raw(",\"userAgent\":").string(x.user_agent());
    json.raw("},\"requestId\":").string(&arrival.request_id);
    json.raw(",\"routeKey\":").string(&x.route.key);
    json.raw(",\"stage\":").string(&x.stage.name);
    json.raw(",\"time\":").string(&arrival.time);
    json.raw(",\"timeEpoch\":").number(arrival.time_ms).raw("}");
}

fn iam(json: &mut Json, principal: &Principal) {
    let user_id = principal.user_id();
    json.raw(",\"authorizer\":{\"iam\":{\"accessKey\":").string(&principal.access_key_id);
    json.raw(",\"accountId\":").string(principal.account.as_str());
    json.raw(",\"callerId\":").string(&user_id);
    json.raw(",\"cognitoIdentity\":null,\"principalOrgId\":null,\"userArn\":").string(&principal.arn());
    json.raw(",\"userId\":").string(&user_id).raw("}}");
}

/// `body`, if there is one, and `isBase64Encoded`.
fn body(json: &mut Json, x: &Exchange<'_>) {
    let bytes = &x.request.body;
    if bytes.is_empty() {
        json.raw(",\"isBase64Encoded\":false");
    } else if let Some(text) = x.text_body() {
        json.raw(",\"body\":").string(text).raw(",\"isBase64Encoded\":false");
    } else {
        json.raw(",\"body\":").base64(bytes).raw(",\"isBase64Encoded\":true");
    }
}
