//! Applying parameter mappings. A rule whose variable has no value for this request changes nothing.

use super::exchange::{Exchange, Mapped};
use super::percent;
use super::request::GatewayResponse;
use crate::apis::{Action, JsonPath, Piece, Place, Rule, Step, Template};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// Where values come from: the message that is changed, and the request's surroundings.
struct Sources<'a> {
    x: &'a Exchange<'a>,
    headers: &'a dyn Fn(&HeaderName) -> Option<String>,
    body: &'a [u8],
}

/// Changes a request on its way to the integration. All values are those from before the first change.
pub fn request(x: &Exchange<'_>, rules: &[Rule]) -> Mapped {
    let mut mapped = Mapped { request: x.request.clone(), path: x.path.to_owned() };
    let headers = |name: &HeaderName| Some(x.request.header(name).to_owned()).filter(|value| !value.is_empty());
    let sources = Sources { x, headers: &headers, body: &x.request.body };
    for rule in rules {
        let Some(value) = rule.value(&sources) else { continue };
        match &rule.place {
            Place::Header(name) => change_header(&mut mapped.request.headers, rule.action, name, &value),
            Place::Query(name) => change_query(&mut mapped.request.query, rule.action, name, &value),
            Place::Path if value.starts_with('/') => mapped.path = value,
            Place::Path => mapped.path = format!("/{value}"),
            Place::StatusCode => {}
        }
    }
    mapped
}

/// Changes an answer on its way to the client.
pub fn response(x: &Exchange<'_>, rules: &[Rule], response: &mut GatewayResponse) {
    let (before, body) = (response.headers.clone(), response.body.clone());
    let headers = |name: &HeaderName| {
        let found = before.iter().find(|(known, _)| known == name)?;
        found.1.to_str().ok().map(str::to_owned)
    };
    let sources = Sources { x, headers: &headers, body: &body };
    for rule in rules {
        let Some(value) = rule.value(&sources) else { continue };
        match &rule.place {
            Place::Header(name) => {
                if rule.action != Action::Append {
                    response.headers.retain(|(known, _)| known != name);
                }
                if let (true, Ok(value)) = (rule.action != Action::Remove, HeaderValue::try_from(value)) {
                    response.headers.push((name.clone(), value));
                }
            }
            Place::StatusCode => {
                let status = value.parse().ok().filter(|status| (200..=599).contains(status));
                response.status = status.unwrap_or(response.status);
            }
            Place::Query(_) | Place::Path => {}
        }
    }
}

impl Rule {
    fn value(&self, sources: &Sources<'_>) -> Option<String> {
        if self.action == Action::Remove { Some(String::new()) } else { self.value.fill(sources) }
    }
}

fn change_header(headers: &mut HeaderMap, action: Action, name: &HeaderName, value: &str) {
    let Ok(value) = HeaderValue::try_from(value) else { return };
    match action {
        Action::Append => {
            headers.append(name.clone(), value);
        }
        Action::Overwrite => {
            headers.insert(name.clone(), value);
        }
        Action::Remove => {
            headers.remove(name);
        }
    }
}

fn change_query(query: &mut Option<String>, action: Action, name: &str, value: &str) {
    let before = query.take().unwrap_or_default();
    let is_other = |piece: &&str| percent::decode_query(piece.split('=').next().unwrap_or_default()) != name;
    let mut pieces: Vec<String> = match action {
        Action::Append => before.split('&').map(str::to_owned).collect(),
        Action::Overwrite | Action::Remove => before.split('&').filter(is_other).map(str::to_owned).collect(),
    };
    if action != Action::Remove {
        pieces.push(format!("{}={}", percent::encode(name), percent::encode(value)));
    }
    pieces.retain(|piece| !piece.is_empty());
    *query = (!pieces.is_empty()).then(|| pieces.join("&"));
}

impl Template {
    /// The value; a single variable without one gives none, inside a text it gives nothing.
    fn fill(&self, sources: &Sources<'_>) -> Option<String> {
        match &self.0[..] {
            [piece] => piece.fill(sources),
            pieces => Some(pieces.iter().filter_map(|piece| piece.fill(sources)).collect()),
        }
    }
}

impl Piece {
    fn fill(&self, sources: &Sources<'_>) -> Option<String> {
        let x = sources.x;
        match self {
            Piece::Text(text) => Some(text.clone()),
            Piece::Header(name) => (sources.headers)(name),
            Piece::Query(name) => x.query_value(name),
            Piece::Body(path) => path.read(sources.body),
            Piece::Path => Some(x.path.to_owned()),
            Piece::PathParameter(name) => x.parameters.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()),
            Piece::Context(name) => x.context(name),
            Piece::StageVariable(name) => x.stage.variables.get(name).cloned(),
        }
    }
}

impl JsonPath {
    fn read(&self, body: &[u8]) -> Option<String> {
        let whole: Value = serde_json::from_slice(body).ok()?;
        let found = self.0.iter().try_fold(&whole, |value, step| match step {
            Step::Name(name) => value.get(name),
            Step::Index(index) => value.get(index),
        })?;
        match found {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
}
