//! Numbers against the limits that AWS documents and a reference made of digit strings.

use super::*;
use proptest::prelude::*;

fn n(text: &str) -> Number {
    Number::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn reads_back_as_aws_writes() {
    let nines = "9".repeat(38);
    let cases = [
        ("0", "0"),
        ("-0", "0"),
        ("+1", "1"),
        ("007", "7"),
        ("1.500", "1.5"),
        ("1.5E2", "150"),
        ("1e3", "1000"),
        ("-12.5e-3", "-0.0125"),
        (".5", "0.5"),
        ("5.", "5"),
        ("100", "100"),
        ("0e125", "0"),
        (&nines, &nines),
        ("1e-5", "0.00001"),
    ];
    for (text, expect) in cases {
        assert_eq!(n(text).to_string(), *expect, "{text}");
    }
    assert_eq!(n("9.9e125").to_string(), format!("99{}", "0".repeat(124)));
    assert_eq!(n("1e-130").to_string(), format!("0.{}1", "0".repeat(129)));
    // Trailing zeros do not count among the 38 digits.
    assert_eq!(n(&format!("{}000", "9".repeat(38))).to_string(), format!("{}000", "9".repeat(38)));
}

#[test]
fn refuses_with_the_reason() {
    use NumberError::*;
    let cases = [
        ("", NotNumeric),
        ("-", NotNumeric),
        (".", NotNumeric),
        ("e5", NotNumeric),
        ("1e", NotNumeric),
        ("1 ", NotNumeric),
        ("0x1", NotNumeric),
        ("1,5", NotNumeric),
        ("NaN", NotNumeric),
        ("Infinity", NotNumeric),
        ("1e99999999999999999999", NotNumeric),
        ("1e3000000000", Overflow),
        ("1e-3000000000", Underflow),
        ("1e126", Overflow),
        ("-1e126", Overflow),
        ("0e126", Overflow),
        ("0e-131", Underflow),
        ("1e-131", Underflow),
        ("123456789012345678901234567890123456789", TooPrecise),
        ("1.00000000000000000000000000000000000001", TooPrecise),
    ];
    for (text, expect) in cases {
        assert_eq!(Number::parse(text), Err(expect), "{text}");
    }
}

#[test]
fn sizes_count_digit_pairs() {
    let cases =
        [("0", 1), ("1", 2), ("12", 2), ("123", 3), ("100", 2), ("-1", 3), ("1.5", 3), ("0.001", 2), ("10.01", 3)];
    for (text, expect) in cases {
        assert_eq!(n(text).size(), expect, "{text}");
    }
}

#[test]
fn adds_exactly_or_not_at_all() {
    assert_eq!(n("0.1").plus(n("0.2")).unwrap(), n("0.3"));
    assert_eq!(n("1").minus(n("1")).unwrap(), Number::ZERO);
    assert_eq!(n("-5").plus(n("3")).unwrap(), n("-2"));
    assert_eq!(n("1e38").minus(n("1")).unwrap(), n(&"9".repeat(38)));
    assert_eq!(n("1e38").plus(n("1")), Err(NumberError::TooPrecise));
    assert_eq!(n("1e125").plus(n("1e-130")), Err(NumberError::TooPrecise));
    assert_eq!(n("9.9e125").plus(n("9.9e125")), Err(NumberError::Overflow));
}

fn any_number() -> impl Strategy<Value = Number> {
    (any::<bool>(), 0u128..10u128.pow(38), -60i64..60, 0u32..38)
        .prop_map(|(negative, m, e, cut)| Number::from_parts(negative, m / 10u128.pow(cut), e).unwrap())
}

fn key(number: Number) -> Vec<u8> {
    let mut out = Vec::new();
    number.encode_key(&mut out);
    out
}

/// Digits before and after a fixed point, as one string that compares as text.
fn fixed(number: Number) -> String {
    let text = number.to_string();
    let (whole, fraction) =
        text.trim_start_matches('-').split_once('.').map_or((text.trim_start_matches('-'), ""), |p| p);
    format!("{whole:0>130}.{fraction:0<140}")
}

proptest! {
    #[test]
    fn parsing_never_panics(text in "[-+0-9.eE]{0,60}") {
        let _ = Number::parse(&text);
    }

    #[test]
    fn writes_what_it_reads(number in any_number()) {
        prop_assert_eq!(Number::parse(&number.to_string()), Ok(number));
    }

    #[test]
    fn orders_as_text_and_keys_do(a in any_number(), b in any_number()) {
        let reference = match (a < Number::ZERO, b < Number::ZERO) {
            (false, false) => fixed(a).cmp(&fixed(b)),
            (true, true) => fixed(b).cmp(&fixed(a)),
            (x, y) => y.cmp(&x),
        };
        prop_assert_eq!(a.cmp(&b), reference);
        prop_assert_eq!(key(a).cmp(&key(b)), reference);
    }

    #[test]
    fn sums_of_integers_agree(a in -1i64..i64::MAX, b in i64::MIN..1) {
        let sum = n(&a.to_string()).plus(n(&b.to_string())).unwrap();
        prop_assert_eq!(sum.to_string(), (i128::from(a) + i128::from(b)).to_string());
    }
}
