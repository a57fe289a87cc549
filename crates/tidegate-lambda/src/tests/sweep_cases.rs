//! The cases of the sweep: for each operation an input that works, one that does not, and how the effect is seen.

use super::ARN;
use super::house::{House, ROLE, function, zip};
use serde_json::{Value, json};

pub struct Case {
    pub name: &'static str,
    pub input: Value,
    /// An input that is refused, and the code of the refusal; `None` where every input that fits the model is good.
    pub wrong: Option<(Value, &'static str)>,
    /// An operation after a restart, its input, and a place in its answer with its value, or code and message of its
    /// error.
    pub shows: Shows,
}

type Shows = (&'static str, Value, &'static str, Value);

const NOT_FOUND: &str = "ResourceNotFoundException";
const INVALID: &str = "InvalidParameterValueException";
const CONFLICT: &str = "ResourceConflictException";

/// A function `f` with version 1, alias `live`, a policy, a tag, a reservation, an event configuration; a layer `l`.
pub async fn house() -> House {
    filled(House::empty()).await
}

/// The same over a store on disk.
pub async fn house_on_disk() -> House {
    filled(House::on_disk()).await
}

async fn filled(house: House) -> House {
    let mut input = function("f", &zip(&[("index.js", "1")]));
    input["Tags"] = json!({ "k": "v" });
    input["Publish"] = json!(true);
    house.ok("CreateFunction", input).await;
    house.ok("CreateAlias", json!({ "FunctionName": "f", "Name": "live", "FunctionVersion": "1" })).await;
    house.ok("AddPermission", permission("s")).await;
    house.ok("PutFunctionConcurrency", json!({ "FunctionName": "f", "ReservedConcurrentExecutions": 5 })).await;
    house.ok("PutFunctionEventInvokeConfig", json!({ "FunctionName": "f", "MaximumRetryAttempts": 1 })).await;
    house.ok("PublishLayerVersion", layer("1")).await;
    house.ok("AddLayerVersionPermission", layer_permission("s")).await;
    house
}

fn permission(id: &str) -> Value {
    let principal = "apigateway.amazonaws.com";
    json!({ "FunctionName": "f", "StatementId": id, "Action": "lambda:InvokeFunction", "Principal": principal })
}

fn layer(text: &str) -> Value {
    json!({ "LayerName": "l", "Content": { "ZipFile": zip(&[("python/l.py", text)]) } })
}

fn layer_permission(id: &str) -> Value {
    let action = "lambda:GetLayerVersion";
    json!({ "LayerName": "l", "VersionNumber": 1, "StatementId": id, "Action": action, "Principal": "111111111111" })
}

fn named(extra: Value) -> Value {
    let mut input = json!({ "FunctionName": "f" });
    for (name, value) in extra.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    input
}

fn other(extra: Value) -> Value {
    let mut input = named(extra);
    input["FunctionName"] = json!("none");
    input
}

fn configuration(pointer: &'static str, value: Value) -> Shows {
    ("GetFunctionConfiguration", named(json!({})), pointer, value)
}

fn case(name: &'static str, input: Value, wrong: (Value, &'static str), shows: Shows) -> Case {
    Case { name, input, wrong: Some(wrong), shows }
}

pub fn cases() -> Vec<Case> {
    [function_cases(), version_cases(), policy_cases(), event_cases(), layer_cases(), layer_policy_cases()]
        .into_iter()
        .flatten()
        .collect()
}

fn function_cases() -> Vec<Case> {
    let gone = json!(format!("Function not found: {ARN}"));
    vec![
        case(
            "CreateFunction",
            function("g", &zip(&[("index.js", "")])),
            (function("f", &zip(&[("index.js", "")])), CONFLICT),
            ("GetFunction", json!({ "FunctionName": "g" }), "/Configuration/State", json!("Active")),
        ),
        case(
            "GetFunction",
            named(json!({})),
            (other(json!({})), NOT_FOUND),
            ("GetFunction", named(json!({})), "/Tags/k", json!("v")),
        ),
        case(
            "GetFunctionConfiguration",
            named(json!({})),
            (named(json!({ "Qualifier": "none" })), NOT_FOUND),
            configuration("/Role", json!(ROLE)),
        ),
        case(
            "UpdateFunctionCode",
            named(json!({ "ZipFile": zip(&[("index.js", "2")]), "Publish": true })),
            (named(json!({ "ZipFile": "" })), INVALID),
            ("GetFunction", named(json!({ "Qualifier": "2" })), "/Configuration/Version", json!("2")),
        ),
        case(
            "UpdateFunctionConfiguration",
            named(json!({ "Timeout": 30, "Environment": { "Variables": { "AB": "c" } } })),
            (named(json!({ "RevisionId": "other" })), "PreconditionFailedException"),
            configuration("/Environment/Variables/AB", json!("c")),
        ),
        case(
            "DeleteFunction",
            named(json!({})),
            (named(json!({ "Qualifier": "$LATEST" })), INVALID),
            ("GetFunction", named(json!({})), NOT_FOUND, gone),
        ),
        Case {
            name: "ListFunctions",
            input: json!({}),
            wrong: None,
            shows: ("ListFunctions", json!({}), "/Functions/0/FunctionArn", json!(ARN)),
        },
        Case {
            name: "GetAccountSettings",
            input: json!({}),
            wrong: None,
            shows: ("GetAccountSettings", json!({}), "/AccountLimit/UnreservedConcurrentExecutions", json!(995)),
        },
        case(
            "GetFunctionCodeSigningConfig",
            named(json!({})),
            (other(json!({})), NOT_FOUND),
            ("GetFunctionCodeSigningConfig", named(json!({})), "/FunctionName", json!("f")),
        ),
        case(
            "Invoke",
            named(json!({ "Payload": "e30=" })),
            (other(json!({})), NOT_FOUND),
            ("Invoke", named(json!({ "Payload": "MQ==", "Qualifier": "live" })), "/ExecutedVersion", json!("1")),
        ),
    ]
}

fn version_cases() -> Vec<Case> {
    let alias = |extra: Value| {
        let mut input = named(json!({ "Name": "live" }));
        for (name, value) in extra.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        input
    };
    let get = || alias(json!({}));
    vec![
        case(
            "PublishVersion",
            named(json!({})),
            (named(json!({ "CodeSha256": "other" })), INVALID),
            ("ListVersionsByFunction", named(json!({})), "/Versions/1/Version", json!("1")),
        ),
        case(
            "ListVersionsByFunction",
            named(json!({})),
            (other(json!({})), NOT_FOUND),
            ("ListVersionsByFunction", named(json!({})), "/Versions/0/FunctionArn", json!(format!("{ARN}:$LATEST"))),
        ),
        case(
            "CreateAlias",
            named(json!({ "Name": "beta", "FunctionVersion": "$LATEST" })),
            (alias(json!({ "FunctionVersion": "1" })), CONFLICT),
            ("GetAlias", named(json!({ "Name": "beta" })), "/AliasArn", json!(format!("{ARN}:beta"))),
        ),
        case(
            "GetAlias",
            get(),
            (named(json!({ "Name": "x" })), NOT_FOUND),
            ("GetAlias", get(), "/FunctionVersion", json!("1")),
        ),
        case(
            "UpdateAlias",
            alias(json!({ "Description": "d" })),
            (alias(json!({ "FunctionVersion": "9" })), NOT_FOUND),
            ("GetAlias", get(), "/Description", json!("d")),
        ),
        case(
            "DeleteAlias",
            get(),
            (other(json!({ "Name": "live" })), NOT_FOUND),
            ("GetAlias", get(), NOT_FOUND, json!(format!("Cannot find alias arn: {ARN}:live"))),
        ),
        case(
            "ListAliases",
            named(json!({})),
            (other(json!({})), NOT_FOUND),
            ("ListAliases", named(json!({ "FunctionVersion": "1" })), "/Aliases/0/Name", json!("live")),
        ),
    ]
}

fn policy_cases() -> Vec<Case> {
    let tagged = |extra: Value| {
        let mut input = json!({ "Resource": ARN });
        for (name, value) in extra.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        input
    };
    let list = |value: Value| ("ListTags", json!({ "Resource": ARN }), "/Tags", value);
    let reserved = |value: Value| ("GetFunctionConcurrency", named(json!({})), "/ReservedConcurrentExecutions", value);
    let policy = r#"{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f"}]}"#;
    vec![
        case(
            "AddPermission",
            permission("t"),
            (permission("s"), CONFLICT),
            ("RemovePermission", named(json!({ "StatementId": "t" })), "", json!({})),
        ),
        case(
            "RemovePermission",
            named(json!({ "StatementId": "s" })),
            (named(json!({ "StatementId": "x" })), NOT_FOUND),
            ("GetPolicy", named(json!({})), NOT_FOUND, json!("The resource you requested does not exist.")),
        ),
        case(
            "GetPolicy",
            named(json!({})),
            (named(json!({ "Qualifier": "1" })), NOT_FOUND),
            ("GetPolicy", named(json!({})), "/Policy", json!(policy)),
        ),
        case(
            "TagResource",
            tagged(json!({ "Tags": { "n": "1" } })),
            (json!({ "Resource": format!("{ARN}:1"), "Tags": {} }), INVALID),
            list(json!({ "k": "v", "n": "1" })),
        ),
        case(
            "UntagResource",
            tagged(json!({ "TagKeys": ["k"] })),
            (json!({ "Resource": format!("{ARN}x"), "TagKeys": [] }), NOT_FOUND),
            list(json!({})),
        ),
        case(
            "ListTags",
            tagged(json!({})),
            (json!({ "Resource": format!("{ARN}x") }), NOT_FOUND),
            list(json!({ "k": "v" })),
        ),
        case(
            "PutFunctionConcurrency",
            named(json!({ "ReservedConcurrentExecutions": 900 })),
            (named(json!({ "ReservedConcurrentExecutions": 901 })), INVALID),
            reserved(json!(900)),
        ),
        case("GetFunctionConcurrency", named(json!({})), (other(json!({})), NOT_FOUND), reserved(json!(5))),
        case("DeleteFunctionConcurrency", named(json!({})), (other(json!({})), NOT_FOUND), reserved(Value::Null)),
    ]
}

fn event_cases() -> Vec<Case> {
    let get = |pointer: &'static str, value: Value| ("GetFunctionEventInvokeConfig", named(json!({})), pointer, value);
    let none = json!(format!("The function {ARN} doesn't have an EventInvokeConfig"));
    vec![
        case(
            "PutFunctionEventInvokeConfig",
            named(json!({ "MaximumEventAgeInSeconds": 60 })),
            (named(json!({})), INVALID),
            get("/MaximumRetryAttempts", Value::Null),
        ),
        case(
            "UpdateFunctionEventInvokeConfig",
            named(json!({ "MaximumEventAgeInSeconds": 60 })),
            (named(json!({ "Qualifier": "live", "MaximumRetryAttempts": 0 })), NOT_FOUND),
            get("/MaximumRetryAttempts", json!(1)),
        ),
        case(
            "GetFunctionEventInvokeConfig",
            named(json!({})),
            (named(json!({ "Qualifier": "live" })), NOT_FOUND),
            get("/FunctionArn", json!(format!("{ARN}:$LATEST"))),
        ),
        case(
            "DeleteFunctionEventInvokeConfig",
            named(json!({})),
            (named(json!({ "Qualifier": "live" })), NOT_FOUND),
            get(NOT_FOUND, none),
        ),
        case(
            "ListFunctionEventInvokeConfigs",
            named(json!({})),
            (other(json!({})), NOT_FOUND),
            (
                "ListFunctionEventInvokeConfigs",
                named(json!({})),
                "/FunctionEventInvokeConfigs/0/MaximumRetryAttempts",
                json!(1),
            ),
        ),
    ]
}

const LAYER: &str = "arn:aws:lambda:us-east-1:000000000000:layer:l";

fn layer_cases() -> Vec<Case> {
    let first = || json!({ "LayerName": "l", "VersionNumber": 1 });
    let second = || json!({ "LayerName": "l", "VersionNumber": 2 });
    vec![
        case(
            "PublishLayerVersion",
            layer("2"),
            (json!({ "LayerName": "l", "Content": { "S3Bucket": "bucket" } }), "NotImplemented"),
            ("GetLayerVersion", second(), "/Version", json!(2)),
        ),
        case(
            "GetLayerVersion",
            first(),
            (second(), NOT_FOUND),
            ("GetLayerVersion", first(), "/LayerArn", json!(LAYER)),
        ),
        case(
            "GetLayerVersionByArn",
            json!({ "Arn": format!("{LAYER}:1") }),
            (json!({ "Arn": format!("{LAYER}:2") }), NOT_FOUND),
            (
                "GetLayerVersionByArn",
                json!({ "Arn": format!("{LAYER}:1") }),
                "/LayerVersionArn",
                json!(format!("{LAYER}:1")),
            ),
        ),
        Case {
            name: "ListLayers",
            input: json!({}),
            wrong: None,
            shows: ("ListLayers", json!({}), "/Layers/0/LatestMatchingVersion/Version", json!(1)),
        },
        case(
            "ListLayerVersions",
            json!({ "LayerName": "l" }),
            (json!({ "LayerName": "arn:aws:lambda:eu-west-1:000000000000:layer:l" }), NOT_FOUND),
            (
                "ListLayerVersions",
                json!({ "LayerName": LAYER }),
                "/LayerVersions/0/LayerVersionArn",
                json!(format!("{LAYER}:1")),
            ),
        ),
        case(
            "DeleteLayerVersion",
            first(),
            (json!({ "LayerName": "arn:aws:lambda:eu-west-1:000000000000:layer:l", "VersionNumber": 1 }), NOT_FOUND),
            ("GetLayerVersion", first(), NOT_FOUND, json!("The resource you requested does not exist.")),
        ),
    ]
}

fn layer_policy_cases() -> Vec<Case> {
    let first = || json!({ "LayerName": "l", "VersionNumber": 1 });
    let statement = |id: &str| json!({ "LayerName": "l", "VersionNumber": 1, "StatementId": id });
    vec![
        case(
            "AddLayerVersionPermission",
            layer_permission("t"),
            (layer_permission("s"), CONFLICT),
            ("RemoveLayerVersionPermission", statement("t"), "", json!({})),
        ),
        case(
            "RemoveLayerVersionPermission",
            statement("s"),
            (statement("x"), NOT_FOUND),
            ("GetLayerVersionPolicy", first(), NOT_FOUND, json!("The resource you requested does not exist.")),
        ),
        case(
            "GetLayerVersionPolicy",
            first(),
            (json!({ "LayerName": "none", "VersionNumber": 1 }), NOT_FOUND),
            (
                "GetLayerVersionPolicy",
                first(),
                "/Policy",
                json!(format!(
                    r#"{{"Version":"2012-10-17","Id":"default","Statement":[{{"Sid":"s","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::111111111111:root"}},"Action":"lambda:GetLayerVersion","Resource":"{LAYER}:1"}}]}}"#
                )),
            ),
        ),
    ]
}
