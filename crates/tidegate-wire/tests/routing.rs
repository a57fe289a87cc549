//! Which operation a request is for.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use tidegate_wire::{Request, route};

struct Sent {
    method: Method,
    url: &'static str,
    headers: HeaderMap,
    body: &'static str,
    scope: Option<&'static str>,
}

fn sent(method: Method, url: &'static str) -> Sent {
    Sent { method, url, headers: HeaderMap::new(), body: "", scope: None }
}

impl Sent {
    fn signed(self, scope: &'static str) -> Sent {
        Sent { scope: Some(scope), ..self }
    }

    fn header(mut self, name: &'static str, value: &'static str) -> Sent {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        self
    }

    fn form(self, body: &'static str) -> Sent {
        Sent { body, ..self }.header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
    }

    /// `service Operation protocol`, with the labels behind; or the refusal's status and body.
    fn found(&self) -> String {
        let (path, query) = self.url.split_once('?').unwrap_or((self.url, ""));
        let (headers, body, scope) = (&self.headers, self.body.as_bytes(), self.scope);
        match route(&Request { method: &self.method, path, query, headers, body, scope }) {
            Ok(routed) => {
                let labels: String = routed.labels.iter().map(|(name, text)| format!(" {name}={text}")).collect();
                let call = routed.call;
                format!("{} {} {:?}{labels}", call.service.name, call.operation.name, call.protocol)
            }
            Err(unrouted) => {
                let response = unrouted.response("r");
                format!("{} {}", response.status().as_u16(), String::from_utf8_lossy(response.body()))
            }
        }
    }
}

fn target(target: &'static str, version: &'static str) -> Sent {
    sent(Method::POST, "/").header("x-amz-target", target).header("content-type", version)
}

const JSON10: &str = "application/x-amz-json-1.0";
const JSON11: &str = "application/x-amz-json-1.1";

#[test]
fn requests_find_their_operation() {
    let get = |url| sent(Method::GET, url);
    let post = |url| sent(Method::POST, url);
    let cases = [
        (target("DynamoDB_20120810.GetItem", JSON10).signed("dynamodb"), "dynamodb GetItem Json10"),
        (target("Logs_20140328.PutLogEvents", JSON11).signed("logs"), "logs PutLogEvents Json11"),
        (target("AWSCognitoIdentityProviderService.InitiateAuth", JSON11), "cognito-idp InitiateAuth Json11"),
        (target("GraniteServiceVersion20100801.PutMetricData", JSON10), "cloudwatch PutMetricData Json10"),
        (target("AmazonSQS.SendMessage", JSON10), "sqs SendMessage Json10"),
        (
            post("/service/GraniteServiceVersion20100801/operation/ListMetrics")
                .header("smithy-protocol", "rpc-v2-cbor"),
            "cloudwatch ListMetrics Cbor",
        ),
        (post("/").form("Action=GetCallerIdentity&Version=2011-06-15").signed("sts"), "sts GetCallerIdentity Query"),
        (post("/").form("Version=2011-06-15&Action=AssumeRoleWithWebIdentity"), "sts AssumeRoleWithWebIdentity Query"),
        (get("/?Action=ListUsers&Version=2010-05-08").signed("iam"), "iam ListUsers Query"),
        (post("/").form("Action=ListMetrics&Version=2010-08-01").signed("monitoring"), "cloudwatch ListMetrics Query"),
        (post("/").form("Action=SendMessage&Version=2012-11-05").signed("sqs"), "sqs SendMessage Query"),
        (get("/2015-03-31/functions/my%3Af").signed("lambda"), "lambda GetFunction RestJson FunctionName=my:f"),
        (get("/2015-03-31/functions/").signed("lambda"), "lambda ListFunctions RestJson"),
        (get("/2015-03-31/functions").signed("lambda"), "lambda ListFunctions RestJson"),
        (
            post("/2015-03-31/functions/f/invocations?Qualifier=1").signed("lambda"),
            "lambda Invoke RestJson FunctionName=f",
        ),
        (
            get("/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af").signed("lambda"),
            "lambda ListTags RestJson Resource=arn:aws:lambda:us-east-1:000000000000:function:f",
        ),
        (get("/2018-10-31/layers?find=LayerVersion&Arn=a").signed("lambda"), "lambda GetLayerVersionByArn RestJson"),
        (get("/2018-10-31/layers").signed("lambda"), "lambda ListLayers RestJson"),
        (
            get("/2019-09-30/functions/f/provisioned-concurrency?List=ALL").signed("lambda"),
            "lambda ListProvisionedConcurrencyConfigs RestJson FunctionName=f",
        ),
        (get("/v2/apis").signed("apigateway"), "apigatewayv2 GetApis RestJson"),
        (get("/v2/apis/a/routes/r").signed("apigateway"), "apigatewayv2 GetRoute RestJson apiId=a routeId=r"),
        (get("/restapis").signed("apigateway"), "apigateway GetRestApis RestJson"),
        (get("/bucket?list-type=2").signed("s3"), "s3 ListObjectsV2 RestXml Bucket=bucket"),
        (get("/bucket").signed("s3"), "s3 ListObjects RestXml Bucket=bucket"),
        (get("/").signed("s3"), "s3 ListBuckets RestXml"),
        (get("/b/k/e%20y").signed("s3"), "s3 GetObject RestXml Bucket=b Key=k/e y"),
        (sent(Method::PUT, "/b/k?x-id=PutObject").signed("s3"), "s3 PutObject RestXml Bucket=b Key=k"),
        (
            sent(Method::PUT, "/b/k").signed("s3").header("x-amz-copy-source", "/b/j"),
            "s3 CopyObject RestXml Bucket=b Key=k",
        ),
        (sent(Method::PUT, "/b/k?partNumber=1&uploadId=u").signed("s3"), "s3 UploadPart RestXml Bucket=b Key=k"),
        (get("/k").signed("s3").header("host", "b.s3.us-east-1.amazonaws.com"), "s3 GetObject RestXml Bucket=b Key=k"),
        (get("/").signed("s3").header("host", "b.s3.localhost:4566"), "s3 ListObjects RestXml Bucket=b"),
        (get("/2015-03-31/functions/f"), "lambda GetFunction RestJson FunctionName=f"),
        (get("/v2/apis/a"), "apigatewayv2 GetApi RestJson apiId=a"),
        (post("/TraceSegments").signed("xray"), "xray PutTraceSegments RestJson"),
    ];
    for (sent, expected) in cases {
        assert_eq!(sent.found(), expected, "{} {}", sent.method, sent.url);
    }
}

#[test]
fn requests_for_nothing_are_refused_in_their_protocol() {
    let get = |url| sent(Method::GET, url);
    let cases = [
        (
            target("DynamoDB_20120810.Nope", JSON10).signed("dynamodb"),
            "400 {\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}",
        ),
        (
            target("Nope.GetItem", JSON11).signed("dynamodb"),
            "400 {\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}",
        ),
        (target("Logs_20140328", JSON11).signed("logs"), "400 {\"__type\":\"UnknownOperationException\"}"),
        (
            sent(Method::POST, "/").form("Action=Nope&Version=2010-05-08").signed("iam"),
            "400 <ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>\
             <Code>InvalidAction</Code><Message>Could not find operation Nope for version 2010-05-08</Message></Error>\
             <RequestId>r</RequestId></ErrorResponse>",
        ),
        (get("/2015-03-31/nope").signed("lambda"), "404 {\"message\":\"Unknown operation: GET /2015-03-31/nope\"}"),
        (get("/x").signed("scheduler"), "501 {\"message\":\"Tidegate does not offer scheduler.\"}"),
        (
            get("/2013-04-01/hostedzone").signed("route53"),
            "501 <ErrorResponse><Error><Type>Receiver</Type><Code>NotImplementedException</Code>\
             <Message>Tidegate does not offer route53.</Message></Error><RequestId>r</RequestId></ErrorResponse>",
        ),
        (get("/x"), "404 {\"message\":\"No AWS API answers to this method and path.\"}"),
        (
            target("Nope.Nope", JSON11),
            "501 {\"__type\":\"NotImplementedException\",\"message\":\"Tidegate does not offer Nope.Nope.\"}",
        ),
    ];
    for (sent, expected) in cases {
        assert_eq!(sent.found(), expected, "{} {}", sent.method, sent.url);
    }
}
