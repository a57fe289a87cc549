//! The names of the condition operators.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

/// How the values of a key with several values count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    None,
    ForAllValues,
    ForAnyValue,
}

/// What kinds of comparison there are; negation is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Text,
    TextIgnoreCase,
    TextLike,
    Number(Compare),
    Date(Compare),
    Bool,
    Binary,
    IpAddress,
    Arn,
    Null,
}

/// How a request's value stands to the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// An operator, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) quantifier: Quantifier,
    pub(super) if_exists: bool,
    pub(super) negated: bool,
    pub(super) family: Family,
}

const NAMES: [(&str, Family, bool); 27] = [
    ("StringEquals", Family::Text, false),
    ("StringNotEquals", Family::Text, true),
    ("StringEqualsIgnoreCase", Family::TextIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Family::TextIgnoreCase, true),
    ("StringLike", Family::TextLike, false),
    ("StringNotLike", Family::TextLike, true),
    ("NumericEquals", Family::Number(Compare::Equal), false),
    ("NumericNotEquals", Family::Number(Compare::Equal), true),
    ("NumericLessThan", Family::Number(Compare::Less), false),
    ("NumericLessThanEquals", Family::Number(Compare::LessOrEqual), false),
    ("NumericGreaterThan", Family::Number(Compare::Greater), false),
    ("NumericGreaterThanEquals", Family::Number(Compare::GreaterOrEqual), false),
    ("DateEquals", Family::Date(Compare::Equal), false),
    ("DateNotEquals", Family::Date(Compare::Equal), true),
    ("DateLessThan", Family::Date(Compare::Less), false),
    ("DateLessThanEquals", Family::Date(Compare::LessOrEqual), false),
    ("DateGreaterThan", Family::Date(Compare::Greater), false),
    ("DateGreaterThanEquals", Family::Date(Compare::GreaterOrEqual), false),
    ("Bool", Family::Bool, false),
    ("BinaryEquals", Family::Binary, false),
    ("IpAddress", Family::IpAddress, false),
    ("NotIpAddress", Family::IpAddress, true),
    ("ArnEquals", Family::Arn, false),
    ("ArnLike", Family::Arn, false),
    ("ArnNotEquals", Family::Arn, true),
    ("ArnNotLike", Family::Arn, true),
    ("Null", Family::Null, false),
];

impl Operator {
    /// Reads a name with its prefix (`ForAllValues:`, `ForAnyValue:`) and suffix (`IfExists`).
    pub(super) fn parse(name: &str) -> Option<Operator> {
        let (quantifier, rest) = match name.split_once(':') {
            None => (Quantifier::None, name),
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAllValues") => (Quantifier::ForAllValues, rest),
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAnyValue") => (Quantifier::ForAnyValue, rest),
            Some(_) => return None,
        };
        let suffix = rest.len().checked_sub("IfExists".len()).filter(|at| rest.is_char_boundary(*at));
        let (rest, if_exists) = match suffix {
            Some(at) if rest[at..].eq_ignore_ascii_case("IfExists") => (&rest[..at], true),
            _ => (rest, false),
        };
        let (_, family, negated) = NAMES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(rest))?;
        let allowed = *family != Family::Null || !if_exists;
        allowed.then_some(Operator { quantifier, if_exists, negated: *negated, family: *family })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_prefix_and_suffix() {
        let operator = Operator::parse("ForAnyValue:StringNotLikeIfExists").unwrap();
        let expect =
            Operator { quantifier: Quantifier::ForAnyValue, if_exists: true, negated: true, family: Family::TextLike };
        assert_eq!(operator, expect);
        assert_eq!(Operator::parse("bool").map(|o| o.family), Some(Family::Bool));
    }

    #[test]
    fn refuses_unknown_names() {
        for name in ["", "StringEqual", "NullIfExists", "ForSome:StringEquals", "IfExists", "ForAllValues:", "é"] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }
}
