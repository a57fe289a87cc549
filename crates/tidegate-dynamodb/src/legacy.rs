//! The parameters from before expressions, translated into what expressions become.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html>

use crate::error::Error;
use crate::json::{Reader, SyntaxError, Target};
use crate::model::expression::{Action, Comparator, Condition, KeyCondition, KeyTest, Operand, Path, Projection};
use crate::model::expression::{SetOperand, SetValue, Update};
use crate::model::{AttributeValue, Faults, Type, read_value};
use std::collections::BTreeSet;

type Read<T> = Result<T, SyntaxError>;

/// One entry of `Expected`, `KeyConditions`, `QueryFilter`, `ScanFilter` or `AttributeUpdates`, as given.
#[derive(Debug, Default)]
struct Entry {
    name: String,
    value: Option<AttributeValue>,
    exists: Option<bool>,
    operator: Option<String>,
    list: Option<Vec<AttributeValue>>,
    action: Option<String>,
}

/// All such parameters of a request.
#[derive(Debug, Default)]
pub struct Legacy {
    attributes: Option<Vec<String>>,
    expected: Option<Vec<Entry>>,
    conditional_operator: Option<String>,
    key_conditions: Option<Vec<Entry>>,
    query_filter: Option<Vec<Entry>>,
    scan_filter: Option<Vec<Entry>>,
    updates: Option<Vec<Entry>>,
}

impl Legacy {
    /// Takes the member, if it is one of the older parameters.
    pub fn member(&mut self, reader: &mut Reader<'_>, faults: &mut Faults, name: &str) -> Read<bool> {
        match name {
            "AttributesToGet" => self.attributes = Some(read_names(reader)?),
            "ConditionalOperator" => self.conditional_operator = Some(reader.string()?.into_owned()),
            "Expected" => self.expected = Some(read_entries(reader, faults)?),
            "KeyConditions" => self.key_conditions = Some(read_entries(reader, faults)?),
            "QueryFilter" => self.query_filter = Some(read_entries(reader, faults)?),
            "ScanFilter" => self.scan_filter = Some(read_entries(reader, faults)?),
            "AttributeUpdates" => self.updates = Some(read_entries(reader, faults)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The names of those that were given.
    pub fn given(&self) -> Vec<&'static str> {
        let all = [
            (self.attributes.is_some(), "AttributesToGet"),
            (self.query_filter.is_some(), "QueryFilter"),
            (self.scan_filter.is_some(), "ScanFilter"),
            (self.expected.is_some(), "Expected"),
            (self.updates.is_some(), "AttributeUpdates"),
            (self.conditional_operator.is_some(), "ConditionalOperator"),
            (self.key_conditions.is_some(), "KeyConditions"),
        ];
        all.into_iter().filter(|(given, _)| *given).map(|(_, name)| name).collect()
    }

    /// `AttributesToGet` as a projection.
    pub fn projection(&mut self) -> Result<Option<Projection>, Error> {
        let Some(names) = self.attributes.take() else { return Ok(None) };
        if names.is_empty() {
            return Err(crate::request::too_short("AttributesToGet", 1));
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(Error::Legacy(format!("Duplicate value in attribute name: {twice}")));
        }
        Ok(Some(Projection::of_attributes(names)))
    }

    /// `Expected` as a condition.
    pub fn condition(&mut self) -> Result<Option<Condition>, Error> {
        let expected = self.expected.take().map(|all| all.into_iter().map(expectation).collect::<Result<Vec<_>, _>>());
        self.joined(expected.transpose()?)
    }

    /// `QueryFilter` or `ScanFilter` as a condition.
    pub fn filter(&mut self) -> Result<Option<Condition>, Error> {
        let entries = self.query_filter.take().or(self.scan_filter.take());
        let tests = entries.map(|all| all.into_iter().map(comparison).collect::<Result<Vec<_>, _>>());
        self.joined(tests.transpose()?)
    }

    fn joined(&self, tests: Option<Vec<Condition>>) -> Result<Option<Condition>, Error> {
        let operator = self.conditional_operator.as_deref();
        if operator.is_some_and(|o| !["AND", "OR"].contains(&o)) {
            return Err(Error::NotInEnum(&["OR", "AND"]));
        }
        let count = tests.as_ref().map_or(0, Vec::len);
        if operator.is_some() && count == 0 {
            return Err(Error::rule("ConditionalOperator cannot be used without Filter or Expected"));
        }
        if operator.is_some() && count == 1 {
            return Err(Error::rule(
                "ConditionalOperator can only be used when Filter or Expected has two or more elements",
            ));
        }
        let tests = tests.filter(|t| !t.is_empty());
        Ok(tests.map(|t| if operator == Some("OR") { Condition::Or(t) } else { Condition::And(t) }))
    }

    /// `KeyConditions` as a key condition.
    pub fn key_condition(&mut self) -> Result<Option<KeyCondition>, Error> {
        let Some(entries) = self.key_conditions.take() else { return Ok(None) };
        if entries.is_empty() || entries.len() > 2 {
            return Err(Error::rule("Conditions can be of length 1 or 2 only"));
        }
        let tests = entries.into_iter().map(key_test).collect::<Result<_, _>>()?;
        Ok(Some(KeyCondition { tests }))
    }

    /// `AttributeUpdates` as an update.
    pub fn update(&mut self) -> Result<Option<Update>, Error> {
        let Some(entries) = self.updates.take() else { return Ok(None) };
        let actions = entries.into_iter().map(action).collect::<Result<_, _>>()?;
        Ok(Some(Update { actions }))
    }
}

fn read_names(reader: &mut Reader<'_>) -> Read<Vec<String>> {
    let mut names = Vec::new();
    reader.array(|r| -> Read<()> {
        names.push(r.string()?.into_owned());
        Ok(())
    })?;
    Ok(names)
}

fn read_entries(reader: &mut Reader<'_>, faults: &mut Faults) -> Read<Vec<Entry>> {
    let mut entries = Vec::new();
    reader.object(Target::Map, |r, name| -> Read<()> {
        entries.push(read_entry(r, faults, name.into_owned())?);
        Ok(())
    })?;
    Ok(entries)
}

fn read_entry(reader: &mut Reader<'_>, faults: &mut Faults, name: String) -> Read<Entry> {
    let mut entry = Entry { name, ..Entry::default() };
    reader.object(Target::Structure, |r, member| -> Read<()> {
        match &*member {
            "Value" => entry.value = Some(read_value(r, faults)?),
            "Exists" => entry.exists = Some(r.boolean()?),
            "ComparisonOperator" => entry.operator = Some(r.string()?.into_owned()),
            "Action" => entry.action = Some(r.string()?.into_owned()),
            "AttributeValueList" => {
                let mut list = Vec::new();
                r.array(|r| -> Read<()> {
                    list.push(read_value(r, faults)?);
                    Ok(())
                })?;
                entry.list = Some(list);
            }
            _ => r.skip()?,
        }
        Ok(())
    })?;
    Ok(entry)
}

fn expectation(entry: Entry) -> Result<Condition, Error> {
    let told = |text: &str| Err(Error::Legacy(format!("{text} for Attribute: {}", entry.name)));
    if entry.operator.is_some() {
        return match (&entry.exists, &entry.value, &entry.list) {
            (Some(_), ..) => told("Exists and ComparisonOperator cannot be used together"),
            (None, Some(_), Some(_)) => told("Value and AttributeValueList cannot be used together"),
            (None, Some(_), None) => {
                let list = entry.value.into_iter().collect();
                comparison(Entry { value: None, list: Some(list), ..entry })
            }
            (None, None, _) => comparison(entry),
        };
    }
    match (entry.exists, entry.value, entry.list) {
        (_, _, Some(_)) => Err(Error::Legacy(format!(
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: {}",
            entry.name
        ))),
        (Some(false), Some(_), _) => {
            Err(Error::Legacy(format!("Value cannot be used when Exists is false for Attribute: {}", entry.name)))
        }
        (Some(false), None, _) => Ok(Condition::NotExists(Path::attribute(entry.name))),
        (_, Some(value), _) => Ok(compare(entry.name, Comparator::Equal, value)),
        (Some(true), None, _) => {
            Err(Error::Legacy(format!("Value must be provided when Exists is true for Attribute: {}", entry.name)))
        }
        (None, None, _) => {
            Err(Error::Legacy(format!("Value must be provided when Exists is null for Attribute: {}", entry.name)))
        }
    }
}

const OPERATORS: &[&str] = &[
    "IN",
    "NULL",
    "BETWEEN",
    "LT",
    "NOT_CONTAINS",
    "EQ",
    "GT",
    "NOT_NULL",
    "NE",
    "LE",
    "BEGINS_WITH",
    "GE",
    "CONTAINS",
];

fn compare(name: String, comparator: Comparator, value: AttributeValue) -> Condition {
    Condition::Compare(Operand::Path(Path::attribute(name)), comparator, Operand::Value(value))
}

/// The operator's name with its values, checked for number and types.
fn checked(entry: Entry) -> Result<(String, &'static str, Vec<AttributeValue>), Error> {
    let operator = entry.operator.ok_or(Error::Required("ComparisonOperator"))?;
    let operator = *OPERATORS.iter().find(|o| **o == operator).ok_or(Error::NotInEnum(OPERATORS))?;
    let list = entry.list.unwrap_or_default();
    let fits = match operator {
        "NULL" | "NOT_NULL" => list.is_empty(),
        "BETWEEN" => list.len() == 2,
        "IN" => !list.is_empty(),
        _ => list.len() == 1,
    };
    if !fits {
        return Err(Error::Legacy(format!("Invalid number of argument(s) for the {operator} ComparisonOperator")));
    }
    let scalar = |t| matches!(t, Type::S | Type::N | Type::B);
    let allowed: fn(Type) -> bool = match operator {
        "LT" | "LE" | "GT" | "GE" | "BETWEEN" | "IN" => scalar,
        "BEGINS_WITH" => |t| matches!(t, Type::S | Type::B),
        _ => |_| true,
    };
    if let Some(value) = list.iter().find(|v| !allowed(v.kind())) {
        let kind = value.kind();
        return Err(Error::Legacy(format!(
            "ComparisonOperator {operator} is not valid for {kind} AttributeValue type"
        )));
    }
    if operator == "BETWEEN" && list[0].compare(&list[1]).is_none_or(std::cmp::Ordering::is_gt) {
        return Err(Error::rule(
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
        ));
    }
    Ok((entry.name, operator, list))
}

fn comparator(operator: &str) -> Option<Comparator> {
    Some(match operator {
        "EQ" => Comparator::Equal,
        "NE" => Comparator::NotEqual,
        "LT" => Comparator::Less,
        "LE" => Comparator::LessOrEqual,
        "GT" => Comparator::Greater,
        "GE" => Comparator::GreaterOrEqual,
        _ => return None,
    })
}

fn comparison(entry: Entry) -> Result<Condition, Error> {
    let (name, operator, list) = checked(entry)?;
    let path = Path::attribute(name.clone());
    let place = Operand::Path(path.clone());
    let mut values = list.into_iter();
    let Some(first) = values.next() else {
        return Ok(if operator == "NULL" { Condition::NotExists(path) } else { Condition::Exists(path) });
    };
    if let Some(comparator) = comparator(operator) {
        return Ok(compare(name, comparator, first));
    }
    let first = Operand::Value(first);
    Ok(match (operator, values.next()) {
        ("BETWEEN", Some(high)) => Condition::Between(place, first, Operand::Value(high)),
        ("IN", second) => {
            let rest = second.into_iter().chain(values).map(Operand::Value);
            Condition::In(place, std::iter::once(first).chain(rest).collect())
        }
        ("BEGINS_WITH", _) => Condition::BeginsWith(place, first),
        ("CONTAINS", _) => Condition::Contains(place, first),
        _ => Condition::Not(Box::new(Condition::Contains(place, first))),
    })
}

fn key_test(entry: Entry) -> Result<(String, KeyTest), Error> {
    let (name, operator, list) = checked(entry)?;
    let mut values = list.into_iter();
    let test = match (operator, comparator(operator), values.next(), values.next()) {
        (_, Some(comparator), Some(value), _) if comparator != Comparator::NotEqual => {
            KeyTest::Compare(comparator, value)
        }
        ("BETWEEN", _, Some(low), Some(high)) => KeyTest::Between(low, high),
        ("BEGINS_WITH", _, Some(prefix), _) => KeyTest::BeginsWith(prefix),
        _ => return Err(Error::rule("Attempted conditional constraint is not an indexable operation")),
    };
    Ok((name, test))
}

fn action(entry: Entry) -> Result<Action, Error> {
    let path = Path::attribute(entry.name);
    let set = |path, value| Action::Set(path, SetValue::Operand(SetOperand::Value(value)));
    match (entry.action.as_deref().unwrap_or("PUT"), entry.value) {
        ("PUT", Some(value)) => Ok(set(path, value)),
        ("DELETE", None) => Ok(Action::Remove(path)),
        ("DELETE", Some(value)) if matches!(value.kind(), Type::SS | Type::NS | Type::BS) => {
            Ok(Action::Delete(path, value))
        }
        ("DELETE", Some(value)) => {
            Err(Error::Legacy(format!("DELETE action with value is not supported for the type {}", value.kind())))
        }
        ("ADD", Some(value)) if matches!(value.kind(), Type::N | Type::SS | Type::NS | Type::BS) => {
            Ok(Action::Add(path, value))
        }
        ("ADD", Some(AttributeValue::L(list))) => {
            let old = SetOperand::IfNotExists(path.clone(), Box::new(SetOperand::Value(AttributeValue::L(Vec::new()))));
            let more = SetOperand::Value(AttributeValue::L(list));
            Ok(Action::Set(path, SetValue::Operand(SetOperand::ListAppend(Box::new(old), Box::new(more)))))
        }
        ("ADD", Some(value)) => {
            Err(Error::Legacy(format!("ADD action is not supported for the type {}", value.kind())))
        }
        ("PUT" | "ADD", None) => {
            Err(Error::Legacy("Only DELETE action is allowed when no attribute value is specified".to_owned()))
        }
        _ => Err(Error::NotInEnum(&["ADD", "DELETE", "PUT"])),
    }
}
