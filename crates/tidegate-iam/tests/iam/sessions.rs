//! Sessions of roles: who gets one, what it may do, and how its token is checked.

use crate::house::{House, document, get_object, session_of, trust};
use serde_json::{Value, json};
use tidegate_core::ports::{AssumeRole, AssumeRoleError, CredentialError, Credentials};
use tidegate_core::{Check, Principal};

#[tokio::test]
async fn functions_get_their_role() {
    let house = House::new().await;
    house.role("api", trust(json!({"Service": "lambda.amazonaws.com"}), json!({}))).await;
    let logs = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    house.done("AttachRolePolicy", json!({"RoleName": "api", "PolicyArn": logs})).await;
    let given =
        house.parts.access.assume_role(&session_of("api", "lambda.amazonaws.com")).unwrap_or_else(|e| panic!("{e:?}"));
    assert!(given.access_key_id.starts_with("ASIA") && given.access_key_id.len() == 20);
    assert_eq!(given.secret_access_key.len(), 40);
    let session = house.principal(&given.access_key_id, Some(&given.session_token));
    assert_eq!(session.arn(), "arn:aws:sts::000000000000:assumed-role/api/f");
    assert!(
        house
            .ask(
                &session,
                &Check::new("logs:PutLogEvents", "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:*")
            )
            .is_ok()
    );
    let refused = house
        .ask(&session, &Check::new("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:000000000000:table/items"))
        .unwrap_err();
    assert_eq!(
        refused.message,
        "User: arn:aws:sts::000000000000:assumed-role/api/f is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/items because no identity-based policy allows the dynamodb:PutItem action"
    );
}

#[tokio::test]
async fn trust_policies_choose_the_service() {
    let house = House::new().await;
    house
        .role("open", trust(json!({"Service": ["lambda.amazonaws.com", "apigateway.amazonaws.com"]}), json!({})))
        .await;
    house.role("ec2", trust(json!({"Service": "ec2.amazonaws.com"}), json!({}))).await;
    let here = json!({"StringEquals": {"aws:SourceAccount": "000000000000"}, "ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:*:function:f"}});
    house.role("mine", trust(json!({"Service": "lambda.amazonaws.com"}), here)).await;
    let elsewhere = json!({"StringEquals": {"aws:SourceAccount": "111111111111"}});
    house.role("other", trust(json!({"Service": "lambda.amazonaws.com"}), elsewhere)).await;
    let cases = [
        ("open", "lambda.amazonaws.com", true),
        ("open", "apigateway.amazonaws.com", true),
        ("open", "events.amazonaws.com", false),
        ("ec2", "lambda.amazonaws.com", false),
        ("mine", "lambda.amazonaws.com", true),
        ("other", "lambda.amazonaws.com", false),
    ];
    for (role, service, expect) in cases {
        let got = house.parts.access.can_assume(&session_of(role, service));
        assert_eq!(got.is_ok(), expect, "{role} {service}");
        assert!(expect || matches!(got, Err(AssumeRoleError::NotTrusted)));
    }
    let none = house.parts.access.can_assume(&session_of("none", "lambda.amazonaws.com"));
    assert!(matches!(none, Err(AssumeRoleError::NoSuchRole)));
    let wrong_path = house.parts.access.can_assume(&session_of("p/open", "lambda.amazonaws.com"));
    assert!(matches!(wrong_path, Err(AssumeRoleError::NoSuchRole)));
}

#[tokio::test]
async fn session_tokens() {
    let house = House::new().await;
    house.role("api", trust(json!({"Service": "lambda.amazonaws.com"}), json!({}))).await;
    let assume = || {
        house.parts.access.assume_role(&session_of("api", "lambda.amazonaws.com")).unwrap_or_else(|e| panic!("{e:?}"))
    };
    let (first, second) = (assume(), assume());
    let (id, token) = (first.access_key_id.as_str(), first.session_token.as_str());
    let ask = |house: &House, id: &str, token: Option<&str>| {
        house.parts.access.identity(id, token).map(|i| i.secret.to_string())
    };
    assert_eq!(ask(&house, id, Some(token)), Ok(first.secret_access_key.clone()));
    assert_eq!(
        ask(&house.again().await, id, Some(token)),
        Ok(first.secret_access_key.clone()),
        "tokens outlive restarts"
    );
    let mut changed = token.to_owned();
    let middle = changed.len() / 2;
    changed.replace_range(middle..=middle, if &token[middle..=middle] == "A" { "B" } else { "A" });
    let other = House::new().await;
    other
        .store
        .write(|tx| {
            const INSTALLATION: tidegate_store::Table<(), Value> = tidegate_store::Table::new("sts.installation");
            let mut known = tx.get(&INSTALLATION, &())?.expect("the first start makes it");
            known["token_key"][0] = json!(known["token_key"][0].as_u64().unwrap_or_default() ^ 1);
            tx.put(&INSTALLATION, &(), &known)
        })
        .await
        .unwrap();
    let other = other.again().await;
    let cases = [
        (&house, id, None, "no token"),
        (&house, id, Some(""), "empty"),
        (&house, id, Some(&token[1..]), "cut in front"),
        (&house, id, Some(&token[..token.len() - 4]), "cut behind"),
        (&house, id, Some(changed.as_str()), "one character changed"),
        (&house, id, Some(second.session_token.as_str()), "another session's"),
        (&house, second.access_key_id.as_str(), Some(token), "another key's"),
        (&house, "test", Some(token), "a long-term key with a token"),
        (&other, id, Some(token), "another installation's"),
    ];
    for (house, id, token, what) in cases {
        assert_eq!(ask(house, id, token), Err(CredentialError::InvalidToken), "{what}");
    }
    house.clock.advance_ms(3_599_000);
    assert!(ask(&house, id, Some(token)).is_ok());
    house.clock.advance_ms(1_000);
    assert_eq!(ask(&house, id, Some(token)), Err(CredentialError::ExpiredToken));
}

#[tokio::test]
async fn a_role_made_anew_has_nothing_of_old_sessions() {
    let house = House::new().await;
    let lambda = trust(json!({"Service": "lambda.amazonaws.com"}), json!({}));
    house.role("api", lambda.clone()).await;
    let given =
        house.parts.access.assume_role(&session_of("api", "lambda.amazonaws.com")).unwrap_or_else(|e| panic!("{e:?}"));
    house.done("DeleteRole", json!({"RoleName": "api"})).await;
    house.role("api", lambda).await;
    let all = json!({"RoleName": "api", "PolicyName": "p", "PolicyDocument": document("Allow", "*", "*")});
    house.done("PutRolePolicy", all).await;
    let old = house.principal(&given.access_key_id, Some(&given.session_token));
    assert!(house.ask(&old, &get_object()).is_err());
    let new =
        house.parts.access.assume_role(&session_of("api", "lambda.amazonaws.com")).unwrap_or_else(|e| panic!("{e:?}"));
    let new = house.principal(&new.access_key_id, Some(&new.session_token));
    assert!(house.ask(&new, &get_object()).is_ok());
}

/// What AssumeRole says to alice, who may assume `role` if her own policy says so.
async fn assume(house: &House, who: &Principal, input: Value) -> Result<Value, String> {
    let cx = house.as_caller(who.clone());
    house.call_as(&cx, "AssumeRole", &input.to_string()).await.map_err(|error| error.message)
}

#[tokio::test]
async fn people_assume_roles() {
    let house = House::new().await;
    let (key, _) = house.user("alice").await;
    let alice = house.principal(&key, None);
    let arn = |role: &str| format!("arn:aws:iam::000000000000:role/{role}");
    let input = |role: &str| json!({"RoleArn": arn(role), "RoleSessionName": "s"});
    house.role("named", trust(json!({"AWS": "arn:aws:iam::000000000000:user/alice"}), json!({}))).await;
    house.role("account", trust(json!({"AWS": "000000000000"}), json!({}))).await;
    house.role("lambda", trust(json!({"Service": "lambda.amazonaws.com"}), json!({}))).await;
    let external = json!({"StringEquals": {"sts:ExternalId": "secret"}});
    house.role("external", trust(json!({"AWS": "arn:aws:iam::000000000000:user/alice"}), external)).await;
    let denied = |role: &str| {
        Err(format!(
            "User: arn:aws:iam::000000000000:user/alice is not authorized to perform: sts:AssumeRole on resource: {}",
            arn(role)
        ))
    };
    assert!(assume(&house, &alice, input("named")).await.is_ok());
    assert_eq!(assume(&house, &alice, input("account")).await, denied("account"), "her account may, she may not");
    assert_eq!(assume(&house, &alice, input("lambda")).await, denied("lambda"));
    assert_eq!(assume(&house, &alice, input("none")).await, denied("none"));
    assert_eq!(assume(&house, &alice, input("external")).await, denied("external"));
    let mut with = input("external");
    with["ExternalId"] = json!("secret");
    assert!(assume(&house, &alice, with).await.is_ok());
    let may =
        json!({"UserName": "alice", "PolicyName": "p", "PolicyDocument": document("Allow", "sts:AssumeRole", "*")});
    house.done("PutUserPolicy", may).await;
    assert!(assume(&house, &alice, input("account")).await.is_ok());
    assert_eq!(assume(&house, &alice, input("lambda")).await, denied("lambda"), "the trust policy is a must");
    let root = house.principal("test", None);
    assert!(assume(&house, &root, input("account")).await.is_ok());
    assert!(assume(&house, &root, input("lambda")).await.is_err());
}

#[tokio::test]
async fn roles_across_accounts() {
    let house = House::new().await;
    house.role("shared", trust(json!({"AWS": "arn:aws:iam::111111111111:root"}), json!({}))).await;
    let input = json!({"RoleArn": "arn:aws:iam::000000000000:role/shared", "RoleSessionName": "s"});
    let got = assume(&house, &house.principal("111111111111", None), input.clone()).await.unwrap();
    assert_eq!(got["AssumedRoleUser"]["Arn"], "arn:aws:sts::000000000000:assumed-role/shared/s");
    assert!(assume(&house, &house.principal("222222222222", None), input).await.is_err());
}

fn session(house: &House, answer: &Value) -> Principal {
    let text = |member: &str| answer["Credentials"][member].as_str().unwrap();
    house.principal(text("AccessKeyId"), Some(text("SessionToken")))
}

#[tokio::test]
async fn session_policies_and_tags_cut_down() {
    let house = House::new().await;
    house.role("r", trust(json!({"AWS": "000000000000"}), json!({}))).await;
    let tagged = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}},
    ]});
    house
        .done("PutRolePolicy", json!({"RoleName": "r", "PolicyName": "p", "PolicyDocument": tagged.to_string()}))
        .await;
    let root = house.principal("test", None);
    let input = |more: Value| {
        let mut input = json!({"RoleArn": "arn:aws:iam::000000000000:role/r", "RoleSessionName": "s"});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let sqs = Check::new("sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:q");
    let other = json!({"Policy": document("Allow", "sqs:*", "*")});
    let by_arn = json!({"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}]});
    let team = json!({"Tags": [{"Key": "team", "Value": "red"}]});
    let cases = [(json!({}), true, false), (other, false, false), (by_arn, true, false), (team, true, true)];
    for (more, s3, queue) in cases {
        let answer = assume(&house, &root, input(more.clone())).await.unwrap();
        let session = session(&house, &answer);
        assert_eq!(house.ask(&session, &get_object()).is_ok(), s3, "{more}");
        assert_eq!(house.ask(&session, &sqs).is_ok(), queue, "{more}");
    }
    let answer = assume(&house, &root, input(json!({"Policy": document("Allow", "sqs:*", "*")}))).await.unwrap();
    let refused = house.ask(&session(&house, &answer), &get_object()).unwrap_err();
    assert!(refused.message.ends_with("because no session policy allows the s3:GetObject action"), "{refused}");
    let bad = assume(&house, &root, input(json!({"Policy": "x"}))).await;
    assert_eq!(bad, Err("Syntax errors in policy.".to_owned()));
}

#[tokio::test]
async fn a_session_policy_that_is_gone_lets_nothing_through() {
    let house = House::new().await;
    house.role("r", trust(json!({"AWS": "000000000000"}), json!({}))).await;
    house
        .done(
            "PutRolePolicy",
            json!({"RoleName": "r", "PolicyName": "p", "PolicyDocument": document("Allow", "*", "*")}),
        )
        .await;
    house.done("CreatePolicy", json!({"PolicyName": "P", "PolicyDocument": document("Allow", "s3:*", "*")})).await;
    let arn = "arn:aws:iam::000000000000:policy/P";
    let input =
        json!({"RoleArn": "arn:aws:iam::000000000000:role/r", "RoleSessionName": "s", "PolicyArns": [{"arn": arn}]});
    let answer = assume(&house, &house.principal("test", None), input).await.unwrap();
    let session = session(&house, &answer);
    assert!(house.ask(&session, &get_object()).is_ok());
    house.done("DeletePolicy", json!({"PolicyArn": arn})).await;
    assert!(house.ask(&session, &get_object()).is_err());
}

#[tokio::test]
async fn chained_sessions_are_short() {
    let house = House::new().await;
    house.done("CreateRole", json!({"RoleName": "r", "MaxSessionDuration": 43200, "AssumeRolePolicyDocument": trust(json!({"AWS": "000000000000"}), json!({}))})).await;
    house
        .done(
            "PutRolePolicy",
            json!({"RoleName": "r", "PolicyName": "p", "PolicyDocument": document("Allow", "*", "*")}),
        )
        .await;
    let input = |seconds: u32| json!({"RoleArn": "arn:aws:iam::000000000000:role/r", "RoleSessionName": "s", "DurationSeconds": seconds});
    let first = assume(&house, &house.principal("test", None), input(43_200)).await.unwrap();
    let first = session(&house, &first);
    assert!(assume(&house, &first, input(3_600)).await.is_ok());
    let refused = assume(&house, &first, input(3_601)).await;
    assert_eq!(
        refused,
        Err("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
            .to_owned())
    );
}

#[tokio::test]
async fn principals_of_a_trust_policy_exist() {
    let house = House::new().await;
    house.user("alice").await;
    let cases = [
        ("arn:aws:iam::000000000000:user/alice", true),
        ("arn:aws:iam::000000000000:user/p/alice", false),
        ("arn:aws:iam::000000000000:user/bob", false),
        ("arn:aws:iam::000000000000:role/none", false),
        ("arn:aws:iam::111111111111:role/elsewhere", true),
        ("arn:aws:sts::000000000000:assumed-role/r/s", true),
    ];
    for (n, (arn, expect)) in cases.into_iter().enumerate() {
        let document = trust(json!({"AWS": arn}), json!({}));
        let input = json!({"RoleName": format!("r{n}"), "AssumeRolePolicyDocument": document});
        let got = house.call("CreateRole", &input.to_string()).await;
        assert_eq!(got.is_ok(), expect, "{arn}: {got:?}");
    }
}

#[tokio::test]
async fn sessions_of_users_may_not_call_iam() {
    let house = House::new().await;
    let answer = house.call_as(&house.as_caller(house.principal("test", None)), "GetSessionToken", "{}").await.unwrap();
    let root = session(&house, &answer);
    assert_eq!(root.arn(), "arn:aws:iam::000000000000:root");
    let cases = [
        (get_object(), true),
        (Check::pass_role("arn:aws:iam::000000000000:role/r", "lambda.amazonaws.com"), true),
        (Check::new("iam:GetRole", "arn:aws:iam::000000000000:role/r"), false),
        (Check::new("sts:GetAccessKeyInfo", "*"), false),
    ];
    for (check, expect) in cases {
        let got = house.ask(&root, &check);
        assert_eq!(got.is_ok(), expect, "{check:?}");
        assert!(got.err().is_none_or(|error| error.code == "InvalidClientTokenId"));
    }
    let again = house.call_as(&house.as_caller(root), "GetSessionToken", "{}").await.unwrap_err();
    assert_eq!(again.message, "Cannot call GetSessionToken with session credentials");
}

#[tokio::test]
async fn sessions_carry_only_so_much() {
    let house = House::new().await;
    house.role("r", trust(json!({"AWS": "000000000000"}), json!({}))).await;
    let root = house.principal("test", None);
    let input = |size: usize| {
        let policy = document("Allow", "s3:*", &format!("arn:aws:s3:::{}", "x".repeat(size)));
        json!({"RoleArn": "arn:aws:iam::000000000000:role/r", "RoleSessionName": "s", "Policy": policy})
    };
    assert_eq!(assume(&house, &root, input(1_900)).await.unwrap()["PackedPolicySize"], 49);
    let refused = assume(&house, &root, input(4_096)).await;
    assert_eq!(refused, Err("Packed policy consumes 103% of allotted space, please use smaller policy.".to_owned()));
}
