//! Members that several item operations share: table names, expressions with what stands in them, and the words that
//! choose what is returned.

use crate::error::Error;
use crate::json::{Reader, SyntaxError, Target};
use crate::limits;
use crate::model::expression::{Condition, ExpressionKind, KeyCondition, Projection, Substitutions, Update};
use crate::model::{AttributeValue, Faults, read_value};
use crate::service::Place;
use tidegate_core::Context;
use tidegate_types::Arn;

type Read<T> = Result<T, SyntaxError>;

/// Reads a whole body as one structure.
pub fn read_body<'a>(
    body: &'a [u8],
    member: impl FnMut(&mut Reader<'a>, std::borrow::Cow<'a, str>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = Reader::new(body)?;
    reader.object(Target::Structure, member)?;
    Ok(reader.end()?)
}

/// Reads a text.
pub fn read_text(reader: &mut Reader<'_>) -> Read<Option<String>> {
    Ok(Some(reader.string()?.into_owned()))
}

/// The table that `TableName` means: a name, or the ARN of a table of this account and region.
pub fn place(cx: &Context, name: Option<&str>) -> Result<Place, Error> {
    let name = name.ok_or(Error::Required("TableName"))?;
    if name.is_empty() {
        return Err(too_short("TableName", 1));
    }
    if name.len() > 1024 {
        return Err(Error::Constraint("TableName", "Member must have length less than or equal to 1024".into()));
    }
    if !name.starts_with("arn:") {
        check_name(name)?;
        return Ok(Place::new(cx, name));
    }
    let arn: Arn = name.parse().map_err(|_| Error::TableName)?;
    let table =
        arn.resource().strip_prefix("table/").filter(|_| arn.service() == "dynamodb").ok_or(Error::TableName)?;
    check_name(table)?;
    let account = arn.account().parse().map_err(|_| Error::TableName)?;
    let region = arn.region().parse().ok().filter(|r| *r == cx.region).ok_or(Error::TableName)?;
    Ok(Place { account, region, name: table.to_owned() })
}

/// "Member must have length greater than or equal to …".
pub fn too_short(member: &'static str, least: usize) -> Error {
    Error::Constraint(member, format!("Member must have length greater than or equal to {least}"))
}

/// "Member must have length less than or equal to …".
pub fn too_long(member: &'static str, most: usize) -> Error {
    Error::Constraint(member, format!("Member must have length less than or equal to {most}"))
}

/// Checks the letters and the length of a table's or index' name.
pub fn check_name(name: &str) -> Result<(), Error> {
    let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if letters && (3..=255).contains(&name.len()) { Ok(()) } else { Err(Error::TableName) }
}

/// The expressions of a request, as they were given.
#[derive(Debug, Default)]
pub struct Expressions {
    condition: Option<String>,
    filter: Option<String>,
    key_condition: Option<String>,
    projection: Option<String>,
    update: Option<String>,
    names: Option<Vec<(String, String)>>,
    values: Option<Vec<(String, Result<AttributeValue, Error>)>>,
}

/// The expressions of a request, read and checked.
#[derive(Debug, Default)]
pub struct Parsed {
    /// `ConditionExpression`.
    pub condition: Option<Condition>,
    /// `FilterExpression`.
    pub filter: Option<Condition>,
    /// `KeyConditionExpression`.
    pub key_condition: Option<KeyCondition>,
    /// `ProjectionExpression`.
    pub projection: Option<Projection>,
    /// `UpdateExpression`.
    pub update: Option<Update>,
}

impl Expressions {
    /// Takes the member, if it belongs to expressions.
    pub fn member(&mut self, reader: &mut Reader<'_>, name: &str) -> Read<bool> {
        match name {
            "ConditionExpression" => self.condition = read_text(reader)?,
            "FilterExpression" => self.filter = read_text(reader)?,
            "KeyConditionExpression" => self.key_condition = read_text(reader)?,
            "ProjectionExpression" => self.projection = read_text(reader)?,
            "UpdateExpression" => self.update = read_text(reader)?,
            "ExpressionAttributeNames" => self.names = Some(read_names(reader)?),
            "ExpressionAttributeValues" => self.values = Some(read_values(reader)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The parameters that were given, for complaints about mixing them with older ones.
    pub fn given(&self) -> Vec<&'static str> {
        let all = [
            (self.key_condition.is_some(), "KeyConditionExpression"),
            (self.projection.is_some(), "ProjectionExpression"),
            (self.filter.is_some(), "FilterExpression"),
            (self.update.is_some(), "UpdateExpression"),
            (self.condition.is_some(), "ConditionExpression"),
        ];
        all.into_iter().filter(|(given, _)| *given).map(|(_, name)| name).collect()
    }

    /// Complains if older parameters stand beside expressions.
    pub fn refuse_mix(&self, legacy: Vec<&'static str>) -> Result<(), Error> {
        let expressions = self.given();
        if legacy.is_empty() || expressions.is_empty() {
            return Ok(());
        }
        Err(Error::MixedParameters { legacy, expressions })
    }

    /// Reads all expressions. `users` are the parameters of the operation that could use values.
    pub fn parse(self, users: &'static [&'static str]) -> Result<Parsed, Error> {
        if self.given().is_empty() {
            return match (&self.names, &self.values) {
                (Some(_), _) => Err(Error::NamesWithoutExpression),
                (None, Some(_)) => Err(Error::ValuesWithoutExpression(users)),
                (None, None) => Ok(Parsed::default()),
            };
        }
        let value_users = self.given().iter().any(|p| users.contains(p));
        if self.values.is_some() && !value_users && !users.is_empty() {
            return Err(Error::ValuesWithoutExpression(users));
        }
        let mut known = Substitutions::new(self.names, self.values)?;
        let told = |kind| move |problem| Error::Expression(kind, problem);
        let condition = |text: Option<String>, kind, known: &mut Substitutions| {
            text.map(|t| Condition::parse(&t, kind, known).map_err(told(kind))).transpose()
        };
        let parsed = Parsed {
            projection: self
                .projection
                .map(|t| Projection::parse(&t, &mut known).map_err(told(ExpressionKind::Projection)))
                .transpose()?,
            update: self
                .update
                .map(|t| Update::parse(&t, &mut known).map_err(told(ExpressionKind::Update)))
                .transpose()?,
            condition: condition(self.condition, ExpressionKind::Condition, &mut known)?,
            filter: condition(self.filter, ExpressionKind::Filter, &mut known)?,
            key_condition: self
                .key_condition
                .map(|t| KeyCondition::parse(&t, &mut known).map_err(told(ExpressionKind::KeyCondition)))
                .transpose()?,
        };
        known.check_used()?;
        Ok(parsed)
    }
}

fn read_names(reader: &mut Reader<'_>) -> Read<Vec<(String, String)>> {
    let mut names = Vec::new();
    reader.object(Target::Map, |r, key| -> Read<()> {
        names.push((key.into_owned(), r.string()?.into_owned()));
        Ok(())
    })?;
    Ok(names)
}

fn read_values(reader: &mut Reader<'_>) -> Read<Vec<(String, Result<AttributeValue, Error>)>> {
    let mut values = Vec::new();
    reader.object(Target::Map, |r, key| -> Read<()> {
        let mut faults = Faults::default();
        let value = read_value(r, &mut faults)?;
        values.push((key.into_owned(), faults.check().map(|()| value)));
        Ok(())
    })?;
    Ok(values)
}

/// A parameter whose value is one of a few words.
pub trait Word: Copy + Default + PartialEq + 'static {
    /// The words as AWS lists them, and what they mean.
    const WORDS: &'static [(&'static str, Self)];
    /// The words alone, for the complaint.
    const NAMES: &'static [&'static str];

    /// The word.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, v)| *v == self).map_or("", |(word, _)| word)
    }

    /// What the word means; none means the default.
    fn parse(word: Option<&str>) -> Result<Self, Error> {
        let Some(word) = word else { return Ok(Self::default()) };
        Self::WORDS.iter().find(|(name, _)| *name == word).map(|(_, v)| *v).ok_or(Error::NotInEnum(Self::NAMES))
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $type:ident: $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub enum $type { $($(#[$variant_doc])* $variant),+ }

        impl Word for $type {
            const WORDS: &'static [(&'static str, $type)] = &[$(($word, $type::$variant)),+];
            const NAMES: &'static [&'static str] = &[$($word),+];
        }

    };
}

words! {
    /// What a write returns of the item.
    ReturnValues:
        /// The whole item afterwards.
        AllNew = "ALL_NEW",
        /// What changed, before.
        UpdatedOld = "UPDATED_OLD",
        /// The whole item before.
        AllOld = "ALL_OLD",
        /// Nothing.
        #[default]
        None = "NONE",
        /// What changed, afterwards.
        UpdatedNew = "UPDATED_NEW"
}

words! {
    /// What an answer tells of consumed capacity.
    ReturnCapacity:
        /// Table and indexes apart.
        Indexes = "INDEXES",
        /// The sum.
        Total = "TOTAL",
        /// Nothing.
        #[default]
        None = "NONE"
}

words! {
    /// What an answer tells of item collections.
    ReturnMetrics:
        /// Estimated sizes.
        Size = "SIZE",
        /// Nothing.
        #[default]
        None = "NONE"
}

words! {
    /// What a failed condition returns of the item.
    OnFailure:
        /// The item as it is.
        AllOld = "ALL_OLD",
        /// Nothing.
        #[default]
        None = "NONE"
}

words! {
    /// What a query or scan returns of each item.
    Select:
        /// The attributes that a projection names.
        Specific = "SPECIFIC_ATTRIBUTES",
        /// Nothing but the count.
        Count = "COUNT",
        /// All attributes.
        #[default]
        All = "ALL_ATTRIBUTES",
        /// What the index holds.
        AllProjected = "ALL_PROJECTED_ATTRIBUTES"
}

/// A limit's range check in AWS' words.
pub fn at_least(member: &'static str, value: Option<i64>, least: i64) -> Result<(), Error> {
    match value {
        Some(value) if value < least => {
            Err(Error::Constraint(member, format!("Member must have value greater than or equal to {least}")))
        }
        _ => Ok(()),
    }
}

/// Checks the two parameters of parallel scans.
pub fn check_segments(segment: Option<i64>, total: Option<i64>) -> Result<(), Error> {
    at_least("Segment", segment, 0)?;
    at_least("TotalSegments", total, 1)?;
    if total.is_some_and(|t| t > limits::SCAN_SEGMENTS) {
        let words = format!("Member must have value less than or equal to {}", limits::SCAN_SEGMENTS);
        return Err(Error::Constraint("TotalSegments", words));
    }
    match (segment, total) {
        (Some(_), None) => Err(Error::rule(
            "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
        )),
        (None, Some(_)) => Err(Error::rule(
            "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
        )),
        (Some(segment), Some(total)) if segment >= total => Err(Error::built(format!(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {segment} is not less than TotalSegments: {total}"
        ))),
        _ => Ok(()),
    }
}
