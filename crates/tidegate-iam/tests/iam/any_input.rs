//! Whatever comes in: no panic, and nothing but the caller's own faults.

use crate::house::House;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tidegate_core::ports::{CredentialError, Credentials};

const MEMBERS: &[&str] = &[
    "RoleName",
    "UserName",
    "GroupName",
    "PolicyName",
    "PolicyArn",
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "InstanceProfileName",
    "Path",
    "PathPrefix",
    "Marker",
    "MaxItems",
    "Tags",
    "TagKeys",
    "PermissionsBoundary",
    "VersionId",
    "AccessKeyId",
    "Status",
    "RoleArn",
    "RoleSessionName",
    "DurationSeconds",
    "Policy",
    "PolicyArns",
    "PolicySourceArn",
    "ActionNames",
    "ResourceArns",
    "ContextEntries",
    "AccountAlias",
    "NewUserName",
    "NewGroupName",
    "Description",
];

fn value() -> impl Strategy<Value = Value> {
    let texts = [
        "",
        "/",
        "/é/",
        "a",
        "A",
        "arn",
        "arn:aws:iam::aws:policy",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::000000000000:policy//a",
        "arn:aws:iam::000000000000:role/a",
        "arn:aws:iam:::role/a",
        ":::::",
        "v1",
        "v99999999999999999999",
        "Active",
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}"#,
    ];
    prop_oneof![
        8 => prop::sample::select(texts.to_vec()).prop_map(Value::from),
        2 => ".{0,12}".prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => prop::collection::vec(".{0,3}", 0..3).prop_map(Value::from),
        1 => (".{0,3}", ".{0,3}").prop_map(|(k, v)| json!([{"Key": k, "Value": v, "arn": v, "ContextKeyName": k}])),
        1 => any::<bool>().prop_map(Value::from),
    ]
}

fn input() -> impl Strategy<Value = Value> {
    let member = (prop::sample::select(MEMBERS.to_vec()), value());
    prop::collection::vec(member, 0..16).prop_map(|members| {
        Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
    })
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn operations_take_any_input(inputs in prop::collection::vec(input(), 24)) {
        run(async {
            let house = House::new().await;
            for input in inputs {
                for (_, operation, _) in house.operations() {
                    if let Err(error) = house.call(operation, &input.to_string()).await {
                        let own = (400..500).contains(&error.status) || error.status == 501;
                        assert!(own, "{operation} {input}: {error}");
                    }
                }
            }
        });
    }
}

proptest! {
    #[test]
    fn any_token_is_refused(id in "(ASIA|AKIA)?[A-Z2-7]{0,16}", token in prop_oneof![".{0,80}", "[A-Za-z0-9+/]{0,200}={0,2}", "AQ[A-Za-z0-9+/]{38}"]) {
        let house = run(House::new());
        let got = house.parts.access.identity(&id, Some(&token)).err();
        prop_assert_eq!(got, Some(CredentialError::InvalidToken));
    }
}
