//! Everything that IAM and STS answer with an error, and AWS' words for it.

use crate::entity::Kind;
use std::fmt;
use tidegate_core::{AwsError, InvalidToken};
use tidegate_policy::Malformed;
use tidegate_store as store;

/// Why a request was refused.
#[derive(Debug, Clone)]
pub enum Error {
    /// No user, role, group … of this name.
    NoSuch(Kind, String),
    /// No inline policy of this name.
    NoSuchInline(Kind, String),
    /// No managed policy of this ARN.
    NoSuchPolicy(String),
    /// No managed policy of this ARN that could be attached or changed.
    NotAttachable(String),
    /// No such version of a managed policy.
    NoSuchVersion(String, String),
    /// No such access key.
    NoSuchAccessKey(String),
    /// The role is not in the instance profile.
    NotInProfile(String, String),
    /// No such account alias.
    NoSuchAlias(String),
    /// The user has no password.
    NoLogin(String),
    /// The name is taken.
    Exists(Kind, String),
    /// The alias is taken.
    AliasExists(String),
    /// Something hangs on what was to be deleted.
    InUse(InUse),
    /// A quota: its name and value.
    Quota(&'static str, usize),
    /// A managed policy has as many versions as it may.
    TooManyVersions,
    /// The inline policies of a user, role or group are too long together.
    InlineSize {
        /// What it is.
        kind: Kind,
        /// Its name.
        name: String,
        /// The most that is taken.
        size_max: usize,
    },
    /// A document that is no policy.
    Malformed(Malformed),
    /// A principal that does not exist; its ARN.
    NoSuchPrincipal(String),
    /// Not the ARN of a managed policy.
    InvalidArn(String),
    /// A marker that was not given out.
    InvalidMarker,
    /// The caller is no user, so a user must be named.
    UserNameNeeded,
    /// AWS' own policies cannot be changed.
    Unmodifiable(String),
    /// Two tags have one key.
    TagTwice,
    /// STS: the caller may not assume the role, or there is none.
    AssumeDenied {
        /// Who.
        caller: String,
        /// Which role.
        role: String,
    },
    /// STS: longer than the role allows.
    DurationTooLong,
    /// STS: longer than a session may give to the next.
    ChainedTooLong,
    /// STS: temporary credentials cannot make session tokens.
    NotFromSession,
    /// STS: session policies and tags are too long together; percent of what is allowed.
    PackedTooLarge(usize),
    /// Sessions of users and of root may not call IAM, nor most of STS.
    SessionOfUser,
    /// A parameter that is not offered.
    NotOffered(&'static str),
    /// The sealed token could not be made.
    Seal,
    /// The store failed.
    Store(store::Error),
}

/// What stands in the way of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InUse {
    /// Managed policies are attached.
    Attached,
    /// There are inline policies.
    Inline,
    /// The user has access keys.
    AccessKeys,
    /// The user is in groups, or the group has users.
    Membership,
    /// The role is in an instance profile, or the profile has a role.
    InstanceProfile,
    /// The policy is attached to something.
    PolicyAttached,
    /// The policy has other versions.
    PolicyVersions,
    /// The version is the default one.
    DefaultVersion,
}

impl InUse {
    fn sentence(self) -> &'static str {
        match self {
            InUse::Attached => "Cannot delete entity, must detach all policies first.",
            InUse::Inline => "Cannot delete entity, must delete policies first.",
            InUse::AccessKeys => "Cannot delete entity, must delete access keys first.",
            InUse::Membership => "Cannot delete entity, must remove users from group first.",
            InUse::InstanceProfile => "Cannot delete entity, must remove roles from instance profile first.",
            InUse::PolicyAttached => "Cannot delete a policy attached to entities.",
            InUse::PolicyVersions => {
                "This policy has more than one version. Before you delete a policy, you must delete the policy's \
                 versions. The default version is deleted with the policy."
            }
            InUse::DefaultVersion => "Cannot delete the default version of a policy.",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoSuch(Kind::InstanceProfile, name) => write!(f, "Instance Profile {name} cannot be found."),
            Error::NoSuch(kind, name) => write!(f, "The {} with name {name} cannot be found.", kind.word()),
            Error::NoSuchInline(kind, name) => {
                write!(f, "The {} policy with name {name} cannot be found.", kind.word())
            }
            Error::NoSuchPolicy(arn) => write!(f, "Policy {arn} was not found."),
            Error::NotAttachable(arn) => write!(f, "Policy {arn} does not exist or is not attachable."),
            Error::NoSuchVersion(arn, version) => {
                write!(f, "Policy {arn} version {version} does not exist or is not attachable.")
            }
            Error::NoSuchAccessKey(id) => write!(f, "The Access Key with id {id} cannot be found."),
            Error::NotInProfile(role, profile) => write!(f, "Role {role} is not in instance profile {profile}."),
            Error::NoLogin(user) => write!(f, "Login Profile for User {user} cannot be found."),
            Error::NoSuchAlias(alias) => write!(f, "The account alias {alias} cannot be found."),
            Error::Exists(Kind::InstanceProfile, name) => write!(f, "Instance Profile {name} already exists."),
            Error::Exists(Kind::Policy, name) => {
                write!(f, "A policy called {name} already exists. Duplicate names are not allowed.")
            }
            Error::Exists(kind, name) => write!(f, "{} with name {name} already exists.", kind.title()),
            Error::AliasExists(alias) => write!(f, "The account alias {alias} already exists."),
            Error::Quota(name, most) => write!(f, "Cannot exceed quota for {name}: {most}"),
            Error::InlineSize { kind, name, size_max } => {
                write!(f, "Maximum policy size of {size_max} bytes exceeded for {} {name}", kind.word())
            }
            Error::Malformed(malformed) => malformed.fmt(f),
            Error::NoSuchPrincipal(arn) => write!(f, "Invalid principal in policy: \"AWS\":\"{arn}\""),
            Error::InvalidArn(arn) => write!(f, "ARN {arn} is not valid."),
            Error::Unmodifiable(arn) => write!(f, "Policy {arn} is managed by AWS and cannot be modified."),
            Error::AssumeDenied { caller, role } => {
                write!(f, "User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}")
            }
            Error::PackedTooLarge(percent) => {
                write!(f, "Packed policy consumes {percent}% of allotted space, please use smaller policy.")
            }
            Error::NotOffered(what) => write!(f, "Tidegate does not offer {what}."),
            Error::Store(cause) => cause.fmt(f),
            plain => f.write_str(plain.sentence()),
        }
    }
}

impl Error {
    fn sentence(&self) -> &'static str {
        match self {
            Error::InUse(reason) => reason.sentence(),
            Error::TooManyVersions => {
                "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version."
            }
            Error::InvalidMarker => "Invalid Marker.",
            Error::UserNameNeeded => "Must specify userName when calling with non-User credentials",
            Error::TagTwice => "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            Error::DurationTooLong => "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            Error::ChainedTooLong => {
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
            }
            Error::SessionOfUser => "The security token included in the request is invalid",
            Error::NotFromSession => "Cannot call GetSessionToken with session credentials",
            _ => "The request processing has failed because of an unknown error.",
        }
    }

    /// The error's shape in the API model, and its HTTP status.
    fn code(&self) -> (&'static str, u16) {
        match self {
            Error::NoSuch(..)
            | Error::NoSuchInline(..)
            | Error::NoSuchPolicy(_)
            | Error::NotAttachable(_)
            | Error::NoSuchVersion(..)
            | Error::NoSuchAccessKey(_)
            | Error::NotInProfile(..)
            | Error::NoSuchAlias(_)
            | Error::NoLogin(_) => ("NoSuchEntityException", 404),
            Error::Exists(..) | Error::AliasExists(_) => ("EntityAlreadyExistsException", 409),
            Error::InUse(_) => ("DeleteConflictException", 409),
            Error::Quota(..) | Error::TooManyVersions | Error::InlineSize { .. } => ("LimitExceededException", 409),
            Error::Malformed(_) | Error::NoSuchPrincipal(_) => ("MalformedPolicyDocumentException", 400),
            Error::Unmodifiable(_) => ("UnmodifiableEntityException", 400),
            Error::TagTwice => ("InvalidInputException", 400),
            Error::AssumeDenied { .. } | Error::NotFromSession => (AwsError::ACCESS_DENIED, 403),
            Error::PackedTooLarge(_) => ("PackedPolicyTooLargeException", 400),
            Error::SessionOfUser => ("InvalidClientTokenId", 403),
            Error::NotOffered(_) => (AwsError::NOT_IMPLEMENTED, 501),
            Error::Seal | Error::Store(_) => (AwsError::INTERNAL_FAILURE, 500),
            Error::InvalidArn(_)
            | Error::InvalidMarker
            | Error::UserNameNeeded
            | Error::DurationTooLong
            | Error::ChainedTooLong => (AwsError::VALIDATION, 400),
        }
    }
}

impl std::error::Error for Error {}

impl From<store::Error> for Error {
    fn from(cause: store::Error) -> Error {
        Error::Store(cause)
    }
}

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Error {
        Error::Malformed(malformed)
    }
}

impl From<InvalidToken> for Error {
    fn from(_: InvalidToken) -> Error {
        Error::InvalidMarker
    }
}

impl From<Error> for AwsError {
    fn from(error: Error) -> AwsError {
        if let Error::Store(_) | Error::Seal = error {
            tracing::error!(%error, "IAM failed");
            return AwsError::internal();
        }
        let (code, status) = error.code();
        AwsError::new(code, status, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_situation_has_its_code_and_sentence() {
        let name = || "n".to_owned();
        let arn = || "arn:aws:iam::000000000000:policy/n".to_owned();
        let cases = [
            (Error::NoSuch(Kind::User, name()), 404, "The user with name n cannot be found."),
            (Error::NoSuch(Kind::InstanceProfile, name()), 404, "Instance Profile n cannot be found."),
            (Error::NoSuchInline(Kind::Group, name()), 404, "The group policy with name n cannot be found."),
            (Error::NoSuchPolicy(arn()), 404, "Policy arn:aws:iam::000000000000:policy/n was not found."),
            (Error::NoSuchAccessKey(name()), 404, "The Access Key with id n cannot be found."),
            (Error::NotInProfile(name(), "p".into()), 404, "Role n is not in instance profile p."),
            (Error::NoLogin(name()), 404, "Login Profile for User n cannot be found."),
            (Error::Exists(Kind::Role, name()), 409, "Role with name n already exists."),
            (Error::AliasExists(name()), 409, "The account alias n already exists."),
            (Error::InUse(InUse::Inline), 409, "Cannot delete entity, must delete policies first."),
            (Error::Quota("TagsPerRole", 50), 409, "Cannot exceed quota for TagsPerRole: 50"),
            (Error::Malformed(Malformed::Syntax), 400, "Syntax errors in policy."),
            (
                Error::NoSuchPrincipal(arn()),
                400,
                "Invalid principal in policy: \"AWS\":\"arn:aws:iam::000000000000:policy/n\"",
            ),
            (Error::InvalidArn(name()), 400, "ARN n is not valid."),
            (Error::UserNameNeeded, 400, "Must specify userName when calling with non-User credentials"),
            (Error::NotFromSession, 403, "Cannot call GetSessionToken with session credentials"),
            (Error::SessionOfUser, 403, "The security token included in the request is invalid"),
            (
                Error::PackedTooLarge(120),
                400,
                "Packed policy consumes 120% of allotted space, please use smaller policy.",
            ),
            (Error::NotOffered("SourceIdentity"), 501, "Tidegate does not offer SourceIdentity."),
        ];
        for (error, status, message) in cases {
            let answer = AwsError::from(error);
            assert_eq!((answer.status, answer.message.as_str()), (status, message));
        }
    }

    #[test]
    fn faults_tell_nothing() {
        for error in [Error::Seal, Error::Store(store::Error::Busy)] {
            assert_eq!(AwsError::from(error), AwsError::internal());
        }
    }
}
