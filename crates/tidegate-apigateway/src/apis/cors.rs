//! An API's CORS configuration as it is stored.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>

use crate::Error;
use serde::{Deserialize, Serialize};

/// What browsers on other origins may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Cors {
    /// Whether requests may carry cookies and the like.
    #[serde(default)]
    pub allow_credentials: Option<bool>,
    /// Request headers.
    #[serde(default)]
    pub allow_headers: Option<Vec<String>>,
    /// Methods, or `*`.
    #[serde(default)]
    pub allow_methods: Option<Vec<String>>,
    /// Origins: exact ones, `*`, `http://*`, `https://*`.
    #[serde(default)]
    pub allow_origins: Option<Vec<String>>,
    /// Answer headers that scripts may read.
    #[serde(default)]
    pub expose_headers: Option<Vec<String>>,
    /// For how many seconds a browser may keep the preflight's answer.
    #[serde(default)]
    pub max_age: Option<i64>,
}

const METHODS: [&str; 8] = ["*", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "DELETE"];

impl Cors {
    /// The configuration with header names in lower case, as AWS keeps them, or why it cannot be.
    pub fn checked(mut self) -> Result<Cors, Error> {
        if self.allow_credentials == Some(true) && has(&self.allow_origins, "*") {
            return Err(Error::CorsWildcardWithCredentials);
        }
        let method = self.allow_methods.iter().flatten().find(|m| !METHODS.contains(&m.as_str()));
        if let Some(method) = method {
            return Err(Error::CorsMethod(method.clone()));
        }
        let origin = self.allow_origins.iter().flatten().find(|o| !is_origin(o));
        if let Some(origin) = origin {
            return Err(Error::CorsOrigin(origin.clone()));
        }
        for names in [&mut self.allow_headers, &mut self.expose_headers] {
            for name in names.iter_mut().flatten() {
                name.make_ascii_lowercase();
                if name != "*" && http::HeaderName::try_from(name.as_str()).is_err() {
                    return Err(Error::CorsHeader(name.clone()));
                }
            }
        }
        Ok(self)
    }
}

fn has(list: &Option<Vec<String>>, wanted: &str) -> bool {
    list.iter().flatten().any(|item| item == wanted)
}

/// `*`, or a scheme and something behind it without spaces, quotes or control characters.
fn is_origin(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b',');
    plain
        && (text == "*" || text.split_once("://").is_some_and(|(scheme, host)| !scheme.is_empty() && !host.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(origins: &[&str]) -> Cors {
        let list = origins.iter().map(|o| o.to_string()).collect();
        Cors { allow_origins: Some(list), ..Cors::default() }
    }

    #[test]
    fn lowers_header_names() {
        let cors = Cors { allow_headers: Some(vec!["Content-Type".into(), "*".into()]), ..Cors::default() };
        let cors = cors.checked().expect("plain names");
        assert_eq!(cors.allow_headers, Some(vec!["content-type".into(), "*".into()]));
    }

    #[test]
    fn refuses_what_no_browser_could_use() {
        assert!(origins(&["*", "https://*", "http://localhost:3000"]).checked().is_ok());
        for bad in ["", "example.com", "https://", "https://a b", "https://a\r\nx: y"] {
            assert!(matches!(origins(&[bad]).checked(), Err(Error::CorsOrigin(_))), "{bad:?}");
        }
        let both = Cors { allow_credentials: Some(true), ..origins(&["*"]) };
        assert!(matches!(both.checked(), Err(Error::CorsWildcardWithCredentials)));
        let method = Cors { allow_methods: Some(vec!["FETCH".into()]), ..Cors::default() };
        assert!(matches!(method.checked(), Err(Error::CorsMethod(_))));
        let header = Cors { expose_headers: Some(vec!["a\r\nb".into()]), ..Cors::default() };
        assert!(matches!(header.checked(), Err(Error::CorsHeader(_))));
    }
}
