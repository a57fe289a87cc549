//! A function's execution role: it may write its log, and work on the project's tables.

use super::{Change, Error, PROJECT_TAG, found, ours, owner};
use crate::Client;
use crate::file::{self, Project};
use serde_json::{Value, json};

/// The managed policy that lets a function write its log.
const BASIC_EXECUTION: &str = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
/// The inline policy for the tables.
const TABLES_POLICY: &str = "tables";
/// What functions may do with the project's tables: items, never the tables themselves.
const TABLE_ACTIONS: [&str; 9] = [
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
];

/// A role.
#[derive(Debug)]
pub struct Role {
    pub(super) name: String,
    project: String,
    tables: Vec<String>,
}

/// The name of a function's role.
pub(super) fn name_of(function: &str) -> String {
    format!("{function}-role")
}

impl Role {
    pub(super) fn new(project: &Project, function: &file::Function) -> Role {
        let tables = project.tables.iter().map(|table| table.name.clone()).collect();
        Role { name: name_of(&function.name), project: project.name.clone(), tables }
    }

    fn policy(&self, client: &Client) -> Option<Value> {
        let resources = self.tables.iter().flat_map(|table| {
            let arn = format!("arn:aws:dynamodb:{}:*:table/{table}", client.region);
            [format!("{arn}/index/*"), arn]
        });
        let statement =
            json!({ "Effect": "Allow", "Action": TABLE_ACTIONS, "Resource": resources.collect::<Vec<_>>() });
        (!self.tables.is_empty()).then(|| json!({ "Version": "2012-10-17", "Statement": [statement] }))
    }

    async fn current_policy(&self, client: &Client) -> Result<Option<Value>, Error> {
        let input = json!({ "RoleName": self.name, "PolicyName": TABLES_POLICY });
        let answer = found(client.call("iam", "GetRolePolicy", input).await)?;
        let document = answer.and_then(|answer| Some(decode(answer["PolicyDocument"].as_str()?)));
        Ok(document.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(super) async fn compare(&self, client: &Client) -> Result<Change, Error> {
        if found(client.call("iam", "GetRole", json!({ "RoleName": self.name })).await)?.is_none() {
            return Ok(Change::Add);
        }
        let tags = client.call("iam", "ListRoleTags", json!({ "RoleName": self.name })).await?;
        ours("role", &self.name, &self.project, owner(&tags["Tags"]))?;
        let same = self.current_policy(client).await? == self.policy(client);
        Ok(if same { Change::Keep } else { Change::Update(vec!["permissions on tables".to_owned()]) })
    }

    pub(super) async fn put(&self, client: &Client) -> Result<(), Error> {
        if found(client.call("iam", "GetRole", json!({ "RoleName": self.name })).await)?.is_none() {
            self.create(client).await?;
        }
        let attach = json!({ "RoleName": self.name, "PolicyArn": BASIC_EXECUTION });
        client.call("iam", "AttachRolePolicy", attach).await?;
        match self.policy(client) {
            Some(policy) => {
                let input =
                    json!({ "RoleName": self.name, "PolicyName": TABLES_POLICY, "PolicyDocument": policy.to_string() });
                client.call("iam", "PutRolePolicy", input).await?;
            }
            None => self.delete_policy(client).await?,
        }
        Ok(())
    }

    async fn create(&self, client: &Client) -> Result<(), Error> {
        let statement = json!({ "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" });
        let trust = json!({ "Version": "2012-10-17", "Statement": [statement] });
        let input = json!({
            "RoleName": self.name,
            "AssumeRolePolicyDocument": trust.to_string(),
            "Tags": [{ "Key": PROJECT_TAG, "Value": self.project }],
        });
        client.call("iam", "CreateRole", input).await?;
        Ok(())
    }

    async fn delete_policy(&self, client: &Client) -> Result<(), Error> {
        let input = json!({ "RoleName": self.name, "PolicyName": TABLES_POLICY });
        found(client.call("iam", "DeleteRolePolicy", input).await)?;
        Ok(())
    }

    pub(super) async fn remove(&self, client: &Client) -> Result<(), Error> {
        self.delete_policy(client).await?;
        let attached = json!({ "RoleName": self.name, "PolicyArn": BASIC_EXECUTION });
        found(client.call("iam", "DetachRolePolicy", attached).await)?;
        found(client.call("iam", "DeleteRole", json!({ "RoleName": self.name })).await)?;
        Ok(())
    }
}

pub(super) async fn existing(client: &Client, project: &str) -> Result<Vec<Role>, Error> {
    let mut roles = Vec::new();
    for role in client.pages("iam", "ListRoles", "Roles", ["Marker", "Marker"]).await? {
        let name = role["RoleName"].as_str().unwrap_or_default().to_owned();
        let tags = client.call("iam", "ListRoleTags", json!({ "RoleName": name })).await?;
        if tags["Tags"].as_array().is_some_and(|tags| tags.contains(&json!({ "Key": PROJECT_TAG, "Value": project }))) {
            roles.push(Role { name, project: project.to_owned(), tables: Vec::new() });
        }
    }
    Ok(roles)
}

/// IAM percent-encodes documents (RFC 3986).
fn decode(text: &str) -> String {
    tidegate_wire::percent_decode(text).into_owned()
}
