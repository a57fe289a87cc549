//! Whether an item fulfills a condition. Never fails: values of the wrong type fulfill nothing.

use super::condition::{Comparator, Condition, Operand};
use crate::model::{AttributeValue, Attributes, Number};
use std::borrow::Cow;
use std::cmp::Ordering;

impl AttributeValue {
    /// The order of two texts, numbers or byte strings; `None` for other types or two different ones.
    pub fn compare(&self, other: &AttributeValue) -> Option<Ordering> {
        match (self, other) {
            // UTF-8 bytes order as AWS orders texts.
            (AttributeValue::S(a), AttributeValue::S(b)) => Some(a.cmp(b)),
            (AttributeValue::N(a), AttributeValue::N(b)) => Some(a.cmp(b)),
            (AttributeValue::B(a), AttributeValue::B(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl Operand {
    fn value<'a>(&'a self, item: &'a Attributes) -> Option<Cow<'a, AttributeValue>> {
        match self {
            Operand::Path(path) => path.find(item).map(Cow::Borrowed),
            Operand::Value(value) => Some(Cow::Borrowed(value)),
            Operand::Size(inner) => size(&*inner.value(item)?).map(|n| Cow::Owned(AttributeValue::N(n))),
        }
    }
}

/// `size(…)`: UTF-16 units of a text, bytes, elements; `None` for types without a size.
fn size(value: &AttributeValue) -> Option<Number> {
    let size = match value {
        AttributeValue::S(text) => text.encode_utf16().count(),
        AttributeValue::B(bytes) => bytes.len(),
        AttributeValue::L(list) => list.len(),
        AttributeValue::M(map) => map.len(),
        AttributeValue::SS(set) => set.len(),
        AttributeValue::NS(set) => set.len(),
        AttributeValue::BS(set) => set.len(),
        AttributeValue::N(_) | AttributeValue::Bool(_) | AttributeValue::Null => return None,
    };
    Some(Number::from(size as u64))
}

impl Condition {
    /// Whether the item fulfills it; an item that does not exist counts as one without attributes.
    pub fn holds(&self, item: &Attributes) -> bool {
        match self {
            Condition::And(all) => all.iter().all(|c| c.holds(item)),
            Condition::Or(any) => any.iter().any(|c| c.holds(item)),
            Condition::Not(inner) => !inner.holds(item),
            Condition::Compare(a, comparator, b) => {
                let (a, b) = (a.value(item), b.value(item));
                compares(a.as_deref(), *comparator, b.as_deref())
            }
            Condition::Between(x, low, high) => between(x, low, high, item),
            Condition::In(x, list) => {
                x.value(item).is_some_and(|x| list.iter().any(|o| o.value(item).is_some_and(|v| *v == *x)))
            }
            Condition::Exists(path) => path.find(item).is_some(),
            Condition::NotExists(path) => path.find(item).is_none(),
            Condition::HasType(operand, kind) => operand.value(item).is_some_and(|v| v.kind() == *kind),
            Condition::BeginsWith(a, b) => both(a, b, item, begins_with),
            Condition::Contains(a, b) => both(a, b, item, contains),
        }
    }
}

fn both(a: &Operand, b: &Operand, item: &Attributes, test: fn(&AttributeValue, &AttributeValue) -> bool) -> bool {
    match (a.value(item), b.value(item)) {
        (Some(a), Some(b)) => test(&a, &b),
        _ => false,
    }
}

/// What is missing equals nothing, and so differs from everything.
fn compares(a: Option<&AttributeValue>, comparator: Comparator, b: Option<&AttributeValue>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return comparator == Comparator::NotEqual };
    match comparator {
        Comparator::Equal => a == b,
        Comparator::NotEqual => a != b,
        _ => a.compare(b).is_some_and(|order| matches_order(comparator, order)),
    }
}

fn matches_order(comparator: Comparator, order: Ordering) -> bool {
    match comparator {
        Comparator::Less => order.is_lt(),
        Comparator::LessOrEqual => order.is_le(),
        Comparator::Greater => order.is_gt(),
        Comparator::GreaterOrEqual => order.is_ge(),
        Comparator::Equal => order.is_eq(),
        Comparator::NotEqual => order.is_ne(),
    }
}

fn between(x: &Operand, low: &Operand, high: &Operand, item: &Attributes) -> bool {
    let (Some(x), Some(low), Some(high)) = (x.value(item), low.value(item), high.value(item)) else { return false };
    low.compare(&x).is_some_and(Ordering::is_le) && x.compare(&high).is_some_and(Ordering::is_le)
}

fn begins_with(value: &AttributeValue, prefix: &AttributeValue) -> bool {
    match (value, prefix) {
        (AttributeValue::S(text), AttributeValue::S(prefix)) => text.starts_with(prefix.as_str()),
        (AttributeValue::B(bytes), AttributeValue::B(prefix)) => bytes.starts_with(prefix),
        _ => false,
    }
}

fn contains(value: &AttributeValue, part: &AttributeValue) -> bool {
    match (value, part) {
        (AttributeValue::S(text), AttributeValue::S(part)) => text.contains(part.as_str()),
        (AttributeValue::B(bytes), AttributeValue::B(part)) => {
            part.is_empty() || bytes.windows(part.len()).any(|w| w == part.as_slice())
        }
        (AttributeValue::SS(set), AttributeValue::S(part)) => set.binary_search(part).is_ok(),
        (AttributeValue::NS(set), AttributeValue::N(part)) => set.binary_search(part).is_ok(),
        (AttributeValue::BS(set), AttributeValue::B(part)) => set.binary_search(part).is_ok(),
        (AttributeValue::L(list), part) => list.contains(part),
        _ => false,
    }
}
