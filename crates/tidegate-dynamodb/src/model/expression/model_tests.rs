//! The language against a slow and simple reading of it, and against noise.

use super::condition_tests::{item, substitutions};
use super::*;
use crate::model::{AttributeValue, Attributes, any_value};
use proptest::prelude::*;

/// A condition as a text and, beside it, what it means, written down without any of the code under test.
#[derive(Debug, Clone)]
enum Wish {
    Equal(&'static str, &'static str),
    Exists(&'static str),
    And(Box<Wish>, Box<Wish>),
    Or(Box<Wish>, Box<Wish>),
    Not(Box<Wish>),
}

impl Wish {
    fn text(&self) -> String {
        match self {
            Wish::Equal(name, value) => format!("{name} = {value}"),
            Wish::Exists(name) => format!("attribute_exists({name})"),
            Wish::And(a, b) => format!("{} AND {}", a.bracketed(), b.bracketed()),
            Wish::Or(a, b) => format!("{} OR {}", a.bracketed(), b.bracketed()),
            Wish::Not(a) => format!("NOT {}", a.bracketed()),
        }
    }

    fn bracketed(&self) -> String {
        match self {
            Wish::Equal(..) | Wish::Exists(_) => self.text(),
            _ => format!("({})", self.text()),
        }
    }

    fn meaning(&self, item: &Attributes) -> bool {
        match self {
            Wish::Equal(name, ":one") => item.iter().any(|(n, v)| n == *name && *v == AttributeValue::N(1.into())),
            Wish::Equal(name, _) => item.iter().any(|(n, v)| n == *name && *v == AttributeValue::S("a".into())),
            Wish::Exists(name) => item.iter().any(|(n, _)| n == *name),
            Wish::And(a, b) => a.meaning(item) & b.meaning(item),
            Wish::Or(a, b) => a.meaning(item) | b.meaning(item),
            Wish::Not(a) => !a.meaning(item),
        }
    }
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let name = || prop::sample::select(vec!["ua", "ub", "uc"]);
    let leaf = prop_oneof![
        (name(), prop::sample::select(vec![":one", ":a"])).prop_map(|(n, v)| Wish::Equal(n, v)),
        name().prop_map(Wish::Exists),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Wish::And(a.into(), b.into())),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Wish::Or(a.into(), b.into())),
            inner.prop_map(|a| Wish::Not(a.into())),
        ]
    })
}

fn any_item() -> impl Strategy<Value = Attributes> {
    let value = prop_oneof![Just(AttributeValue::N(1.into())), Just(AttributeValue::S("a".into())), any_value(),];
    prop::collection::vec((prop::sample::select(vec!["ua", "ub", "uc"]), value), 0..3)
        .prop_map(|pairs| pairs.into_iter().map(|(n, v)| (n.to_owned(), v)).collect())
}

/// Pieces of the language in any order.
fn any_soup() -> impl Strategy<Value = String> {
    let words = [
        "a",
        "b",
        ".",
        "[",
        "]",
        "0",
        "1",
        "(",
        ")",
        ",",
        "=",
        "<>",
        "<",
        "AND",
        "or",
        "NOT",
        "BETWEEN",
        "IN",
        ":one",
        ":a",
        "#n",
        "#",
        ":",
        "size",
        "contains",
        "attribute_exists",
        "SET",
        "REMOVE",
        "ADD",
        "DELETE",
        "+",
        "-",
        "if_not_exists",
        "list_append",
        "é",
        "\"",
        "name",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..16).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn conditions_mean_what_they_say(wish in any_wish(), item in any_item()) {
        let text = wish.text();
        let parsed = Condition::parse(&text, ExpressionKind::Filter, &mut substitutions());
        let parsed = parsed.map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
        prop_assert_eq!(parsed.holds(&item), wish.meaning(&item), "{}", text);
    }

    #[test]
    fn noise_never_panics(text in any_soup(), item in any_item()) {
        let mut s = substitutions();
        if let Ok(condition) = Condition::parse(&text, ExpressionKind::Condition, &mut s) {
            condition.holds(&item);
        }
        if let Ok(update) = Update::parse(&text, &mut s) {
            let _ = update.apply(&item);
        }
        let _ = Projection::parse(&text, &mut s).map(|p| p.apply(&item));
        let _ = KeyCondition::parse(&text, &mut s);
    }

    #[test]
    fn any_text_never_panics(text in ".{0,40}") {
        let mut s = substitutions();
        let _ = Condition::parse(&text, ExpressionKind::Condition, &mut s);
        let _ = Update::parse(&text, &mut s);
        let _ = Projection::parse(&text, &mut s);
    }

    #[test]
    fn setting_then_removing_leaves_the_rest(item in any_item(), name in prop::sample::select(vec!["ua", "ub", "ux"])) {
        let set = Update::parse(&format!("SET {name} = :one"), &mut substitutions()).unwrap().apply(&item).unwrap();
        prop_assert_eq!(set.get(name), Some(&AttributeValue::N(1.into())));
        let removed = Update::parse(&format!("REMOVE {name}"), &mut substitutions()).unwrap().apply(&set).unwrap();
        let mut expect = item;
        expect.remove(name);
        prop_assert_eq!(removed, expect);
    }

    #[test]
    fn projecting_every_attribute_shows_all(item in any_item()) {
        let all = Projection::parse("ua, ub, uc", &mut substitutions()).unwrap();
        prop_assert_eq!(all.apply(&item), item);
    }
}

#[test]
fn the_items_of_these_tests_are_items() {
    assert_eq!(item("{}"), Attributes::new());
}
