//! `CreateGroup`, `CreateInstanceProfile`, `CreatePolicy`, `CreateRole`, `CreateUser`: an entity whose name is free.

use crate::Error;
use crate::entity::Verb;
use crate::operations::shared::{Iam, new_tags, with_request_tags};
use crate::views::{Shown, Tag};
use serde::{Deserialize, de::DeserializeOwned};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, One, Operation};
use tidegate_store::{Snapshot, Transaction};
use tidegate_types::{AccountId, Tags, Timestamp};

pub(crate) struct Create<E>(PhantomData<E>);

/// What can be created.
pub(crate) trait Creatable: Shown {
    const CREATE: Verb;
    /// What the request says for this kind alone.
    type Particulars: DeserializeOwned + Send + 'static;

    fn create(new: New, particulars: Self::Particulars) -> Result<Self, Error>;

    /// Whether what it names is there.
    fn check(&self, _: &Snapshot, _: &AccountId) -> Result<(), Error> {
        Ok(())
    }
}

/// What new entities of all kinds have.
pub(crate) struct New {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) tags: Tags,
    /// The ARN of the permissions boundary.
    pub(crate) boundary: Option<String>,
}

/// The particulars of a kind that has none.
#[derive(Deserialize)]
pub(crate) struct Plain {}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input<P> {
    #[serde(alias = "GroupName", alias = "InstanceProfileName", alias = "PolicyName", alias = "RoleName")]
    #[serde(alias = "UserName")]
    name: String,
    path: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    permissions_boundary: Option<String>,
    #[serde(flatten)]
    particulars: P,
}

impl<E: Creatable> Operation for Create<E> {
    type Service = Iam;
    type Input = Input<E::Particulars>;
    type Output = One<E::View>;
    type Error = Error;
    const NAME: &'static str = E::CREATE.name;
    const ACTION: &'static str = E::CREATE.action;

    fn checks(_: &Iam, cx: &Context, input: &Self::Input) -> Result<Vec<Check>, Error> {
        let arn = E::KIND.arn(&cx.account, input.path.as_deref().unwrap_or("/"), &input.name);
        let check = with_request_tags(Check::new(Self::ACTION, arn), &input.tags);
        let boundary = input.permissions_boundary.iter();
        Ok(vec![boundary.fold(check, |check, arn| check.with("iam:PermissionsBoundary", arn))])
    }

    async fn call(iam: &Iam, cx: &Context, input: Self::Input) -> Result<Self::Output, Error> {
        let new = New {
            name: input.name,
            path: input.path.unwrap_or_else(|| "/".to_owned()),
            id: format!("{}{}", E::KIND.id_prefix(), iam.state.ids.upper_alphanumeric(17)),
            created: cx.clock().now(),
            tags: new_tags(input.tags, E::TAGS_QUOTA)?,
            boundary: input.permissions_boundary,
        };
        let entity = E::create(new, input.particulars)?;
        let (account, stored) = (cx.account.clone(), entity.clone());
        let write = move |tx: &mut Transaction| {
            stored.check(tx, &account)?;
            stored.insert(tx, &account)
        };
        iam.state.write(write).await?;
        iam.show(cx, &entity)
    }
}
