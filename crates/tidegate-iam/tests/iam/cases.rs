//! For each operation: what must be there, a good request, a bad one with its error, and what shows the effect.

/// One row of the sweep.
pub struct Case {
    pub operation: &'static str,
    /// Calls that make what the operation needs.
    pub before: &'static [(&'static str, &'static str)],
    pub good: &'static str,
    /// A request that is refused in the same state, and the error's code and message.
    pub bad: (&'static str, &'static str, &'static str),
    /// A call whose answer holds the text, now and after a restart; or is refused with a message that holds it.
    pub proof: (&'static str, &'static str, &'static str),
}

macro_rules! trust {
    () => {
        r#""{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}""#
    };
}

macro_rules! open_trust {
    () => {
        r#""{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"000000000000\"},\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"]}]}""#
    };
}

macro_rules! document {
    () => {
        r#""{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}}""#
    };
}

type Call = (&'static str, &'static str);

const ROLE: Call =
    ("CreateRole", concat!(r#"{"RoleName":"R","Path":"/p/","AssumeRolePolicyDocument":"#, trust!(), "}"));
const OPEN_ROLE: Call = ("CreateRole", concat!(r#"{"RoleName":"O","AssumeRolePolicyDocument":"#, open_trust!(), "}"));
const USER: Call = ("CreateUser", r#"{"UserName":"U","Path":"/p/"}"#);
const GROUP: Call = ("CreateGroup", r#"{"GroupName":"G","Path":"/p/"}"#);
const POLICY: Call = ("CreatePolicy", concat!(r#"{"PolicyName":"P","PolicyDocument":"#, document!(), "}"));
const POLICY_ARN: &str = "arn:aws:iam::000000000000:policy/P";
const PROFILE: Call = ("CreateInstanceProfile", r#"{"InstanceProfileName":"I"}"#);
const MEMBER: Call = ("AddUserToGroup", r#"{"GroupName":"G","UserName":"U"}"#);
const KEY: Call = ("CreateAccessKey", r#"{"UserName":"U"}"#);
const VERSION: Call = (
    "CreatePolicyVersion",
    concat!(r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","PolicyDocument":"#, document!(), "}"),
);
const IN_PROFILE: Call = ("AddRoleToInstanceProfile", r#"{"InstanceProfileName":"I","RoleName":"R"}"#);
const BASIC: &str = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

const NO_ENTITY: &str = "NoSuchEntityException";
const NO_ROLE: &str = "The role with name x cannot be found.";
const NO_USER: &str = "The user with name x cannot be found.";
const NO_GROUP: &str = "The group with name x cannot be found.";
const NO_PROFILE: &str = "Instance Profile x cannot be found.";
const NO_POLICY: &str = "Policy arn:aws:iam::000000000000:policy/x was not found.";
const BAD_MARKER: &str = "Invalid Marker.";
const VALIDATION: &str = "ValidationException";

const fn case(
    operation: &'static str,
    before: &'static [Call],
    good: &'static str,
    bad: (&'static str, &'static str, &'static str),
    proof: (&'static str, &'static str, &'static str),
) -> Case {
    Case { operation, before, good, bad, proof }
}

pub const CASES: &[Case] = &[
    case(
        "CreateRole",
        &[],
        ROLE.1,
        (
            r#"{"RoleName":"x","AssumeRolePolicyDocument":"{"}"#,
            "MalformedPolicyDocumentException",
            "This policy contains invalid Json",
        ),
        ("GetRole", r#"{"RoleName":"R"}"#, "arn:aws:iam::000000000000:role/p/R"),
    ),
    case(
        "GetRole",
        &[ROLE],
        r#"{"RoleName":"r"}"#,
        (r#"{"RoleName":"x"}"#, NO_ENTITY, NO_ROLE),
        ("GetRole", r#"{"RoleName":"R"}"#, "MaxSessionDuration\":3600"),
    ),
    case(
        "DeleteRole",
        &[ROLE],
        r#"{"RoleName":"R"}"#,
        (r#"{"RoleName":"x"}"#, NO_ENTITY, NO_ROLE),
        ("GetRole", r#"{"RoleName":"R"}"#, "cannot be found"),
    ),
    case(
        "ListRoles",
        &[ROLE],
        r#"{"PathPrefix":"/p/"}"#,
        (r#"{"Marker":"!"}"#, VALIDATION, BAD_MARKER),
        ("ListRoles", "{}", "role/p/R"),
    ),
    case(
        "UpdateRole",
        &[ROLE],
        r#"{"RoleName":"R","MaxSessionDuration":7200,"Description":"d"}"#,
        (r#"{"RoleName":"x"}"#, NO_ENTITY, NO_ROLE),
        ("GetRole", r#"{"RoleName":"R"}"#, "MaxSessionDuration\":7200"),
    ),
    case(
        "UpdateRoleDescription",
        &[ROLE],
        r#"{"RoleName":"R","Description":"new text"}"#,
        (r#"{"RoleName":"x","Description":"d"}"#, NO_ENTITY, NO_ROLE),
        ("GetRole", r#"{"RoleName":"R"}"#, "new text"),
    ),
    case(
        "UpdateAssumeRolePolicy",
        &[ROLE],
        concat!(r#"{"RoleName":"R","PolicyDocument":"#, open_trust!(), "}"),
        (
            r#"{"RoleName":"R","PolicyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::000000000000:user/none\"},\"Action\":\"sts:AssumeRole\"}}"}"#,
            "MalformedPolicyDocumentException",
            r#"Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:user/none""#,
        ),
        ("GetRole", r#"{"RoleName":"R"}"#, "TagSession"),
    ),
    case(
        "TagRole",
        &[ROLE],
        r#"{"RoleName":"R","Tags":[{"Key":"k","Value":"v1"}]}"#,
        (
            r#"{"RoleName":"R","Tags":[{"Key":"k","Value":"1"},{"Key":"K","Value":"2"}]}"#,
            "InvalidInputException",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        ("ListRoleTags", r#"{"RoleName":"R"}"#, "v1"),
    ),
    case(
        "UntagRole",
        &[ROLE, ("TagRole", r#"{"RoleName":"R","Tags":[{"Key":"k","Value":"v1"}]}"#)],
        r#"{"RoleName":"R","TagKeys":["k","other"]}"#,
        (r#"{"RoleName":"x","TagKeys":["k"]}"#, NO_ENTITY, NO_ROLE),
        ("ListRoleTags", r#"{"RoleName":"R"}"#, "Tags\":[]"),
    ),
    case(
        "ListRoleTags",
        &[ROLE, ("TagRole", r#"{"RoleName":"R","Tags":[{"Key":"k","Value":"v1"}]}"#)],
        r#"{"RoleName":"R"}"#,
        (r#"{"RoleName":"x"}"#, NO_ENTITY, NO_ROLE),
        ("ListRoleTags", r#"{"RoleName":"R"}"#, "v1"),
    ),
    case(
        "PutRolePolicy",
        &[ROLE],
        concat!(r#"{"RoleName":"R","PolicyName":"i","PolicyDocument":"#, document!(), "}"),
        (
            r#"{"RoleName":"R","PolicyName":"i","PolicyDocument":"x"}"#,
            "MalformedPolicyDocumentException",
            "Syntax errors in policy.",
        ),
        ("GetRolePolicy", r#"{"RoleName":"R","PolicyName":"i"}"#, "%22s3%3AGetObject%22"),
    ),
    case(
        "GetRolePolicy",
        &[ROLE, ("PutRolePolicy", concat!(r#"{"RoleName":"R","PolicyName":"i","PolicyDocument":"#, document!(), "}"))],
        r#"{"RoleName":"R","PolicyName":"i"}"#,
        (r#"{"RoleName":"R","PolicyName":"x"}"#, NO_ENTITY, "The role policy with name x cannot be found."),
        ("GetRolePolicy", r#"{"RoleName":"R","PolicyName":"i"}"#, "RoleName\":\"R\""),
    ),
    case(
        "DeleteRolePolicy",
        &[ROLE, ("PutRolePolicy", concat!(r#"{"RoleName":"R","PolicyName":"i","PolicyDocument":"#, document!(), "}"))],
        r#"{"RoleName":"R","PolicyName":"i"}"#,
        (r#"{"RoleName":"R","PolicyName":"x"}"#, NO_ENTITY, "The role policy with name x cannot be found."),
        ("ListRolePolicies", r#"{"RoleName":"R"}"#, "PolicyNames\":[]"),
    ),
    case(
        "ListRolePolicies",
        &[ROLE, ("PutRolePolicy", concat!(r#"{"RoleName":"R","PolicyName":"i","PolicyDocument":"#, document!(), "}"))],
        r#"{"RoleName":"R"}"#,
        (r#"{"RoleName":"x"}"#, NO_ENTITY, NO_ROLE),
        ("ListRolePolicies", r#"{"RoleName":"R"}"#, "[\"i\"]"),
    ),
    case(
        "AttachRolePolicy",
        &[ROLE],
        r#"{"RoleName":"R","PolicyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}"#,
        (
            r#"{"RoleName":"R","PolicyArn":"arn:aws:iam::aws:policy/None"}"#,
            NO_ENTITY,
            "Policy arn:aws:iam::aws:policy/None does not exist or is not attachable.",
        ),
        ("ListAttachedRolePolicies", r#"{"RoleName":"R"}"#, BASIC),
    ),
    case(
        "DetachRolePolicy",
        &[
            ROLE,
            (
                "AttachRolePolicy",
                r#"{"RoleName":"R","PolicyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}"#,
            ),
        ],
        r#"{"RoleName":"R","PolicyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}"#,
        (
            r#"{"RoleName":"R","PolicyArn":"arn:aws:iam::aws:policy/None"}"#,
            NO_ENTITY,
            "Policy arn:aws:iam::aws:policy/None was not found.",
        ),
        ("ListAttachedRolePolicies", r#"{"RoleName":"R"}"#, "AttachedPolicies\":[]"),
    ),
    case(
        "ListAttachedRolePolicies",
        &[
            ROLE,
            (
                "AttachRolePolicy",
                r#"{"RoleName":"R","PolicyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}"#,
            ),
        ],
        r#"{"RoleName":"R","PathPrefix":"/service-role/"}"#,
        (r#"{"RoleName":"x"}"#, NO_ENTITY, NO_ROLE),
        ("ListAttachedRolePolicies", r#"{"RoleName":"R","PathPrefix":"/other/"}"#, "AttachedPolicies\":[]"),
    ),
    case(
        "PutRolePermissionsBoundary",
        &[ROLE, POLICY],
        r#"{"RoleName":"R","PermissionsBoundary":"arn:aws:iam::000000000000:policy/P"}"#,
        (
            r#"{"RoleName":"R","PermissionsBoundary":"arn:aws:iam::000000000000:policy/x"}"#,
            NO_ENTITY,
            "Policy arn:aws:iam::000000000000:policy/x does not exist or is not attachable.",
        ),
        ("GetRole", r#"{"RoleName":"R"}"#, "PermissionsBoundaryArn"),
    ),
    case(
        "DeleteRolePermissionsBoundary",
        &[
            ROLE,
            POLICY,
            (
                "PutRolePermissionsBoundary",
                r#"{"RoleName":"R","PermissionsBoundary":"arn:aws:iam::000000000000:policy/P"}"#,
            ),
        ],
        r#"{"RoleName":"R"}"#,
        (r#"{"RoleName":"x"}"#, NO_ENTITY, NO_ROLE),
        ("GetRole", r#"{"RoleName":"R"}"#, "PermissionsBoundary\":null"),
    ),
    case(
        "CreateUser",
        &[],
        USER.1,
        (r#"{"UserName":"x","PermissionsBoundary":"nonsense"}"#, VALIDATION, "ARN nonsense is not valid."),
        ("GetUser", r#"{"UserName":"U"}"#, "arn:aws:iam::000000000000:user/p/U"),
    ),
    case(
        "GetUser",
        &[USER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("GetUser", "{}", "arn:aws:iam::000000000000:root"),
    ),
    case(
        "DeleteUser",
        &[USER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("GetUser", r#"{"UserName":"U"}"#, "cannot be found"),
    ),
    case(
        "ListUsers",
        &[USER],
        "{}",
        (r#"{"Marker":"!"}"#, VALIDATION, BAD_MARKER),
        ("ListUsers", r#"{"PathPrefix":"/p/"}"#, "user/p/U"),
    ),
    case(
        "UpdateUser",
        &[USER, GROUP, MEMBER, KEY],
        r#"{"UserName":"U","NewUserName":"V","NewPath":"/q/"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("GetAccessKeyLastUsed", r#"{"AccessKeyId":"$KEY"}"#, "UserName\":\"V\""),
    ),
    case(
        "TagUser",
        &[USER],
        r#"{"UserName":"U","Tags":[{"Key":"k","Value":"v1"}]}"#,
        (r#"{"UserName":"x","Tags":[]}"#, NO_ENTITY, NO_USER),
        ("ListUserTags", r#"{"UserName":"U"}"#, "v1"),
    ),
    case(
        "UntagUser",
        &[USER, ("TagUser", r#"{"UserName":"U","Tags":[{"Key":"k","Value":"v1"}]}"#)],
        r#"{"UserName":"U","TagKeys":["k"]}"#,
        (r#"{"UserName":"x","TagKeys":["k"]}"#, NO_ENTITY, NO_USER),
        ("ListUserTags", r#"{"UserName":"U"}"#, "Tags\":[]"),
    ),
    case(
        "ListUserTags",
        &[USER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("ListUserTags", r#"{"UserName":"U"}"#, "IsTruncated\":false"),
    ),
    case(
        "PutUserPolicy",
        &[USER],
        concat!(r#"{"UserName":"U","PolicyName":"i","PolicyDocument":"#, document!(), "}"),
        (concat!(r#"{"UserName":"x","PolicyName":"i","PolicyDocument":"#, document!(), "}"), NO_ENTITY, NO_USER),
        ("GetUserPolicy", r#"{"UserName":"U","PolicyName":"i"}"#, "UserName\":\"U\""),
    ),
    case(
        "GetUserPolicy",
        &[USER, ("PutUserPolicy", concat!(r#"{"UserName":"U","PolicyName":"i","PolicyDocument":"#, document!(), "}"))],
        r#"{"UserName":"U","PolicyName":"i"}"#,
        (r#"{"UserName":"U","PolicyName":"x"}"#, NO_ENTITY, "The user policy with name x cannot be found."),
        ("GetUserPolicy", r#"{"UserName":"U","PolicyName":"i"}"#, "%22Version%22"),
    ),
    case(
        "DeleteUserPolicy",
        &[USER, ("PutUserPolicy", concat!(r#"{"UserName":"U","PolicyName":"i","PolicyDocument":"#, document!(), "}"))],
        r#"{"UserName":"U","PolicyName":"i"}"#,
        (r#"{"UserName":"U","PolicyName":"x"}"#, NO_ENTITY, "The user policy with name x cannot be found."),
        ("ListUserPolicies", r#"{"UserName":"U"}"#, "PolicyNames\":[]"),
    ),
    case(
        "ListUserPolicies",
        &[USER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("ListUserPolicies", r#"{"UserName":"U"}"#, "PolicyNames\":[]"),
    ),
    case(
        "AttachUserPolicy",
        &[USER, POLICY],
        r#"{"UserName":"U","PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#,
        (
            r#"{"UserName":"U","PolicyArn":"arn:aws:iam::111111111111:policy/P"}"#,
            NO_ENTITY,
            "Policy arn:aws:iam::111111111111:policy/P does not exist or is not attachable.",
        ),
        ("GetPolicy", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "AttachmentCount\":1"),
    ),
    case(
        "DetachUserPolicy",
        &[USER, POLICY, ("AttachUserPolicy", r#"{"UserName":"U","PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#)],
        r#"{"UserName":"U","PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#,
        (r#"{"UserName":"U","PolicyArn":"arn:aws:iam::000000000000:policy/x"}"#, NO_ENTITY, NO_POLICY),
        ("GetPolicy", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "AttachmentCount\":0"),
    ),
    case(
        "ListAttachedUserPolicies",
        &[USER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("ListAttachedUserPolicies", r#"{"UserName":"U"}"#, "AttachedPolicies\":[]"),
    ),
    case(
        "PutUserPermissionsBoundary",
        &[USER, POLICY],
        r#"{"UserName":"U","PermissionsBoundary":"arn:aws:iam::000000000000:policy/P"}"#,
        (r#"{"UserName":"x","PermissionsBoundary":"arn:aws:iam::000000000000:policy/P"}"#, NO_ENTITY, NO_USER),
        ("GetPolicy", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "PermissionsBoundaryUsageCount\":1"),
    ),
    case(
        "DeleteUserPermissionsBoundary",
        &[USER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("GetUser", r#"{"UserName":"U"}"#, "PermissionsBoundary\":null"),
    ),
    case(
        "CreateGroup",
        &[],
        GROUP.1,
        (r#"{"GroupName":"U","Path":"/p/"}"#, "", ""),
        ("GetGroup", r#"{"GroupName":"G"}"#, "arn:aws:iam::000000000000:group/p/G"),
    ),
    case(
        "GetGroup",
        &[GROUP, USER, MEMBER],
        r#"{"GroupName":"G"}"#,
        (r#"{"GroupName":"x"}"#, NO_ENTITY, NO_GROUP),
        ("GetGroup", r#"{"GroupName":"G"}"#, "user/p/U"),
    ),
    case(
        "DeleteGroup",
        &[GROUP],
        r#"{"GroupName":"G"}"#,
        (r#"{"GroupName":"x"}"#, NO_ENTITY, NO_GROUP),
        ("GetGroup", r#"{"GroupName":"G"}"#, "cannot be found"),
    ),
    case(
        "ListGroups",
        &[GROUP],
        "{}",
        (r#"{"Marker":"!"}"#, VALIDATION, BAD_MARKER),
        ("ListGroups", "{}", "group/p/G"),
    ),
    case(
        "UpdateGroup",
        &[GROUP, USER, MEMBER],
        r#"{"GroupName":"G","NewGroupName":"H"}"#,
        (r#"{"GroupName":"x"}"#, NO_ENTITY, NO_GROUP),
        ("ListGroupsForUser", r#"{"UserName":"U"}"#, "group/p/H"),
    ),
    case(
        "AddUserToGroup",
        &[GROUP, USER],
        MEMBER.1,
        (r#"{"GroupName":"x","UserName":"U"}"#, NO_ENTITY, NO_GROUP),
        ("ListGroupsForUser", r#"{"UserName":"U"}"#, "group/p/G"),
    ),
    case(
        "RemoveUserFromGroup",
        &[GROUP, USER, MEMBER],
        MEMBER.1,
        (r#"{"GroupName":"G","UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("ListGroupsForUser", r#"{"UserName":"U"}"#, "Groups\":[]"),
    ),
    case(
        "ListGroupsForUser",
        &[GROUP, USER, MEMBER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("ListGroupsForUser", r#"{"UserName":"U"}"#, "GroupName\":\"G\""),
    ),
    case(
        "PutGroupPolicy",
        &[GROUP],
        concat!(r#"{"GroupName":"G","PolicyName":"i","PolicyDocument":"#, document!(), "}"),
        (
            r#"{"GroupName":"G","PolicyName":"i","PolicyDocument":"{}"}"#,
            "MalformedPolicyDocumentException",
            "Syntax errors in policy.",
        ),
        ("GetGroupPolicy", r#"{"GroupName":"G","PolicyName":"i"}"#, "GroupName\":\"G\""),
    ),
    case(
        "GetGroupPolicy",
        &[
            GROUP,
            ("PutGroupPolicy", concat!(r#"{"GroupName":"G","PolicyName":"i","PolicyDocument":"#, document!(), "}")),
        ],
        r#"{"GroupName":"G","PolicyName":"i"}"#,
        (r#"{"GroupName":"G","PolicyName":"x"}"#, NO_ENTITY, "The group policy with name x cannot be found."),
        ("GetGroupPolicy", r#"{"GroupName":"G","PolicyName":"i"}"#, "%22Version%22"),
    ),
    case(
        "DeleteGroupPolicy",
        &[
            GROUP,
            ("PutGroupPolicy", concat!(r#"{"GroupName":"G","PolicyName":"i","PolicyDocument":"#, document!(), "}")),
        ],
        r#"{"GroupName":"G","PolicyName":"i"}"#,
        (r#"{"GroupName":"G","PolicyName":"x"}"#, NO_ENTITY, "The group policy with name x cannot be found."),
        ("ListGroupPolicies", r#"{"GroupName":"G"}"#, "PolicyNames\":[]"),
    ),
    case(
        "ListGroupPolicies",
        &[GROUP],
        r#"{"GroupName":"G"}"#,
        (r#"{"GroupName":"x"}"#, NO_ENTITY, NO_GROUP),
        ("ListGroupPolicies", r#"{"GroupName":"G"}"#, "PolicyNames\":[]"),
    ),
    case(
        "AttachGroupPolicy",
        &[GROUP, POLICY],
        r#"{"GroupName":"G","PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#,
        (r#"{"GroupName":"x","PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, NO_ENTITY, NO_GROUP),
        ("ListAttachedGroupPolicies", r#"{"GroupName":"G"}"#, POLICY_ARN),
    ),
    case(
        "DetachGroupPolicy",
        &[
            GROUP,
            POLICY,
            ("AttachGroupPolicy", r#"{"GroupName":"G","PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#),
        ],
        r#"{"GroupName":"G","PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#,
        (r#"{"GroupName":"G","PolicyArn":"arn:aws:iam::000000000000:policy/x"}"#, NO_ENTITY, NO_POLICY),
        ("ListAttachedGroupPolicies", r#"{"GroupName":"G"}"#, "AttachedPolicies\":[]"),
    ),
    case(
        "ListAttachedGroupPolicies",
        &[GROUP],
        r#"{"GroupName":"G"}"#,
        (r#"{"GroupName":"x"}"#, NO_ENTITY, NO_GROUP),
        ("ListAttachedGroupPolicies", r#"{"GroupName":"G"}"#, "AttachedPolicies\":[]"),
    ),
    case(
        "CreatePolicy",
        &[],
        POLICY.1,
        (
            r#"{"PolicyName":"x","PolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\"}}"}"#,
            "MalformedPolicyDocumentException",
            "Policy statement must contain resources.",
        ),
        ("GetPolicy", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "DefaultVersionId\":\"v1\""),
    ),
    case(
        "GetPolicy",
        &[],
        r#"{"PolicyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}"#,
        (r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/x"}"#, NO_ENTITY, NO_POLICY),
        ("GetPolicy", r#"{"PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#, "Path\":\"/\""),
    ),
    case(
        "DeletePolicy",
        &[POLICY],
        r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#,
        (
            r#"{"PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#,
            "UnmodifiableEntityException",
            "Policy arn:aws:iam::aws:policy/AdministratorAccess is managed by AWS and cannot be modified.",
        ),
        ("GetPolicy", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "was not found"),
    ),
    case(
        "ListPolicies",
        &[POLICY],
        r#"{"Scope":"Local"}"#,
        (r#"{"Marker":"!"}"#, VALIDATION, BAD_MARKER),
        ("ListPolicies", r#"{"Scope":"Local"}"#, POLICY_ARN),
    ),
    case(
        "CreatePolicyVersion",
        &[POLICY],
        concat!(
            r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","SetAsDefault":true,"PolicyDocument":"#,
            document!(),
            "}"
        ),
        (
            concat!(r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/x","PolicyDocument":"#, document!(), "}"),
            NO_ENTITY,
            NO_POLICY,
        ),
        ("GetPolicy", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "DefaultVersionId\":\"v2\""),
    ),
    case(
        "GetPolicyVersion",
        &[],
        r#"{"PolicyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole","VersionId":"v1"}"#,
        (
            r#"{"PolicyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole","VersionId":"v9"}"#,
            NO_ENTITY,
            "Policy arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole version v9 does not exist or is not attachable.",
        ),
        (
            "GetPolicyVersion",
            r#"{"PolicyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole","VersionId":"v1"}"#,
            "logs%3APutLogEvents",
        ),
    ),
    case(
        "DeletePolicyVersion",
        &[POLICY, VERSION],
        r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","VersionId":"v2"}"#,
        (
            r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","VersionId":"v1"}"#,
            "DeleteConflictException",
            "Cannot delete the default version of a policy.",
        ),
        (
            "GetPolicyVersion",
            r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","VersionId":"v2"}"#,
            "does not exist",
        ),
    ),
    case(
        "ListPolicyVersions",
        &[POLICY, VERSION],
        r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#,
        (r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/x"}"#, NO_ENTITY, NO_POLICY),
        ("ListPolicyVersions", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "VersionId\":\"v2\""),
    ),
    case(
        "SetDefaultPolicyVersion",
        &[POLICY, VERSION],
        r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","VersionId":"v2"}"#,
        (
            r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","VersionId":"v3"}"#,
            NO_ENTITY,
            "Policy arn:aws:iam::000000000000:policy/P version v3 does not exist or is not attachable.",
        ),
        ("GetPolicy", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "DefaultVersionId\":\"v2\""),
    ),
    case(
        "ListEntitiesForPolicy",
        &[USER, POLICY, ("AttachUserPolicy", r#"{"UserName":"U","PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#)],
        r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#,
        (r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/x"}"#, NO_ENTITY, NO_POLICY),
        (
            "ListEntitiesForPolicy",
            r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","EntityFilter":"User"}"#,
            "UserName\":\"U\"",
        ),
    ),
    case(
        "TagPolicy",
        &[POLICY],
        r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","Tags":[{"Key":"k","Value":"v1"}]}"#,
        (r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/x","Tags":[]}"#, NO_ENTITY, NO_POLICY),
        ("ListPolicyTags", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "v1"),
    ),
    case(
        "UntagPolicy",
        &[
            POLICY,
            ("TagPolicy", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","Tags":[{"Key":"k","Value":"v1"}]}"#),
        ],
        r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P","TagKeys":["k"]}"#,
        (r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/x","TagKeys":["k"]}"#, NO_ENTITY, NO_POLICY),
        ("ListPolicyTags", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "Tags\":[]"),
    ),
    case(
        "ListPolicyTags",
        &[POLICY],
        r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#,
        (r#"{"PolicyArn":"nonsense"}"#, VALIDATION, "ARN nonsense is not valid."),
        ("ListPolicyTags", r#"{"PolicyArn":"arn:aws:iam::000000000000:policy/P"}"#, "Tags\":[]"),
    ),
    case(
        "CreateAccessKey",
        &[USER],
        KEY.1,
        ("{}", VALIDATION, "Must specify userName when calling with non-User credentials"),
        ("ListAccessKeys", r#"{"UserName":"U"}"#, "AKIA"),
    ),
    case(
        "ListAccessKeys",
        &[USER, KEY],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("ListAccessKeys", r#"{"UserName":"U"}"#, "Status\":\"Active\""),
    ),
    case(
        "UpdateAccessKey",
        &[USER, KEY],
        r#"{"UserName":"U","AccessKeyId":"$KEY","Status":"Inactive"}"#,
        (
            r#"{"UserName":"U","AccessKeyId":"AKIANONE","Status":"Inactive"}"#,
            NO_ENTITY,
            "The Access Key with id AKIANONE cannot be found.",
        ),
        ("ListAccessKeys", r#"{"UserName":"U"}"#, "Status\":\"Inactive\""),
    ),
    case(
        "DeleteAccessKey",
        &[USER, KEY],
        r#"{"UserName":"U","AccessKeyId":"$KEY"}"#,
        (r#"{"UserName":"U","AccessKeyId":"AKIANONE"}"#, NO_ENTITY, "The Access Key with id AKIANONE cannot be found."),
        ("ListAccessKeys", r#"{"UserName":"U"}"#, "AccessKeyMetadata\":[]"),
    ),
    case(
        "GetAccessKeyLastUsed",
        &[USER, KEY],
        r#"{"AccessKeyId":"$KEY"}"#,
        (r#"{"AccessKeyId":"AKIANONE"}"#, NO_ENTITY, "The Access Key with id AKIANONE cannot be found."),
        ("GetAccessKeyLastUsed", r#"{"AccessKeyId":"$KEY"}"#, "N/A"),
    ),
    case(
        "CreateInstanceProfile",
        &[],
        PROFILE.1,
        (
            r#"{"InstanceProfileName":"x","Tags":[{"Key":"k","Value":"1"},{"Key":"k","Value":"2"}]}"#,
            "InvalidInputException",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        ("GetInstanceProfile", r#"{"InstanceProfileName":"I"}"#, "arn:aws:iam::000000000000:instance-profile/I"),
    ),
    case(
        "GetInstanceProfile",
        &[PROFILE, ROLE, IN_PROFILE],
        r#"{"InstanceProfileName":"I"}"#,
        (r#"{"InstanceProfileName":"x"}"#, NO_ENTITY, NO_PROFILE),
        ("GetInstanceProfile", r#"{"InstanceProfileName":"I"}"#, "role/p/R"),
    ),
    case(
        "DeleteInstanceProfile",
        &[PROFILE],
        r#"{"InstanceProfileName":"I"}"#,
        (r#"{"InstanceProfileName":"x"}"#, NO_ENTITY, NO_PROFILE),
        ("GetInstanceProfile", r#"{"InstanceProfileName":"I"}"#, "cannot be found"),
    ),
    case(
        "ListInstanceProfiles",
        &[PROFILE],
        "{}",
        (r#"{"Marker":"!"}"#, VALIDATION, BAD_MARKER),
        ("ListInstanceProfiles", "{}", "instance-profile/I"),
    ),
    case(
        "ListInstanceProfilesForRole",
        &[PROFILE, ROLE, IN_PROFILE],
        r#"{"RoleName":"R"}"#,
        (r#"{"RoleName":"x"}"#, NO_ENTITY, NO_ROLE),
        ("ListInstanceProfilesForRole", r#"{"RoleName":"R"}"#, "instance-profile/I"),
    ),
    case(
        "AddRoleToInstanceProfile",
        &[PROFILE, ROLE],
        IN_PROFILE.1,
        (r#"{"InstanceProfileName":"I","RoleName":"x"}"#, NO_ENTITY, NO_ROLE),
        ("GetInstanceProfile", r#"{"InstanceProfileName":"I"}"#, "role/p/R"),
    ),
    case(
        "RemoveRoleFromInstanceProfile",
        &[PROFILE, ROLE, IN_PROFILE],
        IN_PROFILE.1,
        (r#"{"InstanceProfileName":"I","RoleName":"x"}"#, NO_ENTITY, "Role x is not in instance profile I."),
        ("GetInstanceProfile", r#"{"InstanceProfileName":"I"}"#, "Roles\":[]"),
    ),
    case(
        "TagInstanceProfile",
        &[PROFILE],
        r#"{"InstanceProfileName":"I","Tags":[{"Key":"k","Value":"v1"}]}"#,
        (r#"{"InstanceProfileName":"x","Tags":[]}"#, NO_ENTITY, NO_PROFILE),
        ("ListInstanceProfileTags", r#"{"InstanceProfileName":"I"}"#, "v1"),
    ),
    case(
        "UntagInstanceProfile",
        &[PROFILE],
        r#"{"InstanceProfileName":"I","TagKeys":["k"]}"#,
        (r#"{"InstanceProfileName":"x","TagKeys":["k"]}"#, NO_ENTITY, NO_PROFILE),
        ("ListInstanceProfileTags", r#"{"InstanceProfileName":"I"}"#, "Tags\":[]"),
    ),
    case(
        "ListInstanceProfileTags",
        &[PROFILE],
        r#"{"InstanceProfileName":"I"}"#,
        (r#"{"InstanceProfileName":"x"}"#, NO_ENTITY, NO_PROFILE),
        ("ListInstanceProfileTags", r#"{"InstanceProfileName":"I"}"#, "Tags\":[]"),
    ),
    case(
        "ListMFADevices",
        &[USER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("ListMFADevices", r#"{"UserName":"U"}"#, "MFADevices\":[]"),
    ),
    case(
        "ListSSHPublicKeys",
        &[USER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("ListSSHPublicKeys", r#"{"UserName":"U"}"#, "SSHPublicKeys\":[]"),
    ),
    case(
        "ListServiceSpecificCredentials",
        &[USER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("ListServiceSpecificCredentials", r#"{"UserName":"U"}"#, "ServiceSpecificCredentials\":[]"),
    ),
    case(
        "ListSigningCertificates",
        &[USER],
        r#"{"UserName":"U"}"#,
        (r#"{"UserName":"x"}"#, NO_ENTITY, NO_USER),
        ("ListSigningCertificates", r#"{"UserName":"U"}"#, "Certificates\":[]"),
    ),
    case(
        "ListVirtualMFADevices",
        &[],
        "{}",
        (r#"{"Marker":"!"}"#, VALIDATION, BAD_MARKER),
        ("ListVirtualMFADevices", "{}", "VirtualMFADevices\":[]"),
    ),
    case("GetAccountSummary", &[USER, ROLE], "{}", ("{}", "", ""), ("GetAccountSummary", "{}", "Users\":1")),
    case(
        "ListAccountAliases",
        &[],
        "{}",
        (r#"{"Marker":"!"}"#, VALIDATION, BAD_MARKER),
        ("ListAccountAliases", "{}", "AccountAliases\":[]"),
    ),
    case(
        "CreateAccountAlias",
        &[],
        r#"{"AccountAlias":"tide"}"#,
        ("{}", VALIDATION, "1 validation error detected: missing field `AccountAlias`"),
        ("ListAccountAliases", "{}", "tide"),
    ),
    case(
        "DeleteAccountAlias",
        &[("CreateAccountAlias", r#"{"AccountAlias":"tide"}"#)],
        r#"{"AccountAlias":"tide"}"#,
        (r#"{"AccountAlias":"gate"}"#, NO_ENTITY, "The account alias gate cannot be found."),
        ("ListAccountAliases", "{}", "AccountAliases\":[]"),
    ),
    case(
        "SimulatePrincipalPolicy",
        &[
            ROLE,
            (
                "AttachRolePolicy",
                r#"{"RoleName":"R","PolicyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}"#,
            ),
        ],
        r#"{"PolicySourceArn":"arn:aws:iam::000000000000:role/p/R","ActionNames":["logs:PutLogEvents","s3:GetObject"]}"#,
        (
            r#"{"PolicySourceArn":"arn:aws:iam::000000000000:role/p/R","ActionNames":["s3:GetObject"],"CallerArn":"x"}"#,
            "NotImplemented",
            "Tidegate does not offer CallerArn.",
        ),
        (
            "SimulatePrincipalPolicy",
            r#"{"PolicySourceArn":"arn:aws:iam::000000000000:role/p/R","ActionNames":["logs:PutLogEvents"]}"#,
            "\"allowed\"",
        ),
    ),
    case("GetCallerIdentity", &[], "{}", ("{}", "", ""), ("GetCallerIdentity", "{}", "arn:aws:iam::000000000000:root")),
    case(
        "GetAccessKeyInfo",
        &[USER, KEY],
        r#"{"AccessKeyId":"$KEY"}"#,
        (r#"{"AccessKeyId":"AKIANONE"}"#, NO_ENTITY, "The Access Key with id AKIANONE cannot be found."),
        ("GetAccessKeyInfo", r#"{"AccessKeyId":"$KEY"}"#, "000000000000"),
    ),
    case(
        "GetSessionToken",
        &[],
        "{}",
        (
            r#"{"TokenCode":"123456"}"#,
            "NotImplemented",
            "Tidegate does not offer multi-factor authentication (SerialNumber, TokenCode).",
        ),
        ("GetSessionToken", "{}", "ASIA"),
    ),
    case(
        "AssumeRole",
        &[OPEN_ROLE],
        r#"{"RoleArn":"arn:aws:iam::000000000000:role/O","RoleSessionName":"s","Tags":[{"Key":"k","Value":"v"}]}"#,
        (
            r#"{"RoleArn":"arn:aws:iam::000000000000:role/O","RoleSessionName":"s","DurationSeconds":3601}"#,
            VALIDATION,
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ),
        (
            "AssumeRole",
            r#"{"RoleArn":"arn:aws:iam::000000000000:role/O","RoleSessionName":"s"}"#,
            "arn:aws:sts::000000000000:assumed-role/O/s",
        ),
    ),
];

/// Operations that never succeed, for there is nothing that they could be about; and what they say of user `U`.
pub const ALWAYS_REFUSED: &[(&str, &str)] = &[
    ("DeleteLoginProfile", "Login Profile for User U cannot be found."),
    ("GetLoginProfile", "Login Profile for User U cannot be found."),
];

/// The user that they are asked about.
pub const THE_USER: (&str, &str) = USER;
