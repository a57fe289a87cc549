//! `ListPolicies`: AWS' own managed policies and the account's.

use crate::entity::Entity;
use crate::operations::shared::Iam;
use crate::page::{Listed, Paging};
use crate::policies::Uses;
use crate::tables::ManagedPolicy;
use crate::views::PolicyView;
use crate::{Error, managed};
use serde::Deserialize;
use std::collections::BTreeMap;
use tidegate_core::{Context, Operation};

pub(crate) struct ListPolicies;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    scope: Option<String>,
    #[serde(default)]
    only_attached: bool,
    path_prefix: Option<String>,
    policy_usage_filter: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

type Counts = BTreeMap<String, (usize, usize)>;

impl Input {
    fn wants(&self, path: &str, (attached, bounding): (usize, usize)) -> bool {
        let used = match self.policy_usage_filter.as_deref() {
            Some("PermissionsPolicy") => attached > 0,
            Some("PermissionsBoundary") => bounding > 0,
            _ => !self.only_attached || attached + bounding > 0,
        };
        used && path.starts_with(self.path_prefix.as_deref().unwrap_or("/"))
    }

    fn own(&self, iam: &Iam, cx: &Context, counts: &Counts) -> Result<Vec<(String, PolicyView)>, Error> {
        if self.scope.as_deref() == Some("AWS") {
            return Ok(Vec::new());
        }
        let all = ManagedPolicy::all(&iam.state.snapshot(), &cx.account)?;
        let shown = all.into_iter().filter_map(|policy| {
            let uses = counts.get(&policy.arn(&cx.account)).copied().unwrap_or_default();
            let wanted = self.wants(&policy.path, uses);
            wanted.then(|| (format!("own{}", policy.order()), PolicyView::own(&cx.account, &policy, uses).brief()))
        });
        Ok(shown.collect())
    }

    fn aws(&self, counts: &Counts) -> Vec<(String, PolicyView)> {
        if self.scope.as_deref() == Some("Local") {
            return Vec::new();
        }
        let shown = managed::all().filter_map(|policy| {
            let uses = counts.get(&policy.arn()).copied().unwrap_or_default();
            let wanted = self.wants(policy.path(), uses);
            wanted.then(|| (format!("aws{}", policy.path_and_name), PolicyView::aws(policy, uses)))
        });
        shown.collect()
    }
}

impl Operation for ListPolicies {
    type Service = Iam;
    type Input = Input;
    type Output = Listed<PolicyView>;
    type Error = Error;
    const NAME: &'static str = "ListPolicies";
    const ACTION: &'static str = "iam:ListPolicies";

    async fn call(iam: &Iam, cx: &Context, input: Input) -> Result<Listed<PolicyView>, Error> {
        let counts = Uses::all(&iam.state.snapshot(), &cx.account)?.counts();
        let mut all = input.own(iam, cx, &counts)?;
        all.extend(input.aws(&counts));
        input.paging.page("Policies", all)
    }
}
