//! Each operation: allowed, denied, with a wrong input, and after a restart.

use super::house::House;
use super::sweep_cases::{cases, house, house_on_disk};
use crate::functions::ALL;

#[test]
fn covers_every_operation() {
    let mut covered: Vec<&str> = cases().iter().map(|case| case.name).collect();
    covered.sort_unstable();
    let mut offered: Vec<&str> = ALL.iter().map(|row| row.name).collect();
    offered.sort_unstable();
    assert_eq!(covered, offered);
}

#[test]
fn names_actions_as_aws_does() {
    for row in ALL {
        let expected = match row.name {
            "Invoke" => "lambda:InvokeFunction".to_owned(),
            "GetLayerVersionByArn" => "lambda:GetLayerVersion".to_owned(),
            name => format!("lambda:{name}"),
        };
        assert_eq!(row.action, expected);
    }
}

#[tokio::test]
async fn allows_and_lasts() {
    for case in cases() {
        let house = house_on_disk().await;
        house.ok(case.name, case.input).await;
        let (operation, input, pointer, value) = case.shows;
        let house = house.restarted();
        match house.call(operation, input).await {
            Ok(shown) => assert_eq!(shown.pointer(pointer), Some(&value), "{}: {shown:#}", case.name),
            Err(error) => assert_eq!((error.code.as_ref(), &value), (pointer, &error.message.into()), "{}", case.name),
        }
    }
}

#[tokio::test]
async fn denies() {
    for case in cases() {
        let house = house().await;
        let action = ALL.iter().find(|row| row.name == case.name).map(|row| row.action).expect("a row");
        house.bench.denied.deny(action);
        let error = house.call(case.name, case.input).await.expect_err(case.name);
        assert_eq!((error.status, error.code.as_ref()), (403, "AccessDeniedException"), "{}", case.name);
        assert!(error.message.contains(action), "{}", error.message);
    }
}

#[tokio::test]
async fn refuses_wrong_input() {
    for case in cases() {
        let Some((input, code)) = case.wrong else { continue };
        let (found, message) = house().await.err(case.name, input).await;
        assert_eq!(found, code, "{}: {message}", case.name);
        assert!(!message.is_empty());
    }
}

#[tokio::test]
async fn keeps_regions_and_accounts_apart() {
    let house = House::new().await;
    let cx = &house.bench.cx;
    let elsewhere = tidegate_core::Context { region: "eu-west-1".parse().expect("a region"), ..cx.clone() };
    let other = tidegate_core::Context { account: "111111111111".parse().expect("an account"), ..cx.clone() };
    for cx in [elsewhere, other] {
        let list = house.call_as(&cx, "ListFunctions", serde_json::json!({})).await.expect("a list");
        assert_eq!(list["Functions"], serde_json::json!([]));
    }
    let foreign = tidegate_core::Context { account: "111111111111".parse().expect("an account"), ..cx.clone() };
    let input = serde_json::json!({ "FunctionName": super::ARN });
    let error = house.call_as(&foreign, "GetFunction", input).await.expect_err("another account's");
    assert_eq!(error.status, 403);
}
