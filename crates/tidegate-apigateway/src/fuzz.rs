//! This crate's parsers for those who throw bytes at them: each takes anything and must neither panic nor hang.

use crate::apis::{RouteKey, Rule, Side};
use crate::execute_api::{Router, read_answers};
use bytes::Bytes;
use std::collections::BTreeMap;

/// Builds a router out of lines of route keys and looks a path up in it; gives the route key that was found.
pub fn route(keys: &str, method: &str, path: &str) -> Option<String> {
    let keys: Vec<RouteKey> = keys.lines().filter_map(|line| line.parse().ok()).collect();
    let router = Router::new(keys.iter());
    let found = router.find(method, path)?;
    Some(keys[found.route].to_string())
}

/// Reads a function's answer in both payload formats; gives the statuses that clients would see.
pub fn answer(payload: &[u8]) -> [Option<u16>; 2] {
    read_answers(&Bytes::copy_from_slice(payload))
}

/// Reads a parameter mapping for both ways; says for which it is one.
pub fn mapping(key: &str, value: &str) -> [bool; 2] {
    let parameters = BTreeMap::from([(key.to_owned(), value.to_owned())]);
    [Side::Request, Side::Response].map(|side| Rule::read(&parameters, side).is_ok())
}
