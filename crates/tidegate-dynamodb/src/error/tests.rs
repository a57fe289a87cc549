//! The table of errors: codes that the API model knows, and words that say something.

use super::*;
use crate::model::{AttributeValue, NumberError};

fn one_of_each() -> Vec<Error> {
    let name = || "n".to_owned();
    let (expected, actual, kind) = (Type::S, Type::N, Type::S);
    vec![
        Error::Serialization(SyntaxError::Base64),
        Error::Required("Key"),
        Error::Constraint("Limit", "Member must have value greater than or equal to 1".to_owned()),
        Error::NotInEnum(&["A", "B"]),
        Error::TableName,
        Error::EmptyValue,
        Error::SeveralTypes,
        Error::NullIsFalse,
        Error::EmptySet(Type::BS),
        Error::EmptyMember(Type::BS),
        Error::DuplicateStrings(vec![name()]),
        Error::DuplicateNumbers,
        Error::DuplicateBinaries(vec![name()]),
        Error::Number { error: NumberError::Underflow, text: name() },
        Error::TooManyLevels,
        Error::ItemTooLarge,
        Error::UpdateTooLarge,
        Error::KeyDoesNotMatch,
        Error::MissingKey(name()),
        Error::KeyType { name: name(), expected, actual },
        Error::EmptyKey { name: name(), kind },
        Error::IndexKeyType { index: name(), name: name(), expected, actual },
        Error::EmptyIndexKey { index: name(), name: name(), kind: Type::B },
        Error::PartitionKeyTooLarge,
        Error::SortKeyTooLarge,
        Error::KeyUpdate(name()),
        Error::Expression(ExpressionKind::Filter, Problem::Empty),
        Error::EmptyNames,
        Error::EmptyValues,
        Error::NameSyntax(name()),
        Error::ValueSyntax(name()),
        Error::PlaceholderTooLong,
        Error::EmptyName(name()),
        Error::ExpressionValue { placeholder: name(), source: Box::new(Error::EmptyValue) },
        Error::SubstitutionsTooLarge,
        Error::UnusedNames(vec![name()]),
        Error::UnusedValues(vec![name()]),
        Error::NamesWithoutExpression,
        Error::ValuesWithoutExpression(&["FilterExpression", "KeyConditionExpression"]),
        Error::MixedParameters { legacy: vec!["Expected"], expressions: vec!["UpdateExpression"] },
        Error::UpdatePath,
        Error::UpdateMissing,
        Error::UpdateOperand,
        Error::FilterOnKey(name()),
        Error::rule("A rule"),
        Error::parameter("a parameter"),
        Error::Legacy(name()),
        Error::NotFound(Missing::Resource),
        Error::NotFound(Missing::Table(name())),
        Error::NotFound(Missing::Arn(name())),
        Error::NoTable(name()),
        Error::InUse(Busy::Exists(name())),
        Error::LimitExceeded(name()),
        Error::InvalidArn(name()),
        Error::NoPolicy(name()),
        Error::PolicyRevision,
        Error::ConditionFailed(None),
        Error::Canceled(vec![Cancellation::None, Cancellation::ConditionFailed(None)]),
        Error::TokenReused,
        Error::TableChanged,
        Error::Store(tidegate_store::Error::Closed),
        Error::Damaged,
    ]
}

#[test]
fn codes_are_those_of_the_model() {
    let service = tidegate_model::service("dynamodb").expect("the model has DynamoDB");
    // AWS' common layer has these two; no service's model lists them.
    let common = [AwsError::VALIDATION, "SerializationException"];
    for error in one_of_each() {
        let (code, status) = error.code();
        assert!(common.contains(&code) || service.error(code).is_some(), "{code}");
        assert_eq!(status, if code == "InternalServerError" { 500 } else { 400 }, "{code}");
    }
}

#[test]
fn only_faults_inside_say_nothing() {
    for error in one_of_each() {
        let inside = error.code().1 == 500;
        assert_eq!(error.to_string() == "Internal server error", inside, "{error:?}");
    }
}

#[test]
fn failed_conditions_carry_the_item() {
    let item: Attributes = [("a".to_owned(), AttributeValue::S("b".to_owned()))].into_iter().collect();
    let error = AwsError::from(Error::ConditionFailed(Some(Box::new(item))));
    assert_eq!(error.fields["Item"].to_string(), r#"{"a":{"S":"b"}}"#);
    assert!(AwsError::from(Error::ConditionFailed(None)).fields.is_empty());
}
