//! Everything that the service refuses: AWS' code and status of each, and AWS' words.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>

use crate::json::SyntaxError;
use crate::model::expression::{ExpressionKind, Problem};
use crate::model::{Attributes, NumberError, Type};
use std::fmt;
use tidegate_core::AwsError;

mod message;

/// What can go wrong in DynamoDB.
#[derive(Debug, Clone)]
pub enum Error {
    // Requests that cannot be read.
    /// The body is no JSON of the operation's shape.
    Serialization(SyntaxError),
    /// A required member is missing.
    Required(&'static str),
    /// A member breaks a constraint of the API model; the constraint's words.
    Constraint(&'static str, String),
    /// A member is none of the allowed words.
    NotInEnum(&'static [&'static str]),
    /// A table's name with letters that names do not have.
    TableName,
    // Values.
    /// `{}` as a value.
    EmptyValue,
    /// A value of several types.
    SeveralTypes,
    /// `{"NULL": false}`.
    NullIsFalse,
    /// A set without elements.
    EmptySet(Type),
    /// A set with an empty text or binary.
    EmptyMember(Type),
    /// A set of texts with duplicates.
    DuplicateStrings(Vec<String>),
    /// A set of numbers with duplicates.
    DuplicateNumbers,
    /// A set of binaries with duplicates, in base64.
    DuplicateBinaries(Vec<String>),
    /// A text that is no number that can be stored.
    Number {
        /// Why.
        error: NumberError,
        /// The text.
        text: String,
    },
    /// Maps and lists nested deeper than 32 levels.
    TooManyLevels,
    /// An item above 400 KB.
    ItemTooLarge,
    /// An update that would make an item larger than 400 KB.
    UpdateTooLarge,
    // Keys.
    /// A `Key` that does not fit the key schema.
    KeyDoesNotMatch,
    /// A put without a key attribute.
    MissingKey(String),
    /// A put with a key attribute of the wrong type.
    KeyType {
        /// The attribute.
        name: String,
        /// The schema's type.
        expected: Type,
        /// The value's type.
        actual: Type,
    },
    /// An empty key value.
    EmptyKey {
        /// The attribute.
        name: String,
        /// Text or binary.
        kind: Type,
    },
    /// An index' key attribute of the wrong type.
    IndexKeyType {
        /// The index.
        index: String,
        /// The attribute.
        name: String,
        /// The schema's type.
        expected: Type,
        /// The value's type.
        actual: Type,
    },
    /// An index' key attribute that is empty.
    EmptyIndexKey {
        /// The index.
        index: String,
        /// The attribute.
        name: String,
        /// Text or binary.
        kind: Type,
    },
    /// A partition key above 2048 bytes.
    PartitionKeyTooLarge,
    /// A sort key above 1024 bytes.
    SortKeyTooLarge,
    /// An update of a key attribute.
    KeyUpdate(String),
    // Expressions.
    /// An expression that breaks the language's rules.
    Expression(ExpressionKind, Problem),
    /// `ExpressionAttributeNames` without entries.
    EmptyNames,
    /// `ExpressionAttributeValues` without entries.
    EmptyValues,
    /// A key of `ExpressionAttributeNames` that is no `#name`.
    NameSyntax(String),
    /// A key of `ExpressionAttributeValues` that is no `:value`.
    ValueSyntax(String),
    /// A placeholder above 255 bytes.
    PlaceholderTooLong,
    /// A `#name` that stands for an empty name.
    EmptyName(String),
    /// A `:value` that stands for no valid value.
    ExpressionValue {
        /// The placeholder.
        placeholder: String,
        /// What is wrong.
        source: Box<Error>,
    },
    /// Names and values above 2 MB.
    SubstitutionsTooLarge,
    /// Names that no expression uses.
    UnusedNames(Vec<String>),
    /// Values that no expression uses.
    UnusedValues(Vec<String>),
    /// Names without any expression.
    NamesWithoutExpression,
    /// Values without the expressions that could use them; those parameters.
    ValuesWithoutExpression(&'static [&'static str]),
    /// Expressions together with the older parameters.
    MixedParameters {
        /// The older ones.
        legacy: Vec<&'static str>,
        /// The expressions.
        expressions: Vec<&'static str>,
    },
    /// An update's path leads nowhere.
    UpdatePath,
    /// An update's operand is not in the item.
    UpdateMissing,
    /// An update's operand has the wrong type.
    UpdateOperand,
    /// A filter on a key attribute.
    FilterOnKey(String),
    /// Anything else that AWS tells with one fixed sentence or little more; the sentence.
    Rule(Rule),
    // Older parameters.
    /// The older parameters break one of their rules; AWS' sentence behind "One or more parameter values were invalid: ".
    Legacy(String),
    // What is there and what is not.
    /// No such table, index or resource.
    NotFound(Missing),
    /// No such table, told by the backup operations.
    NoTable(String),
    /// The table exists, is being changed, or is protected.
    InUse(Busy),
    /// More of something than the account may have.
    LimitExceeded(String),
    /// A tag or policy operation on something that is no table.
    InvalidArn(String),
    /// A resource policy that is not there.
    NoPolicy(String),
    /// A resource policy of another revision.
    PolicyRevision,
    // Conditions and transactions.
    /// The condition does not hold; the item, if it was asked for.
    ConditionFailed(Option<Box<Attributes>>),
    /// A transaction's condition does not hold, or an action does not fit its item.
    Canceled(Vec<Cancellation>),
    /// A token that came with another body before.
    TokenReused,
    // Inside.
    /// The table was changed between reading its record and the write; the operation is tried again.
    TableChanged,
    /// The store failed.
    Store(tidegate_store::Error),
    /// A stored item cannot be read.
    Damaged,
    /// An error that all services share: no permission, or something that is not offered.
    Core(Box<AwsError>),
}

/// Rules with one fixed sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The sentence, whole.
    Text(&'static str),
    /// The sentence, with something of the request in it.
    Built(String),
    /// The sentence behind "One or more parameter values were invalid: ".
    Parameter(String),
}

/// What was not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// A table that items were asked of.
    Resource,
    /// A table that control-plane operations were asked of, by name.
    Table(String),
    /// A resource of this ARN.
    Arn(String),
}

/// Why a table cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Busy {
    /// It exists already.
    Exists(String),
}

/// Why one action of a transaction stopped it.
#[derive(Debug, Clone, PartialEq)]
pub enum Cancellation {
    /// This one did not.
    None,
    /// Its condition does not hold; the item, if it was asked for.
    ConditionFailed(Option<Box<Attributes>>),
    /// It does not fit the item or the table; AWS' sentence.
    Validation(String),
}

impl Cancellation {
    /// The code in the reasons' list.
    pub fn code(&self) -> &'static str {
        match self {
            Cancellation::None => "None",
            Cancellation::ConditionFailed(_) => "ConditionalCheckFailed",
            Cancellation::Validation(_) => "ValidationError",
        }
    }
}

impl Error {
    /// AWS' code and HTTP status.
    pub fn code(&self) -> (&'static str, u16) {
        match self {
            Error::Serialization(_) => ("SerializationException", 400),
            Error::NotFound(_) => ("ResourceNotFoundException", 400),
            Error::NoTable(_) => ("TableNotFoundException", 400),
            Error::InUse(_) => ("ResourceInUseException", 400),
            Error::LimitExceeded(_) => ("LimitExceededException", 400),
            Error::InvalidArn(_) => (AwsError::VALIDATION, 400),
            Error::NoPolicy(_) => ("PolicyNotFoundException", 400),
            Error::PolicyRevision => ("PolicyNotFoundException", 400),
            Error::ConditionFailed(_) => ("ConditionalCheckFailedException", 400),
            Error::Canceled(_) => ("TransactionCanceledException", 400),
            Error::TokenReused => ("IdempotentParameterMismatchException", 400),
            Error::Store(_) | Error::Damaged | Error::TableChanged => ("InternalServerError", 500),
            Error::Core(error) if error.code == AwsError::ACCESS_DENIED => (AwsError::ACCESS_DENIED, 400),
            Error::Core(_) => (AwsError::NOT_IMPLEMENTED, 501),
            _ => (AwsError::VALIDATION, 400),
        }
    }

    /// "One or more parameter values were invalid: " and more.
    pub fn parameter(text: impl Into<String>) -> Error {
        Error::Rule(Rule::Parameter(text.into()))
    }

    /// A fixed sentence.
    pub fn rule(text: &'static str) -> Error {
        Error::Rule(Rule::Text(text))
    }

    /// A sentence with something of the request in it.
    pub fn built(text: impl Into<String>) -> Error {
        Error::Rule(Rule::Built(text.into()))
    }
}

impl PartialEq for Error {
    fn eq(&self, other: &Error) -> bool {
        self.code() == other.code() && self.to_string() == other.to_string()
    }
}

impl From<SyntaxError> for Error {
    fn from(error: SyntaxError) -> Error {
        Error::Serialization(error)
    }
}

impl From<tidegate_store::Error> for Error {
    fn from(error: tidegate_store::Error) -> Error {
        Error::Store(error)
    }
}

impl From<crate::model::stored::Damaged> for Error {
    fn from(_: crate::model::stored::Damaged) -> Error {
        Error::Damaged
    }
}

impl From<AwsError> for Error {
    fn from(error: AwsError) -> Error {
        Error::Core(Box::new(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        message::write(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Store(source) => Some(source),
            Error::Core(source) => Some(&**source),
            Error::ExpressionValue { source, .. } => Some(&**source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
