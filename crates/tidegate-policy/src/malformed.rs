//! Why a document is not a policy, in the words of IAM's `MalformedPolicyDocument`.

use std::fmt;

/// Why a document was refused. Display gives the message that IAM answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformed {
    /// Not JSON, or not of the policy grammar.
    Syntax,
    /// A trust policy that is not JSON.
    TrustSyntax,
    /// Identity policies must say version 2012-10-17.
    Version,
    /// An ARN with too few parts, or a date that is none.
    Legacy,
    /// Two statements have one `Sid`.
    SidTwice,
    /// A `Sid` with characters other than letters and digits.
    SidCharacters,
    /// A statement without `Action` and `NotAction`.
    NoActions,
    /// A statement without `Resource` and `NotResource`.
    NoResources,
    /// An action without `service:`.
    NoVendor,
    /// An action with more than one colon.
    ManyColons,
    /// An action whose service prefix has characters that none has.
    BadVendor(String),
    /// A resource that is neither `*` nor an ARN.
    NotArn(String),
    /// An ARN of a partition that does not exist; the second text is the ARN as IAM reads it.
    BadPartition(String, String),
    /// An ARN that ends before the service.
    NoResourceVendor,
    /// An IAM ARN whose resource has no known kind.
    BadIamPath,
    /// An IAM ARN with a region.
    IamRegion(String),
    /// `Principal` in an identity policy.
    PrincipalNotAllowed,
    /// A resource or trust policy without `Principal`.
    NoPrincipal,
    /// A principal that is none; kind (`AWS`, `SERVICE` …) and value.
    BadPrincipal(String, String),
    /// `Resource` in a trust policy.
    ResourceNotAllowed,
    /// A trust policy with an action outside STS.
    NotAssumeRole,
    /// Larger than any service takes.
    TooLarge,
}

const IAM_KINDS: &str = "user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, \
                         sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/";

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformed::BadVendor(vendor) => write!(f, "Vendor {vendor} is not valid"),
            Malformed::NotArn(text) => write!(f, "Resource {text} must be in ARN format or \"*\"."),
            Malformed::BadPartition(partition, arn) => {
                write!(f, "Partition \"{partition}\" is not valid for resource \"{arn}\".")
            }
            Malformed::BadIamPath => write!(f, "IAM resource path must either be \"*\" or start with {IAM_KINDS}."),
            Malformed::IamRegion(arn) => write!(f, "IAM resource {arn} cannot contain region information."),
            Malformed::BadPrincipal(kind, value) => write!(f, "Invalid principal in policy: \"{kind}\":\"{value}\""),
            plain => f.write_str(plain.sentence()),
        }
    }
}

impl Malformed {
    fn sentence(&self) -> &'static str {
        match self {
            Malformed::TrustSyntax => "This policy contains invalid Json",
            Malformed::Version => "Policy document must be version 2012-10-17 or greater.",
            Malformed::Legacy => "The policy failed legacy parsing",
            Malformed::SidTwice => "Statement IDs (SID) in a single policy must be unique.",
            Malformed::SidCharacters => {
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
            }
            Malformed::NoActions => "Policy statement must contain actions.",
            Malformed::NoResources => "Policy statement must contain resources.",
            Malformed::NoVendor => "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
            Malformed::ManyColons => "Actions/Condition can contain only one colon.",
            Malformed::NoResourceVendor => "Resource vendor must be fully qualified and cannot contain regexes.",
            Malformed::PrincipalNotAllowed => "Policy document should not specify a principal.",
            Malformed::NoPrincipal => "Missing required field Principal",
            Malformed::ResourceNotAllowed => "Has prohibited field Resource",
            Malformed::NotAssumeRole => "AssumeRole policy may only specify STS AssumeRole actions.",
            Malformed::TooLarge => "Policy document is too large.",
            _ => "Syntax errors in policy.",
        }
    }
}

impl std::error::Error for Malformed {}
