//! `Condition` elements: an operator, a key, and the values to compare with.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>

mod operator;
mod test;

use crate::pattern::Variables;
use crate::{Keys, Malformed};
use operator::{Operator, Quantifier};
use serde_json::{Map, Value};
use test::Test;

/// One operator on one key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    quantifier: Quantifier,
    if_exists: bool,
    /// `Not…` operators hold where the plain test does not.
    negated: bool,
    key: String,
    test: Test,
}

impl Condition {
    /// All conditions of a statement.
    pub(crate) fn parse_all(all: &Map<String, Value>, variables: Variables) -> Result<Vec<Condition>, Malformed> {
        let mut conditions = Vec::new();
        for (name, keys) in all {
            let keys = keys.as_object().ok_or(Malformed::Syntax)?;
            let operator = Operator::parse(name).ok_or(Malformed::Syntax)?;
            for (key, values) in keys {
                conditions.push(Condition::parse(&operator, key, &texts(values)?, variables)?);
            }
        }
        Ok(conditions)
    }

    fn parse(operator: &Operator, key: &str, values: &[String], variables: Variables) -> Result<Condition, Malformed> {
        Ok(Condition {
            quantifier: operator.quantifier,
            if_exists: operator.if_exists,
            negated: operator.negated,
            key: key.to_owned(),
            test: Test::parse(operator.family, values, variables)?,
        })
    }

    /// Whether the request meets the condition.
    pub(crate) fn holds(&self, keys: &Keys) -> bool {
        let values = keys.get(&self.key);
        if let Test::Null(wanted) = &self.test {
            return wanted.contains(&values.is_none());
        }
        let accepts = |value: &String| self.test.accepts(value, keys) != self.negated;
        match (self.quantifier, values) {
            (_, None) if self.if_exists => true,
            (Quantifier::ForAllValues, None) => true,
            (Quantifier::ForAnyValue, None) => false,
            (Quantifier::None, None) => self.negated,
            (Quantifier::ForAllValues, Some(values)) => values.iter().all(accepts),
            (Quantifier::ForAnyValue, Some(values)) => values.iter().any(accepts),
            (Quantifier::None, Some(values)) if self.negated => values.iter().all(accepts),
            (Quantifier::None, Some(values)) => values.iter().any(accepts),
        }
    }
}

/// Values may be written as strings, numbers or booleans, alone or in an array.
fn texts(value: &Value) -> Result<Vec<String>, Malformed> {
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        _ => Err(Malformed::Syntax),
    };
    match value {
        Value::Array(values) => values.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    }
}
