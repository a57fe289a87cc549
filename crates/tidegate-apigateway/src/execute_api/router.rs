//! Which route takes a request. The most specific path wins, segment by segment: fixed text, then a path variable, then
//! a greedy one; on one path the method itself goes before `ANY`; `$default` takes what is left.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>

use super::percent;
use crate::apis::{RouteKey, Segment};
use std::collections::HashMap;

/// The routes of one deployment, ready for look-ups. A route is known by its number.
#[derive(Debug, Default)]
pub struct Router {
    root: Node,
    default: Option<usize>,
}

#[derive(Debug, Default)]
struct Node {
    fixed: HashMap<String, Node>,
    variable: Option<Box<Node>>,
    /// Routes that end here.
    methods: Methods,
    /// Routes whose greedy variable starts here.
    greedy: Methods,
}

/// Routes of one path by method.
#[derive(Debug, Default)]
struct Methods(Vec<(String, usize, Vec<String>)>);

impl Methods {
    fn add(&mut self, method: &str, route: usize, names: Vec<String>) {
        self.0.push((method.to_owned(), route, names));
    }

    fn find(&self, method: &str) -> Option<(usize, &[String])> {
        let of = |wanted: &str| self.0.iter().find(|(m, ..)| m == wanted);
        of(method).or_else(|| of("ANY")).map(|(_, route, names)| (*route, &names[..]))
    }
}

/// The route that takes a request, and what its path variables hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Match<'r> {
    /// The route's number.
    pub route: usize,
    /// Names and decoded values, in the template's order.
    pub parameters: Vec<(&'r str, String)>,
}

impl Router {
    /// Builds the tree. Of two routes that take exactly the same requests, the first counts.
    pub fn new<'k>(keys: impl Iterator<Item = &'k RouteKey>) -> Router {
        let mut router = Router::default();
        for (number, key) in keys.enumerate() {
            match key {
                RouteKey::Default => router.default = router.default.or(Some(number)),
                RouteKey::Path { method, segments } => router.root.add(method, segments, number),
            }
        }
        router
    }

    /// The route for a method and a path: percent-encoded, without the stage, starting with a slash.
    pub fn find(&self, method: &str, path: &str) -> Option<Match<'_>> {
        let rest = path.strip_prefix('/').unwrap_or(path);
        let mut values = Vec::new();
        let found = self.root.find(method, (!rest.is_empty()).then_some(rest), path.starts_with('/'), &mut values);
        match found {
            Some((route, names)) => {
                let parameters = names.iter().zip(values).map(|(n, v)| (n.as_str(), plain(v))).collect();
                Some(Match { route, parameters })
            }
            None => self.default.map(|route| Match { route, parameters: Vec::new() }),
        }
    }
}

/// A variable's value. The path as a whole was found decodable before; a part of it is, too, unless an escaped
/// character was cut, which slashes (ASCII) cannot do.
fn plain(value: &str) -> String {
    percent::decode(value).map_or_else(|| value.to_owned(), |v| v.into_owned())
}

impl Node {
    fn add(&mut self, method: &str, segments: &[Segment], route: usize) {
        let (mut node, mut names) = (self, Vec::new());
        for segment in segments {
            node = match segment {
                Segment::Fixed(text) => node.fixed.entry(text.clone()).or_default(),
                Segment::Variable(name) => {
                    names.push(name.clone());
                    &mut **node.variable.get_or_insert_default()
                }
                Segment::Greedy(name) => {
                    names.push(name.clone());
                    return node.greedy.add(method, route, names);
                }
            };
        }
        node.methods.add(method, route, names);
    }

    /// `rest` is what follows, without the slash before it, or `None` if nothing does; `slash` says that a slash was
    /// the last thing read, so that a greedy variable may be empty: `/handler/` matches `/handler/{proxy+}`.
    /// Each node is visited once at most, so a look-up costs no more than the tree has nodes.
    fn find<'n, 'p>(
        &'n self,
        method: &str,
        rest: Option<&'p str>,
        slash: bool,
        values: &mut Vec<&'p str>,
    ) -> Option<(usize, &'n [String])> {
        let deeper = rest.and_then(|rest| self.descend(method, rest, values));
        let here = || if rest.is_none() { self.methods.find(method) } else { None };
        deeper.or_else(here).or_else(|| {
            let found = if slash { self.greedy.find(method) } else { None };
            found.inspect(|_| values.push(rest.unwrap_or_default()))
        })
    }

    fn descend<'n, 'p>(
        &'n self,
        method: &str,
        rest: &'p str,
        values: &mut Vec<&'p str>,
    ) -> Option<(usize, &'n [String])> {
        let (segment, tail) = match rest.split_once('/') {
            Some((segment, tail)) => (segment, Some(tail)),
            None => (rest, None),
        };
        let slash = tail.is_some();
        let text = percent::decode(segment)?;
        let fixed = self.fixed.get(&*text).and_then(|node| node.find(method, tail, slash, values));
        fixed.or_else(|| {
            let node = self.variable.as_ref().filter(|_| !segment.is_empty())?;
            values.push(segment);
            let found = node.find(method, tail, slash, values);
            if found.is_none() {
                values.pop();
            }
            found
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn router(keys: &[&str]) -> Router {
        let keys: Vec<RouteKey> = keys.iter().map(|k| k.parse().expect(k)).collect();
        Router::new(keys.iter())
    }

    /// The example table of the AWS page named above, and what follows from it.
    #[test]
    fn the_most_specific_route_wins() {
        let keys = [
            "GET /pets/dog/1",
            "GET /pets/dog/{id}",
            "GET /pets/{proxy+}",
            "ANY /{proxy+}",
            "$default",
            "ANY /pets/dog/1",
            "GET /items/",
            "GET /{kind}/{id}/toys",
            "DELETE /pets/dog/{name}",
        ];
        let router = router(&keys);
        let table = [
            ("GET", "/pets/dog/1", "GET /pets/dog/1", ""),
            ("POST", "/pets/dog/1", "ANY /pets/dog/1", ""),
            ("GET", "/pets/dog/2", "GET /pets/dog/{id}", "id=2"),
            ("DELETE", "/pets/dog/2", "DELETE /pets/dog/{name}", "name=2"),
            ("GET", "/pets/cat/1", "GET /pets/{proxy+}", "proxy=cat/1"),
            ("GET", "/pets/cat/toys", "GET /pets/{proxy+}", "proxy=cat/toys"),
            ("GET", "/cars/7/toys", "GET /{kind}/{id}/toys", "kind=cars,id=7"),
            ("POST", "/test/5", "ANY /{proxy+}", "proxy=test/5"),
            ("GET", "/", "ANY /{proxy+}", "proxy="),
            ("GET", "/pets/", "GET /pets/{proxy+}", "proxy="),
            ("GET", "/pets", "ANY /{proxy+}", "proxy=pets"),
            ("GET", "/items/", "GET /items/", ""),
            ("GET", "/items", "ANY /{proxy+}", "proxy=items"),
            ("GET", "/pets/dog/a%2Fb%20c", "GET /pets/dog/{id}", "id=a/b c"),
            ("GET", "/pets/d%6Fg/1", "GET /pets/dog/1", ""),
            ("GET", "//pets/dog/1", "ANY /{proxy+}", "proxy=/pets/dog/1"),
            ("GET", "/pets/../dog", "GET /pets/{proxy+}", "proxy=../dog"),
            ("GET", "/pets/dog//", "GET /pets/{proxy+}", "proxy=dog//"),
        ];
        for (method, path, key, parameters) in table {
            let found = router.find(method, path).expect(path);
            let shown: Vec<_> = found.parameters.iter().map(|(n, v)| format!("{n}={v}")).collect();
            assert_eq!((keys[found.route], shown.join(",").as_str()), (key, parameters), "{method} {path}");
        }
    }

    #[test]
    fn nothing_matches_without_a_route_for_it() {
        let router = router(&["GET /items", "POST /items/{id}", "GET /a/{b}/c"]);
        for (method, path) in [
            ("POST", "/items"),
            ("HEAD", "/items"),
            ("GET", "/items/"),
            ("GET", "/Items"),
            ("GET", "/items/1"),
            ("POST", "/items/"),
            ("POST", "/items/1/2"),
            ("GET", "/a//c"),
            ("GET", "/"),
        ] {
            assert_eq!(router.find(method, path), None, "{method} {path}");
        }
    }

    #[test]
    fn only_default_takes_the_rest() {
        let router = router(&["$default"]);
        let found = router.find("OPTIONS", "/any/thing");
        assert_eq!(found, Some(Match { route: 0, parameters: vec![] }));
    }

    proptest! {
        #[test]
        fn no_route_and_no_path_panics(keys in prop::collection::vec("(GET|ANY) /[a-c{}+/%]{0,12}", 0..12), path in "/[a-c/%0-9]{0,24}") {
            let keys: Vec<RouteKey> = keys.iter().filter_map(|k| k.parse().ok()).collect();
            let router = Router::new(keys.iter());
            let _ = router.find("GET", &path);
        }

        #[test]
        fn a_route_takes_its_own_path(segments in prop::collection::vec("[a-z]{1,4}", 1..8)) {
            let path = format!("/{}", segments.join("/"));
            let key: RouteKey = format!("GET {path}").parse().expect("plain segments");
            let router = Router::new([&key].into_iter());
            prop_assert!(router.find("GET", &path).is_some());
            prop_assert!(router.find("PUT", &path).is_none());
        }
    }
}
