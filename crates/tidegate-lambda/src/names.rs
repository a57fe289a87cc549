//! How clients name functions, and the ARNs that Lambda answers.
//! <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html>

use crate::Error;
use tidegate_core::Context;
use tidegate_types::{AccountId, Arn, Region};

/// Account, region and name: the key of a function in every table.
pub(crate) type FunctionKey = (AccountId, Region, String);

/// A function, and which of its versions is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FunctionRef {
    pub key: FunctionKey,
    /// What stood behind the name, if anything did.
    pub qualifier: Option<String>,
}

/// Which version is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Qualifier<'a> {
    Latest,
    Version(u64),
    Alias(&'a str),
}

pub(crate) const LATEST: &str = "$LATEST";

impl FunctionRef {
    /// Reads a name, a partial ARN (`123456789012:function:name`) or an ARN, each with or without a qualifier, which
    /// may also stand apart.
    pub fn parse(cx: &Context, text: &str, qualifier: Option<&str>) -> Result<FunctionRef, Error> {
        let (account, region, name, derived) = split(text);
        let region = match region.filter(|region| *region != cx.region.as_str()) {
            Some(region) => return Err(Error::ForeignRegion(region.to_owned(), cx.region.to_string())),
            None => cx.region.clone(),
        };
        let account = account.and_then(|a| a.parse().ok()).unwrap_or_else(|| cx.account.clone());
        let qualifier = match (derived, qualifier) {
            (Some(derived), Some(given)) if derived != given => return Err(Error::QualifierMismatch),
            (derived, given) => derived.or(given).map(str::to_owned),
        };
        Ok(FunctionRef { key: (account, region, name.to_owned()), qualifier })
    }

    /// The same for operations of the control plane, which work on the caller's own functions only.
    pub fn own(cx: &Context, text: &str, qualifier: Option<&str>) -> Result<FunctionRef, Error> {
        let function = FunctionRef::parse(cx, text, qualifier)?;
        if function.key.0 == cx.account { Ok(function) } else { Err(Error::ForeignAccount(text.to_owned())) }
    }

    pub fn which(&self) -> Qualifier<'_> {
        match self.qualifier.as_deref() {
            None | Some(LATEST) => Qualifier::Latest,
            Some(text) => text.parse().map_or(Qualifier::Alias(text), Qualifier::Version),
        }
    }

    /// The function's ARN without a qualifier.
    pub fn function_arn(&self) -> String {
        function_arn(&self.key).to_string()
    }

    /// The ARN with the qualifier that was given.
    pub fn arn(&self) -> String {
        match &self.qualifier {
            Some(qualifier) => format!("{}:{qualifier}", self.function_arn()),
            None => self.function_arn(),
        }
    }

    /// The resource that IAM is asked about: `$LATEST` is the function itself.
    pub fn resource(&self) -> String {
        if self.which() == Qualifier::Latest { self.function_arn() } else { self.arn() }
    }

    /// The qualifier under which policies and configurations are stored; empty for the function itself.
    pub fn stored_qualifier(&self) -> &str {
        self.qualifier.as_deref().filter(|q| *q != LATEST).unwrap_or_default()
    }

    /// The key of what is stored for this qualifier.
    pub fn place(&self) -> (&AccountId, &Region, &str, &str) {
        let (account, region, name) = &self.key;
        (account, region, name, self.stored_qualifier())
    }

    pub fn not_found(&self) -> Error {
        Error::NoSuchFunction(self.arn())
    }
}

/// Account, region, name and qualifier of a function's name in any of its forms.
fn split(text: &str) -> (Option<&str>, Option<&str>, &str, Option<&str>) {
    let parts: Vec<&str> = text.split(':').collect();
    match parts[..] {
        ["arn", _, "lambda", region, account, "function", name] => (Some(account), Some(region), name, None),
        ["arn", _, "lambda", region, account, "function", name, q] => (Some(account), Some(region), name, Some(q)),
        [account, "function", name] => (Some(account), None, name, None),
        [account, "function", name, q] => (Some(account), None, name, Some(q)),
        ["function", name] => (None, None, name, None),
        ["function", name, q] => (None, None, name, Some(q)),
        [name, q] => (None, None, name, Some(q)),
        _ => (None, None, text, None),
    }
}

/// The ARN of a function.
pub(crate) fn function_arn((account, region, name): &FunctionKey) -> Arn {
    Arn::new("lambda", region, account, format_args!("function:{name}"))
}

/// The ARN of one version or alias of a function.
pub(crate) fn qualified_arn(key: &FunctionKey, qualifier: &str) -> String {
    format!("{}:{qualifier}", function_arn(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidegate_core::testing::Bench;

    #[test]
    fn reads_every_form() {
        let cx = Bench::new().cx;
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
        let cases = [
            ("f", None, arn.to_owned()),
            ("f:1", None, format!("{arn}:1")),
            ("f", Some("live"), format!("{arn}:live")),
            ("f:$LATEST", Some("$LATEST"), format!("{arn}:$LATEST")),
            ("function:f", None, arn.to_owned()),
            ("000000000000:function:f", None, arn.to_owned()),
            ("111111111111:function:f:2", None, "arn:aws:lambda:us-east-1:111111111111:function:f:2".to_owned()),
            (arn, Some("2"), format!("{arn}:2")),
            ("arn:aws:lambda:us-east-1:000000000000:function:f:live", None, format!("{arn}:live")),
        ];
        for (text, qualifier, expected) in cases {
            assert_eq!(FunctionRef::parse(&cx, text, qualifier).map(|f| f.arn()).ok(), Some(expected), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[a-z0-9:$-]{0,60}", qualifier in proptest::option::of("[a-zA-Z0-9$]{0,5}")) {
            let cx = Bench::new().cx;
            if let Ok(function) = FunctionRef::parse(&cx, &text, qualifier.as_deref()) {
                let _ = (function.which(), function.resource());
            }
        }
    }

    #[test]
    fn refuses_contradictions() {
        let cx = Bench::new().cx;
        assert!(matches!(FunctionRef::parse(&cx, "f:1", Some("2")), Err(Error::QualifierMismatch)));
        let foreign = "arn:aws:lambda:eu-west-1:000000000000:function:f";
        let error = FunctionRef::parse(&cx, foreign, None).expect_err("another region");
        assert_eq!(error.to_string(), "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')");
        assert!(matches!(FunctionRef::own(&cx, "111111111111:function:f", None), Err(Error::ForeignAccount(_))));
    }
}
