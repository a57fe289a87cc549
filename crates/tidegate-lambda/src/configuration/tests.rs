//! Tables of configurations and what becomes of them.

use super::{Changes, LoggingConfig, Settings};
use serde_json::{Value, json};

fn change(members: Value) -> Changes {
    serde_json::from_value(members).expect("members of the model")
}

fn create(members: Value) -> Result<Settings, String> {
    let mut all =
        json!({ "Runtime": "nodejs20.x", "Handler": "index.handler", "Role": "arn:aws:iam::000000000000:role/r" });
    for (name, value) in members.as_object().expect("an object") {
        all[name] = value.clone();
    }
    change(all).create("f", "x86_64".into(), Vec::new()).map_err(|e| e.to_string())
}

#[test]
fn fills_what_is_not_said() {
    let settings = create(json!({})).expect("a function");
    let numbers = (settings.timeout_s, settings.memory_mb, settings.ephemeral_mb);
    assert_eq!(numbers, (3, 128, 512));
    assert_eq!(settings.logging, LoggingConfig::of_function("f"));
    assert_eq!(
        (settings.tracing.as_str(), settings.snap_start.as_str(), settings.variables),
        ("PassThrough", "None", None)
    );
}

/// Texts of facts L61 to L63.
#[test]
fn refuses_with_the_words_of_aws() {
    let deprecated = "The runtime parameter of nodejs14.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.";
    let reserved = "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION";
    let timeout = "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900";
    let memory = "1 validation error detected: Value '10241' at 'memorySize' failed to satisfy constraint: Member must have value less than or equal to 10240";
    let cases = [
        (json!({ "Runtime": "nodejs14.x" }), deprecated),
        (json!({ "Runtime": "java21" }), "The runtime java21 is not supported."),
        (
            json!({ "Runtime": null }),
            "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
        ),
        (
            json!({ "Handler": null }),
            "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
        ),
        (json!({ "Timeout": 901 }), timeout),
        (json!({ "MemorySize": 10241 }), memory),
        (json!({ "Environment": { "Variables": { "AWS_REGION": "x", "OK": "y" } } }), reserved),
        (
            json!({ "LoggingConfig": { "LogFormat": "Text", "SystemLogLevel": "WARN" } }),
            "To determine the log filtering levels, you must set the LogFormat to JSON.",
        ),
        (
            json!({ "DeadLetterConfig": { "TargetArn": "arn:aws:sqs:us-east-1:000000000000:q" } }),
            "DeadLetterConfig is not supported.",
        ),
        (json!({ "FileSystemConfigs": [{}] }), "FileSystemConfigs is not supported."),
    ];
    for (members, expected) in cases {
        assert_eq!(create(members.clone()), Err(expected.to_owned()), "{members}");
    }
    for members in [json!({ "DeadLetterConfig": {} }), json!({ "FileSystemConfigs": [] }), json!({ "Timeout": 900 })] {
        assert!(create(members.clone()).is_ok(), "{members}");
    }
}

#[test]
fn measures_variables_as_json() {
    // {"AB":"…"} has 9 characters beside the value.
    let variables = |length: usize| json!({ "Environment": { "Variables": { "AB": "x".repeat(length) } } });
    assert!(create(variables(4096 - 9)).is_ok());
    let error = create(variables(4096 - 8)).expect_err("one byte too many");
    assert!(error.contains("exceeded the 4KB limit. String measured: {\"AB\":\"xxx"), "{error}");
}

#[test]
fn changes_only_what_is_said() {
    let old = create(json!({ "Environment": { "Variables": { "AB": "1" } }, "Timeout": 10 })).expect("a function");
    let new = change(json!({ "MemorySize": 256 })).apply(old.clone(), None).expect("a change");
    assert_eq!(new, Settings { memory_mb: 256, ..old.clone() });
    for none in [json!({}), json!({ "Variables": {} })] {
        let new = change(json!({ "Environment": none })).apply(old.clone(), None).expect("a change");
        assert_eq!(new.variables, None);
    }
    let new = change(json!({ "Runtime": "nodejs12.x" })).apply(old, None);
    assert!(new.is_err());
}

#[test]
fn levels_go_with_the_format() {
    let logging = |settings: &Settings| {
        let logging = settings.logging.clone();
        (logging.log_format, logging.application_log_level, logging.system_log_level)
    };
    let info = || Some("INFO".to_owned());
    let json_format = create(json!({ "LoggingConfig": { "LogFormat": "JSON" } })).expect("a function");
    assert_eq!(logging(&json_format), ("JSON".into(), info(), info()));
    let debug = change(json!({ "LoggingConfig": { "ApplicationLogLevel": "DEBUG" } }))
        .apply(json_format, None)
        .expect("a change");
    assert_eq!(logging(&debug), ("JSON".into(), Some("DEBUG".into()), info()));
    let text = change(json!({ "LoggingConfig": { "LogFormat": "Text" } })).apply(debug, None).expect("a change");
    assert_eq!(logging(&text), ("Text".into(), None, None));
}
