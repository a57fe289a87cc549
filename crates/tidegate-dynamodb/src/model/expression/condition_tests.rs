//! Conditions, projections and key conditions: what they find, and AWS' words for what is wrong with them.
//! Meanings from <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html>.

use super::*;
use crate::error::Error;
use crate::json::Reader;
use crate::model::{AttributeValue, Attributes, Faults, read_attributes};

pub(crate) fn item(json: &str) -> Attributes {
    read_attributes(&mut Reader::new(json.as_bytes()).unwrap(), &mut Faults::default()).unwrap()
}

/// `#n` stands for `name`, `#s` for `size`; the values are those of [`VALUES`].
pub(crate) fn substitutions() -> Substitutions {
    let names = [("#n", "name"), ("#s", "size"), ("#dotted", "a.b")];
    let names = names.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
    let values: Vec<(String, Result<AttributeValue, Error>)> =
        item(VALUES).into_iter().map(|(k, v)| (k, Ok(v))).collect();
    Substitutions::new(Some(names), Some(values)).unwrap()
}

const VALUES: &str = r#"{":one":{"N":"1"},":two":{"N":"2"},":a":{"S":"a"},":b":{"S":"b"},":ab":{"S":"ab"},":t":{"BOOL":true},
    ":set":{"SS":["a","b"]},":ns":{"NS":["1.0","2"]},":list":{"L":[{"N":"1"},{"S":"a"}]},":map":{"M":{"x":{"N":"1"}}},
    ":null":{"NULL":true},":S":{"S":"S"},":B":{"S":"B"},":bin":{"B":"YWI="},":bina":{"B":"YQ=="},":empty":{"S":""},
    ":emoji":{"S":"😀"},":three":{"N":"3"}}"#;

const ITEM: &str = r#"{"pk":{"S":"p"},"n":{"N":"1"},"big":{"N":"10"},"s":{"S":"abc"},"e":{"S":"😀é"},"bytes":{"B":"YWJj"},
    "tags":{"SS":["b","a"]},"nums":{"NS":["1","2.0"]},"l":{"L":[{"N":"1"},{"S":"a"},{"M":{"x":{"N":"7"}}}]},
    "m":{"M":{"x":{"N":"1"},"y":{"M":{"z":{"S":"deep"}}}}},"flag":{"BOOL":true},"nil":{"NULL":true},
    "name":{"S":"N"},"size":{"N":"5"},"a.b":{"S":"dot"}}"#;

fn parse(text: &str) -> Result<Condition, String> {
    let kind = ExpressionKind::Condition;
    Condition::parse(text, kind, &mut substitutions()).map_err(|e| Error::Expression(kind, e).to_string())
}

#[test]
fn conditions_find_what_the_guide_says() {
    let it = item(ITEM);
    let cases = [
        ("n = :one", true),
        ("n = :two", false),
        ("n <> :two", true),
        ("absent <> :two", true),
        ("absent = :two", false),
        ("absent < :two", false),
        ("n < :two", true),
        ("n <= :one", true),
        ("n > :one", false),
        ("big > :two", true),
        ("s < :b", true),
        ("s > n", false),
        (":one = n", true),
        (":two > n", true),
        ("n BETWEEN :one AND :two", true),
        ("big between :one and :two", false),
        ("s IN (:a, :b)", false),
        ("n IN (:a, :two, :one)", true),
        ("attribute_exists(m.y.z)", true),
        ("attribute_exists(m.y.q)", false),
        ("attribute_not_exists(l[3])", true),
        ("attribute_exists(l[2].x)", true),
        ("attribute_type(s, :S)", true),
        ("attribute_type(s, :B)", false),
        ("begins_with(s, :ab)", true),
        ("begins_with(s, :b)", false),
        ("begins_with(bytes, :bina)", true),
        ("contains(s, :b)", true),
        ("contains(tags, :b)", true),
        ("contains(tags, :ab)", false),
        ("contains(nums, :one)", true),
        ("contains(l, :a)", true),
        ("contains(l, :b)", false),
        ("contains(bytes, :bin)", true),
        ("contains(n, :one)", false),
        ("size(s) = :three", true),
        // Two UTF-16 units for the emoji, one for é.
        ("size(e) = :three", true),
        ("size(tags) = :two", true),
        ("size(m) = :two", true),
        ("size(n) = :one", false),
        ("tags = :set", true),
        ("nums = :ns", true),
        ("m.x = :one", true),
        ("NOT n = :one", false),
        ("NOT (n = :one AND s = :a)", true),
        ("n = :two OR n = :one AND s = :ab", false),
        ("n = :one OR n = :one AND s = :ab", true),
        ("(n = :two OR n = :one) AND attribute_exists(s)", true),
        ("(n) = (:one)", true),
        ("(size(s)) > :two", true),
        ("#n = :a OR #s > :one", true),
        ("attribute_exists(#dotted)", true),
        ("flag = :t", true),
        ("nil = :null", true),
    ];
    for (text, expect) in cases {
        assert_eq!(parse(text).map(|c| c.holds(&it)), Ok(expect), "{text}");
    }
}

/// Conditions, and what is wrong with them.
const WRONG: &[(&str, &str)] = &[
    ("", "The expression can not be empty;"),
    ("   ", "The expression can not be empty;"),
    ("whatever bla", r#"Syntax error; token: "bla", near: "whatever bla""#),
    ("n", r#"Syntax error; token: "<EOF>", near: "n""#),
    ("n = ", r#"Syntax error; token: "<EOF>", near: "= ""#),
    ("n = :one AND", r#"Syntax error; token: "<EOF>", near: "AND""#),
    ("n == :one", r#"Syntax error; token: "=", near: "== :one""#),
    ("AND = :one", r#"Syntax error; token: "AND", near: "AND =""#),
    ("n = :one)", r#"Syntax error; token: ")", near: ":one)""#),
    ("(n = :one", r#"Syntax error; token: "<EOF>", near: ":one""#),
    ("n ! :one", r#"Syntax error; token: "!", near: "n ! :one""#),
    ("_n = :one", r#"Syntax error; token: "_n", near: "_n =""#),
    ("l[-1] = :one", r#"Syntax error; token: "-", near: "[-1""#),
    ("n = :one OR s", r#"Syntax error; token: "<EOF>", near: "s""#),
    ("((n = :one))", "The expression has redundant parentheses;"),
    ("((n)) = :one", "The expression has redundant parentheses;"),
    ("n = ((:one))", "The expression has redundant parentheses;"),
    ("foo(n)", "Invalid function name; function: foo"),
    ("SIZE(n) = :one", "Invalid function name; function: SIZE"),
    ("if_not_exists(n, :one)", "The function is not allowed in a condition expression; function: if_not_exists"),
    ("size(s)", "The function is not allowed to be used this way in an expression; function: size"),
    ("NOT size(s)", "The function is not allowed to be used this way in an expression; function: size"),
    (
        "attribute_exists(s) = :t",
        "The function is not allowed to be used this way in an expression; function: attribute_exists",
    ),
    ("name = :a", "Attribute name is a reserved keyword; reserved keyword: name"),
    ("m.Status = :a", "Attribute name is a reserved keyword; reserved keyword: Status"),
    ("#x = :a", "An expression attribute name used in the document path is not defined; attribute name: #x"),
    ("n = :x", "An expression attribute value used in expression is not defined; attribute value: :x"),
    (
        "attribute_exists(n, s)",
        "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
    ),
    (
        "begins_with(s)",
        "Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1",
    ),
    ("attribute_exists(:a)", "Operator or function requires a document path; operator or function: attribute_exists"),
    (
        "begins_with(s, :one)",
        "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
    ),
    (
        "size(:one) = :one",
        "Incorrect operand type for operator or function; operator or function: size, operand type: N",
    ),
    ("n < :t", "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL"),
    (
        "attribute_type(s, :one)",
        "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N",
    ),
    (
        "attribute_type(s, :a)",
        "Invalid attribute type name found; type: a, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
    ),
    (
        "m.x = m.x",
        "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [m, x]",
    ),
    (
        "n BETWEEN :two AND :one",
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}",
    ),
    (
        "n BETWEEN :one AND :a",
        "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}",
    ),
];

#[test]
fn wrong_conditions_are_told_as_aws_tells_them() {
    for (text, expect) in WRONG {
        let expect = format!("Invalid ConditionExpression: {expect}");
        assert_eq!(parse(text).map_err(|e| e.to_string()), Err(expect), "{text}");
    }
}

#[test]
fn limits_hold() {
    let long = format!("n = :one{}", " ".repeat(4096));
    assert!(parse(&long).unwrap_err().contains("exceeded the maximum allowed size; expression size: 4104"));
    let many = vec!["n=:one"; 302].join(" OR ");
    assert!(parse(&many).unwrap_err().contains("too many operators"));
    let deep = format!("{}n = :one{}", "(".repeat(2000), ")".repeat(2000));
    assert!(parse(&deep).is_err());
    let list = vec![":one"; 101].join(",");
    assert!(parse(&format!("n IN ({list})")).is_err());
}

#[test]
fn projections_show_parts() {
    let it = item(ITEM);
    let cases = [
        ("n", r#"{"n":{"N":"1"}}"#),
        ("n, s", r#"{"n":{"N":"1"},"s":{"S":"abc"}}"#),
        ("m.y.z", r#"{"m":{"M":{"y":{"M":{"z":{"S":"deep"}}}}}}"#),
        ("l[1], l[0]", r#"{"l":{"L":[{"N":"1"},{"S":"a"}]}}"#),
        ("l[2].x, l[9]", r#"{"l":{"L":[{"M":{"x":{"N":"7"}}}]}}"#),
        ("absent, m.q, n.x", "{}"),
        ("#n, #dotted", r#"{"name":{"S":"N"},"a.b":{"S":"dot"}}"#),
    ];
    for (text, expect) in cases {
        let projection = Projection::parse(text, &mut substitutions()).unwrap();
        assert_eq!(projection.apply(&it), item(expect), "{text}");
    }
}

#[test]
fn wrong_projections_are_told() {
    let cases = [
        ("", "The expression can not be empty;"),
        ("n,", r#"Syntax error; token: "<EOF>", near: ",""#),
        ("n s", r#"Syntax error; token: "s", near: "n s""#),
        ("name", "Attribute name is a reserved keyword; reserved keyword: name"),
        (
            "n, n",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n]",
        ),
        (
            "m.x, m",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m]",
        ),
        (
            "l[0], l.x",
            "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [l, [0]], path two: [l, x]",
        ),
    ];
    for (text, expect) in cases {
        let told = Projection::parse(text, &mut substitutions()).map_err(|e| e.to_string());
        assert_eq!(told, Err(expect.to_owned()), "{text}");
    }
}

#[test]
fn key_conditions_become_tests() {
    let parse = |text: &str| KeyCondition::parse(text, &mut substitutions()).map_err(|e| e.to_string());
    let found = parse("pk = :a AND sk BETWEEN :a AND :b").unwrap();
    assert_eq!(found.test("pk").map(|t| t.values().len()), Some(1));
    assert_eq!(found.test("sk").map(|t| t.values().len()), Some(2));
    let mirrored = parse(":a < sk AND (pk = :b)").unwrap();
    assert!(matches!(mirrored.test("sk"), Some(KeyTest::Compare(Comparator::Greater, _))));
    let cases = [
        ("pk = :a OR sk = :b", "Invalid operator used in KeyConditionExpression: OR"),
        ("NOT pk = :a", "Invalid operator used in KeyConditionExpression: NOT"),
        ("pk <> :a", "Invalid operator used in KeyConditionExpression: <>"),
        ("pk IN (:a)", "Invalid operator used in KeyConditionExpression: IN"),
        ("contains(pk, :a)", "Invalid operator used in KeyConditionExpression: contains"),
        ("attribute_exists(pk)", "Invalid operator used in KeyConditionExpression: attribute_exists"),
        ("pk = :a AND size(sk) = :one", "KeyConditionExpressions cannot contain nested operations"),
        ("pk.x = :a", "KeyConditionExpressions cannot have conditions on nested attributes"),
        ("pk = sk", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"),
        (":a = :a", "Invalid condition in KeyConditionExpression: No key attribute specified"),
        ("pk = :a AND pk = :b", "KeyConditionExpressions must only contain one condition per key"),
    ];
    for (text, expect) in cases {
        assert_eq!(parse(text), Err(expect.to_owned()), "{text}");
    }
}

#[test]
fn definitions_are_checked() {
    let names = |k: &str, v: &str| Some(vec![(k.to_owned(), v.to_owned())]);
    let told = |s: Result<Substitutions, Error>| s.map(|_| ()).map_err(|e| e.to_string());
    assert_eq!(told(Substitutions::new(Some(vec![]), None)), Err("ExpressionAttributeNames must not be empty".into()));
    assert_eq!(told(Substitutions::new(None, Some(vec![]))), Err("ExpressionAttributeValues must not be empty".into()));
    assert_eq!(
        told(Substitutions::new(names("a", "b"), None)),
        Err("ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\"".into())
    );
    assert!(Substitutions::new(names(&format!("#{}", "a".repeat(255)), "b"), None).is_err());
    let mut used = Substitutions::new(names("#a", "b"), None).unwrap();
    assert_eq!(
        used.check_used().map_err(|e| e.to_string()),
        Err("Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}".into())
    );
    used.name("#a").unwrap();
    assert_eq!(used.check_used(), Ok(()));
}
