//! Route keys: `METHOD /path/{variable}/{greedy+}`, or `$default`.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>

use crate::limits::PATH_SEGMENTS_MAX;
use std::fmt;
use std::str::FromStr;

/// A route key, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteKey {
    /// Takes what no other route takes.
    Default,
    /// A method and a path.
    Path {
        /// `GET`, `POST` …, or `ANY`.
        method: String,
        /// The path's parts; none for `/`.
        segments: Vec<Segment>,
    },
}

/// One part of a route's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// This text.
    Fixed(String),
    /// `{name}`: any one part.
    Variable(String),
    /// `{name+}`: all the rest.
    Greedy(String),
}

/// The text is no route key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRouteKey;

const METHODS: [&str; 8] = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

impl FromStr for RouteKey {
    type Err = NoRouteKey;

    fn from_str(text: &str) -> Result<RouteKey, NoRouteKey> {
        if text == "$default" {
            return Ok(RouteKey::Default);
        }
        let (method, path) = text.split_once(' ').filter(|(m, _)| METHODS.contains(m)).ok_or(NoRouteKey)?;
        let path = path.strip_prefix('/').ok_or(NoRouteKey)?;
        let parts = (!path.is_empty()).then(|| path.split('/')).into_iter().flatten();
        let segments: Vec<Segment> = parts.map(Segment::from_str).collect::<Result<_, _>>()?;
        let early = segments.iter().rev().skip(1).any(|s| matches!(s, Segment::Greedy(_)));
        if early || segments.len() > PATH_SEGMENTS_MAX || repeats_a_name(&segments) {
            return Err(NoRouteKey);
        }
        Ok(RouteKey::Path { method: method.to_owned(), segments })
    }
}

fn repeats_a_name(segments: &[Segment]) -> bool {
    let mut names: Vec<&str> = segments.iter().filter_map(Segment::name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    names.len() < count
}

impl Segment {
    fn name(&self) -> Option<&str> {
        match self {
            Segment::Fixed(_) => None,
            Segment::Variable(name) | Segment::Greedy(name) => Some(name),
        }
    }
}

impl FromStr for Segment {
    type Err = NoRouteKey;

    fn from_str(part: &str) -> Result<Segment, NoRouteKey> {
        if let Some(inner) = part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            let (name, greedy) = inner.strip_suffix('+').map_or((inner, false), |name| (name, true));
            let valid = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-:".contains(&b));
            let segment = if greedy { Segment::Greedy } else { Segment::Variable };
            return valid.then(|| segment(name.to_owned())).ok_or(NoRouteKey);
        }
        let valid = part.bytes().all(|b| b.is_ascii_graphic() && !b"{}?#".contains(&b));
        valid.then(|| Segment::Fixed(part.to_owned())).ok_or(NoRouteKey)
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Segment::Fixed(text) => f.write_str(text),
            Segment::Variable(name) => write!(f, "{{{name}}}"),
            Segment::Greedy(name) => write!(f, "{{{name}+}}"),
        }
    }
}

impl RouteKey {
    /// The path as a template, such as `/items/{id}`; `$default` for the default route.
    pub fn path(&self) -> String {
        match self {
            RouteKey::Default => "$default".to_owned(),
            RouteKey::Path { segments, .. } => {
                let joined: Vec<String> = segments.iter().map(Segment::to_string).collect();
                format!("/{}", joined.join("/"))
            }
        }
    }
}

impl fmt::Display for RouteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RouteKey::Default => f.write_str("$default"),
            RouteKey::Path { method, .. } => write!(f, "{method} {}", self.path()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_route_keys() {
        for text in ["$default", "GET /", "ANY /{proxy+}", "POST /a/{b}/c", "GET /items/", "PATCH /a.b-c_d~e:f@g"] {
            assert_eq!(text.parse::<RouteKey>().map(|k| k.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn refuses_other_texts() {
        for text in [
            "",
            "GET",
            "GET ",
            "GET items",
            "get /items",
            "FETCH /",
            "GET  /",
            "$connect",
            "$disconnect",
            "/items",
            "GET /{proxy+}/a",
            "GET /{}",
            "GET /{+}",
            "GET /a{b}",
            "GET /{a",
            "GET /a}",
            "GET /a b",
            "GET /ü",
            "GET /{a}/{a}",
            "GET /{a/b}",
            "GET /a?b",
            "GET /{a b}",
        ] {
            assert_eq!(text.parse::<RouteKey>(), Err(NoRouteKey), "{text}");
        }
    }

    proptest! {
        #[test]
        fn shows_what_it_read(text in "(GET|ANY|get)? ?/[a-z{}+/$ ]{0,16}") {
            if let Ok(key) = text.parse::<RouteKey>() {
                prop_assert_eq!(key.to_string(), text);
            }
        }
    }
}
