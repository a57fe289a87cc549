//! Encoded keys order as keys do, and come back as they were.

use super::*;
use proptest::prelude::*;

fn encoded<K: Key>(key: &K) -> Vec<u8> {
    let mut out = Vec::new();
    key.encode(&mut out);
    out
}

fn round_trip<K: Key>(key: &K) -> Option<K> {
    let bytes = encoded(key);
    let mut input = bytes.as_slice();
    K::decode(&mut input).filter(|_| input.is_empty())
}

fn awkward_text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!['\0', '\u{1}', 'a', 'b', '\u{ff}', '\u{10ffff}']), 0..5)
        .prop_map(String::from_iter)
}

fn awkward_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(vec![0u8, 1, 2, 0x7f, 0xfe, 0xff]), 0..5)
}

proptest! {
    #[test]
    fn tuples_order_as_their_parts(
        a in (awkward_text(), awkward_bytes(), any::<i64>(), any::<u64>()),
        b in (awkward_text(), awkward_bytes(), any::<i64>(), any::<u64>()),
    ) {
        prop_assert_eq!(encoded(&a).cmp(&encoded(&b)), a.cmp(&b));
        prop_assert_eq!(round_trip(&a), Some(a));
    }

    #[test]
    fn equal_beginnings_order_too(text in awkward_text(), more in awkward_text(), n in any::<i32>(), m in any::<i32>()) {
        let (a, b) = ((text.clone(), n), (text + &more, m));
        prop_assert_eq!(encoded(&a).cmp(&encoded(&b)), a.cmp(&b));
    }

    #[test]
    fn any_bytes_decode_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = <(String, Vec<u8>, u64, i64, AccountId, Region, [u8; 3])>::decode_all(&bytes);
    }

    #[test]
    fn a_text_prefix_starts_all_its_texts(text in awkward_text(), more in awkward_text(), n in any::<u64>()) {
        let mut prefix = Vec::new();
        PrefixOf::<(u64, String)>::encode_prefix(&(n, StartsWith(&text)), &mut prefix);
        prop_assert!(encoded(&(n, text + &more)).starts_with(&prefix));
    }
}

trait DecodeAll {
    fn decode_all(bytes: &[u8]) -> bool;
}

impl<A: Key, B: Key, C: Key, D: Key, E: Key, F: Key, G: Key> DecodeAll for (A, B, C, D, E, F, G) {
    fn decode_all(bytes: &[u8]) -> bool {
        fn one<K: Key>(mut bytes: &[u8]) -> bool {
            K::decode(&mut bytes).is_some()
        }
        let decoded =
            [one::<A>(bytes), one::<B>(bytes), one::<C>(bytes), one::<D>(bytes), one::<E>(bytes), one::<F>(bytes)];
        decoded.contains(&true) | one::<G>(bytes)
    }
}

#[test]
fn stands_for_the_owned_key() {
    let owned = (AccountId::local(), Region::us_east_1(), "name".to_string(), 7u64);
    let mut out = Vec::new();
    KeyOf::<(AccountId, Region, String, u64)>::encode_key(&(&owned.0, &owned.1, "name", 7u64), &mut out);
    assert_eq!(out, encoded(&owned));
    assert_eq!(round_trip(&owned), Some(owned));
}
