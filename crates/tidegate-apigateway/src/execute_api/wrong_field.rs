//! Which member of a function's answer has the wrong type: what somebody who reads the access log wants to know.

use serde_json::{Map, Value};

/// The first member that has not the type that API Gateway expects; `None` if the answer is no object at all, or only a
/// value is wrong.
pub fn wrong_field(payload: &[u8]) -> Option<&'static str> {
    let answer: Map<String, Value> = serde_json::from_slice(payload).ok()?;
    let wrong = |(name, fits): &Member| answer.get(*name).is_some_and(|value| !value.is_null() && !fits(value));
    MEMBERS.iter().find(|member| wrong(member)).map(|(name, _)| *name)
}

/// A member's name, and what tells whether a value is of its type.
type Member = (&'static str, fn(&Value) -> bool);

const MEMBERS: [Member; 6] = [
    ("statusCode", |value| value.is_u64() || value.as_str().is_some_and(|text| text.parse::<u16>().is_ok())),
    ("headers", |value| value.as_object().is_some_and(|all| all.values().all(is_scalar))),
    ("multiValueHeaders", |value| value.as_object().is_some_and(|all| all.values().all(are_scalars))),
    ("cookies", are_scalars),
    ("body", Value::is_string),
    ("isBase64Encoded", Value::is_boolean),
];

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn are_scalars(value: &Value) -> bool {
    value.as_array().is_some_and(|all| all.iter().all(is_scalar))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_member_of_a_wrong_type() {
        for (payload, expected) in [
            (r#"{"statusCode":200,"body":{"a":1}}"#, Some("body")),
            (r#"{"statusCode":"x","body":{}}"#, Some("statusCode")),
            (r#"{"statusCode":[200]}"#, Some("statusCode")),
            (r#"{"statusCode":200,"headers":"x"}"#, Some("headers")),
            (r#"{"statusCode":200,"headers":{"x":[1]}}"#, Some("headers")),
            (r#"{"statusCode":200,"multiValueHeaders":{"x":1}}"#, Some("multiValueHeaders")),
            (r#"{"statusCode":200,"cookies":"a=b"}"#, Some("cookies")),
            (r#"{"statusCode":200,"body":"x","isBase64Encoded":"true"}"#, Some("isBase64Encoded")),
            (r#"{"statusCode":200,"headers":{"x":1},"cookies":["a=b"],"body":null}"#, None),
            (r#"{"statusCode":999}"#, None),
            ("[1]", None),
            ("nonsense", None),
        ] {
            assert_eq!(wrong_field(payload.as_bytes()), expected, "{payload}");
        }
    }
}
