//! The control plane: answers as Terraform reads them, versions, aliases, texts.

use super::ARN;
use super::house::{House, ROLE, function, zip};
use serde_json::{Value, json};

#[tokio::test]
async fn describes_a_function_as_terraform_reads_it() {
    let house = House::empty();
    let created = house.create("f").await;
    let state = |answer: &Value| (answer["State"].clone(), answer["LastUpdateStatus"].clone());
    assert_eq!(state(&created), (json!("Pending"), Value::Null));
    assert_eq!(created["StateReason"], "The function is being created.");
    let mut read = house.ok("GetFunctionConfiguration", json!({ "FunctionName": "f" })).await;
    assert_eq!(read["CodeSha256"].as_str().map(str::len), Some(44));
    read.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    for member in ["RevisionId", "CodeSha256", "CodeSize"] {
        read[member] = json!("?");
    }
    let expected = json!({
        "FunctionName": "f", "FunctionArn": ARN, "Runtime": "nodejs20.x", "Role": ROLE, "Handler": "index.handler",
        "CodeSize": "?", "Description": "", "Timeout": 3, "MemorySize": 128,
        "LastModified": "2026-11-21T09:30:00.000+0000", "CodeSha256": "?", "Version": "$LATEST",
        "TracingConfig": { "Mode": "PassThrough" }, "RevisionId": "?", "State": "Active",
        "LastUpdateStatus": "Successful", "PackageType": "Zip", "Architectures": ["x86_64"],
        "EphemeralStorage": { "Size": 512 }, "SnapStart": { "ApplyOn": "None", "OptimizationStatus": "Off" },
        "RuntimeVersionConfig": read["RuntimeVersionConfig"],
        "LoggingConfig": { "LogFormat": "Text", "LogGroup": "/aws/lambda/f" },
    });
    assert_eq!(read, expected);
    let changed = house.ok("UpdateFunctionConfiguration", json!({ "FunctionName": "f", "Timeout": 9 })).await;
    assert_eq!(state(&changed), (json!("Active"), json!("InProgress")));
    assert_eq!(changed["Timeout"], 9);
}

/// Texts of facts L61, L62, L64, L66, L67.
#[tokio::test]
async fn says_what_aws_says() {
    let house = House::new().await;
    let with = |member: &str, value: Value| {
        let mut input = function("g", &zip(&[("index.js", "")]));
        input[member] = value;
        input
    };
    let not_a_zip = "bm90IGEgemlw";
    let long = "x".repeat(65);
    let cases = [
        ("CreateFunction", function("f", &zip(&[("a", "")])), "ResourceConflictException", "Function already exist: f"),
        (
            "CreateFunction",
            with("Role", json!("arn:aws:iam::000000000000:role/none")),
            "InvalidParameterValueException",
            "The role defined for the function cannot be assumed by Lambda.",
        ),
        (
            "CreateFunction",
            with("Role", json!("arn:aws:iam::111111111111:role/r")),
            "AccessDeniedException",
            "Cross-account pass role is not allowed.",
        ),
        (
            "CreateFunction",
            with("Code", json!({})),
            "InvalidParameterValueException",
            "Please provide a source for function code.",
        ),
        (
            "CreateFunction",
            with("Code", json!({ "ZipFile": "" })),
            "InvalidParameterValueException",
            "Uploaded file must be a non-empty zip",
        ),
        (
            "CreateFunction",
            with("Code", json!({ "ZipFile": not_a_zip })),
            "InvalidParameterValueException",
            "Could not unzip uploaded file. Please check your file, then try to upload again.",
        ),
        (
            "CreateFunction",
            with("Code", json!({ "S3Bucket": "b", "S3Key": "k" })),
            "NotImplemented",
            "Code from S3 is not supported.",
        ),
        (
            "CreateFunction",
            with("PackageType", json!("Image")),
            "NotImplemented",
            "PackageType Image is not supported.",
        ),
        (
            "CreateFunction",
            function(&long, ""),
            "ValidationException",
            "1 validation error detected: Value 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64",
        ),
    ];
    for (operation, input, code, message) in cases {
        assert_eq!(house.err(operation, input).await, (code.to_owned(), message.to_owned()), "{operation}");
    }
}

/// Texts of facts L66 and L67.
#[tokio::test]
async fn refuses_policies_and_reservations_as_aws_does() {
    let house = House::new().await;
    let cases = [
        (
            "AddPermission",
            json!({ "FunctionName": "f", "Qualifier": "$LATEST", "StatementId": "s", "Action": "*", "Principal": "*" }),
            "InvalidParameterValueException",
            "We currently do not support adding policies for $LATEST.",
        ),
        (
            "PutFunctionConcurrency",
            json!({ "FunctionName": "f", "ReservedConcurrentExecutions": 901 }),
            "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
        ),
    ];
    for (operation, input, code, message) in cases {
        assert_eq!(house.err(operation, input).await, (code.to_owned(), message.to_owned()), "{operation}");
    }
}

#[tokio::test]
async fn refuses_archives_that_are_too_large() {
    let house = House::empty();
    use base64::{Engine, engine::general_purpose::STANDARD};
    let large = STANDARD.encode(vec![0; 52_428_801]);
    let error = house.call("CreateFunction", function("g", &large)).await.expect_err("too large");
    assert_eq!((error.status, error.code.as_ref()), (413, "RequestEntityTooLargeException"));
    assert_eq!(error.message, "Zipped size must be smaller than 52428800 bytes");
    let entries = std::fs::read_dir(house.dir.path().join("code")).expect("the folder");
    assert_eq!(entries.count(), 0);
}

#[tokio::test]
async fn asks_for_pass_role() {
    let house = House::empty();
    house.bench.denied.deny("iam:PassRole");
    let error = house.call("CreateFunction", function("f", &zip(&[("a", "")]))).await.expect_err("no permission");
    assert!(error.message.contains("iam:PassRole on resource: arn:aws:iam::000000000000:role/service-role/r"));
}

#[tokio::test]
async fn publishes_only_what_changed() {
    let house = House::new().await;
    let publish = async |input: Value| house.ok("PublishVersion", input).await["Version"].clone();
    let f = json!({ "FunctionName": "f" });
    assert_eq!(publish(f.clone()).await, "1");
    assert_eq!(publish(f.clone()).await, "1");
    house.ok("UpdateFunctionConfiguration", json!({ "FunctionName": "f", "MemorySize": 256 })).await;
    assert_eq!(publish(f.clone()).await, "2");
    let memory = async |version: &str| {
        let input = json!({ "FunctionName": "f", "Qualifier": version });
        house.ok("GetFunctionConfiguration", input).await["MemorySize"].clone()
    };
    assert_eq!((memory("1").await, memory("2").await), (json!(128), json!(256)));
    // Numbers are never given twice.
    house.ok("DeleteFunction", json!({ "FunctionName": "f", "Qualifier": "2" })).await;
    let code = json!({ "FunctionName": "f", "ZipFile": zip(&[("index.js", "new")]), "Publish": true });
    let answer = house.ok("UpdateFunctionCode", code).await;
    assert_eq!((&answer["Version"], &answer["FunctionArn"]), (&json!("3"), &json!(format!("{ARN}:3"))));
    let list = house.ok("ListVersionsByFunction", json!({ "FunctionName": "f", "MaxItems": 10_000 })).await;
    let versions: Vec<&Value> = list["Versions"].as_array().into_iter().flatten().map(|v| &v["Version"]).collect();
    assert_eq!(versions, ["$LATEST", "1", "3"]);
}

#[tokio::test]
async fn checks_revisions() {
    let house = House::new().await;
    let revision = house.ok("GetFunctionConfiguration", json!({ "FunctionName": "f" })).await["RevisionId"].clone();
    let update = json!({ "FunctionName": "f", "RevisionId": revision, "Timeout": 5 });
    house.ok("UpdateFunctionConfiguration", update.clone()).await;
    let error = house.call("UpdateFunctionConfiguration", update).await.expect_err("an old revision");
    assert_eq!((error.status, error.code.as_ref()), (412, "PreconditionFailedException"));
    let old = json!({ "FunctionName": "f", "RevisionId": revision });
    assert_eq!(house.err("PublishVersion", old).await.0, "PreconditionFailedException");
}

#[tokio::test]
async fn keeps_versions_that_aliases_need() {
    let house = House::new().await;
    house.ok("PublishVersion", json!({ "FunctionName": "f" })).await;
    house.ok("CreateAlias", json!({ "FunctionName": "f", "Name": "live", "FunctionVersion": "1" })).await;
    let (code, message) = house.err("DeleteFunction", json!({ "FunctionName": "f", "Qualifier": "1" })).await;
    assert_eq!(code, "ResourceConflictException");
    assert_eq!(message, "Unable to delete version because the following aliases reference it: [live]");
    let shown = house.ok("GetFunction", json!({ "FunctionName": "f", "Qualifier": "live" })).await;
    assert_eq!(shown["Configuration"]["FunctionArn"], format!("{ARN}:live"));
    assert_eq!(shown["Configuration"]["Version"], "1");
}

/// Rules of fact L65.
#[tokio::test]
async fn limits_weights() {
    let house = House::new().await;
    house.ok("PublishVersion", json!({ "FunctionName": "f" })).await;
    let code = json!({ "FunctionName": "f", "ZipFile": zip(&[("index.js", "2")]), "Publish": true });
    house.ok("UpdateFunctionCode", code).await;
    let alias = |version: &str, weights: Value| {
        let routing = json!({ "AdditionalVersionWeights": weights });
        json!({ "FunctionName": "f", "Name": "a", "FunctionVersion": version, "RoutingConfig": routing })
    };
    let cases = [
        (alias("1", json!({ "2": 0.1, "3": 0.1 })), "InvalidParameterValueException"),
        (alias("1", json!({ "2": 1.5 })), "InvalidParameterValueException"),
        (alias("1", json!({ "1": 0.5 })), "InvalidParameterValueException"),
        (alias("$LATEST", json!({ "1": 0.5 })), "InvalidParameterValueException"),
        (alias("1", json!({ "7": 0.5 })), "ResourceNotFoundException"),
        (alias("7", json!({})), "ResourceNotFoundException"),
    ];
    for (input, code) in cases {
        assert_eq!(house.err("CreateAlias", input.clone()).await.0, code, "{input}");
    }
    let made = house.ok("CreateAlias", alias("1", json!({ "2": 0.1 }))).await;
    assert_eq!(made["RoutingConfig"], json!({ "AdditionalVersionWeights": { "2": 0.1 } }));
}

#[tokio::test]
async fn keeps_policies_of_qualifiers_apart() {
    let house = House::new().await;
    house.ok("PublishVersion", json!({ "FunctionName": "f" })).await;
    let add = |qualifier: Value| json!({ "FunctionName": "f", "Qualifier": qualifier, "StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "*" });
    let first = house.ok("AddPermission", add(Value::Null)).await;
    let second = house.ok("AddPermission", add(json!("1"))).await;
    let resource = |answer: &Value| {
        let statement: Value = serde_json::from_str(answer["Statement"].as_str().unwrap_or_default()).expect("JSON");
        statement["Resource"].clone()
    };
    assert_eq!((resource(&first), resource(&second)), (json!(ARN), json!(format!("{ARN}:1"))));
    house.ok("RemovePermission", json!({ "FunctionName": "f", "StatementId": "s" })).await;
    assert_eq!(house.err("GetPolicy", json!({ "FunctionName": "f" })).await.0, "ResourceNotFoundException");
    house.ok("GetPolicy", json!({ "FunctionName": "f", "Qualifier": "1" })).await;
    assert_eq!(house.err("AddPermission", add(json!("9"))).await.0, "ResourceNotFoundException");
}

#[tokio::test]
async fn deletes_all_that_belongs_to_a_function() {
    let house = super::sweep_cases::house().await;
    house.ok("DeleteFunction", json!({ "FunctionName": "f" })).await;
    house.create("f").await;
    assert_eq!(house.err("GetPolicy", json!({ "FunctionName": "f" })).await.0, "ResourceNotFoundException");
    assert_eq!(
        house.err("GetAlias", json!({ "FunctionName": "f", "Name": "live" })).await.0,
        "ResourceNotFoundException"
    );
    let concurrency = house.ok("GetFunctionConcurrency", json!({ "FunctionName": "f" })).await;
    assert_eq!(concurrency["ReservedConcurrentExecutions"], Value::Null);
    let version = house.ok("PublishVersion", json!({ "FunctionName": "f" })).await;
    assert_eq!(version["Version"], "1");
    assert_eq!(house.executor.retired.lock().expect("a lock").as_slice(), [(ARN.to_owned(), None)]);
}

#[tokio::test]
async fn lists_page_by_page() {
    let house = House::empty();
    for name in ["a", "a-b", "ab", "b"] {
        house.create(name).await;
    }
    house.ok("PublishVersion", json!({ "FunctionName": "a" })).await;
    let cases = [
        (json!({}), vec!["a", "a-b", "ab", "b"]),
        (json!({ "FunctionVersion": "ALL" }), vec!["a:$LATEST", "a:1", "a-b:$LATEST", "ab:$LATEST", "b:$LATEST"]),
    ];
    for (input, expected) in cases {
        for limit in 1..6 {
            let mut input = input.clone();
            input["MaxItems"] = json!(limit);
            let mut found = Vec::new();
            loop {
                let page = house.ok("ListFunctions", input.clone()).await;
                let arns = page["Functions"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|f| f["FunctionArn"].as_str().unwrap_or_default());
                found.extend(arns.map(|arn| arn.split_once("function:").map_or(arn, |x| x.1).to_owned()));
                match &page["NextMarker"] {
                    Value::Null => break,
                    marker => input["Marker"] = marker.clone(),
                }
            }
            assert_eq!(found, expected, "{input}");
        }
    }
    let foreign = house.err("ListFunctions", json!({ "Marker": "a" })).await;
    assert_eq!(foreign.0, "InvalidParameterValueException");
}

#[tokio::test]
async fn gives_code_back_for_some_minutes() {
    let house = House::empty();
    let archive = zip(&[("index.js", "x")]);
    house.ok("CreateFunction", function("f", &archive)).await;
    let answer = house.ok("GetFunction", json!({ "FunctionName": "f" })).await;
    let location = answer["Code"]["Location"].as_str().expect("a location").to_owned();
    let path = location.strip_prefix("http://localhost:4566").expect("the server's address");
    use base64::{Engine, engine::general_purpose::STANDARD};
    assert_eq!(house.lambda.code(path).await.map(|bytes| STANDARD.encode(bytes)), Some(archive));
    let forged = path.replace("Expires=1", "Expires=2");
    for address in ["", "/_code/x", "/_code/x?Expires=1&Signature=00", forged.as_str()] {
        assert_eq!(house.lambda.code(address).await, None, "{address}");
    }
    house.bench.clock.advance_ms(601_000);
    assert_eq!(house.lambda.code(path).await, None);
}

#[tokio::test]
async fn removes_code_that_is_long_unused() {
    let house = House::new().await;
    let folders = || {
        let entries = std::fs::read_dir(house.dir.path().join("code")).expect("the folder");
        entries.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_dir())).count()
    };
    let update = |text: &str| json!({ "FunctionName": "f", "ZipFile": zip(&[("index.js", text)]) });
    house.ok("UpdateFunctionCode", update("2")).await;
    let clean = || house.lambda.clean_code(crate::limits::CODE_UNUSED_MS).expect("the folder can be read");
    clean();
    assert_eq!(folders(), 2);
    house.bench.clock.advance_ms(crate::limits::CODE_UNUSED_MS - 1);
    clean();
    assert_eq!(folders(), 2);
    house.bench.clock.advance_ms(1);
    clean();
    assert_eq!(folders(), 1);
    house.ok("Invoke", json!({ "FunctionName": "f" })).await;
}
