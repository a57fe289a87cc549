//! A Lambda function.

use super::{Change, Error, PROJECT_TAG, differences, found, kept_or_updated, ours, role};
use crate::file::{self, Project};
use crate::{Client, package};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// A function and its code.
#[derive(Debug)]
pub struct Function {
    pub(super) name: String,
    project: String,
    configuration: Map<String, Value>,
    zip: Vec<u8>,
}

impl Function {
    pub(super) fn new(project: &Project, function: &file::Function) -> Result<Function, Error> {
        let configuration = json!({
            "Runtime": function.runtime,
            "Handler": function.handler,
            "MemorySize": function.memory,
            "Timeout": function.timeout,
            "Environment": { "Variables": variables(project, function) },
        });
        let zip = package::build(project, function)?;
        let Value::Object(configuration) = configuration else { unreachable!("json! with braces makes an object") };
        Ok(Function { name: function.name.clone(), project: project.name.clone(), configuration, zip })
    }

    pub(super) async fn compare(&self, client: &Client) -> Result<Change, Error> {
        let input = json!({ "FunctionName": self.name });
        let Some(current) = found(client.call("lambda", "GetFunctionConfiguration", input).await)? else {
            return Ok(Change::Add);
        };
        let tags = client.call("lambda", "ListTags", json!({ "Resource": current["FunctionArn"] })).await?;
        ours("function", &self.name, &self.project, tags["Tags"][PROJECT_TAG].as_str())?;
        let pair = |key: &str| (current[key].clone(), self.configuration[key].clone());
        let mut points: Vec<String> =
            [("runtime", "Runtime"), ("handler", "Handler"), ("memory", "MemorySize"), ("timeout", "Timeout")]
                .into_iter()
                .flat_map(|(what, key)| differences(&[(what, pair(key).0, pair(key).1)]))
                .collect();
        if current["Environment"]["Variables"] != self.configuration["Environment"]["Variables"] {
            points.push("environment".to_owned());
        }
        if current["CodeSha256"] != STANDARD.encode(Sha256::digest(&self.zip)) {
            points.push("code".to_owned());
        }
        Ok(kept_or_updated(points))
    }

    pub(super) async fn put(&self, client: &Client, change: &Change) -> Result<(), Error> {
        let role = client.call("iam", "GetRole", json!({ "RoleName": role::name_of(&self.name) })).await?;
        let mut input = self.configuration.clone();
        input.insert("FunctionName".to_owned(), json!(self.name));
        input.insert("Role".to_owned(), role["Role"]["Arn"].clone());
        if *change == Change::Add {
            input.insert("Code".to_owned(), json!({ "ZipFile": STANDARD.encode(&self.zip) }));
            input.insert("Tags".to_owned(), json!({ PROJECT_TAG: self.project }));
            client.call("lambda", "CreateFunction", Value::Object(input)).await?;
            return self.settled(client).await;
        }
        client.call("lambda", "UpdateFunctionConfiguration", Value::Object(input)).await?;
        self.settled(client).await?;
        let code = json!({ "FunctionName": self.name, "ZipFile": STANDARD.encode(&self.zip) });
        client.call("lambda", "UpdateFunctionCode", code).await?;
        self.settled(client).await
    }

    /// Waits until Lambda has taken the change in, as the waiters of AWS' SDKs do.
    async fn settled(&self, client: &Client) -> Result<(), Error> {
        for _ in 0..200 {
            let now = client.call("lambda", "GetFunctionConfiguration", json!({ "FunctionName": self.name })).await?;
            if now["State"] != "Pending" && now["LastUpdateStatus"] != "InProgress" {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(())
    }

    pub(super) async fn remove(&self, client: &Client) -> Result<(), Error> {
        found(client.call("lambda", "DeleteFunction", json!({ "FunctionName": self.name })).await)?;
        Ok(())
    }
}

/// `TABLE_NAME` for the project's only table, `ID_TABLE_NAME` for each of several, and the file's own variables.
fn variables(project: &Project, function: &file::Function) -> Map<String, Value> {
    let mut variables = Map::new();
    match project.tables.as_slice() {
        [only] => drop(variables.insert("TABLE_NAME".to_owned(), json!(only.name))),
        several => variables.extend(several.iter().map(|table| (variable_name(&table.id), json!(table.name)))),
    }
    variables.extend(function.environment.iter().map(|(name, value)| (name.clone(), json!(value))));
    variables
}

fn variable_name(id: &str) -> String {
    let plain = id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    plain.collect::<String>() + "_TABLE_NAME"
}

pub(super) async fn existing(client: &Client, project: &str) -> Result<Vec<Function>, Error> {
    let mut functions = Vec::new();
    for function in client.pages("lambda", "ListFunctions", "Functions", ["NextMarker", "Marker"]).await? {
        let arn = function["FunctionArn"].clone();
        let tags = client.call("lambda", "ListTags", json!({ "Resource": arn })).await?;
        if tags["Tags"][PROJECT_TAG] == project {
            let name = function["FunctionName"].as_str().unwrap_or_default().to_owned();
            functions.push(Function { name, project: project.to_owned(), configuration: Map::new(), zip: Vec::new() });
        }
    }
    Ok(functions)
}
