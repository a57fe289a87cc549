//! The event of payload format 1.0. What a request does not have is null here.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use super::caller::Caller;
use super::exchange::Exchange;
use super::json::Json;
use std::borrow::Cow;

/// Names and values, sorted by name; a name may come more than once.
type Pairs<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// The event for the integration's function.
pub fn write(x: &Exchange<'_>) -> Vec<u8> {
    let mut json = Json::with_capacity(4096 + x.request.body.len() / 3 * 4);
    json.raw("{\"version\":\"1.0\"");
    request(&mut json, x);
    body(&mut json, x);
    json.raw("}");
    json.into_bytes()
}

/// The event for an authorizer's function.
pub fn write_for_authorizer(x: &Exchange<'_>, method_arn: &str, identity: &[String]) -> Vec<u8> {
    let source = identity.join(",");
    let mut json = Json::with_capacity(4096);
    json.raw("{\"version\":\"1.0\",\"type\":\"REQUEST\",\"methodArn\":").string(method_arn);
    json.raw(",\"identitySource\":").string(&source);
    json.raw(",\"authorizationToken\":").string(&source);
    request(&mut json, x);
    json.raw("}");
    json.into_bytes()
}

/// From `resource` to `stageVariables`.
fn request(json: &mut Json, x: &Exchange<'_>) {
    json.raw(",\"resource\":").string(&x.route.template);
    json.raw(",\"path\":").string(x.path);
    json.raw(",\"httpMethod\":").string(x.request.method.as_str());
    let headers = headers(x);
    json.raw(",\"headers\":");
    last_values(json, &headers);
    json.raw(",\"multiValueHeaders\":");
    all_values(json, &headers);
    let query = x.query();
    json.raw(",\"queryStringParameters\":");
    if query.is_empty() {
        json.raw("null,\"multiValueQueryStringParameters\":null");
    } else {
        last_values(json, &query);
        json.raw(",\"multiValueQueryStringParameters\":");
        all_values(json, &query);
    }
    json.raw(",\"requestContext\":");
    context(json, x);
    json.raw(",\"pathParameters\":");
    nullable(json, x.parameters.iter().map(|(n, v)| (*n, v.as_str())).collect());
    json.raw(",\"stageVariables\":");
    nullable(json, x.stage.variables.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect());
}

fn nullable(json: &mut Json, pairs: Vec<(&str, &str)>) {
    if pairs.is_empty() {
        json.raw("null");
    } else {
        json.object(pairs.into_iter());
    }
}

/// The headers with the cookies. A few names have capitals in real events of this format; the others come as sent,
/// which on HTTP/2 is lower case.
fn headers<'a>(x: &Exchange<'a>) -> Pairs<'a> {
    let plain = x.headers().into_iter().map(|(name, value)| (Cow::Borrowed(spelled(name)), value));
    let cookies = x.cookie_headers().into_iter().map(|value| (Cow::Borrowed("cookie"), value));
    let mut all: Pairs<'a> = plain.chain(cookies).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn spelled(name: &str) -> &str {
    match name {
        "content-length" => "Content-Length",
        "content-type" => "Content-Type",
        "host" => "Host",
        "user-agent" => "User-Agent",
        "x-amzn-trace-id" => "X-Amzn-Trace-Id",
        "x-forwarded-for" => "X-Forwarded-For",
        "x-forwarded-port" => "X-Forwarded-Port",
        "x-forwarded-proto" => "X-Forwarded-Proto",
        other => other,
    }
}

/// Each name once, with its last value. The pairs are sorted by name.
fn last_values(json: &mut Json, pairs: &Pairs<'_>) {
    json.grouped(pairs, |json, values| {
        json.string(values.last().map_or("", |value| value));
    });
}

/// Each name once, with all its values.
fn all_values(json: &mut Json, pairs: &Pairs<'_>) {
    json.grouped(pairs, |json, values| {
        json.array(values.map(|value| &**value));
    });
}

fn context(json: &mut Json, x: &Exchange<'_>) {
    let (request, arrival) = (x.request, x.arrival);
    json.raw("{\"accountId\":").string(x.api.account.as_str());
    json.raw(",\"apiId\":").string(&x.api.api_id);
    authorizer(json, x);
    json.raw(",\"domainName\":").string(&request.domain_name);
    json.raw(",\"domainPrefix\":").string(x.domain_prefix());
    json.raw(",\"extendedRequestId\":").string(&arrival.request_id);
    json.raw(",\"httpMethod\":").string(request.method.as_str());
    json.raw(",\"identity\":");
    identity(json, x);
    json.raw(",\"path\":").string(x.path);
    json.raw(",\"protocol\":").string(x.request.shown_protocol());
    json.raw(",\"requestId\":").string(&arrival.request_id);
    json.raw(",\"requestTime\":").string(&arrival.time);
    json.raw(",\"requestTimeEpoch\":").number(arrival.time_ms);
    json.raw(",\"resourceId\":").string(&x.route.key);
    json.raw(",\"resourcePath\":").string(&x.route.template);
    json.raw(",\"stage\":").string(&x.stage.name).raw("}");
}

/// What a Lambda authorizer said, flat, beside the places where a token's claims would stand.
fn authorizer(json: &mut Json, x: &Exchange<'_>) {
    let Caller::Function(verdict) = &x.caller else { return };
    json.raw(",\"authorizer\":{\"claims\":null,\"scopes\":null");
    if let Some(id) = &verdict.principal_id {
        json.raw(",\"principalId\":").string(id);
    }
    for (name, value) in &verdict.context {
        json.raw(",").string(name).raw(":").raw(&value.to_string());
    }
    json.raw("}");
}

fn identity(json: &mut Json, x: &Exchange<'_>) {
    let principal = match &x.caller {
        Caller::Iam(principal) => Some(principal),
        _ => None,
    };
    let user_id = principal.map(|p| p.user_id());
    json.raw("{\"accessKey\":").nullable(principal.map(|p| &*p.access_key_id));
    json.raw(",\"accountId\":").nullable(principal.map(|p| p.account.as_str()));
    json.raw(",\"caller\":").nullable(user_id.as_deref());
    json.raw(",\"cognitoAmr\":null,\"cognitoAuthenticationProvider\":null,\"cognitoAuthenticationType\":null");
    json.raw(",\"cognitoIdentityId\":null,\"cognitoIdentityPoolId\":null,\"principalOrgId\":null");
    json.raw(",\"sourceIp\":").string(&x.request.source_ip.to_string());
    json.raw(",\"user\":").nullable(user_id.as_deref());
    json.raw(",\"userAgent\":").string(x.user_agent());
    json.raw(",\"userArn\":").nullable(principal.map(|p| p.arn()).as_deref()).raw("}");
}

/// `body`, null if there is none, and `isBase64Encoded`.
fn body(json: &mut Json, x: &Exchange<'_>) {
    let bytes = &x.request.body;
    if bytes.is_empty() {
        json.raw(",\"body\":null,\"isBase64Encoded\":false");
    } else if let Some(text) = x.text_body() {
        json.raw(",\"body\":").string(text).raw(",\"isBase64Encoded\":false");
    } else {
        json.raw(",\"body\":").base64(bytes).raw(",\"isBase64Encoded\":true");
    }
}
