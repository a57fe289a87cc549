//! Lists in pages.

use crate::Error;
use crate::limits::PAGE_MAX;
use serde::{Deserialize, Serialize};
use tidegate_core as core;

/// What every list operation takes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PageRequest {
    max_results: Option<String>,
    next_token: Option<String>,
}

/// What every list operation gives.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Page<T> {
    items: Vec<T>,
    next_token: Option<String>,
}

impl PageRequest {
    /// Cuts a whole list, in the order of its keys, to the page asked for.
    pub fn cut<T>(self, all: Vec<T>, key: impl Fn(&T) -> &str) -> Result<Page<T>, Error> {
        let size = match self.max_results.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => text.parse().ok().filter(|n: &usize| *n > 0).ok_or(Error::MaxResults)?.min(PAGE_MAX),
            None => PAGE_MAX,
        };
        let token = self.next_token.as_deref().filter(|text| !text.is_empty());
        let items = all.into_iter().map(|item| Ok::<_, Error>((key(&item).to_owned(), item)));
        let page = core::Page::cut("apigatewayv2", token, size, items)?;
        Ok(Page { items: page.items, next_token: page.next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Cut = Result<(Vec<&'static str>, Option<String>), Error>;

    fn cut(max: Option<&str>, token: Option<&str>) -> Cut {
        let request = PageRequest { max_results: max.map(Into::into), next_token: token.map(Into::into) };
        request.cut(vec!["a", "b", "c"], |name| name).map(|page| (page.items, page.next_token))
    }

    #[test]
    fn cuts_pages() {
        assert_eq!(cut(None, None).ok(), Some((vec!["a", "b", "c"], None)));
        assert_eq!(cut(None, Some("")).ok(), Some((vec!["a", "b", "c"], None)));
        let (first, token) = cut(Some("2"), None).unwrap();
        assert_eq!(first, ["a", "b"]);
        assert_eq!(cut(Some("2"), token.as_deref()).ok(), Some((vec!["c"], None)));
        for (max, token) in [(Some("0"), None), (Some("x"), None), (None, Some("9")), (None, Some("-1"))] {
            assert!(cut(max, token).is_err(), "{max:?} {token:?}");
        }
    }
}
