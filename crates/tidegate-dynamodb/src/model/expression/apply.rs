//! Applying an update to an item. Every action sees the item as it was before the update.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html>

use super::path::{Part, Path};
use super::update::{Action, SetOperand, SetValue, Update};
use crate::model::{AttributeValue, Attributes, Number, NumberError, sorted};
use std::collections::BTreeSet;

/// Why an update does not fit the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateFailure {
    /// The path leads through something that is no map or list, or is not there.
    Path,
    /// An operand's attribute is not there.
    Missing,
    /// An operand is of the wrong type.
    Operand,
    /// The result of arithmetic is no number that can be stored.
    Number(NumberError),
}

impl From<NumberError> for UpdateFailure {
    fn from(error: NumberError) -> UpdateFailure {
        UpdateFailure::Number(error)
    }
}

type Result<T> = std::result::Result<T, UpdateFailure>;

impl Update {
    /// Applies all actions to a copy of the item.
    pub fn apply(&self, before: &Attributes) -> Result<Attributes> {
        let mut item = before.clone();
        let mut removals: BTreeSet<&Path> = BTreeSet::new();
        let mut appended: Vec<(&Path, AttributeValue)> = Vec::new();
        for action in &self.actions {
            match action {
                Action::Set(path, value) => {
                    let value = set_value(value, before)?;
                    match past_end(&item, path) {
                        true => appended.push((path, value)),
                        false => put(&mut item, path, value)?,
                    }
                }
                Action::Remove(path) => drop(removals.insert(path)),
                Action::Add(path, value) => add(&mut item, before, path, value)?,
                Action::Delete(path, value) => delete(&mut item, path, value)?,
            }
        }
        // Elements past the end of a list are appended in the order of their indices.
        appended.sort_by(|a, b| a.0.cmp(b.0));
        appended.into_iter().try_for_each(|(path, value)| put(&mut item, path, value))?;
        // From the highest index down, so that no removal moves what a later one means.
        removals.into_iter().rev().try_for_each(|path| remove(&mut item, path))?;
        Ok(item)
    }
}

fn set_value(value: &SetValue, before: &Attributes) -> Result<AttributeValue> {
    match value {
        SetValue::Operand(a) => operand(a, before),
        SetValue::Plus(a, b) => Ok(AttributeValue::N(number(a, before)?.plus(number(b, before)?)?)),
        SetValue::Minus(a, b) => Ok(AttributeValue::N(number(a, before)?.minus(number(b, before)?)?)),
    }
}

fn operand(operand_: &SetOperand, before: &Attributes) -> Result<AttributeValue> {
    match operand_ {
        SetOperand::Value(value) => Ok(value.clone()),
        SetOperand::Path(path) => path.find(before).cloned().ok_or(UpdateFailure::Missing),
        SetOperand::IfNotExists(path, other) => path.find(before).cloned().map_or_else(|| operand(other, before), Ok),
        SetOperand::ListAppend(a, b) => match (operand(a, before)?, operand(b, before)?) {
            (AttributeValue::L(mut list), AttributeValue::L(more)) => {
                list.extend(more);
                Ok(AttributeValue::L(list))
            }
            _ => Err(UpdateFailure::Operand),
        },
    }
}

fn number(operand_: &SetOperand, before: &Attributes) -> Result<Number> {
    match operand(operand_, before)? {
        AttributeValue::N(number) => Ok(number),
        _ => Err(UpdateFailure::Operand),
    }
}

/// The value that holds the path's last step; `None` for a whole attribute.
fn parent<'a>(item: &'a mut Attributes, path: &Path) -> Option<&'a mut AttributeValue> {
    let first = item.get_mut(&path.attribute)?;
    let inner = path.steps.split_last().map_or(&[][..], |(_, inner)| inner);
    inner.iter().try_fold(first, |value, step| match (value, step) {
        (AttributeValue::M(map), Part::Name(name)) => map.get_mut(name),
        (AttributeValue::L(list), Part::Index(index)) => list.get_mut(*index),
        _ => None,
    })
}

fn past_end(item: &Attributes, path: &Path) -> bool {
    let Some((Part::Index(index), inner)) = path.steps.split_last() else { return false };
    let holder = Path { attribute: path.attribute.clone(), steps: inner.to_vec() };
    matches!(holder.find(item), Some(AttributeValue::L(list)) if *index >= list.len())
}

fn put(item: &mut Attributes, path: &Path, value: AttributeValue) -> Result<()> {
    let Some(last) = path.steps.last() else {
        item.insert(path.attribute.clone(), value);
        return Ok(());
    };
    match (parent(item, path).ok_or(UpdateFailure::Path)?, last) {
        (AttributeValue::M(map), Part::Name(name)) => drop(map.insert(name.clone(), value)),
        (AttributeValue::L(list), Part::Index(index)) => match list.get_mut(*index) {
            Some(place) => *place = value,
            None => list.push(value),
        },
        _ => return Err(UpdateFailure::Path),
    }
    Ok(())
}

fn remove(item: &mut Attributes, path: &Path) -> Result<()> {
    let Some(last) = path.steps.last() else {
        item.remove(&path.attribute);
        return Ok(());
    };
    match (parent(item, path).ok_or(UpdateFailure::Path)?, last) {
        (AttributeValue::M(map), Part::Name(name)) => drop(map.remove(name)),
        (AttributeValue::L(list), Part::Index(index)) if *index < list.len() => drop(list.remove(*index)),
        (AttributeValue::L(_), Part::Index(_)) => {}
        _ => return Err(UpdateFailure::Path),
    }
    Ok(())
}

fn add(item: &mut Attributes, before: &Attributes, path: &Path, value: &AttributeValue) -> Result<()> {
    let sum = match (path.find(before), value) {
        (None, value) => value.clone(),
        (Some(AttributeValue::N(a)), AttributeValue::N(b)) => AttributeValue::N(a.plus(*b)?),
        (Some(AttributeValue::SS(a)), AttributeValue::SS(b)) => AttributeValue::SS(union(a, b)),
        (Some(AttributeValue::NS(a)), AttributeValue::NS(b)) => AttributeValue::NS(union(a, b)),
        (Some(AttributeValue::BS(a)), AttributeValue::BS(b)) => AttributeValue::BS(union(a, b)),
        _ => return Err(UpdateFailure::Operand),
    };
    put(item, path, sum)
}

fn union<T: Ord + Clone>(a: &[T], b: &[T]) -> Vec<T> {
    sorted(a.iter().chain(b).cloned().collect())
}

fn delete(item: &mut Attributes, path: &Path, value: &AttributeValue) -> Result<()> {
    let Some(found) = path.find(item) else {
        // Nothing there, nothing to take out; but the way to it must exist.
        let reachable = path.steps.is_empty() || parent(item, path).is_some();
        return if reachable { Ok(()) } else { Err(UpdateFailure::Path) };
    };
    let rest = match (found, value) {
        (AttributeValue::SS(a), AttributeValue::SS(b)) => AttributeValue::SS(difference(a, b)),
        (AttributeValue::NS(a), AttributeValue::NS(b)) => AttributeValue::NS(difference(a, b)),
        (AttributeValue::BS(a), AttributeValue::BS(b)) => AttributeValue::BS(difference(a, b)),
        _ => return Err(UpdateFailure::Operand),
    };
    // DynamoDB has no empty sets: the attribute goes with the last element.
    if is_empty_set(&rest) { remove(item, path) } else { put(item, path, rest) }
}

fn difference<T: Ord + Clone>(a: &[T], b: &[T]) -> Vec<T> {
    a.iter().filter(|x| b.binary_search(x).is_err()).cloned().collect()
}

fn is_empty_set(value: &AttributeValue) -> bool {
    match value {
        AttributeValue::SS(set) => set.is_empty(),
        AttributeValue::NS(set) => set.is_empty(),
        AttributeValue::BS(set) => set.is_empty(),
        _ => false,
    }
}
