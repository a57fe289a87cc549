//! How each service words a validation error.

use tidegate_model::Kind;

/// A service's way of checking and telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// Messages repeat the value.
    pub echo: bool,
    /// Only the first violation is told.
    pub first_only: bool,
    /// Member names begin with a small letter.
    pub lower_camel: bool,
    /// Lengths, ranges, patterns and enums are checked before the operation sees them.
    pub checks_values: bool,
    /// Required members are checked: all, or only scalars.
    required: Required,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Required {
    All,
    /// The service has sentences of its own for what is missing.
    Scalars,
}

/// Most services: all violations, values repeated.
const COMMON: Style =
    Style { echo: true, first_only: false, lower_camel: true, checks_values: true, required: Required::All };

/// DynamoDB since the middle of 2026: one violation, no value, names as in the API.
const DYNAMODB: Style = Style { echo: false, first_only: true, lower_camel: false, ..COMMON };

/// S3 checks in its operations, each with an error of its own.
const S3: Style = Style { checks_values: false, required: Required::Scalars, ..COMMON };

pub(super) fn of(service: &str) -> Style {
    match service {
        "dynamodb" => DYNAMODB,
        "s3" => S3,
        _ => COMMON,
    }
}

impl Style {
    pub(super) fn member_name(&self, name: &str) -> String {
        if self.lower_camel { lower_camel(name) } else { name.to_owned() }
    }

    pub(super) fn checks_required(&self, kind: &Kind) -> bool {
        let is_scalar = !matches!(kind, Kind::Structure(_) | Kind::List(_) | Kind::Map { .. } | Kind::Blob);
        self.required == Required::All || is_scalar
    }
}

/// `functionName` of `FunctionName`; only the first letter changes, so `KMSKeyArn` becomes `kMSKeyArn`.
pub(super) fn lower_camel(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + chars.as_str())
}

/// IAM's own sentences for texts that break a pattern (as its API answers them; the patterns are its model's).
pub(super) fn sentence(service: &str, path: &str, rule: &str) -> Option<String> {
    let pattern = rule.strip_prefix("Member must satisfy regular expression pattern: ").filter(|_| service == "iam")?;
    let must = match pattern {
        r"[\w+=,.@-]+" => "contain only alphanumeric characters and/or the following: +=,.@_-",
        r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)" => {
            "begin and end with / and contain only alphanumeric characters and/or / characters."
        }
        r"[\u0009\u000A\u000D\u0020-\u00FF]+" => "contain only printable ASCII characters.",
        _ => return None,
    };
    Some(format!("The specified value for {path} is invalid. It must {must}"))
}
