//! What is known of a request: condition keys and their values.

/// Condition keys with their values. Names are compared without regard to case, as AWS does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys(Vec<(String, Vec<String>)>);

impl Keys {
    /// No keys.
    pub fn new() -> Keys {
        Keys::default()
    }

    /// Sets a key that has one value; an earlier value is replaced.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.set_all(key, vec![value.into()]);
    }

    /// Sets a key that may have several values, such as `aws:TagKeys`; earlier values are replaced.
    pub fn set_all(&mut self, key: impl Into<String>, values: Vec<String>) {
        let key = key.into();
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(&key));
        self.0.push((key, values));
    }

    /// The values of a key; `None` if the request has no such key or no value for it.
    pub fn get(&self, key: &str) -> Option<&[String]> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(key));
        found.map(|(_, values)| values.as_slice()).filter(|values| !values.is_empty())
    }

    /// The value of a key that has exactly one: only those may stand in a policy variable.
    pub fn single(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            [value] => Some(value),
            _ => None,
        }
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Keys {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(pairs: T) -> Keys {
        let mut keys = Keys::new();
        pairs.into_iter().for_each(|(key, value)| keys.set(key, value));
        keys
    }
}
