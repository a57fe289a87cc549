//! The data plane: who may invoke, what runs, what the caller is told.

use super::ARN;
use super::house::{House, Script, zip};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::Arc;
use tidegate_core::ports::{InvocationType, InvokeError, InvokeFunction, InvokeRequest};
use tidegate_core::{AwsError, Context, Principal};
use tidegate_runtime::Error;

fn request(arn: &str) -> InvokeRequest {
    InvokeRequest {
        function_arn: arn.into(),
        payload: Bytes::from_static(b"{}"),
        invocation_type: InvocationType::RequestResponse,
        source_arn: Some("arn:aws:execute-api:us-east-1:000000000000:a/$default/$default".into()),
        trace_header: Some("Root=1-2-3".into()),
        log_tail: false,
        client_context: None,
    }
}

fn gateway(house: &House) -> Context {
    let principal = Principal::service(house.bench.cx.account.clone(), "apigateway.amazonaws.com");
    Context { principal: Arc::new(principal), ..house.bench.cx.clone() }
}

fn payload(text: &str) -> String {
    STANDARD.encode(text)
}

#[tokio::test]
async fn gives_what_the_function_gives() {
    let house = House::new().await;
    house.script([Script::Answer("{\"a\":1}"), Script::Error("{\"errorType\":\"Error\"}"), Script::Answer("null")]);
    let invoke = async |input: Value| house.ok("Invoke", input).await;
    let first = invoke(json!({ "FunctionName": "f", "Payload": payload("{}"), "LogType": "Tail" })).await;
    let expected = json!({
        "StatusCode": 200, "FunctionError": null, "LogResult": payload("the tail"), "Payload": payload("{\"a\":1}"),
        "ExecutedVersion": "$LATEST",
    });
    assert_eq!(first, expected);
    let second = invoke(json!({ "FunctionName": "f" })).await;
    assert_eq!((&second["FunctionError"], &second["StatusCode"]), (&json!("Unhandled"), &json!(200)));
    assert_eq!(second["LogResult"], Value::Null);
    assert_eq!(invoke(json!({ "FunctionName": "f" })).await["Payload"], payload("null"));
    // An event that is not sent is an empty object.
    assert_eq!(house.asked()[1], ("f:$LATEST".to_owned(), "{}".to_owned()));
}

#[tokio::test]
async fn answers_dry_runs_and_events_without_running() {
    let house = House::new().await;
    let dry = house.ok("Invoke", json!({ "FunctionName": "f", "InvocationType": "DryRun" })).await;
    let event =
        house.ok("Invoke", json!({ "FunctionName": "f", "InvocationType": "Event", "Payload": payload("1") })).await;
    assert_eq!((&dry["StatusCode"], &event["StatusCode"]), (&json!(204), &json!(202)));
    assert_eq!((&dry["Payload"], &event["Payload"]), (&json!(""), &json!("")));
    assert!(house.asked().is_empty());
}

/// Texts of facts L12 to L14.
#[tokio::test]
async fn refuses_as_aws_does() {
    let house = House::new().await;
    let large = payload(&format!("\"{}\"", "x".repeat(6_291_455)));
    let event = payload(&format!("\"{}\"", "x".repeat(1_048_575)));
    let cases = [
        (
            json!({ "FunctionName": "none" }),
            (404, "ResourceNotFoundException"),
            "Function not found: arn:aws:lambda:us-east-1:000000000000:function:none:$LATEST".to_owned(),
        ),
        (
            json!({ "FunctionName": "f", "Qualifier": "9" }),
            (404, "ResourceNotFoundException"),
            format!("Function not found: {ARN}:9"),
        ),
        (
            json!({ "FunctionName": "f:live" }),
            (404, "ResourceNotFoundException"),
            format!("Function not found: {ARN}:live"),
        ),
        (
            json!({ "FunctionName": "f", "Payload": large }),
            (413, "RequestEntityTooLargeException"),
            "Request must be smaller than 6291456 bytes for the InvokeFunction operation".into(),
        ),
        (
            json!({ "FunctionName": "f", "Payload": event, "InvocationType": "Event" }),
            (413, "RequestEntityTooLargeException"),
            "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)".into(),
        ),
        (
            json!({ "FunctionName": "f", "ClientContext": "?" }),
            (400, "InvalidRequestContentException"),
            "Client context must be a valid Base64-encoded JSON object.".into(),
        ),
        (json!({ "FunctionName": "f", "TenantId": "t" }), (501, "NotImplemented"), "TenantId is not supported.".into()),
    ];
    for (input, (status, code), message) in cases {
        let error = house.call("Invoke", input).await.expect_err(code);
        assert_eq!((error.status, error.code.as_ref(), error.message), (status, code, message));
    }
    let error =
        house.call("Invoke", json!({ "FunctionName": "f", "Payload": payload("hello") })).await.expect_err("no JSON");
    assert_eq!((error.status, error.code.as_ref()), (400, "InvalidRequestContentException"));
    assert!(error.message.starts_with("Could not parse request body into json: Could not parse payload into json: "));
}

#[tokio::test]
async fn says_why_a_function_could_not_run() {
    let house = House::new().await;
    let missing = || Error::InterpreterMissing(tidegate_runtime::RuntimeId::Node(20));
    let cases = [
        (Script::Refuse(|| Error::Throttled), 429, "TooManyRequestsException"),
        (Script::Refuse(|| Error::TooManyEnvironments), 429, "TooManyRequestsException"),
        (Script::Refuse(missing), 502, "InvalidRuntimeException"),
        (Script::Refuse(|| Error::Credentials("NoSuchRole".into())), 403, "AccessDeniedException"),
        (Script::Refuse(|| Error::Sandbox("secret path".into())), 500, "ServiceException"),
    ];
    for (refusal, status, code) in cases {
        house.script([refusal]);
        let error = house.call("Invoke", json!({ "FunctionName": "f" })).await.expect_err(code);
        assert_eq!((error.status, error.code.as_ref()), (status, code));
        assert!(!error.message.contains("secret"), "{}", error.message);
    }
}

#[tokio::test]
async fn serves_other_services() {
    let house = House::new().await;
    let cx = gateway(&house);
    let answer = house.lambda.invoke(&cx, request(ARN)).await.expect("an answer");
    assert_eq!(
        (answer.status, answer.payload.as_ref(), answer.executed_version.as_str()),
        (200, &b"{}"[..], "$LATEST")
    );
    let (spec, invocation) = house.executor.asked.lock().expect("a lock").pop().expect("an invocation");
    assert_eq!(invocation.request_id, answer.request_id);
    assert_eq!((invocation.invoked_function_arn.as_str(), invocation.trace_id.as_deref()), (ARN, Some("Root=1-2-3")));
    assert_eq!(std::fs::read_to_string(spec.code_dir.join("index.js")).ok().as_deref(), Some("f"));
    house.bench.denied.deny("lambda:InvokeFunction");
    assert!(matches!(house.lambda.invoke(&cx, request(ARN)).await, Err(InvokeError::Refused(e)) if e.status == 403));
    // Who may not call learns nothing of what is there.
    let none = house.lambda.invoke(&cx, request(&format!("{ARN}x"))).await;
    assert!(matches!(none, Err(InvokeError::Refused(e)) if e.status == 403));
}

/// An authorizer that keeps what it is asked.
#[derive(Default)]
struct Asked(std::sync::Mutex<Vec<tidegate_core::Check>>);

impl tidegate_core::Authorizer for Asked {
    fn authorize(&self, _: &Context, check: &tidegate_core::Check) -> Result<(), AwsError> {
        self.0.lock().expect("a lock").push(check.clone());
        Ok(())
    }
}

#[tokio::test]
async fn asks_with_the_policy_of_the_qualifier() {
    let house = super::sweep_cases::house().await;
    let asked = Arc::new(Asked::default());
    let environment = tidegate_core::Environment {
        clock: house.bench.clock.clone(),
        ids: house.bench.cx.environment.ids.clone(),
        authorizer: asked.clone(),
    };
    let cx = Context { environment: Arc::new(environment), ..gateway(&house) };
    for (qualifier, resource, policy) in
        [("", ARN.to_owned(), true), (":$LATEST", ARN.to_owned(), true), (":live", format!("{ARN}:live"), false)]
    {
        house.lambda.invoke(&cx, request(&format!("{ARN}{qualifier}"))).await.expect("an answer");
        let check = asked.0.lock().expect("a lock").pop().expect("a check");
        assert_eq!((check.action.as_str(), &check.resource), ("lambda:InvokeFunction", &resource));
        assert_eq!(check.resource_policy.is_some(), policy, "{qualifier}");
        let source = "arn:aws:execute-api:us-east-1:000000000000:a/$default/$default".to_owned();
        assert_eq!(check.conditions.get("aws:SourceArn"), Some(&vec![source]));
        assert_eq!(check.conditions.get("aws:SourceAccount"), Some(&vec!["000000000000".to_owned()]));
    }
}

#[tokio::test]
async fn sees_changes_at_once() {
    let house = House::new().await;
    let run = async || house.ok("Invoke", json!({ "FunctionName": "f" })).await;
    run().await;
    let code = json!({ "FunctionName": "f", "ZipFile": zip(&[("index.js", "new")]) });
    house.ok("UpdateFunctionCode", code).await;
    run().await;
    let asked = house.executor.asked.lock().expect("a lock");
    let text = |n: usize| std::fs::read_to_string(asked[n].0.code_dir.join("index.js")).ok();
    assert_eq!((text(0).as_deref(), text(1).as_deref()), (Some("f"), Some("new")));
    assert_ne!(asked[0].0.revision, asked[1].0.revision);
}

#[tokio::test]
async fn runs_after_a_restart() {
    let house = super::sweep_cases::house().await.restarted();
    house.ok("Invoke", json!({ "FunctionName": "f", "Qualifier": "live" })).await;
    let (spec, invocation) = house.executor.asked.lock().expect("a lock").pop().expect("an invocation");
    assert_eq!((spec.version.as_str(), invocation.invoked_function_arn.clone()), ("1", format!("{ARN}:live")));
    assert_eq!(std::fs::read_to_string(spec.code_dir.join("index.js")).ok().as_deref(), Some("1"));
    assert_eq!((spec.max_concurrency, spec.timeout_ms, spec.memory_mb), (5, 3000, 128));
    let credentials = (spec.credentials)().await.expect("credentials");
    assert_eq!(credentials.access_key_id, "ASIA");
}

#[tokio::test]
async fn divides_an_alias_by_weight() {
    let house = House::new().await;
    house.ok("PublishVersion", json!({ "FunctionName": "f" })).await;
    let code = json!({ "FunctionName": "f", "ZipFile": zip(&[("index.js", "2")]), "Publish": true });
    house.ok("UpdateFunctionCode", code).await;
    let routing = json!({ "AdditionalVersionWeights": { "2": 0.25 } });
    house
        .ok(
            "CreateAlias",
            json!({ "FunctionName": "f", "Name": "a", "FunctionVersion": "1", "RoutingConfig": routing }),
        )
        .await;
    for _ in 0..400 {
        house.ok("Invoke", json!({ "FunctionName": "f", "Qualifier": "a" })).await;
    }
    let second = house.asked().iter().filter(|(version, _)| version == "f:2").count();
    assert!((60..140).contains(&second), "{second} of 400");
}

#[tokio::test]
async fn keeps_to_the_reservation() {
    let house = House::new().await;
    house.ok("PutFunctionConcurrency", json!({ "FunctionName": "f", "ReservedConcurrentExecutions": 0 })).await;
    let error = house.call("Invoke", json!({ "FunctionName": "f" })).await.expect_err("no room");
    assert_eq!(
        (error.status, error.code.as_ref(), error.message.as_str()),
        (429, "TooManyRequestsException", "Rate Exceeded.")
    );
    assert_eq!(error.fields.get("Reason"), Some(&json!("ReservedFunctionConcurrentInvocationLimitExceeded")));
    let busy = house.lambda.invoke(&gateway(&house), request(ARN)).await;
    assert!(matches!(busy, Err(InvokeError::Throttled(_))));
    house.ok("DeleteFunctionConcurrency", json!({ "FunctionName": "f" })).await;
    house.ok("Invoke", json!({ "FunctionName": "f" })).await;
}
