//! Parameter mappings: changes of a request on its way to an integration, and of the answer on its way back.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html>

use super::integration::Parameters;
use crate::Error;
use http::HeaderName;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What is done.
    pub action: Action,
    /// To what.
    pub place: Place,
    /// With which value; of no meaning for `Remove`.
    pub value: Template,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Adds a value beside those that are there.
    Append,
    /// Puts a value in the place of those that are there.
    Overwrite,
    /// Takes all values away.
    Remove,
}

/// What a rule changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A header.
    Header(HeaderName),
    /// A key of the query string.
    Query(String),
    /// The whole path.
    Path,
    /// The status of the answer.
    StatusCode,
}

/// A value that is put together for each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(pub Vec<Piece>);

/// A part of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// This text.
    Text(String),
    /// `$request.header.NAME` or `$response.header.NAME`.
    Header(HeaderName),
    /// `$request.querystring.NAME`.
    Query(String),
    /// `$request.body.PATH` or `$response.body.PATH`.
    Body(JsonPath),
    /// `$request.path`.
    Path,
    /// `$request.path.NAME`.
    PathParameter(String),
    /// `$context.NAME`.
    Context(String),
    /// `$stageVariables.NAME`.
    StageVariable(String),
}

/// A plain JSONPath: names and indexes, without recursion, wildcards or filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath(pub Vec<Step>);

/// A step of a [`JsonPath`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A member.
    Name(String),
    /// An element, from 0.
    Index(usize),
}

/// Which way the changes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// To the integration.
    Request,
    /// Back to the client.
    Response,
}

impl Rule {
    /// Reads a mapping: `append|overwrite|remove:header.NAME` and the like as keys, values as AWS writes them.
    pub fn read(parameters: &Parameters, side: Side) -> Result<Vec<Rule>, Error> {
        let rule = |(key, value): (&String, &String)| {
            Rule::parse(key, value, side).ok_or_else(|| Error::ParameterMapping(key.clone()))
        };
        parameters.iter().map(rule).collect()
    }

    fn parse(key: &str, value: &str, side: Side) -> Option<Rule> {
        let (action, place) = key.split_once(':')?;
        let action = match action {
            "append" => Action::Append,
            "overwrite" => Action::Overwrite,
            "remove" => Action::Remove,
            _ => return None,
        };
        let place = Place::parse(place, side)?;
        if matches!(place, Place::Path | Place::StatusCode) && action != Action::Overwrite {
            return None;
        }
        let value = if action == Action::Remove { Template(Vec::new()) } else { Template::parse(value, side)? };
        Some(Rule { action, place, value })
    }
}

impl Place {
    fn parse(text: &str, side: Side) -> Option<Place> {
        if let Some(name) = text.strip_prefix("header.") {
            let name: HeaderName = name.to_ascii_lowercase().parse().ok()?;
            return (!is_reserved(name.as_str())).then_some(Place::Header(name));
        }
        match (text, side) {
            ("path", Side::Request) => Some(Place::Path),
            ("statuscode", Side::Response) => Some(Place::StatusCode),
            (_, Side::Request) => {
                let name = text.strip_prefix("querystring.").filter(|name| !name.is_empty())?;
                Some(Place::Query(name.to_owned()))
            }
            (_, Side::Response) => None,
        }
    }
}

/// Headers that mappings may not touch.
fn is_reserved(name: &str) -> bool {
    const NAMES: [&str; 16] = [
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-location",
        "forwarded",
        "keep-alive",
        "origin",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "trailers",
        "transfer-encoding",
        "upgrade",
        "via",
    ];
    const STARTS: [&str; 5] = ["access-control-", "apigw-", "x-amz-", "x-amzn-", "x-forwarded-"];
    NAMES.contains(&name) || STARTS.iter().any(|start| name.starts_with(start))
}

impl Template {
    /// One variable, `$context.stage`, or text with variables in braces, `a-${context.stage}`.
    fn parse(text: &str, side: Side) -> Option<Template> {
        if let Some(variable) = text.strip_prefix('$').filter(|rest| !rest.starts_with('{')) {
            return Some(Template(vec![Piece::parse(variable, side)?]));
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (variable, tail) = after.split_once('}')?;
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::parse(variable, side)?);
            rest = tail;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        Some(Template(pieces))
    }
}

impl Piece {
    fn parse(variable: &str, side: Side) -> Option<Piece> {
        let (group, rest) = variable.split_once('.')?;
        let name = Some(rest).filter(|name| !name.is_empty())?.to_owned();
        match (group, side) {
            ("context", _) => Some(Piece::Context(name)),
            ("stageVariables", _) => Some(Piece::StageVariable(name)),
            ("request", Side::Request) | ("response", Side::Response) => Piece::of_message(rest, side),
            _ => None,
        }
    }

    fn of_message(text: &str, side: Side) -> Option<Piece> {
        let (part, name) = text.split_once('.').unwrap_or((text, ""));
        match (part, name, side) {
            ("path", "", Side::Request) => Some(Piece::Path),
            ("path", name, Side::Request) => Some(Piece::PathParameter(name.to_owned())),
            (_, "", _) => None,
            ("header", name, _) => name.to_ascii_lowercase().parse().ok().map(Piece::Header),
            ("querystring", name, Side::Request) => Some(Piece::Query(name.to_owned())),
            ("body", name, _) => JsonPath::parse(name).map(Piece::Body),
            _ => None,
        }
    }
}

impl JsonPath {
    /// Reads `a.b[0]['c']`.
    fn parse(text: &str) -> Option<JsonPath> {
        let mut steps = Vec::new();
        for part in text.split('.') {
            let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
            if name.is_empty() && (rest.is_empty() || steps.is_empty()) {
                return None;
            }
            if !name.is_empty() {
                steps.push(Step::Name(name.to_owned()));
            }
            while let Some(inner) = rest.strip_prefix('[') {
                let (index, tail) = inner.split_once(']')?;
                steps.push(Step::parse(index)?);
                rest = tail;
            }
            if !rest.is_empty() {
                return None;
            }
        }
        let plain = |step: &Step| !matches!(step, Step::Name(name) if name.contains(['*', '?', '(', ')', '$', '@']));
        steps.iter().all(plain).then_some(JsonPath(steps))
    }
}

impl Step {
    fn parse(index: &str) -> Option<Step> {
        let quoted = |quote: char| index.strip_prefix(quote)?.strip_suffix(quote);
        match quoted('\'').or_else(|| quoted('"')) {
            Some(name) => Some(Step::Name(name.to_owned())),
            None => index.parse().ok().map(Step::Index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(key: &str, value: &str, side: Side) -> Option<Rule> {
        Rule::parse(key, value, side)
    }

    #[test]
    fn reads_mappings() {
        let rule = read("append:header.X-A", "${request.header.B}-$x-${request.body.a[0]['b'].c}", Side::Request);
        let path =
            JsonPath(vec![Step::Name("a".into()), Step::Index(0), Step::Name("b".into()), Step::Name("c".into())]);
        let pieces = vec![Piece::Header(HeaderName::from_static("b")), Piece::Text("-$x-".into()), Piece::Body(path)];
        let place = Place::Header(HeaderName::from_static("x-a"));
        assert_eq!(rule, Some(Rule { action: Action::Append, place, value: Template(pieces) }));
        for (key, value, side) in [
            ("overwrite:path", "/v2/$request.path", Side::Request),
            ("overwrite:path", "$request.path.id", Side::Request),
            ("append:querystring.a", "$request.querystring.b", Side::Request),
            ("remove:querystring.a", "''", Side::Request),
            ("overwrite:statuscode", "403", Side::Response),
            ("append:header.a", "$response.header.b", Side::Response),
            ("append:header.a", "$context.authorizer.x", Side::Response),
            ("append:header.a", "$stageVariables.x", Side::Request),
        ] {
            assert!(read(key, value, side).is_some(), "{key} {value}");
        }
    }

    #[test]
    fn refuses_other_mappings() {
        for (key, value, side) in [
            ("header.a", "b", Side::Request),
            ("set:header.a", "b", Side::Request),
            ("append:path", "/a", Side::Request),
            ("remove:path", "", Side::Request),
            ("overwrite:statuscode", "200", Side::Request),
            ("append:querystring.a", "b", Side::Response),
            ("append:querystring.", "b", Side::Request),
            ("append:header.a b", "b", Side::Request),
            ("append:header.a", "$response.header.b", Side::Request),
            ("append:header.a", "$request.header.b", Side::Response),
            ("append:header.a", "$nonsense", Side::Request),
            ("append:header.a", "$request.body.*", Side::Request),
            ("append:header.a", "$request.body.a..b", Side::Request),
            ("append:header.a", "${request.header.b", Side::Request),
            ("append:header.Authorization", "b", Side::Request),
            ("append:header.X-Amz-Date", "b", Side::Request),
            ("append:header.Access-Control-Allow-Origin", "*", Side::Response),
        ] {
            assert_eq!(read(key, value, side), None, "{key} {value}");
        }
    }

    proptest! {
        #[test]
        fn no_mapping_panics(key in "(append|overwrite|remove):[a-z.]{0,20}", value in "[$a-z.{}\\[\\]'0-9]{0,30}") {
            let _ = (read(&key, &value, Side::Request), read(&key, &value, Side::Response));
        }
    }
}
