//! How much there may be of each. IAM's quotas:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.

/// Versions of a managed policy.
pub const POLICY_VERSIONS_MAX: usize = 5;

/// Characters of a managed policy, white space not counted.
pub const MANAGED_POLICY_SIZE_MAX: usize = 6_144;

/// Characters of all inline policies of a user, white space not counted.
pub const USER_INLINE_SIZE_MAX: usize = 2_048;

/// Characters of all inline policies of a role.
pub const ROLE_INLINE_SIZE_MAX: usize = 10_240;

/// Characters of all inline policies of a group.
pub const GROUP_INLINE_SIZE_MAX: usize = 5_120;

/// Characters of a role's trust policy; 2,048 unless AWS raised it, and it does so up to this.
pub const TRUST_POLICY_SIZE_MAX: usize = 4_096;

/// Managed policies attached to one user, role or group. AWS' default is 10, raised on request up to this.
pub const ATTACHED_POLICIES_MAX: usize = 20;

/// Tags of one role, user, policy or instance profile.
pub const TAGS_MAX: usize = 50;

/// Access keys of one user.
pub const ACCESS_KEYS_MAX: usize = 2;

/// Groups that one user is in.
pub const GROUPS_OF_USER_MAX: usize = 10;

/// Entries of one answer, if the client does not ask for fewer.
pub const PAGE_SIZE_DEFAULT: usize = 100;

/// Compiled policy documents that are kept.
pub const COMPILED_POLICIES_MAX: usize = 2_048;

/// Principals whose policies are kept together.
pub const STANDINGS_MAX: usize = 1_024;

/// Opened session tokens that are kept.
pub const SESSIONS_MAX: usize = 1_024;

/// Session policies given by ARN to one session.
pub const SESSION_POLICY_ARNS_MAX: usize = 10;

/// Seconds that a session of a role lasts when another role's session assumed it.
pub const CHAINED_SESSION_S_MAX: u32 = 3_600;

/// Characters of session policies, their ARNs and session tags together. AWS packs them into a binary form whose size it
/// does not tell; this keeps tokens below what HTTP headers may hold.
pub const PACKED_SIZE_MAX: usize = 4_096;
