//! `ListInstanceProfileTags`, `ListPolicyTags`, `ListRoleTags`, `ListUserTags`: an entity's tags.

use super::{check, name_of};
use crate::Error;
use crate::entity::Tagged;
use crate::operations::shared::{Iam, Named};
use crate::page::Listed;
use crate::views::{Tag, tag_list};
use std::marker::PhantomData;
use tidegate_core::{Check, Context, Operation};

pub(crate) struct ListTags<E>(PhantomData<E>);

impl<E: Tagged> Operation for ListTags<E> {
    type Service = Iam;
    type Input = Named;
    type Output = Listed<Tag>;
    type Error = Error;
    const NAME: &'static str = E::LIST_TAGS.name;
    const ACTION: &'static str = E::LIST_TAGS.action;

    fn checks(iam: &Iam, cx: &Context, input: &Named) -> Result<Vec<Check>, Error> {
        Ok(vec![check::<E>(iam, cx, Self::ACTION, &input.name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: Named) -> Result<Listed<Tag>, Error> {
        let entity: E = iam.get(cx, &name_of::<E>(iam, cx, &input.name)?)?;
        input.paging.page("Tags", tag_list(entity.tags()).into_iter().map(|tag| (tag.key.clone(), tag)))
    }
}
