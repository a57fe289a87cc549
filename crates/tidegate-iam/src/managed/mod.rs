//! AWS' own managed policies, as far as serverless APIs use them: ARN, version, dates and document of each.
//! They are facts that the `iam:GetPolicyVersion` of any AWS account gives; the list is in `policies.tsv`.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use tidegate_types::Timestamp;

/// One of AWS' policies.
pub(crate) struct AwsPolicy {
    /// Such as `/service-role/AWSLambdaBasicExecutionRole`.
    pub(crate) path_and_name: &'static str,
    /// Such as `v1`. Older versions are not kept.
    pub(crate) version: &'static str,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) document: &'static str,
}

impl AwsPolicy {
    pub(crate) fn name(&self) -> &'static str {
        self.path_and_name.rsplit('/').next().unwrap_or_default()
    }

    pub(crate) fn path(&self) -> &'static str {
        &self.path_and_name[..self.path_and_name.len() - self.name().len()]
    }

    pub(crate) fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}", self.path_and_name)
    }

    /// AWS' real ids are not among the facts; this one is the same in every account and run, too.
    pub(crate) fn id(&self) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let digest = ring::digest::digest(&ring::digest::SHA256, self.path_and_name.as_bytes());
        let id = digest.as_ref().iter().take(17).map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        format!("ANPA{}", id.collect::<String>())
    }
}

/// All of them, in the order of path and name.
pub(crate) fn all() -> impl Iterator<Item = &'static AwsPolicy> {
    catalogue().values()
}

/// The one whose ARN ends with this path and name.
pub(crate) fn find(path_and_name: &str) -> Option<&'static AwsPolicy> {
    catalogue().get(path_and_name)
}

fn catalogue() -> &'static BTreeMap<&'static str, AwsPolicy> {
    static CATALOGUE: OnceLock<BTreeMap<&'static str, AwsPolicy>> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let policies = include_str!("policies.tsv").lines().filter_map(read);
        policies.map(|policy| (policy.path_and_name, policy)).collect()
    })
}

fn read(line: &'static str) -> Option<AwsPolicy> {
    let mut fields = line.split('\t');
    Some(AwsPolicy {
        path_and_name: fields.next()?,
        version: fields.next()?,
        created: Timestamp::parse_iso8601(fields.next()?)?,
        updated: Timestamp::parse_iso8601(fields.next()?)?,
        document: fields.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidegate_policy::{Kind, Policy};

    #[test]
    fn every_line_is_a_policy() {
        assert_eq!(catalogue().len(), include_str!("policies.tsv").lines().count());
        for policy in all() {
            let parsed = Policy::parse(policy.document, Kind::Identity);
            assert!(parsed.is_ok(), "{}: {:?}", policy.path_and_name, parsed.err());
        }
    }

    #[test]
    fn the_basic_execution_role_is_known() {
        let policy = find("/service-role/AWSLambdaBasicExecutionRole").unwrap();
        assert_eq!((policy.name(), policy.path()), ("AWSLambdaBasicExecutionRole", "/service-role/"));
        assert_eq!(policy.arn(), "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
        assert!(["CreateLogGroup", "CreateLogStream", "PutLogEvents"].iter().all(|a| policy.document.contains(a)));
        assert_eq!(policy.id().len(), 21);
    }
}
