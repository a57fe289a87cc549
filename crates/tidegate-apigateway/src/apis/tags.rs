//! Tags of APIs and stages, and the ARNs that name them.

use crate::Error;
use crate::limits::TAGS_MAX;
use tidegate_types::Tags;

/// A resource that has tags: `arn:aws:apigateway:REGION::/apis/ID` or `…/apis/ID/stages/NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taggable {
    /// The API.
    pub api_id: String,
    /// The stage, or the API itself.
    pub stage_name: Option<String>,
}

impl Taggable {
    /// Reads the ARN.
    pub fn parse(arn: &str) -> Result<Taggable, Error> {
        let invalid = || Error::TaggedArn(arn.to_owned());
        let mut colons = arn.splitn(6, ':');
        let head = (colons.next(), colons.nth(1));
        let resource = colons.nth(2).filter(|_| head == (Some("arn"), Some("apigateway"))).ok_or_else(invalid)?;
        let parts: Vec<&str> = resource.split('/').collect();
        match parts[..] {
            ["", "apis", id] if !id.is_empty() => Ok(Taggable { api_id: id.to_owned(), stage_name: None }),
            ["", "apis", id, "stages", name] => {
                Ok(Taggable { api_id: id.to_owned(), stage_name: Some(name.to_owned()) })
            }
            _ => Err(invalid()),
        }
    }
}

/// The tags, or why they cannot be.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-restrictions.html>
pub fn checked(tags: Tags) -> Result<Tags, Error> {
    let valid = |key: &str, value: &str| {
        let length = !key.is_empty() && key.chars().count() <= 128 && value.chars().count() <= 256;
        length && !key.to_ascii_lowercase().starts_with("aws:")
    };
    match tags.iter().find(|(key, value)| !valid(key, value)) {
        Some((key, _)) => Err(Error::Tag(key.clone())),
        None if tags.len() > TAGS_MAX => Err(Error::TooMany("tags", TAGS_MAX)),
        None => Ok(tags),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_arns() {
        let api = Taggable { api_id: "a1".into(), stage_name: None };
        let stage = Taggable { api_id: "a1".into(), stage_name: Some("$default".into()) };
        assert_eq!(Taggable::parse("arn:aws:apigateway:us-east-1::/apis/a1").ok(), Some(api));
        assert_eq!(Taggable::parse("arn:aws:apigateway:us-east-1::/apis/a1/stages/$default").ok(), Some(stage));
        for bad in [
            "",
            "a1",
            "arn:aws:lambda:us-east-1::/apis/a1",
            "arn:aws:apigateway:us-east-1::/apis/",
            "arn:aws:apigateway:us-east-1::/apis/a1/routes/r",
        ] {
            assert!(Taggable::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn checks_tags() {
        let tag = |key: &str| Tags::from([(key.to_owned(), "v".to_owned())]);
        assert!(checked(tag("team")).is_ok());
        for bad in ["", "aws:x", "AWS:x", &"k".repeat(129)] {
            assert!(checked(tag(bad)).is_err(), "{bad}");
        }
        let many = (0..=TAGS_MAX).map(|n| (n.to_string(), String::new())).collect();
        assert!(checked(many).is_err());
    }
}
