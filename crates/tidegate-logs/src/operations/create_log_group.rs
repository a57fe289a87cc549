//! `CreateLogGroup`: make a group, with tags if wanted.

use crate::groups::{group_arn, stream_arn};
use crate::tables::{GROUPS, Group};
use crate::{Error, Logs, tags};
use serde::Deserialize;
use tidegate_core::{Check, Context, Empty, Operation};
use tidegate_types::Tags;

pub(crate) struct CreateLogGroup;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    log_group_name: String,
    kms_key_id: Option<String>,
    #[serde(default)]
    tags: Tags,
    log_group_class: Option<String>,
    #[serde(default)]
    deletion_protection_enabled: bool,
}

impl Operation for CreateLogGroup {
    type Service = Logs;
    type Input = Input;
    type Output = Empty;
    type Error = Error;
    const NAME: &'static str = "CreateLogGroup";
    const ACTION: &'static str = "logs:CreateLogGroup";

    fn checks(_: &Logs, cx: &Context, input: &Input) -> Result<Vec<Check>, Error> {
        let mut create = Check::new(Self::ACTION, stream_arn(cx, &input.log_group_name, ""));
        let mut tag = Check::new("logs:TagResource", group_arn(cx, &input.log_group_name));
        for (key, value) in &input.tags {
            create = create.with(&format!("aws:RequestTag/{key}"), value).with("aws:TagKeys", key);
            tag = tag.with(&format!("aws:RequestTag/{key}"), value).with("aws:TagKeys", key);
        }
        Ok(if input.tags.is_empty() { vec![create] } else { vec![create, tag] })
    }

    async fn call(logs: &Logs, cx: &Context, input: Input) -> Result<Empty, Error> {
        tags::check_keys(&input.tags)?;
        if input.kms_key_id.is_some() {
            return Err(Error::Unsupported("kmsKeyId"));
        }
        let class = input.log_group_class.unwrap_or_else(|| "STANDARD".into());
        if class == "DELIVERY" {
            return Err(Error::Unsupported("logGroupClass DELIVERY"));
        }
        let group = Group {
            class,
            tags: input.tags,
            deletion_protection: input.deletion_protection_enabled,
            ..Group::new(cx.clock().now_ms())
        };
        let key = (cx.account.clone(), cx.region.clone(), input.log_group_name);
        let store = &logs.store;
        store
            .write(move |tx| match tx.contains(&GROUPS, &key)? {
                true => Err(Error::GroupExists),
                false => Ok(tx.put(&GROUPS, &key, &group)?),
            })
            .await?;
        Ok(Empty {})
    }
}
