//! What an operator compares with, read once.

use super::operator::{Compare, Family};
use crate::pattern::{Pattern, Template, Variables};
use crate::{Keys, Malformed};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::net::IpAddr;
use tidegate_types::Timestamp;

/// The policy's values, in the form that the operator compares.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Text(Vec<Template>),
    TextIgnoreCase(Vec<Template>),
    Like(Vec<Pattern>),
    Number(Compare, Vec<f64>),
    /// Milliseconds since 1970; earlier moments are below zero.
    Date(Compare, Vec<i64>),
    Bool(Vec<Template>),
    Binary(Vec<Vec<u8>>),
    IpAddress(Vec<Network>),
    Arn(Vec<ArnPattern>),
    Null(Vec<bool>),
}

impl Test {
    /// Reads the policy's values.
    pub(super) fn parse(family: Family, values: &[String], variables: Variables) -> Result<Test, Malformed> {
        let templates = || values.iter().map(|text| Template::new(text, variables)).collect();
        Ok(match family {
            Family::Text => Test::Text(templates()),
            Family::TextIgnoreCase => Test::TextIgnoreCase(templates()),
            Family::TextLike => Test::Like(values.iter().map(|text| Pattern::new(text, variables)).collect()),
            Family::Number(compare) => Test::Number(compare, read(values, number, Malformed::Syntax)?),
            Family::Date(compare) => Test::Date(compare, read(values, date, Malformed::Legacy)?),
            Family::Bool => Test::Bool(templates()),
            Family::Binary => Test::Binary(read(values, |text| STANDARD.decode(text).ok(), Malformed::Syntax)?),
            Family::IpAddress => Test::IpAddress(read(values, Network::parse, Malformed::Syntax)?),
            Family::Arn => Test::Arn(values.iter().map(|text| ArnPattern::new(text, variables)).collect()),
            Family::Null => Test::Null(read(values, truth, Malformed::Syntax)?),
        })
    }

    /// Whether one of the policy's values fits the request's.
    pub(super) fn accepts(&self, value: &str, keys: &Keys) -> bool {
        let texts = |all: &[Template], same: fn(&str, &str) -> bool| {
            all.iter().any(|template| template.expand(keys).is_some_and(|text| same(&text, value)))
        };
        match self {
            Test::Text(all) => texts(all, |a, b| a == b),
            Test::TextIgnoreCase(all) => texts(all, |a, b| a.to_lowercase() == b.to_lowercase()),
            Test::Bool(all) => texts(all, |a, b| a.eq_ignore_ascii_case(b)),
            Test::Like(all) => all.iter().any(|pattern| pattern.matches(value, keys) == Some(true)),
            Test::Number(compare, all) => number(value).is_some_and(|v| all.iter().any(|p| compare.holds(&v, p))),
            Test::Date(compare, all) => date(value).is_some_and(|v| all.iter().any(|p| compare.holds(&v, p))),
            Test::Binary(all) => STANDARD.decode(value).is_ok_and(|bytes| all.contains(&bytes)),
            Test::IpAddress(all) => value.parse().is_ok_and(|ip| all.iter().any(|network| network.contains(ip))),
            Test::Arn(all) => all.iter().any(|pattern| pattern.matches(value, keys)),
            // Decided where the key is looked up: it is about the key, not its value.
            Test::Null(_) => false,
        }
    }
}

fn read<T>(values: &[String], one: impl Fn(&str) -> Option<T>, otherwise: Malformed) -> Result<Vec<T>, Malformed> {
    values.iter().map(|text| one(text).ok_or_else(|| otherwise.clone())).collect()
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

fn truth(text: &str) -> Option<bool> {
    text.to_ascii_lowercase().parse().ok()
}

/// Seconds since 1970, or ISO 8601 with or without time.
fn date(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<i64>() {
        return seconds.checked_mul(1000);
    }
    let text = text.to_ascii_uppercase();
    let zoned = match text.split_once('T') {
        None => format!("{text}T00:00:00Z"),
        Some((_, time)) if time.contains(['Z', '+', '-']) => text,
        Some(_) => format!("{text}Z"),
    };
    Timestamp::parse_iso8601(&zoned).and_then(|t| i64::try_from(t.as_ms()).ok())
}

impl Compare {
    fn holds<T: PartialOrd>(self, value: &T, policy: &T) -> bool {
        match self {
            Compare::Equal => value == policy,
            Compare::Less => value < policy,
            Compare::LessOrEqual => value <= policy,
            Compare::Greater => value > policy,
            Compare::GreaterOrEqual => value >= policy,
        }
    }
}

/// An address range, such as `203.0.113.0/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    bits: u128,
    mask: u128,
    v4: bool,
}

impl Network {
    fn parse(text: &str) -> Option<Network> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().ok()?;
        let (bits, width) = bits(address);
        let prefix = prefix.map_or(Ok(width), str::parse).ok().filter(|prefix| *prefix <= width)?;
        let mask = if prefix == 0 { 0 } else { u128::MAX << (width - prefix) };
        Some(Network { bits: bits & mask, mask, v4: address.is_ipv4() })
    }

    fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.v4 && bits(address).0 & self.mask == self.bits
    }
}

/// The address as a number, and how many bits it has.
fn bits(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
        IpAddr::V6(v6) => (u128::from(v6), 128),
    }
}

/// An ARN whose six parts are compared one by one: a `*` does not reach across a colon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArnPattern(Vec<Pattern>);

impl ArnPattern {
    fn new(text: &str, variables: Variables) -> ArnPattern {
        ArnPattern(arn_parts(text).into_iter().map(|part| Pattern::new(part, variables)).collect())
    }

    fn matches(&self, value: &str, keys: &Keys) -> bool {
        if let [only] = self.0.as_slice() {
            return only.matches(value, keys) == Some(true);
        }
        let parts: Vec<&str> = value.splitn(6, ':').collect();
        parts.len() == self.0.len()
            && self.0.iter().zip(parts).all(|(pattern, part)| pattern.matches(part, keys) == Some(true))
    }
}

/// Splits at the first five colons that are not within `${…}`.
fn arn_parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if at > 0 && text.as_bytes()[at - 1] == b'$' => inside = true,
            b'}' => inside = false,
            b':' if !inside && parts.len() < 5 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
