//! Which policies let which callers in. Cases follow
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>.

use tidegate_policy::{Caller, Decision, Denial, Keys, Kind, Layer, Policies, Policy, Request, evaluate};

const HOME: &str = "111111111111";
const AWAY: &str = "222222222222";
const ALICE: Caller<'_> = Caller::User { arn: "arn:aws:iam::111111111111:user/alice", account: HOME };
const SESSION: Caller<'_> = Caller::Session {
    arn: "arn:aws:sts::111111111111:assumed-role/api/s1",
    role_arn: "arn:aws:iam::111111111111:role/service/api",
    account: HOME,
};
const ROOT: Caller<'_> = Caller::Root { account: HOME };
const GATEWAY: Caller<'_> = Caller::Service("apigateway.amazonaws.com");

fn identity(effect: &str, action: &str, resource: &str) -> Policy {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}","Action":"{action}","Resource":"{resource}"}}}}"#
    );
    Policy::parse(&text, Kind::Identity).unwrap()
}

fn allow_all() -> Policy {
    identity("Allow", "*", "*")
}

fn resource(effect: &str, principal: &str) -> Policy {
    of_resource(&format!(r#""Effect":"{effect}","Principal":{principal},"Action":"s3:GetObject","Resource":"*""#))
}

fn of_resource(statement: &str) -> Policy {
    Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":{{{statement}}}}}"#), Kind::Resource).unwrap()
}

fn decide(caller: Caller<'_>, owner: &str, policies: &Policies<'_>) -> Decision {
    let (action, keys) = ("s3:GetObject", Keys::new());
    let resource = "arn:aws:s3:::b/k";
    evaluate(&Request { action, resource, resource_account: Some(owner), caller, keys: &keys }, policies)
}

const fn implicit(layer: Layer) -> Decision {
    Decision::Deny(Denial::Implicit(layer))
}

const fn explicit(layer: Layer) -> Decision {
    Decision::Deny(Denial::Explicit(layer))
}

#[test]
fn actions_and_resources() {
    let cases = [
        ("s3:GetObject", "arn:aws:s3:::b/*", true),
        ("S3:getobject", "*", true),
        ("s3:Get*", "arn:aws:s3:::b/?", true),
        ("s3:*", "arn:aws:s3:::*", true),
        ("*", "*", true),
        ("s3:PutObject", "*", false),
        ("s3:Get", "*", false),
        ("s3:GetObject", "arn:aws:s3:::B/k", false),
        ("s3:GetObject", "arn:aws:s3:::b", false),
        ("dynamodb:*", "*", false),
    ];
    for (action, resource, expect) in cases {
        let policy = identity("Allow", action, resource);
        let got = decide(ALICE, HOME, &Policies { identity: vec![&policy], ..Policies::default() });
        assert_eq!(got.is_allow(), expect, "{action} on {resource}");
    }
}

#[test]
fn not_action_and_not_resource() {
    let cases = [
        (r#""NotAction":"iam:*","Resource":"*""#, true),
        (r#""NotAction":"s3:*","Resource":"*""#, false),
        (r#""Action":"s3:*","NotResource":"arn:aws:s3:::c/*""#, true),
        (r#""Action":"s3:*","NotResource":["arn:aws:s3:::c/*","arn:aws:s3:::b/*"]"#, false),
        (r#""Action":"s3:*","NotResource":"arn:aws:s3:::${aws:username}/*""#, false),
    ];
    for (elements, expect) in cases {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow",{elements}}}}}"#);
        let policy = Policy::parse(&text, Kind::Identity).unwrap();
        let got = decide(ALICE, HOME, &Policies { identity: vec![&policy], ..Policies::default() });
        assert_eq!(got.is_allow(), expect, "{elements}");
    }
    // Nobody knows what `NotResource` leaves out, so a deny applies.
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::${aws:username}/*"}}"#;
    let (deny, allow) = (Policy::parse(text, Kind::Identity).unwrap(), allow_all());
    let got = decide(ALICE, HOME, &Policies { identity: vec![&allow, &deny], ..Policies::default() });
    assert_eq!(got, explicit(Layer::Identity));
}

#[test]
fn identity_layers() {
    let (allow, deny, other) = (allow_all(), identity("Deny", "s3:*", "*"), identity("Allow", "iam:*", "*"));
    let cases = [
        (vec![], None, vec![], implicit(Layer::Identity)),
        (vec![&other], None, vec![], implicit(Layer::Identity)),
        (vec![&allow], None, vec![], Decision::Allow),
        (vec![&allow, &deny], None, vec![], explicit(Layer::Identity)),
        (vec![&allow], Some(&allow), vec![], Decision::Allow),
        (vec![&allow], Some(&other), vec![], implicit(Layer::Boundary)),
        (vec![&allow], Some(&deny), vec![], explicit(Layer::Boundary)),
        (vec![], Some(&allow), vec![], implicit(Layer::Identity)),
        (vec![&allow], None, vec![&allow], Decision::Allow),
        (vec![&allow], None, vec![&other], implicit(Layer::Session)),
        (vec![&allow], None, vec![&other, &allow], Decision::Allow),
        (vec![&allow], None, vec![&deny, &allow], explicit(Layer::Session)),
        (vec![&other], None, vec![&allow], implicit(Layer::Identity)),
    ];
    for (identity, boundary, session, expect) in cases {
        let policies = Policies { identity, boundary, session, resource: None };
        assert_eq!(decide(SESSION, HOME, &policies), expect, "{policies:?}");
    }
}

/// Caller, the resource's owner, the principal that its policy allows, whether that is enough without, and with, an
/// identity policy that allows.
const PRINCIPALS: &[(Caller<'_>, &str, &str, bool, bool)] = &[
    (ALICE, HOME, r#""*""#, true, true),
    (ALICE, HOME, r#"{"AWS":"*"}"#, true, true),
    (ALICE, HOME, r#"{"AWS":"arn:aws:iam::111111111111:user/alice"}"#, true, true),
    (ALICE, HOME, r#"{"AWS":"arn:aws:iam::111111111111:root"}"#, false, true),
    (ALICE, HOME, r#"{"AWS":"111111111111"}"#, false, true),
    (ALICE, HOME, r#"{"AWS":"arn:aws:iam::111111111111:user/bob"}"#, false, true),
    (ALICE, AWAY, r#"{"AWS":"arn:aws:iam::111111111111:user/alice"}"#, false, true),
    (ALICE, AWAY, r#"{"AWS":"111111111111"}"#, false, true),
    (ALICE, AWAY, r#""*""#, false, true),
    (ALICE, AWAY, r#"{"AWS":"222222222222"}"#, false, false),
    (ALICE, AWAY, r#"{"Service":"apigateway.amazonaws.com"}"#, false, false),
    (SESSION, HOME, r#"{"AWS":"arn:aws:iam::111111111111:role/service/api"}"#, true, true),
    (SESSION, HOME, r#"{"AWS":"arn:aws:sts::111111111111:assumed-role/api/s1"}"#, true, true),
    (SESSION, HOME, r#"{"AWS":"arn:aws:sts::111111111111:assumed-role/api/s2"}"#, false, true),
    (ROOT, HOME, r#"{"AWS":"222222222222"}"#, true, true),
    (ROOT, AWAY, r#"{"AWS":"111111111111"}"#, true, true),
    (ROOT, AWAY, r#"{"AWS":"222222222222"}"#, false, false),
    (GATEWAY, HOME, r#"{"Service":"apigateway.amazonaws.com"}"#, true, true),
    (GATEWAY, HOME, r#"{"Service":["events.amazonaws.com","sns.amazonaws.com"]}"#, false, false),
    (GATEWAY, HOME, r#"{"AWS":"111111111111"}"#, false, false),
    (GATEWAY, HOME, r#""*""#, true, true),
    (Caller::Anonymous, HOME, r#""*""#, true, true),
    (Caller::Anonymous, HOME, r#"{"AWS":"111111111111"}"#, false, false),
    (Caller::Federated("accounts.google.com"), HOME, r#"{"Federated":"accounts.google.com"}"#, true, true),
    (Caller::Federated("accounts.google.com"), HOME, r#"{"Federated":"other.example"}"#, false, false),
];

#[test]
fn resource_policies() {
    let allow = allow_all();
    for (caller, owner, principal, alone, with) in PRINCIPALS {
        let policy = resource("Allow", principal);
        let mut policies = Policies { resource: Some(&policy), ..Policies::default() };
        assert_eq!(decide(*caller, owner, &policies).is_allow(), *alone, "{caller:?} {owner} {principal} alone");
        policies.identity = vec![&allow];
        assert_eq!(decide(*caller, owner, &policies).is_allow(), *with, "{caller:?} {owner} {principal} with");
    }
}

#[test]
fn resource_denies_win() {
    let allow = allow_all();
    let cases = [
        (ALICE, r#""*""#, true),
        (ALICE, r#"{"AWS":"111111111111"}"#, true),
        (ROOT, r#"{"AWS":"111111111111"}"#, true),
        (SESSION, r#"{"AWS":"arn:aws:iam::111111111111:role/service/api"}"#, true),
        (ALICE, r#"{"AWS":"arn:aws:iam::111111111111:user/bob"}"#, false),
    ];
    for (caller, principal, denied) in cases {
        let policy = resource("Deny", principal);
        let policies = Policies { identity: vec![&allow], resource: Some(&policy), ..Policies::default() };
        let expect = if denied { explicit(Layer::Resource) } else { Decision::Allow };
        assert_eq!(decide(caller, HOME, &policies), expect, "{caller:?} {principal}");
    }
}

#[test]
fn not_principal_leaves_out() {
    let deny = of_resource(
        r#""Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111111111111:user/alice"},"Action":"*","Resource":"*""#,
    );
    let allow = allow_all();
    let policies = Policies { identity: vec![&allow], resource: Some(&deny), ..Policies::default() };
    assert_eq!(decide(ALICE, HOME, &policies), Decision::Allow);
    assert_eq!(decide(SESSION, HOME, &policies), explicit(Layer::Resource));
}

#[test]
fn a_session_named_itself_is_not_cut_by_boundary_and_session_policy() {
    let other = identity("Allow", "iam:*", "*");
    let cases = [
        (r#"{"AWS":"arn:aws:sts::111111111111:assumed-role/api/s1"}"#, Decision::Allow),
        (r#"{"AWS":"arn:aws:iam::111111111111:role/service/api"}"#, implicit(Layer::Boundary)),
        (r#""*""#, implicit(Layer::Boundary)),
    ];
    for (principal, expect) in cases {
        let policy = resource("Allow", principal);
        let policies =
            Policies { identity: vec![], boundary: Some(&other), session: vec![&other], resource: Some(&policy) };
        assert_eq!(decide(SESSION, HOME, &policies), expect, "{principal}");
    }
}

#[test]
fn root_is_not_bound_by_its_own_policies() {
    let deny = identity("Deny", "*", "*");
    let policies = Policies { identity: vec![&deny], boundary: Some(&deny), ..Policies::default() };
    assert_eq!(decide(ROOT, HOME, &policies), Decision::Allow);
    assert_eq!(decide(ROOT, AWAY, &Policies::default()), implicit(Layer::Resource));
}

#[test]
fn trust_policies_are_a_must() {
    let allow = allow_all();
    let cases = [
        (ALICE, r#"{"AWS":"arn:aws:iam::111111111111:user/alice"}"#, false, Decision::Allow),
        (ALICE, r#"{"AWS":"111111111111"}"#, false, implicit(Layer::Identity)),
        (ALICE, r#"{"AWS":"111111111111"}"#, true, Decision::Allow),
        (ALICE, r#"{"Service":"lambda.amazonaws.com"}"#, true, implicit(Layer::Trust)),
        (ROOT, r#"{"Service":"lambda.amazonaws.com"}"#, true, implicit(Layer::Trust)),
        (Caller::Service("lambda.amazonaws.com"), r#"{"Service":"lambda.amazonaws.com"}"#, false, Decision::Allow),
        (GATEWAY, r#"{"Service":"lambda.amazonaws.com"}"#, false, implicit(Layer::Trust)),
    ];
    for (caller, principal, with_identity, expect) in cases {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"}}]}}"#
        );
        let trust = Policy::parse(&text, Kind::Trust).unwrap();
        let policies = Policies {
            identity: if with_identity { vec![&allow] } else { vec![] },
            resource: Some(&trust),
            ..Policies::default()
        };
        let keys = Keys::new();
        let request = Request {
            action: "sts:AssumeRole",
            resource: "arn:aws:iam::111111111111:role/r",
            resource_account: Some(HOME),
            caller,
            keys: &keys,
        };
        assert_eq!(evaluate(&request, &policies), expect, "{caller:?} {principal}");
    }
}

#[test]
fn sentences() {
    let cases = [
        (Denial::Implicit(Layer::Identity), "because no identity-based policy allows the s3:GetObject action"),
        (Denial::Implicit(Layer::Boundary), "because no permissions boundary allows the s3:GetObject action"),
        (Denial::Implicit(Layer::Session), "because no session policy allows the s3:GetObject action"),
        (Denial::Implicit(Layer::Resource), "because no resource-based policy allows the s3:GetObject action"),
        (Denial::Implicit(Layer::Trust), "because no role trust policy allows the s3:GetObject action"),
        (Denial::Explicit(Layer::Identity), "with an explicit deny in an identity-based policy"),
        (Denial::Explicit(Layer::Boundary), "with an explicit deny in a permissions boundary"),
        (Denial::Explicit(Layer::Session), "with an explicit deny in a session policy"),
        (Denial::Explicit(Layer::Resource), "with an explicit deny in a resource-based policy"),
        (Denial::Explicit(Layer::Trust), "with an explicit deny in the role trust policy"),
    ];
    for (denial, expect) in cases {
        assert_eq!(denial.reason("s3:GetObject"), expect);
    }
}
