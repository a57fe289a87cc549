//! What a project is made of on AWS. Each kind of resource says what is there, what differs, and how to add, change and
//! remove it.

mod api;
mod function;
mod log_group;
mod role;
mod table;

use crate::client::{Client, Error as CallError};
use crate::file::{self, Project};
use api::Api;
use function::Function;
use log_group::LogGroup;
use role::Role;
use serde_json::Value;
use std::fmt;
use table::Table;

/// The tag that marks what a project has made; its value is the project's name.
pub const PROJECT_TAG: &str = "tidegate:project";

/// Why a deployment stopped.
#[derive(Debug)]
pub enum Error {
    /// The project file, or the code that it names.
    File(file::Error),
    /// A call that was refused.
    Call(CallError),
    /// A change that AWS offers no way to make.
    NotChangeable(String),
    /// Something of that name is there, and the project has not made it.
    NotOurs(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::File(error) => error.fmt(f),
            Error::Call(error) => error.fmt(f),
            Error::NotChangeable(what) | Error::NotOurs(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {}

impl From<file::Error> for Error {
    fn from(error: file::Error) -> Error {
        Error::File(error)
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Error {
        Error::Call(error)
    }
}

/// What has to happen to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Keep,
    /// It is not there yet.
    Add,
    /// It is there, and differs in these points.
    Update(Vec<String>),
    /// The project file does not name it any more.
    Remove,
}

/// One resource of a project.
#[derive(Debug)]
pub enum Resource {
    /// A DynamoDB table.
    Table(Table),
    /// A function's execution role.
    Role(Role),
    /// A function's log group.
    LogGroup(LogGroup),
    /// A Lambda function.
    Function(Function),
    /// An HTTP API with its routes, stage, integration and permission.
    Api(Api),
}

/// The resources that a project file stands for, in the order in which they are made.
pub fn of(project: &Project) -> Result<Vec<Resource>, Error> {
    let mut resources: Vec<Resource> = project.tables.iter().map(|t| Resource::Table(Table::new(project, t))).collect();
    for function in &project.functions {
        resources.push(Resource::Role(Role::new(project, function)));
        resources.push(Resource::LogGroup(LogGroup::new(project, &function.name)));
        resources.push(Resource::Function(Function::new(project, function)?));
    }
    for api in &project.apis {
        resources.push(Resource::Api(Api::new(project, api)?));
    }
    Ok(resources)
}

/// What is there of a project, in the order in which it was made.
pub async fn existing(client: &Client, project: &str) -> Result<Vec<Resource>, Error> {
    let mut found = Vec::new();
    found.extend(table::existing(client, project).await?.into_iter().map(Resource::Table));
    found.extend(role::existing(client, project).await?.into_iter().map(Resource::Role));
    found.extend(log_group::existing(client, project).await?.into_iter().map(Resource::LogGroup));
    found.extend(function::existing(client, project).await?.into_iter().map(Resource::Function));
    found.extend(api::existing(client, project).await?.into_iter().map(Resource::Api));
    Ok(found)
}

impl Resource {
    /// What it is, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Resource::Table(_) => "table",
            Resource::Role(_) => "role",
            Resource::LogGroup(_) => "log group",
            Resource::Function(_) => "function",
            Resource::Api(_) => "HTTP API",
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Resource::Table(table) => &table.name,
            Resource::Role(role) => &role.name,
            Resource::LogGroup(group) => &group.name,
            Resource::Function(function) => &function.name,
            Resource::Api(api) => &api.name,
        }
    }

    /// Compares it with what is there.
    pub async fn compare(&self, client: &Client) -> Result<Change, Error> {
        match self {
            Resource::Table(table) => table.compare(client).await,
            Resource::Role(role) => role.compare(client).await,
            Resource::LogGroup(group) => group.compare(client).await,
            Resource::Function(function) => function.compare(client).await,
            Resource::Api(api) => api.compare(client).await,
        }
    }

    /// Makes the change.
    pub async fn apply(&self, client: &Client, change: &Change) -> Result<(), Error> {
        match (change, self) {
            (Change::Keep, _) => Ok(()),
            (Change::Remove, resource) => resource.remove(client).await,
            (_, Resource::Table(table)) => table.put(client).await,
            (_, Resource::Role(role)) => role.put(client).await,
            (_, Resource::LogGroup(group)) => group.put(client).await,
            (_, Resource::Function(function)) => function.put(client, change).await,
            (_, Resource::Api(api)) => api.put(client).await,
        }
    }

    async fn remove(&self, client: &Client) -> Result<(), Error> {
        match self {
            Resource::Table(table) => table.remove(client).await,
            Resource::Role(role) => role.remove(client).await,
            Resource::LogGroup(group) => group.remove(client).await,
            Resource::Function(function) => function.remove(client).await,
            Resource::Api(api) => api.remove(client).await,
        }
    }
}

/// Turns "it is not there" into `None`.
fn found<T>(answer: Result<T, CallError>) -> Result<Option<T>, CallError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Refuses to change what somebody else has made, by the value of its [`PROJECT_TAG`].
fn ours(kind: &str, name: &str, project: &str, owner: Option<&str>) -> Result<(), Error> {
    match owner {
        Some(owner) if owner == project => Ok(()),
        Some(owner) => Err(Error::NotOurs(format!("the {kind} {name} belongs to the project {owner}"))),
        None => Err(Error::NotOurs(format!("the {kind} {name} is there already, and no project has made it"))),
    }
}

/// The value of [`PROJECT_TAG`] in a list of tags.
fn owner(tags: &Value) -> Option<&str> {
    tags.as_array()?.iter().find(|tag| tag["Key"] == PROJECT_TAG)?["Value"].as_str()
}

/// `WHAT (old → new)` for each pair that differs.
fn differences(pairs: &[(&str, Value, Value)]) -> Vec<String> {
    let differing = pairs.iter().filter(|(_, old, new)| old != new);
    differing.map(|(what, old, new)| format!("{what} ({} → {})", short(old), short(new))).collect()
}

fn short(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn kept_or_updated(differences: Vec<String>) -> Change {
    if differences.is_empty() { Change::Keep } else { Change::Update(differences) }
}
