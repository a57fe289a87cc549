//! The reader against RFC 8259 and against serde_json.

use super::*;
use proptest::prelude::*;

fn skip(text: &str) -> Result<()> {
    let mut reader = Reader::new(text.as_bytes())?;
    reader.skip()?;
    reader.end()
}

#[test]
fn takes_what_rfc_8259_takes() {
    for text in
        ["{}", "[]", " [1, -0, 2.5e+3 ,\"a\\u00e9\\ud83d\\ude00\",{\"a\":[null,true]}] ", "\"\"", "0", "[[],{}]"]
    {
        assert_eq!(skip(text), Ok(()), "{text}");
    }
}

#[test]
fn refuses_what_it_does_not() {
    for text in [
        "",
        "{",
        "[1,]",
        "{\"a\"}",
        "{a:1}",
        "01",
        "1.",
        "\"\n\"",
        "\"\\x\"",
        "tru",
        "[1 2]",
        "{} {}",
        "]",
        "\"\\u12\"",
        "\0",
    ] {
        assert_eq!(skip(text), Err(SyntaxError::Malformed), "{text}");
    }
}

#[test]
fn strings_are_unescaped() {
    let read = |text: &str| Reader::new(text.as_bytes()).and_then(|mut r| r.string().map(Cow::into_owned));
    assert_eq!(read(r#""a\n\"\\\/\u00e9\ud83d\ude00z""#), Ok("a\n\"\\/é😀z".to_owned()));
    assert_eq!(read(r#""\ud83dx""#), Ok("\u{fffd}x".to_owned()));
}

proptest! {
    #[test]
    fn never_panics(text in ".*") {
        let _ = skip(&text);
    }

    #[test]
    fn agrees_with_serde(text in "[\\[\\]{},:\"a0-9.e\\\\n -]{0,24}") {
        let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        // serde_json refuses numbers beyond f64, which are JSON all the same.
        prop_assert!(skip(&text).is_ok() == theirs || text.contains('e'), "{}", text);
    }
}
