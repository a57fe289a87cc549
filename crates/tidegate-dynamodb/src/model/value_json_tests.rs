//! Values through JSON and the stored form, and the faults that AWS names.

use super::*;
use crate::model::stored;
use proptest::prelude::*;

fn read(text: &str) -> Result<AttributeValue, Error> {
    let mut faults = Faults::default();
    let mut reader = Reader::new(text.as_bytes())?;
    let value = read_value(&mut reader, &mut faults)?;
    reader.end()?;
    faults.check().map(|()| value)
}

#[test]
fn faults_have_aws_texts() {
    let invalid = "One or more parameter values were invalid: ";
    let cases = [
        ("{}", "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes".to_owned()),
        (
            r#"{"S":"a","N":"1"}"#,
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes".to_owned(),
        ),
        (r#"{"NULL":false}"#, format!("{invalid}Null attribute value types must have the value of true")),
        (r#"{"SS":[]}"#, format!("{invalid}An string set  may not be empty")),
        (r#"{"NS":[]}"#, format!("{invalid}An number set  may not be empty")),
        (r#"{"BS":[]}"#, format!("{invalid}Binary sets should not be empty")),
        (r#"{"SS":["b","a","b"]}"#, format!("{invalid}Input collection [b, a, b] contains duplicates.")),
        (r#"{"NS":["1","1.0"]}"#, "Input collection contains duplicates".to_owned()),
        (r#"{"BS":["YQ==","YQ=="]}"#, format!("{invalid}Input collection [YQ==, YQ==]of type BS contains duplicates.")),
        (r#"{"SS":[""]}"#, format!("{invalid}An string set may not have a empty string as a member")),
        (r#"{"N":"x"}"#, "The parameter cannot be converted to a numeric value: x".to_owned()),
        (r#"{"N":""}"#, "The parameter cannot be converted to a numeric value".to_owned()),
        (r#"{"N":5}"#, "NUMBER_VALUE cannot be converted to String".to_owned()),
        (r#"{"S":{}}"#, "Start of structure or map found where not expected".to_owned()),
        (r#"{"B":"!"}"#, "Invalid Base64 encoding".to_owned()),
    ];
    for (text, expect) in cases {
        assert_eq!(read(text).map_err(|e| e.to_string()), Err(expect), "{text}");
    }
}

#[test]
fn nesting_ends_at_32_levels() {
    let nested =
        |levels: usize| format!("{}{}{}", "{\"L\":[".repeat(levels - 1), "{\"S\":\"x\"}", "]}".repeat(levels - 1));
    assert_eq!(read(&nested(32)).map(|v| v.levels()), Ok(32));
    assert_eq!(
        read(&nested(33)).map_err(|e| e.to_string()),
        Err("Nesting Levels have exceeded supported limits".into())
    );
    // Far beyond, the reader's own stack must hold.
    assert!(read(&nested(100_000)).is_err());
}

#[test]
fn container_sizes_follow_the_guide() {
    let size = |text: &str| read(text).unwrap().size();
    assert_eq!(size(r#"{"L":[]}"#), 3);
    assert_eq!(size(r#"{"M":{"ab":{"S":"xyz"}}}"#), 3 + 1 + 2 + 3);
    assert_eq!(size(r#"{"BOOL":true}"#), 1);
    assert_eq!(size(r#"{"S":"é"}"#), 2);
}

/// Any value with at most four levels.
pub(crate) fn any_value() -> impl Strategy<Value = AttributeValue> {
    let number =
        || (any::<bool>(), any::<u64>(), -20i64..20).prop_map(|(s, m, e)| Number::from_parts(s, m.into(), e).unwrap());
    let leaf = prop_oneof![
        ".{0,6}".prop_map(AttributeValue::S),
        number().prop_map(AttributeValue::N),
        prop::collection::vec(any::<u8>(), 0..6).prop_map(AttributeValue::B),
        any::<bool>().prop_map(AttributeValue::Bool),
        Just(AttributeValue::Null),
        prop::collection::vec("[a-c]{1,2}", 1..4).prop_map(|s| AttributeValue::SS(sorted(s))),
        prop::collection::vec(number(), 1..4).prop_map(|s| AttributeValue::NS(sorted(s))),
        prop::collection::vec(prop::collection::vec(any::<u8>(), 1..3), 1..3)
            .prop_map(|s| AttributeValue::BS(sorted(s))),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(AttributeValue::L),
            prop::collection::vec(("[a-d]{1,2}", inner), 0..4)
                .prop_map(|pairs| AttributeValue::M(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_and_stored_form_keep_values(value in any_value()) {
        let item: Attributes = [("k".to_owned(), value.clone())].into_iter().collect();
        let bytes = stored::encode(&item, item.size());
        prop_assert_eq!(stored::decode(&bytes), Ok(item.clone()));
        prop_assert_eq!(stored::size(&bytes), Ok(item.size()));
        let mut two = item.clone();
        two.insert("last".to_owned(), AttributeValue::Null);
        let two = stored::encode(&two, 0);
        prop_assert_eq!(stored::attribute(&two, "last"), Ok(Some(AttributeValue::Null)));
        prop_assert_eq!(stored::attribute(&two, "k"), Ok(Some(value)));
        prop_assert_eq!(stored::attribute(&two, "none"), Ok(None));
        let (mut direct, mut built) = (Writer::default(), Writer::default());
        prop_assert_eq!(stored::write_json(&mut direct, &bytes), Ok(()));
        write_attributes(&mut built, &item);
        let text = direct.into_bytes();
        prop_assert_eq!(&text, &built.into_bytes());
        let again = read_attributes(&mut Reader::new(&text).unwrap(), &mut Faults::default()).unwrap();
        prop_assert_eq!(again, item);
    }

    #[test]
    fn damaged_bytes_are_told(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = stored::decode(&bytes);
        let _ = stored::attribute(&bytes, "k");
        let _ = stored::write_json(&mut Writer::default(), &bytes);
    }
}
