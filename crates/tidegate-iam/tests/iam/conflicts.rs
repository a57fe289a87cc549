//! What hangs together is not torn apart, and quotas hold: each with IAM's own sentence.

use crate::house::House;

type Call = (&'static str, &'static str);

const ROLE: Call = (
    "CreateRole",
    r#"{"RoleName":"R","AssumeRolePolicyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}}"}"#,
);
const USER: Call = ("CreateUser", r#"{"UserName":"U"}"#);
const GROUP: Call = ("CreateGroup", r#"{"GroupName":"G"}"#);
const PROFILE: Call = ("CreateInstanceProfile", r#"{"InstanceProfileName":"I"}"#);
const POLICY: Call = (
    "CreatePolicy",
    r#"{"PolicyName":"P","PolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"}"#,
);
const VERSION: Call = (
    "CreatePolicyVersion",
    r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","PolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"}"#,
);
const KEY: Call = ("CreateAccessKey", USER.1);
const MEMBER: Call = ("AddUserToGroup", r#"{"UserName":"U","GroupName":"G"}"#);
const IN_PROFILE: Call = ("AddRoleToInstanceProfile", r#"{"InstanceProfileName":"I","RoleName":"R"}"#);

macro_rules! inline {
    ($kind:literal, $name:literal) => {
        (
            concat!("Put", $kind, "Policy"),
            concat!(
                "{\"",
                $kind,
                "Name\":\"",
                $name,
                r#"","PolicyName":"i","PolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"}"#
            ),
        )
    };
}

macro_rules! attached {
    ($kind:literal, $name:literal, $arn:literal) => {
        (
            concat!("Attach", $kind, "Policy"),
            concat!("{\"", $kind, "Name\":\"", $name, "\",\"PolicyArn\":\"", $arn, "\"}"),
        )
    };
}

const DELETE_ROLE: Call = ("DeleteRole", r#"{"RoleName":"R"}"#);
const DELETE_USER: Call = ("DeleteUser", USER.1);
const DELETE_GROUP: Call = ("DeleteGroup", GROUP.1);
const DELETE_POLICY: Call = ("DeletePolicy", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#);
const DELETE_PROFILE: Call = ("DeleteInstanceProfile", PROFILE.1);

const CONFLICT: &str = "DeleteConflictException";
const LIMIT: &str = "LimitExceededException";
const DETACH: &str = "Cannot delete entity, must detach all policies first.";
const DELETE: &str = "Cannot delete entity, must delete policies first.";
const REMOVE_ROLE: &str = "Cannot delete entity, must remove roles from instance profile first.";
const REMOVE_USER: &str = "Cannot delete entity, must remove users from group first.";

/// Calls that build something up, a call that is refused for it, the code and the message.
type Case = (&'static [Call], Call, &'static str, &'static str);

const CASES: &[Case] = &[
    (&[ROLE, attached!("Role", "R", "arn:aws:iam::aws:policy/ReadOnlyAccess")], DELETE_ROLE, CONFLICT, DETACH),
    (&[ROLE, inline!("Role", "R")], DELETE_ROLE, CONFLICT, DELETE),
    (&[ROLE, PROFILE, IN_PROFILE], DELETE_ROLE, CONFLICT, REMOVE_ROLE),
    (&[ROLE, PROFILE, IN_PROFILE], DELETE_PROFILE, CONFLICT, REMOVE_ROLE),
    (&[ROLE, PROFILE, IN_PROFILE], IN_PROFILE, LIMIT, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"),
    (&[USER, KEY], DELETE_USER, CONFLICT, "Cannot delete entity, must delete access keys first."),
    (&[USER, KEY, KEY], KEY, LIMIT, "Cannot exceed quota for AccessKeysPerUser: 2"),
    (&[USER, GROUP, MEMBER], DELETE_USER, CONFLICT, REMOVE_USER),
    (&[USER, GROUP, MEMBER], DELETE_GROUP, CONFLICT, REMOVE_USER),
    (&[USER, attached!("User", "U", "arn:aws:iam::aws:policy/ReadOnlyAccess")], DELETE_USER, CONFLICT, DETACH),
    (&[USER, inline!("User", "U")], DELETE_USER, CONFLICT, DELETE),
    (&[GROUP, attached!("Group", "G", "arn:aws:iam::aws:policy/ReadOnlyAccess")], DELETE_GROUP, CONFLICT, DETACH),
    (&[GROUP, inline!("Group", "G")], DELETE_GROUP, CONFLICT, DELETE),
    (
        &[ROLE, POLICY, attached!("Role", "R", "arn:aws:iam::000000000000:policy/P")],
        DELETE_POLICY,
        CONFLICT,
        "Cannot delete a policy attached to entities.",
    ),
    (
        &[POLICY, VERSION],
        DELETE_POLICY,
        CONFLICT,
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    ),
    (
        &[POLICY, VERSION, VERSION, VERSION, VERSION],
        VERSION,
        LIMIT,
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
    ),
];

#[tokio::test]
async fn what_hangs_together_is_not_torn_apart() {
    for (before, (operation, input), code, message) in CASES {
        let house = House::new().await;
        house.prepare(before).await;
        let error = house.call(operation, input).await.expect_err(message);
        assert_eq!((error.code.as_ref(), error.status, error.message.as_str()), (*code, 409, *message), "{operation}");
    }
}
