//! `ExpressionAttributeNames` and `ExpressionAttributeValues`: what stands for `#name` and `:value`, and who used it.

use super::problem::Problem;
use crate::error::Error;
use crate::limits;
use crate::model::AttributeValue;

/// One definition.
#[derive(Debug, Clone)]
struct Definition<T> {
    placeholder: String,
    stands_for: T,
    used: bool,
}

/// The definitions that come with a request's expressions.
#[derive(Debug, Clone, Default)]
pub struct Substitutions {
    names: Vec<Definition<String>>,
    values: Vec<Definition<AttributeValue>>,
}

impl Substitutions {
    /// Checks the definitions as AWS does before it reads any expression.
    pub fn new(
        names: Option<Vec<(String, String)>>,
        values: Option<Vec<(String, Result<AttributeValue, Error>)>>,
    ) -> Result<Substitutions, Error> {
        if names.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::EmptyNames);
        }
        let names = names.unwrap_or_default().into_iter().map(checked_name).collect::<Result<Vec<_>, Error>>()?;
        if values.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::EmptyValues);
        }
        let values = values.unwrap_or_default().into_iter().map(checked_value).collect::<Result<Vec<_>, Error>>()?;
        let size = names.iter().map(|d| d.placeholder.len() + d.stands_for.len()).sum::<usize>()
            + values.iter().map(|d| d.placeholder.len() + d.stands_for.size()).sum::<usize>();
        if size > limits::SUBSTITUTION_BYTES {
            return Err(Error::SubstitutionsTooLarge);
        }
        Ok(Substitutions { names, values })
    }

    /// The attribute name behind `#name`.
    pub fn name(&mut self, placeholder: &str) -> Result<&str, Problem> {
        let found = self.names.iter_mut().find(|d| d.placeholder == placeholder);
        let found = found.ok_or_else(|| Problem::UndefinedName(placeholder.to_owned()))?;
        found.used = true;
        Ok(&found.stands_for)
    }

    /// The value behind `:value`.
    pub fn value(&mut self, placeholder: &str) -> Result<&AttributeValue, Problem> {
        let found = self.values.iter_mut().find(|d| d.placeholder == placeholder);
        let found = found.ok_or_else(|| Problem::UndefinedValue(placeholder.to_owned()))?;
        found.used = true;
        Ok(&found.stands_for)
    }

    /// Complains about definitions that no expression used.
    pub fn check_used(&self) -> Result<(), Error> {
        let unused = |placeholders: Vec<&String>| placeholders.into_iter().cloned().collect::<Vec<_>>();
        let names = unused(self.names.iter().filter(|d| !d.used).map(|d| &d.placeholder).collect());
        if !names.is_empty() {
            return Err(Error::UnusedNames(names));
        }
        let values = unused(self.values.iter().filter(|d| !d.used).map(|d| &d.placeholder).collect());
        if values.is_empty() { Ok(()) } else { Err(Error::UnusedValues(values)) }
    }
}

fn is_placeholder(text: &str, mark: char) -> bool {
    text.strip_prefix(mark)
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

fn checked_name((placeholder, name): (String, String)) -> Result<Definition<String>, Error> {
    match () {
        () if !is_placeholder(&placeholder, '#') => Err(Error::NameSyntax(placeholder)),
        () if placeholder.len() > limits::PLACEHOLDER_BYTES => Err(Error::PlaceholderTooLong),
        () if name.is_empty() => Err(Error::EmptyName(placeholder)),
        () => Ok(Definition { placeholder, stands_for: name, used: false }),
    }
}

fn checked_value(
    (placeholder, value): (String, Result<AttributeValue, Error>),
) -> Result<Definition<AttributeValue>, Error> {
    if !is_placeholder(&placeholder, ':') {
        return Err(Error::ValueSyntax(placeholder));
    }
    if placeholder.len() > limits::PLACEHOLDER_BYTES {
        return Err(Error::PlaceholderTooLong);
    }
    match value {
        Ok(stands_for) => Ok(Definition { placeholder, stands_for, used: false }),
        Err(source) => Err(Error::ExpressionValue { placeholder, source: Box::new(source) }),
    }
}
