//! Lists in pages, the way every service has them: a page ends with a token that names its last item.

use crate::token::{InvalidToken, Token};
use serde::{Serialize, de::DeserializeOwned};

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The token of the page behind it, if there is one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The items behind the token's place, at most `limit` of them. Items come with unique keys, in the order of these,
    /// so that a page begins at its place whatever came and went since. `scope` is the token's (see [`Token::encode`]).
    ///
    /// # Errors
    /// What the service answers to a token that is not its own, and what the items' iterator fails with.
    pub fn cut<K, E>(
        scope: &str,
        token: Option<&str>,
        limit: usize,
        items: impl IntoIterator<Item = Result<(K, T), E>>,
    ) -> Result<Page<T>, E>
    where
        K: Ord + Serialize + DeserializeOwned,
        E: From<InvalidToken>,
    {
        let after: Option<K> = token.map(|token| Token::decode(scope, token)).transpose()?;
        let mut page = Page { items: Vec::new(), next: None };
        let mut last = None;
        for item in items {
            let (key, item) = item?;
            if after.as_ref().is_some_and(|after| key <= *after) {
                continue;
            }
            if page.items.len() == limit {
                page.next = last.map(|last| Token::encode(scope, &last));
                break;
            }
            page.items.push(item);
            last = Some(key);
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(token: Option<&str>, limit: usize, items: &str) -> Result<Page<char>, InvalidToken> {
        Page::cut("a.List", token, limit, items.chars().map(|c| Ok((c, c))))
    }

    #[test]
    fn pages_follow_one_another() {
        for limit in 1..=4 {
            let (mut found, mut token) = (String::new(), None);
            loop {
                let page = cut(token.as_deref(), limit, "abc").expect("its own token");
                assert!(page.items.len() <= limit);
                found.extend(page.items);
                token = page.next;
                if token.is_none() {
                    break;
                }
            }
            assert_eq!(found, "abc", "{limit}");
        }
    }

    #[test]
    fn a_page_begins_behind_an_item_that_has_gone() {
        let first = cut(None, 2, "abde").expect("no token");
        let second = cut(first.next.as_deref(), 2, "acde").expect("its own token");
        assert_eq!(second.items, ['c', 'd']);
    }

    #[test]
    fn refuses_tokens_of_others() {
        for token in ["", "b", &Token::encode("b.List", &'a')] {
            assert_eq!(cut(Some(token), 2, "abc"), Err(InvalidToken), "{token}");
        }
    }
}
