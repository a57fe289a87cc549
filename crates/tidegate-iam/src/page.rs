//! Lists in pages: `MaxItems` and `Marker` in, `IsTruncated` and `Marker` out.

use crate::{Error, limits};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

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

impl Paging {
    /// One page of items in the order of their keys. Keys must be unique: the marker is the last one's.
    pub(crate) fn page<T>(&self, items: impl IntoIterator<Item = (String, T)>) -> Result<(Vec<T>, End), Error> {
        let after = self.marker.as_deref().map(decode).transpose()?;
        let mut items: Vec<(String, T)> =
            items.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).collect();
        items.sort_by(|a, b| a.0.cmp(&b.0));
        let size = self.max_items.unwrap_or(limits::PAGE_SIZE_DEFAULT).max(1);
        let is_truncated = items.len() > size;
        items.truncate(size);
        let marker = items.last().filter(|_| is_truncated).map(|(key, _)| URL_SAFE_NO_PAD.encode(key));
        Ok((items.into_iter().map(|(_, item)| item).collect(), End { is_truncated, marker }))
    }
}

fn decode(marker: &str) -> Result<String, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(marker).map_err(|_| Error::InvalidMarker)?;
    String::from_utf8(bytes).map_err(|_| Error::InvalidMarker)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another() {
        let items = || ["c", "a", "b"].map(|key| (key.to_owned(), key));
        let mut paging = Paging { marker: None, max_items: Some(2) };
        let (first, end) = paging.page(items()).unwrap();
        assert_eq!((first, end.is_truncated), (vec!["a", "b"], true));
        paging.marker = end.marker;
        let (second, end) = paging.page(items()).unwrap();
        assert_eq!((second, end.is_truncated, end.marker), (vec!["c"], false, None));
    }

    #[test]
    fn foreign_markers_are_refused() {
        let paging = Paging { marker: Some("é".to_owned()), max_items: None };
        assert!(matches!(paging.page([("a".to_owned(), ())]), Err(Error::InvalidMarker)));
    }
}
