//! Lists in pages: `MaxItems` and `Marker` in, `IsTruncated` and `Marker` out.

use crate::{Error, limits};
use serde::{Deserialize, Serialize};
use tidegate_core::{One, Page};

/// Which page is wanted; part of every list operation's input.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Paging {
    marker: Option<String>,
    max_items: Option<usize>,
}

/// Whether there is more, and where it starts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct End {
    is_truncated: bool,
    marker: Option<String>,
}

/// A page under the name that the operation gives it.
#[derive(Debug, Serialize)]
pub(crate) struct Listed<T> {
    #[serde(flatten)]
    items: One<Vec<T>>,
    #[serde(flatten)]
    end: End,
}

impl Paging {
    /// One page of items in the order of their keys, which must be unique; `member` of the answer holds them.
    pub(crate) fn page<T>(
        &self,
        member: &'static str,
        items: impl IntoIterator<Item = (String, T)>,
    ) -> Result<Listed<T>, Error> {
        let (items, end) = self.cut(items)?;
        Ok(Listed { items: One(member, items), end })
    }

    /// The same for answers that show items in another way.
    pub(crate) fn cut<T>(&self, items: impl IntoIterator<Item = (String, T)>) -> Result<(Vec<T>, End), Error> {
        let mut items: Vec<(String, T)> = items.into_iter().collect();
        items.sort_by(|a, b| a.0.cmp(&b.0));
        let size = self.max_items.unwrap_or(limits::PAGE_SIZE_DEFAULT).max(1);
        let page: Page<T> = Page::cut("iam", self.marker.as_deref(), size, items.into_iter().map(Ok::<_, Error>))?;
        Ok((page.items, End { is_truncated: page.next.is_some(), marker: page.next }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another() {
        let items = || ["c", "a", "b"].map(|key| (key.to_owned(), key));
        let mut paging = Paging { marker: None, max_items: Some(2) };
        let (first, end) = paging.cut(items()).unwrap();
        assert_eq!((first, end.is_truncated), (vec!["a", "b"], true));
        paging.marker = end.marker;
        let (second, end) = paging.cut(items()).unwrap();
        assert_eq!((second, end.is_truncated, end.marker), (vec!["c"], false, None));
    }

    #[test]
    fn foreign_markers_are_refused() {
        let paging = Paging { marker: Some("é".to_owned()), max_items: None };
        assert!(matches!(paging.cut([("a".to_owned(), ())]), Err(Error::InvalidMarker)));
    }
}
