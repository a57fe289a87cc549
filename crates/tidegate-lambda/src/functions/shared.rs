//! What several operations share: loading functions, permission checks, publishing, paging.

use crate::configuration::Configuration;
use crate::invoke::LAMBDA;
use crate::names::{FunctionKey, FunctionRef, Qualifier};
use crate::tables::{ALIASES, Alias, FUNCTIONS, Function, VERSIONS};
use crate::{Error, Lambda};
use serde::Deserialize;
use tidegate_core::ports::AssumeRoleError;
use tidegate_core::{Check, Context, Page};
use tidegate_store::{Snapshot, Transaction};
use tidegate_types::Arn;

/// The function that a request is about, and which of its versions or aliases.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Named {
    function_name: String,
    qualifier: Option<String>,
}

impl Named {
    /// The caller's own function of this name.
    pub fn function(&self, cx: &Context) -> Result<FunctionRef, Error> {
        FunctionRef::own(cx, &self.function_name, self.qualifier.as_deref())
    }

    /// The same with a qualifier that the request gives elsewhere.
    pub fn with(&self, cx: &Context, qualifier: &str) -> Result<FunctionRef, Error> {
        FunctionRef::own(cx, &self.function_name, Some(qualifier))
    }

    /// What the caller must be allowed to do.
    pub fn checks(&self, lambda: &Lambda, cx: &Context, action: &str) -> Result<Vec<Check>, Error> {
        Ok(vec![check(lambda, action, &self.function(cx)?)?])
    }
}

/// The function itself.
pub(super) fn load(snapshot: &Snapshot, function: &FunctionRef) -> Result<Function, Error> {
    snapshot.get(&FUNCTIONS, &function.key)?.ok_or_else(|| Error::NoSuchFunction(function.function_arn()))
}

/// The configuration of a published version.
pub(super) fn load_version(
    snapshot: &Snapshot,
    key: &FunctionKey,
    number: u64,
) -> Result<Option<Configuration>, Error> {
    Ok(snapshot.get(&VERSIONS, (&key.0, &key.1, key.2.as_str(), number))?)
}

pub(super) fn load_alias(snapshot: &Snapshot, key: &FunctionKey, name: &str) -> Result<Option<Alias>, Error> {
    Ok(snapshot.get(&ALIASES, (&key.0, &key.1, key.2.as_str(), name))?)
}

/// The version that a name and qualifier mean: its number (`None` is `$LATEST`) and configuration.
pub(super) fn resolve(snapshot: &Snapshot, function: &FunctionRef) -> Result<(Option<u64>, Configuration), Error> {
    let stored = snapshot.get(&FUNCTIONS, &function.key)?.ok_or_else(|| function.not_found())?;
    let number = match function.which() {
        Qualifier::Latest => None,
        Qualifier::Version(number) => Some(number),
        Qualifier::Alias(name) => {
            let alias = load_alias(snapshot, &function.key, name)?.ok_or_else(|| function.not_found())?;
            alias.version.parse().ok()
        }
    };
    let Some(number) = number else { return Ok((None, stored.latest)) };
    let version = load_version(snapshot, &function.key, number)?.ok_or_else(|| function.not_found())?;
    Ok((Some(number), version))
}

/// Refuses a qualifier that stands for nothing; `$LATEST` and none are good.
pub(super) fn check_qualifier(snapshot: &Snapshot, function: &FunctionRef) -> Result<(), Error> {
    load(snapshot, function)?;
    match function.which() {
        Qualifier::Alias(name) if load_alias(snapshot, &function.key, name)?.is_none() => {
            Err(Error::NoSuchAlias(function.arn()))
        }
        Qualifier::Version(number) if load_version(snapshot, &function.key, number)?.is_none() => {
            Err(function.not_found())
        }
        _ => Ok(()),
    }
}

/// A check of an action on a function, with the function's tags as conditions.
pub(super) fn check(lambda: &Lambda, action: &str, function: &FunctionRef) -> Result<Check, Error> {
    let stored = lambda.store.snapshot().get(&FUNCTIONS, &function.key)?;
    let tags = stored.map(|function| function.tags).unwrap_or_default();
    let check = Check::new(action, function.resource());
    Ok(tags.into_iter().fold(check, |check, (key, value)| check.with(&format!("aws:ResourceTag/{key}"), value)))
}

/// Refuses roles that Lambda could not assume for the function.
pub(super) fn check_role(lambda: &Lambda, cx: &Context, key: &FunctionKey, role: &str) -> Result<(), Error> {
    let arn: Arn = role.parse().map_err(|_| Error::RoleNotAssumable)?;
    if arn.account() != cx.account.as_str() {
        return Err(Error::CrossAccountRole);
    }
    match lambda.logs.sessions.check(key, role) {
        Ok(()) => Ok(()),
        Err(AssumeRoleError::NoSuchRole | AssumeRoleError::NotTrusted) => Err(Error::RoleNotAssumable),
        Err(AssumeRoleError::Failed(error)) => Err(Error::Execution(error.to_string())),
    }
}

/// The check that the caller may hand a role to Lambda.
pub(super) fn pass_role(role: &str) -> Check {
    Check::pass_role(role, LAMBDA)
}

/// Makes a version of `$LATEST`, unless the newest version is the same; gives its number and configuration.
pub(super) fn publish(
    tx: &mut Transaction,
    key: &FunctionKey,
    function: &mut Function,
    description: Option<String>,
    revision_id: String,
) -> Result<(u64, Configuration), Error> {
    let newest = tx.scan_rev(&VERSIONS, (&key.0, &key.1, key.2.as_str())).next().transpose()?;
    if let Some(((_, _, _, number), version)) = newest
        && version.is_same_version(&function.latest)
    {
        return Ok((number, version));
    }
    let number = function.next_version;
    function.next_version += 1;
    let description = description.unwrap_or_else(|| function.latest.description.clone());
    let version = Configuration { description, revision_id, ..function.latest.clone() };
    tx.put(&VERSIONS, (&key.0, &key.1, key.2.as_str(), number), &version)?;
    tx.put(&FUNCTIONS, key, function)?;
    Ok((number, version))
}

/// Which page of a list is wanted.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Paging {
    marker: Option<String>,
    max_items: Option<usize>,
}

impl Paging {
    /// The items behind the marker: as many as the request says or `by_default`, and `most` at the most.
    pub fn page<T>(
        &self,
        items: impl IntoIterator<Item = Result<(String, T), Error>>,
        by_default: usize,
        most: usize,
    ) -> Result<Page<T>, Error> {
        let token = self.marker.as_deref().filter(|marker| !marker.is_empty());
        Page::cut("lambda", token, self.max_items.unwrap_or(by_default).min(most), items)
    }
}

impl Lambda {
    /// The data plane must read this function anew.
    pub(super) fn changed(&self, key: &FunctionKey) {
        self.kept.forget(key);
    }

    /// Lets the runtime get ready for the first invocation of a function with this configuration.
    pub(crate) fn prepare(&self, configuration: &Configuration) {
        if let Ok(runtime) = configuration.settings.runtime.parse() {
            self.executor.prepare(runtime, configuration.settings.memory_mb);
        }
    }
}
