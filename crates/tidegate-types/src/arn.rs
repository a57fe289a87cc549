//! Amazon Resource Names, built and taken apart in this one place.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

use crate::{AccountId, ParseError, Region};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`; region and account may be empty (IAM has no region, S3 neither).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Arn {
    text: String,
    /// Byte offsets of the five colons.
    colons: [u32; 5],
}

impl Arn {
    /// The name of a regional resource.
    pub fn new(service: &str, region: &Region, account: &AccountId, resource: impl fmt::Display) -> Arn {
        Arn::build(service, region.as_str(), account.as_str(), resource)
    }

    /// The name of a resource without a region, such as IAM's.
    pub fn global(service: &str, account: &AccountId, resource: impl fmt::Display) -> Arn {
        Arn::build(service, "", account.as_str(), resource)
    }

    /// The name of a resource whose service leaves the account out, such as API Gateway's control plane.
    pub fn accountless(service: &str, region: &Region, resource: impl fmt::Display) -> Arn {
        Arn::build(service, region.as_str(), "", resource)
    }

    fn build(service: &str, region: &str, account: &str, resource: impl fmt::Display) -> Arn {
        let text = format!("arn:aws:{service}:{region}:{account}:{resource}");
        let colons = colons(&text).expect("the format above has five colons");
        Arn { text, colons }
    }

    fn part(&self, n: usize) -> &str {
        &self.text[self.colons[n] as usize + 1..self.colons[n + 1] as usize]
    }

    /// `aws`, or what a foreign partition is called.
    pub fn partition(&self) -> &str {
        self.part(0)
    }

    /// The service's namespace, such as `lambda`.
    pub fn service(&self) -> &str {
        self.part(1)
    }

    /// The region's code; empty for global resources.
    pub fn region(&self) -> &str {
        self.part(2)
    }

    /// The account's digits; empty where the service leaves them out.
    pub fn account(&self) -> &str {
        self.part(3)
    }

    /// All behind the fifth colon.
    pub fn resource(&self) -> &str {
        &self.text[self.colons[4] as usize + 1..]
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn colons(text: &str) -> Option<[u32; 5]> {
    let mut found = text.bytes().enumerate().filter(|(_, b)| *b == b':').map(|(n, _)| n as u32);
    Some([found.next()?, found.next()?, found.next()?, found.next()?, found.next()?])
}

impl FromStr for Arn {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Arn, ParseError> {
        let colons = colons(text).filter(|_| text.starts_with("arn:") && text.len() <= 2048);
        let colons = colons.ok_or(ParseError("an ARN is arn:partition:service:region:account:resource"))?;
        Ok(Arn { text: text.into(), colons })
    }
}

impl TryFrom<String> for Arn {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Arn, ParseError> {
        text.parse()
    }
}

impl From<Arn> for String {
    fn from(arn: Arn) -> String {
        arn.text
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_apart_what_it_built() {
        let arn = Arn::new("lambda", &Region::us_east_1(), &AccountId::local(), "function:f:1");
        assert_eq!(arn.as_str(), "arn:aws:lambda:us-east-1:000000000000:function:f:1");
        let parts = (arn.partition(), arn.service(), arn.region(), arn.account(), arn.resource());
        assert_eq!(parts, ("aws", "lambda", "us-east-1", "000000000000", "function:f:1"));
        assert_eq!(arn.as_str().parse::<Arn>(), Ok(arn.clone()));
    }

    #[test]
    fn refuses_what_is_no_arn() {
        for text in ["", "arn", "arn:aws:s3::", "urn:a:b:c:d:e"] {
            assert!(text.parse::<Arn>().is_err(), "{text}");
        }
    }
}
