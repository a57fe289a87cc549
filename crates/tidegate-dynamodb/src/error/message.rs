//! The words of every error, as AWS' newer request validation has them.

use super::{Busy, Cancellation, Error, Missing, Rule};
use crate::json::Writer;
use crate::model::{NumberError, Type, write_attributes};
use serde_json::Value;
use std::fmt;
use tidegate_core::AwsError;

const INVALID: &str = "One or more parameter values were invalid: ";
const NOT_VALID: &str = "One or more parameter values are not valid. ";

/// Writes AWS' message.
pub fn write(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error {
        Error::Serialization(error) => write!(f, "{error}"),
        Error::Required(member) => constraint(f, member, "Member must not be null"),
        Error::Constraint(member, words) => constraint(f, member, words),
        Error::NotInEnum(words) => write!(
            f,
            "1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [{}]",
            words.join(", ")
        ),
        Error::TableName => f.write_str(
            "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'",
        ),
        Error::Rule(Rule::Text(text)) => f.write_str(text),
        Error::Rule(Rule::Built(text)) => f.write_str(text),
        Error::Rule(Rule::Parameter(text)) | Error::Legacy(text) => write!(f, "{INVALID}{text}"),
        Error::Expression(kind, problem) => write!(f, "Invalid {}: {problem}", kind.parameter()),
        other => values(other, f),
    }
}

fn constraint(f: &mut fmt::Formatter<'_>, member: &str, words: &str) -> fmt::Result {
    write!(f, "1 validation error detected: Value at '{member}' failed to satisfy constraint: {words}")
}

fn values(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error {
        Error::EmptyValue => {
            f.write_str("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
        }
        Error::SeveralTypes => f.write_str(
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        ),
        Error::NullIsFalse => write!(f, "{INVALID}Null attribute value types must have the value of true"),
        Error::EmptySet(Type::SS) => write!(f, "{INVALID}An string set  may not be empty"),
        Error::EmptySet(Type::NS) => write!(f, "{INVALID}An number set  may not be empty"),
        Error::EmptySet(_) => write!(f, "{INVALID}Binary sets should not be empty"),
        Error::EmptyMember(Type::SS) => {
            write!(f, "{INVALID}An string set may not have a empty string as a member")
        }
        Error::EmptyMember(_) => write!(f, "{INVALID}Binary sets may not contain null or empty values"),
        Error::DuplicateStrings(list) => {
            write!(f, "{INVALID}Input collection [{}] contains duplicates.", list.join(", "))
        }
        Error::DuplicateNumbers => f.write_str("Input collection contains duplicates"),
        Error::DuplicateBinaries(list) => {
            write!(f, "{INVALID}Input collection [{}]of type BS contains duplicates.", list.join(", "))
        }
        Error::Number { error: NumberError::NotNumeric, text } if !text.is_empty() => {
            write!(f, "{}: {text}", NumberError::NotNumeric)
        }
        Error::Number { error, .. } => write!(f, "{error}"),
        Error::TooManyLevels => f.write_str("Nesting Levels have exceeded supported limits"),
        Error::ItemTooLarge => f.write_str("Item size has exceeded the maximum allowed size"),
        Error::UpdateTooLarge => f.write_str("Item size to update has exceeded the maximum allowed size"),
        other => keys(other, f),
    }
}

fn empty_word(kind: Type) -> &'static str {
    if kind == Type::S { "string" } else { "binary" }
}

fn keys(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error {
        Error::KeyDoesNotMatch => f.write_str("The provided key element does not match the schema"),
        Error::MissingKey(name) => write!(f, "{INVALID}Missing the key {name} in the item"),
        Error::KeyType { name, expected, actual } => {
            write!(f, "{INVALID}Type mismatch for key {name} expected: {expected} actual: {actual}")
        }
        Error::EmptyKey { name, kind } => write!(
            f,
            "{NOT_VALID}The AttributeValue for a key attribute cannot contain an empty {} value. Key: {name}",
            empty_word(*kind)
        ),
        Error::IndexKeyType { index, name, expected, actual } => write!(
            f,
            "{INVALID}Type mismatch for Index Key {name} Expected: {expected} Actual: {actual} IndexName: {index}"
        ),
        Error::EmptyIndexKey { index, name, kind } => write!(
            f,
            "{NOT_VALID}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty {} value. IndexName: {index}, IndexKey: {name}",
            empty_word(*kind)
        ),
        Error::PartitionKeyTooLarge => {
            write!(f, "{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes")
        }
        Error::SortKeyTooLarge => {
            write!(f, "{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
        }
        Error::KeyUpdate(name) => {
            write!(f, "{INVALID}Cannot update attribute {name}. This attribute is part of the key")
        }
        Error::FilterOnKey(name) => {
            write!(f, "Filter Expression can only contain non-primary key attributes: Primary key attribute: {name}")
        }
        other => expressions(other, f),
    }
}

fn expressions(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const NAMES: &str = "ExpressionAttributeNames";
    const VALUES: &str = "ExpressionAttributeValues";
    match error {
        Error::EmptyNames => write!(f, "{NAMES} must not be empty"),
        Error::EmptyValues => write!(f, "{VALUES} must not be empty"),
        Error::NameSyntax(key) => write!(f, "{NAMES} contains invalid key: Syntax error; key: \"{key}\""),
        Error::ValueSyntax(key) => write!(f, "{VALUES} contains invalid key: Syntax error; key: \"{key}\""),
        Error::PlaceholderTooLong => f.write_str("The expression attribute map contains a key that is too long"),
        Error::EmptyName(key) => write!(f, "{NAMES} contains invalid value: Empty attribute name for key {key}"),
        Error::ExpressionValue { placeholder, source } => {
            write!(f, "{VALUES} contains invalid value: {source} for key {placeholder}")
        }
        Error::SubstitutionsTooLarge => {
            write!(f, "Combined size of {NAMES} and {VALUES} exceeds max size")
        }
        Error::UnusedNames(keys) => unused(f, NAMES, keys),
        Error::UnusedValues(keys) => unused(f, VALUES, keys),
        Error::NamesWithoutExpression => write!(f, "{NAMES} can only be specified when using expressions"),
        Error::ValuesWithoutExpression(parameters) => write!(
            f,
            "{VALUES} can only be specified when using expressions: {} {} null",
            parameters.join(" and "),
            if parameters.len() == 1 { "is" } else { "are" }
        ),
        Error::MixedParameters { legacy, expressions } => write!(
            f,
            "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
            legacy.join(", "),
            expressions.join(", ")
        ),
        Error::UpdatePath => f.write_str("The document path provided in the update expression is invalid for update"),
        Error::UpdateMissing => {
            f.write_str("The provided expression refers to an attribute that does not exist in the item")
        }
        Error::UpdateOperand => f.write_str("An operand in the update expression has an incorrect data type"),
        other => resources(other, f),
    }
}

fn unused(f: &mut fmt::Formatter<'_>, parameter: &str, keys: &[String]) -> fmt::Result {
    write!(f, "Value provided in {parameter} unused in expressions: keys: {{{}}}", keys.join(", "))
}

fn resources(error: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error {
        Error::NotFound(Missing::Resource) => f.write_str("Requested resource not found"),
        Error::NotFound(Missing::Table(name)) => {
            write!(f, "Requested resource not found: Table: {name} not found")
        }
        Error::NotFound(Missing::Arn(arn)) => write!(f, "Requested resource not found: ResourcArn: {arn} not found"),
        Error::NoTable(name) => write!(f, "Table not found: {name}"),
        Error::InUse(Busy::Exists(name)) => write!(f, "Table already exists: {name}"),
        Error::LimitExceeded(text) => f.write_str(text),
        Error::InvalidArn(arn) => write!(f, "Invalid TableArn: Invalid ResourceArn provided as input {arn}"),
        Error::NoPolicy(arn) => write!(f, "Resource-based policy not found for the provided ResourceArn: {arn}"),
        Error::PolicyRevision => f.write_str("The resource-based policy's revision does not match the expected one"),
        Error::ConditionFailed(_) => f.write_str("The conditional request failed"),
        Error::Canceled(reasons) => {
            let codes: Vec<_> = reasons.iter().map(Cancellation::code).collect();
            write!(
                f,
                "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
                codes.join(", ")
            )
        }
        Error::TokenReused => {
            f.write_str("Request with the same client token but different parameters was made before")
        }
        Error::Core(error) => f.write_str(&error.message),
        // What failed inside is for the log only.
        _ => f.write_str("Internal server error"),
    }
}

fn item(attributes: &crate::model::Attributes) -> Value {
    let mut writer = Writer::default();
    write_attributes(&mut writer, attributes);
    serde_json::from_slice(&writer.into_bytes()).unwrap_or_default()
}

fn reason(cancellation: &Cancellation) -> Value {
    let mut reason = serde_json::Map::new();
    reason.insert("Code".into(), cancellation.code().into());
    match cancellation {
        Cancellation::None => {}
        Cancellation::ConditionFailed(found) => {
            reason.insert("Message".into(), "The conditional request failed".into());
            if let Some(found) = found {
                reason.insert("Item".into(), item(found));
            }
        }
        Cancellation::Validation(text) => drop(reason.insert("Message".into(), text.as_str().into())),
    }
    Value::Object(reason)
}

impl From<Error> for AwsError {
    fn from(error: Error) -> AwsError {
        let (code, status) = error.code();
        let told = AwsError::new(code, status, error.to_string());
        match error {
            Error::Core(error) => *error,
            Error::ConditionFailed(Some(found)) => told.with("Item", item(&found)),
            Error::Canceled(reasons) => {
                told.with("CancellationReasons", reasons.iter().map(reason).collect::<Vec<_>>())
            }
            _ => told,
        }
    }
}
