//! Updates: what they make of an item, and AWS' words for what is wrong with them.
//! Meanings from <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html>.

use super::condition_tests::{item, substitutions};
use super::*;
use crate::error::Error;

const ITEM: &str = r#"{"n":{"N":"1"},"s":{"S":"abc"},"tags":{"SS":["a","b"]},"l":{"L":[{"N":"1"},{"S":"a"},{"S":"z"}]},
    "m":{"M":{"x":{"N":"1"}}}}"#;

fn parse(text: &str) -> Result<Update, String> {
    let told = |e| Error::Expression(ExpressionKind::Update, e).to_string();
    Update::parse(text, &mut substitutions()).map_err(told)
}

#[test]
fn updates_change_the_item() {
    // Only the attributes that differ from ITEM; null stands for none.
    let cases = [
        ("SET n = :two", r#"{"n":{"N":"2"}}"#, ""),
        ("set n = n + :one", r#"{"n":{"N":"2"}}"#, ""),
        ("SET n = :one - :two", r#"{"n":{"N":"-1"}}"#, ""),
        ("SET n = (n + :one)", r#"{"n":{"N":"2"}}"#, ""),
        ("SET q = if_not_exists(q, :a), s = if_not_exists(s, :a)", r#"{"q":{"S":"a"}}"#, ""),
        ("SET n = if_not_exists(q, :two) + n", r#"{"n":{"N":"3"}}"#, ""),
        // Every action sees the item as it was.
        ("SET n = :two, q = n", r#"{"n":{"N":"2"},"q":{"N":"1"}}"#, ""),
        ("SET m.y = s, m.x = :two", r#"{"m":{"M":{"x":{"N":"2"},"y":{"S":"abc"}}}}"#, ""),
        ("SET l[1] = :b", r#"{"l":{"L":[{"N":"1"},{"S":"b"},{"S":"z"}]}}"#, ""),
        ("SET l[9] = :b, l[5] = :a", r#"{"l":{"L":[{"N":"1"},{"S":"a"},{"S":"z"},{"S":"a"},{"S":"b"}]}}"#, ""),
        ("SET l = list_append(l, :list)", r#"{"l":{"L":[{"N":"1"},{"S":"a"},{"S":"z"},{"N":"1"},{"S":"a"}]}}"#, ""),
        (
            "SET q = list_append(:list, if_not_exists(q, :list))",
            r#"{"q":{"L":[{"N":"1"},{"S":"a"},{"N":"1"},{"S":"a"}]}}"#,
            "",
        ),
        ("REMOVE n, q", "{}", "n"),
        ("REMOVE l[0], l[2]", r#"{"l":{"L":[{"S":"a"}]}}"#, ""),
        ("REMOVE m.x", r#"{"m":{"M":{}}}"#, ""),
        ("ADD n :two, q :one", r#"{"n":{"N":"3"},"q":{"N":"1"}}"#, ""),
        ("ADD tags :set, q :set", r#"{"q":{"SS":["a","b"]}}"#, ""),
        ("DELETE tags :set", "{}", "tags"),
        ("DELETE q :set", "{}", ""),
        ("REMOVE s SET n = :two", r#"{"n":{"N":"2"}}"#, "s"),
        ("SET #n = :a REMOVE #s", r#"{"name":{"S":"a"}}"#, ""),
    ];
    for (text, changed, removed) in cases {
        let mut expect = item(ITEM);
        item(changed).into_iter().for_each(|(name, value)| drop(expect.insert(name, value)));
        expect.remove(removed);
        assert_eq!(parse(text).map(|u| u.apply(&item(ITEM))), Ok(Ok(expect)), "{text}");
    }
}

#[test]
fn updates_that_do_not_fit_the_item() {
    let cases = [
        ("SET q.x = :one", UpdateFailure::Path),
        ("SET n.x = :one", UpdateFailure::Path),
        ("SET m[0] = :one", UpdateFailure::Path),
        ("REMOVE q.x", UpdateFailure::Path),
        ("SET n = q", UpdateFailure::Missing),
        ("SET n = q + :one", UpdateFailure::Missing),
        ("SET n = s + :one", UpdateFailure::Operand),
        ("SET l = list_append(s, :list)", UpdateFailure::Operand),
        ("ADD s :one", UpdateFailure::Operand),
        ("ADD n :set", UpdateFailure::Operand),
        ("DELETE s :set", UpdateFailure::Operand),
    ];
    for (text, expect) in cases {
        assert_eq!(parse(text).map(|u| u.apply(&item(ITEM))), Ok(Err(expect)), "{text}");
    }
}

#[test]
fn wrong_updates_are_told_as_aws_tells_them() {
    let cases = [
        ("", "The expression can not be empty;"),
        ("whatever", r#"Syntax error; token: "whatever", near: "whatever""#),
        ("SET", r#"Syntax error; token: "<EOF>", near: "SET""#),
        ("SET n", r#"Syntax error; token: "<EOF>", near: "n""#),
        ("SET n = :one,", r#"Syntax error; token: "<EOF>", near: ",""#),
        ("SET n = :one + :two + :one", r#"Syntax error; token: "+", near: ":two + :one""#),
        ("ADD n n", r#"Syntax error; token: "n", near: "n n""#),
        ("SET set = :one", r#"Syntax error; token: "set", near: "SET set =""#),
        ("SET name = :one", "Attribute name is a reserved keyword; reserved keyword: name"),
        ("SET n = foo(n)", "Invalid function name; function: foo"),
        ("SET n = size(n)", "The function is not allowed in an update expression; function: size"),
        ("SET n = :one SET s = :a", r#"The "SET" section can only be used once in an update expression;"#),
        ("SET #x = :one", "An expression attribute name used in the document path is not defined; attribute name: #x"),
        ("SET n = :x", "An expression attribute value used in expression is not defined; attribute value: :x"),
        (
            "SET n = :one, n = :two",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n]",
        ),
        (
            "SET m.x = :one REMOVE m",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m]",
        ),
        (
            "SET m.x = :one, m[1] = :one",
            "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m, [1]]",
        ),
        (
            "ADD n :a",
            "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
        ),
        (
            "DELETE n :one",
            "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND",
        ),
        ("SET n = n + :a", "Incorrect operand type for operator or function; operator or function: +, operand type: S"),
        (
            "SET n = list_append(n, :a)",
            "Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
        ),
        (
            "SET n = if_not_exists(n)",
            "Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1",
        ),
        (
            "SET n = if_not_exists(:one, n)",
            "Operator or function requires a document path; operator or function: if_not_exists",
        ),
        ("REMOVE l[2147483648]", "List index is not within the allowable range; index: [2147483648]"),
        (
            "REMOVE l[99999999999999999999]",
            "List index is not within the allowable range; index: [99999999999999999999]",
        ),
    ];
    for (text, expect) in cases {
        assert_eq!(parse(text), Err(format!("Invalid UpdateExpression: {expect}")), "{text}");
    }
}
