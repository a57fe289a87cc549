//! DynamoDB's expressions of every kind, and what they make of an item.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidegate_dynamodb::model::expression::{Condition, ExpressionKind, KeyCondition, Projection, Substitutions, Update};
use tidegate_dynamodb::model::{AttributeValue, Attributes, Number};

fn item() -> Attributes {
    let list = AttributeValue::L(vec![AttributeValue::Null, AttributeValue::N(Number::from(1))]);
    let map = [("x".to_owned(), list)].into_iter().collect();
    [("m".to_owned(), AttributeValue::M(map)), ("s".to_owned(), AttributeValue::S("text".to_owned()))].into_iter().collect()
}

fuzz_target!(|text: &str| {
    let names = vec![("#n".to_owned(), "m".to_owned())];
    let values = vec![
        (":n".to_owned(), Ok(AttributeValue::N(Number::from(1)))),
        (":s".to_owned(), Ok(AttributeValue::SS(vec!["a".to_owned()]))),
    ];
    let Ok(mut known) = Substitutions::new(Some(names), Some(values)) else { return };
    let item = item();
    let _ = Condition::parse(text, ExpressionKind::Filter, &mut known).map(|c| c.holds(&item));
    let _ = Projection::parse(text, &mut known).map(|p| p.apply(&item));
    let _ = Update::parse(text, &mut known).map(|u| u.apply(&item));
    let _ = KeyCondition::parse(text, &mut known);
});
