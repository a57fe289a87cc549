//! A DynamoDB table.

use super::{Change, Error, PROJECT_TAG, differences, found, ours, owner};
use crate::Client;
use crate::file::{self, Project};
use serde_json::{Value, json};

/// A table.
#[derive(Debug)]
pub struct Table {
    pub(super) name: String,
    project: String,
    keys: Vec<Key>,
}

#[derive(Debug)]
struct Key {
    name: String,
    role: &'static str,
    scalar_type: String,
}

impl Table {
    pub(super) fn new(project: &Project, table: &file::Table) -> Table {
        let of_type = |name: &String| table.attribute_types.get(name).cloned().unwrap_or_else(|| "S".to_owned());
        let key = |name: &String, role| Key { name: name.clone(), role, scalar_type: of_type(name) };
        let mut keys = vec![key(&table.hash_key, "HASH")];
        keys.extend(table.range_key.iter().map(|name| key(name, "RANGE")));
        Table { name: table.name.clone(), project: project.name.clone(), keys }
    }

    fn schema(&self) -> Value {
        self.keys.iter().map(|key| json!({ "AttributeName": key.name, "KeyType": key.role })).collect()
    }

    /// What differs in the keys that are there, in words. Attributes of indexes, which others may have added, do not count.
    fn differences(&self, current: &Value) -> Vec<String> {
        let type_of = |name: &str| {
            let mut attributes = current["AttributeDefinitions"].as_array().into_iter().flatten();
            attributes.find(|attribute| attribute["AttributeName"] == name)?["AttributeType"].as_str()
        };
        let described = |key: &Value| {
            let name = key["AttributeName"].as_str().unwrap_or_default();
            format!("{name} ({})", type_of(name).unwrap_or("?"))
        };
        let old: Vec<String> = current["KeySchema"].as_array().into_iter().flatten().map(described).collect();
        let new: Vec<String> = self.keys.iter().map(|key| format!("{} ({})", key.name, key.scalar_type)).collect();
        differences(&[("keys", json!(old.join(", ")), json!(new.join(", ")))])
    }

    fn attributes(&self) -> Value {
        self.keys.iter().map(|key| json!({ "AttributeName": key.name, "AttributeType": key.scalar_type })).collect()
    }

    pub(super) async fn compare(&self, client: &Client) -> Result<Change, Error> {
        let current = found(client.call("dynamodb", "DescribeTable", json!({ "TableName": self.name })).await)?;
        let Some(current) = current else { return Ok(Change::Add) };
        let tags = json!({ "ResourceArn": current["Table"]["TableArn"] });
        let tags = client.call("dynamodb", "ListTagsOfResource", tags).await?;
        ours("table", &self.name, &self.project, owner(&tags["Tags"]))?;
        let points = self.differences(&current["Table"]);
        if points.is_empty() {
            return Ok(Change::Keep);
        }
        // Replacing the table would lose its items, so the user decides.
        let (name, points) = (&self.name, points.join(", "));
        Err(Error::NotChangeable(format!(
            "the table {name} has other keys: {points}. DynamoDB cannot change the keys of a table; delete it first, or give the new one another name"
        )))
    }

    pub(super) async fn put(&self, client: &Client) -> Result<(), Error> {
        let input = json!({
            "TableName": self.name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": self.schema(),
            "AttributeDefinitions": self.attributes(),
            "Tags": [{ "Key": PROJECT_TAG, "Value": self.project }],
        });
        client.call("dynamodb", "CreateTable", input).await?;
        Ok(())
    }

    pub(super) async fn remove(&self, client: &Client) -> Result<(), Error> {
        found(client.call("dynamodb", "DeleteTable", json!({ "TableName": self.name })).await)?;
        Ok(())
    }
}

pub(super) async fn existing(client: &Client, project: &str) -> Result<Vec<Table>, Error> {
    let mut tables = Vec::new();
    let token = ["LastEvaluatedTableName", "ExclusiveStartTableName"];
    for name in client.pages("dynamodb", "ListTables", "TableNames", token).await? {
        let Some(found) = found(client.call("dynamodb", "DescribeTable", json!({ "TableName": name })).await)? else {
            continue;
        };
        let arn = found["Table"]["TableArn"].clone();
        let tags = client.call("dynamodb", "ListTagsOfResource", json!({ "ResourceArn": arn })).await?;
        if tags["Tags"].as_array().is_some_and(|tags| tags.contains(&json!({ "Key": PROJECT_TAG, "Value": project }))) {
            let name = name.as_str().unwrap_or_default().to_owned();
            tables.push(Table { name, project: project.to_owned(), keys: Vec::new() });
        }
    }
    Ok(tables)
}
