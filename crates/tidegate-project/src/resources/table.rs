//! A DynamoDB table.

use super::{Change, Error, PROJECT_TAG, differences, found, pages};
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

    fn attributes(&self) -> Value {
        self.keys.iter().map(|key| json!({ "AttributeName": key.name, "AttributeType": key.scalar_type })).collect()
    }

    pub(super) async fn compare(&self, client: &Client) -> Result<Change, Error> {
        let current = found(client.call("dynamodb", "DescribeTable", json!({ "TableName": self.name })).await)?;
        let Some(current) = current else { return Ok(Change::Add) };
        let attributes = differences(&[
            ("keys", current["Table"]["KeySchema"].clone(), self.schema()),
            ("key types", current["Table"]["AttributeDefinitions"].clone(), self.attributes()),
        ]);
        Ok(super::kept_or_updated(attributes))
    }

    pub(super) async fn put(&self, client: &Client, change: &Change) -> Result<(), Error> {
        if let Change::Update(points) = change {
            // Replacing the table would lose its items, so the user decides.
            let (name, points) = (&self.name, points.join(", "));
            return Err(Error::NotChangeable(format!(
                "the table {name} has other keys: {points}. DynamoDB cannot change the keys of a table; delete it first, or give the new one another name"
            )));
        }
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
    for name in pages(client, "dynamodb", "ListTables", "TableNames", token).await? {
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
