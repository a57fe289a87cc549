//! The sweep: each operation is allowed, denied, refused bad input, and its effect outlives a restart.

use crate::cases::{ALWAYS_REFUSED, CASES, Case, THE_USER};
use crate::house::House;
use serde_json::Value;
use std::collections::BTreeSet;
use tidegate_model::{Kind, Service, ShapeId};

#[tokio::test]
async fn every_operation_has_a_case() {
    let house = House::new().await;
    let offered: BTreeSet<&str> = house.operations().into_iter().map(|(_, name, _)| name).collect();
    let refused = ALWAYS_REFUSED.iter().map(|(operation, _)| *operation);
    let tested: BTreeSet<&str> = CASES.iter().map(|case| case.operation).chain(refused).collect();
    assert_eq!(offered, tested);
    assert_eq!(CASES.len() + ALWAYS_REFUSED.len(), tested.len(), "an operation has two cases");
}

#[tokio::test]
async fn every_operation_is_of_the_model() {
    for (model, name, action) in House::new().await.operations() {
        let service = tidegate_model::service(model).expect(model);
        assert!(service.operation(name).is_some(), "{model} has no {name}");
        assert!(action.is_empty() || action == format!("{model}:{name}"), "{name}: {action}");
    }
}

#[tokio::test]
async fn good_requests_are_answered_as_the_model_says() {
    for case in CASES {
        let house = House::new().await;
        house.prepare(case.before).await;
        let got = house.call(case.operation, case.good).await;
        let answer = got.unwrap_or_else(|error| panic!("{}: {error}", case.operation));
        fits(case, &answer);
        prove(case, &house).await;
    }
}

async fn prove(case: &Case, house: &House) {
    let (operation, input, expect) = case.proof;
    let text = house.call(operation, input).await.map_or_else(|e| e.message, |answer| answer.to_string());
    assert!(text.contains(expect), "after {}: {operation} says {text}", case.operation);
}

/// Every member of an answer must be one that the model has, of the right kind; and those that it requires must be there.
fn fits(case: &Case, answer: &Value) {
    let models = ["iam", "sts"].map(|name| tidegate_model::service(name).unwrap());
    let found = models.iter().find_map(|service| Some((service, service.operation(case.operation)?)));
    let (service, operation) = found.expect(case.operation);
    match operation.output {
        Some(shape) => fits_shape(service, shape, answer, case.operation),
        None => assert_eq!(answer, &serde_json::json!({}), "{} has no answer", case.operation),
    }
}

fn fits_shape(service: &Service, id: ShapeId, value: &Value, place: &str) {
    match (&service.shape(id).kind, value) {
        (_, Value::Null) => {}
        (Kind::Structure(structure), Value::Object(members)) => {
            for (name, value) in members {
                let member = structure.member(name);
                let member = member.unwrap_or_else(|| panic!("{place} has no member {name}"));
                fits_shape(service, member.shape, value, &format!("{place}.{name}"));
            }
        }
        (Kind::List(item), Value::Array(values)) => {
            values.iter().for_each(|value| fits_shape(service, item.shape, value, &format!("{place}[]")));
        }
        (Kind::Map { value: item, .. }, Value::Object(entries)) => {
            entries.values().for_each(|value| fits_shape(service, item.shape, value, &format!("{place}{{}}")));
        }
        (Kind::String, Value::String(_)) | (Kind::Boolean, Value::Bool(_)) => {}
        (Kind::Integer | Kind::Long | Kind::Timestamp(_), Value::Number(_)) => {}
        (kind, value) => panic!("{place}: {value} is no {kind:?}"),
    }
}

#[tokio::test]
async fn denied_requests_change_nothing() {
    for case in CASES {
        let house = House::new().await;
        house.prepare(case.before).await;
        let action = house.operations().into_iter().find(|(_, name, _)| *name == case.operation).unwrap().2;
        if action.is_empty() {
            continue;
        }
        house.denied.deny(action);
        let error = house.call(case.operation, case.good).await.expect_err(case.operation);
        assert_eq!((error.code.as_ref(), error.status), ("AccessDeniedException", 403), "{}", case.operation);
        assert!(error.message.contains(&format!("is not authorized to perform: {action} on resource: ")), "{error}");
        // Nothing happened: the same request still does all its work.
        let house = house.again().await;
        assert!(house.call(case.operation, case.good).await.is_ok(), "{} after a denial", case.operation);
    }
}

#[tokio::test]
async fn bad_requests_are_refused() {
    for case in CASES.iter().filter(|case| !case.bad.1.is_empty()) {
        let (input, code, message) = case.bad;
        let house = House::new().await;
        house.prepare(case.before).await;
        let error = house.call(case.operation, input).await.expect_err(case.operation);
        assert_eq!((error.code.as_ref(), error.message.as_str()), (code, message), "{}", case.operation);
        let known = ["ValidationException", "NotImplemented"].contains(&code);
        let services = ["iam", "sts"].map(|name| tidegate_model::service(name).unwrap());
        let modeled = services.iter().find_map(|service| service.error(code));
        assert!(known || modeled.is_some(), "{code} is no error of the model");
    }
}

#[tokio::test]
async fn what_nobody_has_cannot_be_found() {
    for (operation, message) in ALWAYS_REFUSED {
        let house = House::new().await;
        house.prepare(&[THE_USER]).await;
        let error = house.call(operation, r#"{"UserName":"U"}"#).await.expect_err(operation);
        assert_eq!(
            (error.code.as_ref(), error.status, error.message.as_str()),
            ("NoSuchEntityException", 404, *message)
        );
        house.denied.deny(&format!("iam:{operation}"));
        let error = house.call(operation, r#"{"UserName":"U"}"#).await.expect_err(operation);
        assert_eq!(error.code, "AccessDeniedException", "{operation}");
    }
}

#[tokio::test]
async fn effects_outlive_a_restart() {
    for case in CASES {
        let directory = tempfile::tempdir().unwrap();
        let open = || tidegate_store::Store::open(directory.path(), tidegate_store::Options::default()).unwrap();
        let house = House::over(open(), tidegate_iam::Mode::Enforce).await;
        house.prepare(case.before).await;
        house.call(case.operation, case.good).await.unwrap();
        house.store.close().unwrap();
        let key = house.into_key();
        let after = House::over(open(), tidegate_iam::Mode::Enforce).await.with_key(key);
        prove(case, &after).await;
    }
}

#[tokio::test]
async fn names_are_taken_whatever_their_case() {
    let role = |name: &str| {
        format!(
            r#"{{"RoleName":"{name}","AssumeRolePolicyDocument":"{{\"Statement\":{{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}}}}"}}"#
        )
    };
    let cases = [
        ("CreateRole", role("a"), role("A"), "Role with name A already exists."),
        ("CreateUser", r#"{"UserName":"a"}"#.into(), r#"{"UserName":"A"}"#.into(), "User with name A already exists."),
        (
            "CreateGroup",
            r#"{"GroupName":"a"}"#.into(),
            r#"{"GroupName":"A"}"#.into(),
            "Group with name A already exists.",
        ),
        (
            "CreateInstanceProfile",
            r#"{"InstanceProfileName":"a"}"#.into(),
            r#"{"InstanceProfileName":"A"}"#.into(),
            "Instance Profile A already exists.",
        ),
        (
            "CreatePolicy",
            policy("a"),
            policy("A"),
            "A policy called A already exists. Duplicate names are not allowed.",
        ),
    ];
    let house = House::new().await;
    for (operation, first, second, message) in cases {
        house.call(operation, &first).await.unwrap();
        let error = house.call(operation, &second).await.unwrap_err();
        assert_eq!(
            (error.code.as_ref(), error.status, error.message.as_str()),
            ("EntityAlreadyExistsException", 409, message)
        );
    }
}

fn policy(name: &str) -> String {
    format!(
        r#"{{"PolicyName":"{name}","PolicyDocument":"{{\"Version\":\"2012-10-17\",\"Statement\":{{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}}}"}}"#
    )
}

#[tokio::test]
async fn documents_have_quotas() {
    let long = |size: usize| {
        let text = "x".repeat(size);
        format!(
            r#"{{\"Version\":\"2012-10-17\",\"Statement\":{{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::{text}\"}}}}"#
        )
    };
    let house = House::new().await;
    house.prepare(&[("CreateUser", r#"{"UserName":"U"}"#)]).await;
    let managed = format!(r#"{{"PolicyName":"P","PolicyDocument":"{}"}}"#, long(6_144));
    let error = house.call("CreatePolicy", &managed).await.unwrap_err();
    assert_eq!(
        (error.code.as_ref(), error.message.as_str()),
        ("LimitExceededException", "Cannot exceed quota for PolicySize: 6144")
    );
    let inline = format!(r#"{{"UserName":"U","PolicyName":"P","PolicyDocument":"{}"}}"#, long(2_048));
    let error = house.call("PutUserPolicy", &inline).await.unwrap_err();
    assert_eq!(error.message, "Maximum policy size of 2048 bytes exceeded for user U");
}

#[tokio::test]
async fn lists_come_in_pages() {
    let house = House::new().await;
    for name in ["c", "a", "b", "d", "e"] {
        house.call("CreateUser", &format!(r#"{{"UserName":"{name}"}}"#)).await.unwrap();
    }
    let (mut seen, mut marker) = (Vec::new(), String::new());
    loop {
        let input = match marker.as_str() {
            "" => r#"{"MaxItems":2}"#.to_owned(),
            marker => format!(r#"{{"MaxItems":2,"Marker":"{marker}"}}"#),
        };
        let page = house.call("ListUsers", &input).await.unwrap();
        seen.extend(page["Users"].as_array().unwrap().iter().map(|u| u["UserName"].as_str().unwrap().to_owned()));
        match page["Marker"].as_str() {
            Some(next) => marker = next.to_owned(),
            None => break assert_eq!(page["IsTruncated"], false),
        }
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
}
