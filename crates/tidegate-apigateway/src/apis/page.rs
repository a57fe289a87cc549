//! Lists in pages.

use crate::Error;
use crate::limits::PAGE_MAX;
use serde::{Deserialize, Serialize};

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
    /// Cuts a whole list, in a lasting order, to the page asked for. The token is where the next page starts.
    pub fn cut<T>(self, all: Vec<T>) -> Result<Page<T>, Error> {
        let number = |text: &str| text.parse::<usize>().ok();
        let size = match self.max_results.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => number(text).filter(|n| *n > 0).ok_or(Error::MaxResults)?.min(PAGE_MAX),
            None => PAGE_MAX,
        };
        let start = match self.next_token.as_deref().filter(|text| !text.is_empty()) {
            Some(token) => number(token).filter(|n| *n <= all.len()).ok_or(Error::NextToken)?,
            None => 0,
        };
        let end = start.saturating_add(size);
        let next_token = (end < all.len()).then(|| end.to_string());
        Ok(Page { items: all.into_iter().skip(start).take(size).collect(), next_token })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(max: Option<&str>, token: Option<&str>) -> Result<(Vec<u8>, Option<String>), Error> {
        let request = PageRequest { max_results: max.map(Into::into), next_token: token.map(Into::into) };
        request.cut(vec![1, 2, 3]).map(|page| (page.items, page.next_token))
    }

    #[test]
    fn cuts_pages() {
        assert_eq!(cut(None, None).ok(), Some((vec![1, 2, 3], None)));
        assert_eq!(cut(Some("2"), None).ok(), Some((vec![1, 2], Some("2".into()))));
        assert_eq!(cut(Some("2"), Some("2")).ok(), Some((vec![3], None)));
        for (max, token) in [(Some("0"), None), (Some("x"), None), (None, Some("9")), (None, Some("-1"))] {
            assert!(cut(max, token).is_err(), "{max:?} {token:?}");
        }
    }
}
