//! A function's log group.

use super::{Change, Error, PROJECT_TAG, found, kept_or_updated};
use crate::Client;
use crate::file::Project;
use serde_json::{Value, json};

/// Days that log events are kept.
const RETENTION_DAYS: u32 = 14;

/// The group that a function's lines go to.
#[derive(Debug)]
pub struct LogGroup {
    pub(super) name: String,
    project: String,
}

impl LogGroup {
    pub(super) fn new(project: &Project, function: &str) -> LogGroup {
        LogGroup { name: format!("/aws/lambda/{function}"), project: project.name.clone() }
    }

    async fn current(&self, client: &Client) -> Result<Option<Value>, Error> {
        let input = json!({ "logGroupNamePrefix": self.name });
        let mut page = client.call("logs", "DescribeLogGroups", input).await?;
        let groups = page["logGroups"].as_array_mut().map(std::mem::take).unwrap_or_default();
        Ok(groups.into_iter().find(|group| group["logGroupName"] == self.name.as_str()))
    }

    pub(super) async fn compare(&self, client: &Client) -> Result<Change, Error> {
        let Some(current) = self.current(client).await? else { return Ok(Change::Add) };
        let retention = ("retention", current["retentionInDays"].clone(), json!(RETENTION_DAYS));
        Ok(kept_or_updated(super::differences(&[retention])))
    }

    pub(super) async fn put(&self, client: &Client) -> Result<(), Error> {
        if self.current(client).await?.is_none() {
            let input = json!({ "logGroupName": self.name, "tags": { PROJECT_TAG: self.project } });
            client.call("logs", "CreateLogGroup", input).await?;
        }
        let input = json!({ "logGroupName": self.name, "retentionInDays": RETENTION_DAYS });
        client.call("logs", "PutRetentionPolicy", input).await?;
        Ok(())
    }

    pub(super) async fn remove(&self, client: &Client) -> Result<(), Error> {
        found(client.call("logs", "DeleteLogGroup", json!({ "logGroupName": self.name })).await)?;
        Ok(())
    }
}

pub(super) async fn existing(client: &Client, project: &str) -> Result<Vec<LogGroup>, Error> {
    let mut groups = Vec::new();
    for group in client.pages("logs", "DescribeLogGroups", "logGroups", ["nextToken", "nextToken"]).await? {
        let arn = group["logGroupArn"].as_str().unwrap_or_default();
        let tags = found(client.call("logs", "ListTagsForResource", json!({ "resourceArn": arn })).await)?;
        if tags.is_some_and(|tags| tags["tags"][PROJECT_TAG] == project) {
            let name = group["logGroupName"].as_str().unwrap_or_default().to_owned();
            groups.push(LogGroup { name, project: project.to_owned() });
        }
    }
    Ok(groups)
}
