//! REST routes: a path template with labels, and literal parts of the query string.

/// Where an operation lives: `/{Bucket}/{Key+}?uploads`.
#[derive(Debug, Default)]
pub struct Route {
    /// The parts between the slashes; a trailing slash does not count.
    pub segments: Vec<Segment>,
    /// Parts of the query string that must be there, with their values where the template gives one.
    pub query: Vec<(&'static str, Option<&'static str>)>,
}

/// One part of a path template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// Must be exactly so.
    Literal(&'static str),
    /// `{Name}`: one part that is not empty.
    Label(&'static str),
    /// `{Name+}`: all that is left, slashes included; not empty.
    Greedy(&'static str),
}

/// Label names with their texts as the path has them, not yet percent-decoded.
pub type Labels<'p> = Vec<(&'static str, &'p str)>;

impl Route {
    /// Reads a template as `requestUri` has it.
    pub(crate) fn parse(template: &'static str) -> Route {
        let (path, query) = template.split_once('?').unwrap_or((template, ""));
        let segments = path.split('/').filter(|s| !s.is_empty()).map(Segment::parse).collect();
        let pairs = query.split('&').filter(|p| !p.is_empty());
        Route { segments, query: pairs.map(|p| p.split_once('=').map_or((p, None), |(k, v)| (k, Some(v)))).collect() }
    }

    /// The labels, if the path (raw, from its first slash on) has this route's form.
    pub fn match_path<'p>(&self, path: &'p str) -> Option<Labels<'p>> {
        let mut rest = path.strip_prefix('/').unwrap_or(path);
        let mut labels = Vec::new();
        for segment in &self.segments {
            let (part, behind) = rest.split_once('/').unwrap_or((rest, ""));
            match segment {
                Segment::Literal(text) if *text == part => {}
                Segment::Label(name) if !part.is_empty() => labels.push((*name, part)),
                Segment::Greedy(name) if !rest.is_empty() => {
                    labels.push((*name, rest));
                    rest = "";
                    continue;
                }
                _ => return None,
            }
            rest = behind;
        }
        rest.is_empty().then_some(labels)
    }

    /// Whether the query string (raw) holds all the literal parts.
    pub fn match_query(&self, query: &str) -> bool {
        self.query.iter().all(|(key, value)| {
            query.split('&').any(|pair| {
                let (k, v) = pair.split_once('=').unwrap_or((pair, ""));
                k == *key && value.is_none_or(|value| v == value)
            })
        })
    }

    /// How many parts of the path are literal: the more, the more specific.
    pub fn literals(&self) -> usize {
        self.segments.iter().filter(|s| matches!(s, Segment::Literal(_))).count()
    }
}

impl Segment {
    fn parse(text: &'static str) -> Segment {
        match text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
            Some(name) => name.strip_suffix('+').map_or(Segment::Label(name), Segment::Greedy),
            None => Segment::Literal(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_templates() {
        type Case<'a> = (&'a str, &'a str, Option<&'a [(&'a str, &'a str)]>);
        let cases: &[Case<'static>] = &[
            ("/2015-03-31/functions/", "/2015-03-31/functions", Some(&[])),
            ("/2015-03-31/functions/", "/2015-03-31/functions/", Some(&[])),
            ("/2015-03-31/functions/", "/2015-03-31/functions/f", None),
            ("/f/{Name}/code", "/f/a%2Fb/code", Some(&[("Name", "a%2Fb")])),
            ("/f/{Name}/code", "/f//code", None),
            ("/{Bucket}", "/", None),
            ("/{Bucket}", "/b/", Some(&[("Bucket", "b")])),
            ("/{Bucket}/{Key+}", "/b/x//y/", Some(&[("Bucket", "b"), ("Key", "x//y/")])),
            ("/{Bucket}/{Key+}", "/b/", None),
            ("/", "/", Some(&[])),
            ("/", "/x", None),
            ("/v2/{Id}/x", "/v2/1", None),
        ];
        for (template, path, expected) in cases {
            let found = Route::parse(template).match_path(path);
            assert_eq!(found, expected.map(<[_]>::to_vec), "{template} {path}");
        }
    }

    #[test]
    fn matches_query_literals() {
        let cases = [
            ("/{B}?list-type=2", "list-type=2&prefix=x", true),
            ("/{B}?list-type=2", "list-type=1", false),
            ("/{B}?uploads", "uploads", true),
            ("/{B}?uploads", "uploads=", true),
            ("/{B}?uploads", "upload", false),
            ("/{B}", "", true),
        ];
        for (template, query, expected) in cases {
            assert_eq!(Route::parse(template).match_query(query), expected, "{template} {query}");
        }
    }
}
