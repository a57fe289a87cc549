//! What IAM's operations work on, and what several of them have in common.

use crate::Error;
use crate::access::Access;
use crate::entity::{Entity, Kind};
use crate::page::Paging;
use crate::state::State;
use crate::tables::User;
use crate::views::{Shown, Tag};
use serde::Deserialize;
use std::sync::Arc;
use tidegate_core::{Check, Context, One, PrincipalKind};
use tidegate_store::{Snapshot, Transaction};
use tidegate_types::{AccountId, Tags};

/// The service `iam`.
pub struct Iam {
    pub(crate) state: Arc<State>,
    pub(super) access: Arc<Access>,
}

impl Iam {
    pub(crate) fn new(state: Arc<State>, access: Arc<Access>) -> Iam {
        Iam { state, access }
    }

    /// The entity of a name in the caller's account.
    pub(super) fn get<E: Entity>(&self, cx: &Context, name: &str) -> Result<E, Error> {
        E::get(&self.state.snapshot(), &cx.account, name)
    }

    /// The answer about one entity.
    pub(super) fn show<E: Shown>(&self, cx: &Context, entity: &E) -> Result<One<E::View>, Error> {
        Ok(One(E::MEMBER, entity.view(&self.state.snapshot(), &cx.account)?))
    }

    /// Changes one entity.
    pub(super) async fn change<E: Entity, R: Send + 'static>(
        &self,
        cx: &Context,
        name: String,
        change: impl FnOnce(&Snapshot, &mut E) -> Result<R, Error> + Send + 'static,
    ) -> Result<R, Error> {
        let account = cx.account.clone();
        let write = move |tx: &mut Transaction| {
            let mut entity = E::get(tx, &account, &name)?;
            let answer = change(tx, &mut entity)?;
            entity.save(tx, &account)?;
            Ok(answer)
        };
        self.state.write(write).await
    }

    /// The check on an entity that may be there: its ARN has its path.
    pub(super) fn check<E: Entity>(&self, cx: &Context, action: &str, name: &str) -> Result<Check, Error> {
        match self.get::<E>(cx, name) {
            Ok(entity) => Ok(Check::new(action, entity.arn(&cx.account))),
            Err(Error::NoSuch(..)) => Ok(Check::new(action, E::KIND.arn(&cx.account, "/", name))),
            Err(error) => Err(error),
        }
    }

    /// The same with the entity's tags as condition keys.
    pub(super) fn check_tagged<E: Entity>(&self, cx: &Context, action: &str, name: &str) -> Result<Check, Error> {
        let check = self.check::<E>(cx, action, name)?;
        let Ok(entity) = self.get::<E>(cx, name) else { return Ok(check) };
        let with = |check: Check, (key, value): (&String, &String)| {
            check.with(&format!("aws:ResourceTag/{key}"), value).with(&format!("iam:ResourceTag/{key}"), value)
        };
        Ok(entity.tags().iter().fold(check, with))
    }
}

/// `aws:RequestTag/…` and `aws:TagKeys`.
pub(super) fn with_request_tags(check: Check, tags: &[Tag]) -> Check {
    tags.iter().fold(check, |check, tag| {
        check.with(&format!("aws:RequestTag/{}", tag.key), &tag.value).with("aws:TagKeys", &tag.key)
    })
}

/// The tags of a new entity.
pub(super) fn new_tags(tags: Vec<Tag>, quota: &'static str) -> Result<Tags, Error> {
    let mut seen: Vec<String> = tags.iter().map(|tag| tag.key.to_lowercase()).collect();
    seen.sort();
    seen.dedup();
    if seen.len() < tags.len() {
        return Err(Error::TagTwice);
    }
    if tags.len() > crate::limits::TAGS_MAX {
        return Err(Error::Quota(quota, crate::limits::TAGS_MAX));
    }
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

/// A boundary must be a policy that is there.
pub(super) fn check_boundary(state: &Snapshot, account: &AccountId, arn: Option<&String>) -> Result<(), Error> {
    let Some(arn) = arn else { return Ok(()) };
    match crate::policies::find(state, account, arn)? {
        Some(_) => Ok(()),
        None => Err(Error::NotAttachable(arn.clone())),
    }
}

/// The user that is named, or the one that asks; `None` for the account's root.
pub(super) fn meant(cx: &Context, named: Option<&String>) -> Result<Option<String>, Error> {
    match (&cx.principal.kind, named) {
        (_, Some(name)) => Ok(Some(name.clone())),
        (PrincipalKind::User { path_and_name, .. }, None) => {
            Ok(Some(path_and_name.rsplit('/').next().unwrap_or_default().to_owned()))
        }
        (PrincipalKind::Root, None) => Ok(None),
        _ => Err(Error::UserNameNeeded),
    }
}

/// What operations on one entity take: its name, or a policy's ARN, and page by page what belongs to it.
#[derive(Deserialize)]
pub(crate) struct Named {
    #[serde(alias = "GroupName", alias = "InstanceProfileName", alias = "PolicyArn", alias = "RoleName")]
    #[serde(alias = "UserName")]
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) paging: Paging,
}

/// What operations on what belongs to a user take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserInput {
    pub(super) user_name: Option<String>,
    #[serde(flatten)]
    pub(super) paging: Paging,
}

impl UserInput {
    /// The check on the user that is meant, or on the account's root.
    pub(super) fn check(&self, iam: &Iam, cx: &Context, action: &str) -> Result<Vec<Check>, Error> {
        Ok(vec![match meant(cx, self.user_name.as_ref())? {
            Some(name) => iam.check_tagged::<User>(cx, action, &name)?,
            None => Check::new(action, Kind::User.arn(&cx.account, "/", "root")),
        }])
    }
}
