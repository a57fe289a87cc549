//! Messages of the model's check, word for word.
//!
//! Where they come from: messages of AWS quoted in public reports (Lambda layers and environment variables, IAM role
//! names, Cognito passwords, DynamoDB table names), and the wording of DynamoDB's new request validation.

use http::HeaderMap;
use serde_json::{Value, json};
use tidegate_model::Protocol;
use tidegate_wire::{Call, render_error, validate};

fn check(service: &str, operation: &str, document: Value) -> Result<(), (String, String)> {
    let protocol = tidegate_model::service(service).expect("known").protocols[0];
    let call = Call::named(service, operation, protocol).expect("known");
    validate(&call, &document).map_err(|e| {
        let response = render_error(&e, protocol, Some(call.service), "r");
        let code = code(response.headers(), response.body());
        (code, e.message)
    })
}

fn code(headers: &HeaderMap, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).into_owned();
    if let Some(code) = headers.get("x-amzn-errortype") {
        return code.to_str().expect("ASCII").to_owned();
    }
    match serde_json::from_str::<Value>(&text) {
        Ok(json) => json["__type"].as_str().expect("json errors have a type").to_owned(),
        Err(_) => text.split("<Code>").nth(1).and_then(|t| t.split('<').next()).unwrap_or_default().to_owned(),
    }
}

#[track_caller]
fn refused(service: &str, operation: &str, document: Value, code: &str, message: &str) {
    assert_eq!(check(service, operation, document), Err((code.into(), message.into())));
}

#[track_caller]
fn accepted(service: &str, operation: &str, document: Value) {
    assert_eq!(check(service, operation, document), Ok(()));
}

fn function() -> Value {
    json!({"FunctionName": "f", "Role": "arn:aws:iam::000000000000:role/r", "Code": {}})
}

fn with(mut document: Value, member: &str, value: Value) -> Value {
    document[member] = value;
    document
}

#[test]
fn sound_documents_pass() {
    accepted("lambda", "CreateFunction", function());
    accepted("lambda", "CreateFunction", with(function(), "Timeout", json!(900)));
    accepted("lambda", "CreateFunction", with(function(), "Description", json!(null)));
    accepted("iam", "CreateRole", json!({"RoleName": "a+=,.@-_b", "AssumeRolePolicyDocument": "{}", "Path": "/a/"}));
    accepted("dynamodb", "PutItem", json!({"TableName": "abc", "Item": {"pk": {"S": ""}}}));
    accepted("logs", "CreateLogGroup", json!({"logGroupName": "/aws/lambda/my-api"}));
    accepted("sts", "GetCallerIdentity", json!({}));
}

#[test]
fn lambda_tells_of_missing_members_and_ranges() {
    let null = |name| {
        format!(
            "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
        )
    };
    let mut document = function();
    document.as_object_mut().expect("an object").remove("Role");
    refused("lambda", "CreateFunction", document, "ValidationException", &null("role"));
    let cases = [
        (
            "Timeout",
            json!(901),
            "Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
        ),
        (
            "Timeout",
            json!(0),
            "Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ),
        (
            "MemorySize",
            json!(127),
            "Value '127' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
        ),
        (
            "PackageType",
            json!("Tar"),
            "Value 'Tar' at 'packageType' failed to satisfy constraint: Member must satisfy enum value set: [Zip, Image]",
        ),
        (
            "Role",
            json!("x"),
            "Value 'x' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
        ),
    ];
    for (member, value, message) in cases {
        let message = format!("1 validation error detected: {message}");
        refused("lambda", "CreateFunction", with(function(), member, value), "ValidationException", &message);
    }
}

#[test]
fn several_violations_are_listed() {
    let document = with(with(function(), "Timeout", json!(0)), "MemorySize", json!(1));
    refused(
        "lambda",
        "CreateFunction",
        document,
        "ValidationException",
        "2 validation errors detected: Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater \
         than or equal to 1; Value '1' at 'memorySize' failed to satisfy constraint: Member must have value greater than or \
         equal to 128",
    );
}

#[test]
fn parts_of_lists_and_maps_are_told_at_the_whole() {
    refused(
        "iam",
        "TagRole",
        json!({"RoleName": "r", "Tags": [{"Key": "a", "Value": "b"}, {"Key": "", "Value": "b"}]}),
        "ValidationError",
        "2 validation errors detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length \
         greater than or equal to 1; Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
    );
    refused(
        "lambda",
        "CreateFunction",
        with(function(), "Environment", json!({"Variables": {"1": "x"}})),
        "ValidationException",
        "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy \
         constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
    );
    let (_, message) = check("lambda", "CreateFunction", with(function(), "Layers", json!([""]))).expect_err("no ARN");
    let lead = "1 validation error detected: Value '[]' at 'layers' failed to satisfy constraint: Member must satisfy \
                constraint: [Member must have length less than or equal to ";
    assert!(message.starts_with(lead) && message.ends_with(", Member must not be null]"), "{message}");
}

#[test]
fn dynamodb_tells_one_violation_without_the_value() {
    let lead = "1 validation error detected: ";
    let cases = [
        (
            json!({"TableName": "", "Key": {"pk": {"S": "a"}}}),
            "Value at 'TableName' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        (
            json!({"Key": {"pk": {"S": "a"}}}),
            "Value at 'TableName' failed to satisfy constraint: Member must not be null",
        ),
        (json!({}), "Value at 'TableName' failed to satisfy constraint: Member must not be null"),
        (
            json!({"TableName": "abc", "Key": {}, "ReturnConsumedCapacity": "ALL"}),
            "Failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
        ),
    ];
    for (document, message) in cases {
        let code = "com.amazon.coral.validate#ValidationException";
        refused("dynamodb", "GetItem", document, code, &format!("{lead}{message}"));
    }
}

#[test]
fn iam_has_sentences_of_its_own() {
    let role = |name: &str, path: &str| json!({"RoleName": name, "AssumeRolePolicyDocument": "{}", "Path": path});
    let cases = [
        (
            role("a b", "/"),
            "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
        ),
        (
            role("a", "x"),
            "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
        ),
    ];
    for (document, message) in cases {
        refused("iam", "CreateRole", document, "ValidationError", message);
    }
    let long = "r".repeat(65);
    let message = format!(
        "1 validation error detected: Value '{long}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64"
    );
    refused("iam", "CreateRole", role(&long, "/"), "ValidationError", &message);
}

#[test]
fn services_use_their_own_codes() {
    let cases = [
        ("logs", "CreateLogGroup", json!({"logGroupName": "a b"}), "InvalidParameterException"),
        ("cognito-idp", "SignUp", json!({"ClientId": "a b", "Username": "u"}), "InvalidParameterException"),
        ("apigatewayv2", "CreateApi", json!({"Name": "a", "ProtocolType": "FTP"}), "BadRequestException"),
        ("sts", "AssumeRole", json!({"RoleSessionName": "s"}), "ValidationError"),
        ("kms", "DescribeKey", json!({"KeyId": ""}), "ValidationException"),
        ("sns", "CreateTopic", json!({}), "InvalidParameter"),
    ];
    for (service, operation, document, code) in cases {
        assert_eq!(check(service, operation, document).expect_err("invalid").0, code, "{service}");
    }
}

#[test]
fn secrets_are_not_repeated() {
    let document = json!({"ClientId": "c", "Username": "u", "Password": " "});
    let (_, message) = check("cognito-idp", "SignUp", document).expect_err("a blank password");
    assert!(message.contains("Value at 'password' failed to satisfy constraint"), "{message}");
}

#[test]
fn s3_checks_for_itself() {
    accepted("s3", "PutObject", json!({"Bucket": "B", "Key": "", "StorageClass": "NONE"}));
    assert!(Call::named("s3", "PutObject", Protocol::RestXml).is_some());
}

#[test]
fn deep_and_odd_documents_do_no_harm() {
    let mut value = json!({"S": "x"});
    for _ in 0..60 {
        value = json!({"L": [value]});
    }
    accepted("dynamodb", "PutItem", json!({"TableName": "abc", "Item": {"a": value}}));
    for odd in [json!(null), json!([]), json!("x")] {
        assert!(validate(&Call::named("lambda", "CreateFunction", Protocol::RestJson).expect("known"), &odd).is_ok());
    }
}
