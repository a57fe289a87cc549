//! Tables of cases; the examples follow the rules of AWS' page on filter pattern syntax.

use super::{Pattern, PatternError};
use proptest::prelude::*;

fn check(cases: &[(&str, &str, bool)]) {
    for (pattern, message, expected) in cases {
        let parsed = Pattern::parse(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
        assert_eq!(parsed.matches(message), *expected, "{pattern} on {message}");
    }
}

#[test]
fn terms() {
    check(&[
        ("", "anything", true),
        ("  ", "", true),
        ("ERROR", "[ERROR 400] BAD REQUEST", true),
        ("ERROR", "[error 400] BAD REQUEST", false),
        ("ERROR", "an ERRORS", true),
        ("ERROR ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS", true),
        ("ERROR ARGUMENTS", "[ERROR 400] BAD REQUEST", false),
        ("?ERROR ?WARN", "a WARN b", true),
        ("?ERROR ?WARN", "an ERROR", true),
        ("?ERROR ?WARN", "INFO", false),
        // Optional terms beside others count for nothing.
        ("request ?WARN", "a request", true),
        ("ERROR -EXITING", "[ERROR] x", true),
        ("ERROR -EXITING", "[ERROR] EXITING x", false),
        ("-EXITING", "x", true),
        ("\"INTERNAL SERVER ERROR\"", "500 INTERNAL SERVER ERROR", true),
        ("\"INTERNAL SERVER ERROR\"", "INTERNAL  SERVER ERROR", false),
        (r#""say \"hi\"""#, r#"they say "hi""#, true),
        ("-\"a b\" c", "a b c", false),
        ("-\"a b\" c", "c a", true),
        ("%AUTHORIZED%", "[ERROR 401] UNAUTHORIZED REQUEST", true),
        ("%^.*40[0-3].*$%", "ERROR 402 x", true),
        ("%^.*40[0-3].*$%", "ERROR 404 x", false),
        (r"%\d{3}%", "abc 123", true),
        (r"%\d{3}%", "abc 12", false),
    ]);
}

#[test]
fn json() {
    let event = r#"{"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","latency":250.5,"ok":true,"gone":null,
        "deep":{"er":[{"id":2},{"id":9}]},"code":"404","big":1e3}"#;
    let cases = [
        ("{ $.eventType = \"UpdateTrail\" }", true),
        ("{ $.eventType = UpdateTrail }", true),
        ("{$.eventType=UpdateTrail}", true),
        ("{ $.eventType = \"Update*\" }", true),
        ("{ $.eventType = \"*Trail\" }", true),
        ("{ $.eventType = \"U*d*il\" }", true),
        ("{ $.eventType = \"U*x*il\" }", false),
        ("{ $.eventType != \"UpdateTrail\" }", false),
        ("{ $.eventType != \"Other\" }", true),
        ("{ $.missing != \"Other\" }", false),
        ("{ $.sourceIPAddress = 111.111.* }", true),
        ("{ $.sourceIPAddress != 123.123.* }", true),
        ("{ $.sourceIPAddress = %111\\.111% }", true),
        ("{ $.sourceIPAddress = %^1{4}$% }", false),
        ("{ $.latency > 250 }", true),
        ("{ $.latency >= 250.5 }", true),
        ("{ $.latency <= 250.4 }", false),
        ("{ $.latency < 1e3 }", true),
        ("{ $.big = 1000 }", true),
        ("{ $.code = 404 }", true),
        ("{ $.eventType > 1 }", false),
        ("{ $.ok IS TRUE }", true),
        ("{ $.ok IS FALSE }", false),
        ("{ $.ok is true }", true),
        ("{ $.gone IS NULL }", true),
        ("{ $.missing IS NULL }", false),
        ("{ $.missing NOT EXISTS }", true),
        ("{ $.gone NOT EXISTS }", false),
        ("{ $.deep.er[1].id = 9 }", true),
        ("{ $.deep.er[0].id = 9 }", false),
        ("{ $.deep.er[*].id = 9 }", true),
        ("{ $.deep['er'][0]['id'] = 2 }", true),
        ("{ $.deep = 1 }", false),
        ("{ $.ok IS TRUE && $.latency > 1000 }", false),
        ("{ $.ok IS TRUE && $.latency > 1000 || $.code = 404 }", true),
        ("{ $.ok IS FALSE && ($.latency > 1000 || $.code = 404) }", false),
        ("{ ($.ok IS TRUE) && ($.latency > 1000 || ($.code = 404)) }", true),
    ];
    for (pattern, expected) in cases {
        check(&[(pattern, event, expected)]);
    }
    check(&[("{ $.a = 1 }", "no json", false), ("{ $.a = 1 }", "[1]", false)]);
}

#[test]
fn fields() {
    let line = r#"127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#;
    check(&[
        ("[ip, user, username, timestamp, request, status_code = 4*, bytes]", line, true),
        ("[ip, user, username, timestamp, request, status_code = 5*, bytes]", line, false),
        ("[ip, user, username, timestamp, request, status_code, bytes > 1000]", line, true),
        ("[ip, user, username, timestamp, request, status_code, bytes > 2000]", line, false),
        ("[ip, user, username, timestamp, request =*html*, status_code = 4*, bytes]", line, true),
        ("[..., status_code = 404, bytes]", line, true),
        ("[..., status_code = 404]", line, false),
        ("[ip, user, ...]", line, true),
        ("[ip = 127.0.0.1, ..., bytes = 1534]", line, true),
        ("[ip, user]", line, false),
        ("[..., s = 404 || s = 410, bytes]", line, true),
        ("[..., s = 500 || s = 410, bytes]", line, false),
        ("[..., s != 500 && s != 404, bytes]", line, false),
        ("[..., s = %4[0-9]{2}%, b]", line, true),
        ("[w1 = ERROR, w2]", "ERROR x", true),
        ("[w1 = ERROR && w1 != \"E\", w2]", "ERROR x", true),
        ("[w1 != ERROR, w2]", "ERROR x", false),
        ("[, b = 2]", "1 2", true),
        ("[a, b, c, d, e, f, g]", line, true),
        ("[a, b]", "\"unclosed [x", true),
        ("[a, b, c]", "é ü [", true),
    ]);
}

#[test]
fn refuses() {
    let syntax = [
        "\"open",
        "{",
        "{}",
        "{ $.a }",
        "{ $.a = }",
        "{ $.a = 1",
        "{ $.a = 1 } x",
        "{ a = 1 }",
        "{ $ = 1 }",
        "{ $.a > x }",
        "{ $.a IS MAYBE }",
        "{ $.a NOT }",
        "{ $.a[x] = 1 }",
        "{ $.a[1 = 1 }",
        "{ $..a = 1 }",
        "{ ($.a = 1 }",
        "{ $.a[*].b[*] = 1 }",
        "[",
        "[a",
        "[a=]",
        "[..., ...]",
        "[a] b",
        "[a=1 && b=2]",
        "[a > x]",
        "?",
        "- a",
        "%x",
        "{ $.a = 1 && }",
    ];
    for pattern in syntax {
        assert!(matches!(Pattern::parse(pattern), Err(PatternError::Syntax)), "{pattern}");
    }
    for pattern in ["%a!%", "%(a)%", "%ä%", "%[%", "%%", "%a{1000}{1000}{1000}%"] {
        assert!(matches!(Pattern::parse(pattern), Err(PatternError::Regex(_))), "{pattern}");
    }
    assert_eq!(Pattern::parse("%a% %b% %c%").err(), Some(PatternError::RegexCount));
    assert_eq!(Pattern::parse("a-b").err().map(|e| e.to_string()), Some("Invalid character(s) in term 'a-b'".into()));
    let deep = format!("{{ {} $.a = 1 {} }}", "(".repeat(500), ")".repeat(500));
    assert!(Pattern::parse(&deep).is_err());
}

#[test]
fn extracts() {
    let json = Pattern::parse("{ $.a.b = 1 && $.c = x* }").expect("a pattern");
    let values = json.extract(r#"{"a":{"b":1},"c":"xyz"}"#).expect("a match");
    assert_eq!(values, [("$.a.b", "1"), ("$.c", "xyz")].map(|(k, v)| (k.to_owned(), v.to_owned())).into());
    let fields = Pattern::parse("[a, , ..., z]").expect("a pattern");
    let values = fields.extract("1 2 3 4 5").expect("a match");
    assert_eq!(values, [("$a", "1"), ("$2", "2"), ("$z", "5")].map(|(k, v)| (k.to_owned(), v.to_owned())).into());
    assert_eq!(json.extract("{}"), None);
}

proptest! {
    #[test]
    fn never_panics(pattern in r#"[\[{]?[ a-z$.,=!<>&|()*%"\[\]{}?\\-]{0,60}[\]}]?"#, message in ".{0,80}") {
        if let Ok(parsed) = Pattern::parse(&pattern) {
            parsed.extract(&message);
        }
    }

    #[test]
    fn any_text_in_quotes_finds_itself(text in "[^\"\\\\]{1,30}") {
        let parsed = Pattern::parse(&format!("\"{text}\"")).expect("a quoted phrase");
        let message = format!("before {text} after");
        prop_assert!(parsed.matches(&message));
    }
}
