//! `GetRole`, and the lists of roles, users and groups by path.

use super::Iam;
use crate::Error;
use crate::entity::{Entity, Kind};
use crate::page::{End, Paging};
use crate::tables::{Group, Role, User};
use crate::views::{GroupView, RoleView, UserView};
use serde::{Deserialize, Serialize};
use tidegate_core::{Check, Context, Operation};

pub(crate) struct GetRole;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleInput {
    role_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleOutput {
    role: RoleView,
}

impl Operation for GetRole {
    type Service = Iam;
    type Input = RoleInput;
    type Output = RoleOutput;
    type Error = Error;
    const NAME: &'static str = "GetRole";
    const ACTION: &'static str = "iam:GetRole";

    fn checks(iam: &Iam, cx: &Context, input: &RoleInput) -> Result<Vec<Check>, Error> {
        Ok(vec![iam.check_tagged::<Role>(cx, Self::ACTION, &input.role_name)?])
    }

    async fn call(iam: &Iam, cx: &Context, input: RoleInput) -> Result<RoleOutput, Error> {
        Ok(RoleOutput { role: RoleView::full(&cx.account, &iam.get::<Role>(cx, &input.role_name)?) })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListInput {
    path_prefix: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

impl ListInput {
    /// The resource of a list operation: everything below the prefix.
    fn resource(&self, cx: &Context, kind: Kind) -> String {
        kind.arn(&cx.account, self.path_prefix.as_deref().unwrap_or("/"), "")
    }

    fn page<E: Entity>(&self, iam: &Iam, cx: &Context) -> Result<(Vec<E>, End), Error> {
        let prefix = self.path_prefix.as_deref().unwrap_or("/");
        let all = E::all(&iam.state.snapshot(), &cx.account)?;
        self.paging.page(all.into_iter().filter(|e| e.path().starts_with(prefix)).map(|e| (e.order(), e)))
    }
}

macro_rules! list {
    ($operation:ident, $entity:ident, $output:ident, $member:ident, $view:path) => {
        pub(crate) struct $operation;

        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        pub(crate) struct $output {
            $member: Vec<<$operation as Listed>::View>,
            #[serde(flatten)]
            end: End,
        }

        impl Operation for $operation {
            type Service = Iam;
            type Input = ListInput;
            type Output = $output;
            type Error = Error;
            const NAME: &'static str = stringify!($operation);
            const ACTION: &'static str = concat!("iam:", stringify!($operation));

            fn resource(cx: &Context, input: &ListInput) -> String {
                input.resource(cx, $entity::KIND)
            }

            async fn call(iam: &Iam, cx: &Context, input: ListInput) -> Result<$output, Error> {
                let (entities, end) = input.page::<$entity>(iam, cx)?;
                Ok($output { $member: entities.iter().map(|e| $view(&cx.account, e)).collect(), end })
            }
        }
    };
}

trait Listed {
    type View: Serialize;
}

impl Listed for ListRoles {
    type View = RoleView;
}

impl Listed for ListUsers {
    type View = UserView;
}

impl Listed for ListGroups {
    type View = GroupView;
}

list!(ListRoles, Role, RolesOutput, roles, RoleView::brief);
list!(ListUsers, User, UsersOutput, users, UserView::brief);
list!(ListGroups, Group, GroupsOutput, groups, GroupView::of);
