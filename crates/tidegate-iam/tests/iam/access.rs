//! Who may do what: keys, and the policies of users, groups and resources, decided by IAM itself.

use crate::house::{House, document, get_object, session_of, trust};
use serde_json::json;
use tidegate_core::ports::{AssumeRole, CredentialError, Credentials};
use tidegate_core::{Check, Principal, PrincipalKind};
use tidegate_iam::Mode;
use tidegate_store::Store;
use tidegate_types::AccountId;

#[tokio::test]
async fn keys_without_making() {
    let house = House::new().await;
    let cases = [("test", "000000000000"), ("123456789012", "123456789012"), ("000000000000", "000000000000")];
    for (key, account) in cases {
        let identity = house.parts.access.identity(key, None).unwrap();
        assert_eq!((&*identity.secret, identity.principal.account.as_str()), ("test", account));
        assert_eq!(identity.principal.kind, PrincipalKind::Root);
    }
    for key in ["", "tes", "Test", "12345678901", "1234567890123", "AKIANONE", "AKIAIOSFODNN7EXAMPLE"] {
        assert_eq!(house.parts.access.identity(key, None).err(), Some(CredentialError::UnknownKey), "{key}");
    }
    let with_token = house.parts.access.identity("test", Some("token")).err();
    assert_eq!(with_token, Some(CredentialError::InvalidToken));
}

#[tokio::test]
async fn keys_of_users() {
    let house = House::new().await;
    let (key, secret) = house.user("alice").await;
    let identity = house.parts.access.identity(&key, None).unwrap();
    assert_eq!(
        (identity.secret.to_string(), identity.principal.arn()),
        (secret, "arn:aws:iam::000000000000:user/alice".into())
    );
    assert_eq!(&*identity.principal.access_key_id, key);
    let change = |status: &str| json!({"UserName": "alice", "AccessKeyId": key, "Status": status});
    house.done("UpdateAccessKey", change("Inactive")).await;
    assert_eq!(house.parts.access.identity(&key, None).err(), Some(CredentialError::UnknownKey));
    house.done("UpdateAccessKey", change("Active")).await;
    assert!(house.again().await.parts.access.identity(&key, None).is_ok());
    house.done("DeleteAccessKey", json!({"UserName": "alice", "AccessKeyId": key})).await;
    assert_eq!(house.parts.access.identity(&key, None).err(), Some(CredentialError::UnknownKey));
}

#[tokio::test]
async fn users_may_what_their_policies_say() {
    let house = House::new().await;
    let (key, _) = house.user("alice").await;
    let alice = house.principal(&key, None);
    let refused = house.ask(&alice, &get_object()).unwrap_err();
    let sentence = "User: arn:aws:iam::000000000000:user/alice is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action";
    assert_eq!(
        (refused.code.as_ref(), refused.status, refused.message.as_str()),
        ("AccessDeniedException", 403, sentence)
    );

    let put = |document: String| json!({"UserName": "alice", "PolicyName": "p", "PolicyDocument": document});
    house.done("PutUserPolicy", put(document("Allow", "s3:Get*", "arn:aws:s3:::b/*"))).await;
    assert!(house.ask(&alice, &get_object()).is_ok(), "a new policy counts at once");
    assert!(house.ask(&alice, &Check::new("s3:GetObject", "arn:aws:s3:::c/k")).is_err());
    assert!(house.ask(&alice, &Check::new("made:Up", "*")).is_err(), "unknown actions are denied");

    house.done("CreateGroup", json!({"GroupName": "g"})).await;
    house.done("AddUserToGroup", json!({"GroupName": "g", "UserName": "alice"})).await;
    let group = json!({"GroupName": "g", "PolicyName": "p", "PolicyDocument": document("Deny", "s3:*", "*")});
    house.done("PutGroupPolicy", group).await;
    let refused = house.ask(&alice, &get_object()).unwrap_err();
    assert!(refused.message.ends_with("with an explicit deny in an identity-based policy"), "{refused}");
    house.done("RemoveUserFromGroup", json!({"GroupName": "g", "UserName": "alice"})).await;
    assert!(house.ask(&alice, &get_object()).is_ok());

    house.done("DeleteUserPolicy", json!({"UserName": "alice", "PolicyName": "p"})).await;
    let read = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    house.done("AttachUserPolicy", json!({"UserName": "alice", "PolicyArn": read})).await;
    assert!(house.ask(&alice, &get_object()).is_ok());
    assert!(house.ask(&alice, &Check::new("s3:PutObject", "arn:aws:s3:::b/k")).is_err());
    let bound = "arn:aws:iam::aws:policy/AmazonSQSFullAccess";
    house.done("PutUserPermissionsBoundary", json!({"UserName": "alice", "PermissionsBoundary": bound})).await;
    let refused = house.ask(&alice, &get_object()).unwrap_err();
    assert!(refused.message.ends_with("because no permissions boundary allows the s3:GetObject action"), "{refused}");
}

#[tokio::test]
async fn versions_of_managed_policies_count_at_once() {
    let house = House::new().await;
    let (key, _) = house.user("alice").await;
    let alice = house.principal(&key, None);
    let arn = "arn:aws:iam::000000000000:policy/P";
    house.done("CreatePolicy", json!({"PolicyName": "P", "PolicyDocument": document("Allow", "sqs:*", "*")})).await;
    house.done("AttachUserPolicy", json!({"UserName": "alice", "PolicyArn": arn})).await;
    let next = json!({"PolicyArn": arn, "PolicyDocument": document("Allow", "s3:*", "*")});
    house.done("CreatePolicyVersion", next).await;
    assert!(house.ask(&alice, &get_object()).is_err(), "v2 is not the default yet");
    house.done("SetDefaultPolicyVersion", json!({"PolicyArn": arn, "VersionId": "v2"})).await;
    assert!(house.ask(&alice, &get_object()).is_ok());
}

#[tokio::test]
async fn a_user_made_anew_has_nothing_of_the_old() {
    let house = House::new().await;
    let (key, _) = house.user("alice").await;
    let old = house.principal(&key, None);
    house.done("DeleteAccessKey", json!({"UserName": "alice", "AccessKeyId": key})).await;
    house.done("DeleteUser", json!({"UserName": "alice"})).await;
    house.user("alice").await;
    let all = json!({"UserName": "alice", "PolicyName": "p", "PolicyDocument": document("Allow", "*", "*")});
    house.done("PutUserPolicy", all).await;
    assert!(house.ask(&old, &get_object()).is_err());
}

#[tokio::test]
async fn root_is_bound_by_resources_only() {
    let house = House::new().await;
    let root = house.principal("test", None);
    assert!(house.ask(&root, &get_object()).is_ok());
    let foreign = Check::new("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111111111111:function:f");
    let refused = house.ask(&root, &foreign).unwrap_err();
    assert!(
        refused.message.ends_with("because no resource-based policy allows the lambda:InvokeFunction action"),
        "{refused}"
    );
    let policy = |effect: &str| {
        json!({"Version": "2012-10-17", "Statement": {"Effect": effect, "Principal": {"AWS": "000000000000"}, "Action": "lambda:*", "Resource": "*"}}).to_string()
    };
    assert!(house.ask(&root, &foreign.clone().resource_policy(Some(policy("Allow")))).is_ok());
    let own = Check::new("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:000000000000:function:f");
    assert!(house.ask(&root, &own.resource_policy(Some(policy("Deny")))).is_err());
}

#[tokio::test]
async fn services_come_in_by_the_resources_policy() {
    let house = House::new().await;
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Sid": "api", "Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f",
        "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:us-east-1:000000000000:abc/*/*/items"}},
    }]})
    .to_string();
    let check = |policy: Option<&str>, source: &str| {
        Check::new("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:000000000000:function:f")
            .with("aws:SourceArn", source)
            .resource_policy(policy)
    };
    let good = "arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/items";
    let cases = [
        ("apigateway.amazonaws.com", Some(policy.as_str()), good, true),
        (
            "apigateway.amazonaws.com",
            Some(&policy),
            "arn:aws:execute-api:us-east-1:000000000000:xyz/dev/GET/items",
            false,
        ),
        ("events.amazonaws.com", Some(&policy), good, false),
        ("apigateway.amazonaws.com", None, good, false),
    ];
    for (service, policy, source, expect) in cases {
        let principal = Principal::service(AccountId::local(), service);
        assert_eq!(house.ask(&principal, &check(policy, source)).is_ok(), expect, "{service} {source}");
    }
}

#[tokio::test]
async fn modes() {
    for (mode, expect) in [(Mode::Enforce, false), (Mode::Warn, true), (Mode::Off, true)] {
        let house = House::over(Store::memory(), mode).await;
        let (key, _) = house.user("alice").await;
        assert_eq!(house.ask(&house.principal(&key, None), &get_object()).is_ok(), expect, "{mode:?}");
        house.role("r", trust(json!({"Service": "ec2.amazonaws.com"}), json!({}))).await;
        let got = house.parts.access.can_assume(&session_of("r", "lambda.amazonaws.com"));
        assert_eq!(got.is_ok(), expect, "{mode:?}");
    }
    assert_eq!("warn".parse(), Ok(Mode::Warn));
    assert!("loud".parse::<Mode>().is_err());
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
#[tokio::test]
async fn global_condition_keys() {
    let house = House::new().await;
    let (key, _) = house.user("alice").await;
    let alice = house.principal(&key, None);
    let check = Check::new("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:000000000000:table/t");
    for (operator, name, value, expect) in [
        ("StringEquals", "aws:username", "alice", true),
        ("StringEquals", "aws:PrincipalType", "User", true),
        ("StringEquals", "aws:PrincipalAccount", "000000000000", true),
        ("StringEquals", "aws:ResourceAccount", "000000000000", true),
        ("StringEquals", "aws:ResourceAccount", "111111111111", false),
        ("StringEquals", "aws:RequestedRegion", "us-east-1", true),
        ("Null", "aws:TokenIssueTime", "true", true),
        ("StringEquals", "aws:none", "x", false),
    ] {
        let policy = json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "dynamodb:*", "Resource": "*", "Condition": {operator: {name: value}},
        }});
        let input = json!({"UserName": "alice", "PolicyName": "p", "PolicyDocument": policy.to_string()});
        house.done("PutUserPolicy", input).await;
        assert_eq!(house.ask(&alice, &check).is_ok(), expect, "{name} {value}");
    }
}

#[tokio::test]
async fn passing_roles() {
    let house = House::new().await;
    let (key, _) = house.user("alice").await;
    let alice = house.principal(&key, None);
    let to_lambda = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::000000000000:role/fn-*", "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}});
    house
        .done("PutUserPolicy", json!({"UserName": "alice", "PolicyName": "p", "PolicyDocument": to_lambda.to_string()}))
        .await;
    let cases = [
        ("arn:aws:iam::000000000000:role/fn-a", "lambda.amazonaws.com", true),
        ("arn:aws:iam::000000000000:role/admin", "lambda.amazonaws.com", false),
        ("arn:aws:iam::000000000000:role/fn-a", "ec2.amazonaws.com", false),
    ];
    for (role, service, expect) in cases {
        assert_eq!(house.ask(&alice, &Check::pass_role(role, service)).is_ok(), expect, "{role} {service}");
    }
}

#[tokio::test]
async fn iams_own_operations_ask_for_permission() {
    let house = House::new().await;
    let (key, _) = house.user("alice").await;
    let cx = house.as_caller(house.principal(&key, None));
    let own = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["iam:GetUser", "iam:*AccessKey*"], "Resource": "arn:aws:iam::*:user/${aws:username}"},
        {"Effect": "Allow", "Action": "iam:CreateRole", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/team": "red"}}},
        {"Effect": "Allow", "Action": "iam:AttachRolePolicy", "Resource": "*", "Condition": {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}}},
    ]});
    house
        .done("PutUserPolicy", json!({"UserName": "alice", "PolicyName": "p", "PolicyDocument": own.to_string()}))
        .await;
    house.done("CreateUser", json!({"UserName": "bob"})).await;
    let role = |name: &str, team: &str| json!({"RoleName": name, "Tags": [{"Key": "team", "Value": team}], "AssumeRolePolicyDocument": trust(json!("*"), json!({}))});
    let attach = |policy: &str| json!({"RoleName": "r", "PolicyArn": format!("arn:aws:iam::aws:policy/{policy}")});
    let cases = [
        ("GetUser", json!({}), true),
        ("GetUser", json!({"UserName": "bob"}), false),
        ("ListAccessKeys", json!({}), true),
        ("CreateAccessKey", json!({"UserName": "bob"}), false),
        ("ListUsers", json!({}), false),
        ("CreateRole", role("r", "red"), true),
        ("CreateRole", role("b", "blue"), false),
        ("AttachRolePolicy", attach("AmazonS3ReadOnlyAccess"), true),
        ("AttachRolePolicy", attach("AdministratorAccess"), false),
    ];
    for (operation, input, expect) in cases {
        let got = house.call_as(&cx, operation, &input.to_string()).await;
        assert_eq!(got.is_ok(), expect, "{operation} {input}: {got:?}");
    }
}

#[tokio::test]
async fn updating_a_role_changes_only_what_is_said() {
    let house = House::new().await;
    house.role("r", trust(json!("*"), json!({}))).await;
    for (input, expected) in [
        (json!({"Description": "d", "MaxSessionDuration": 7200}), (json!("d"), json!(7200))),
        (json!({"MaxSessionDuration": 3600}), (json!("d"), json!(3600))),
        (json!({"Description": "e"}), (json!("e"), json!(3600))),
        (json!({"Description": ""}), (json!(null), json!(3600))),
    ] {
        let mut named = input.clone();
        named["RoleName"] = json!("r");
        house.done("UpdateRole", named).await;
        let role = house.done("GetRole", json!({"RoleName": "r"})).await["Role"].clone();
        assert_eq!((role["Description"].clone(), role["MaxSessionDuration"].clone()), expected, "{input}");
    }
}

#[tokio::test]
async fn accounts_do_not_see_one_another() {
    let house = House::new().await;
    house.done("CreateUser", json!({"UserName": "alice"})).await;
    let away = house.as_caller(house.principal("111111111111", None));
    let error = house.call_as(&away, "GetUser", r#"{"UserName":"alice"}"#).await.unwrap_err();
    assert_eq!(error.code, "NoSuchEntityException");
    assert!(house.call_as(&away, "CreateUser", r#"{"UserName":"alice"}"#).await.is_ok());
    let listed = house.call_as(&away, "ListUsers", "{}").await.unwrap();
    assert_eq!(listed["Users"][0]["Arn"], "arn:aws:iam::111111111111:user/alice");
    assert_eq!(listed["Users"].as_array().map(Vec::len), Some(1));
}
