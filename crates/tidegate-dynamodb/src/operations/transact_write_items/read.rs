//! Reading a transaction's body.

use super::{Asked, Kind, Request};
use crate::error::Error;
use crate::json::{Reader, Target};
use crate::limits;
use crate::operations::shared::Single;
use crate::request::{self, ReturnCapacity, ReturnMetrics, Word};
use serde_json::Value;
use sha2::{Digest, Sha256};

const MEMBERS: &[&str] = &[
    "TableName",
    "Key",
    "Item",
    "UpdateExpression",
    "ConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValuesOnConditionCheckFailure",
];

/// Reads the body and checks counts and lengths.
pub fn read(body: &[u8]) -> Result<Request, Error> {
    let (mut actions, mut token, mut capacity, mut metrics) = (None, None, None, None);
    request::read_body(body, |r, name| {
        match &*name {
            "TransactItems" => {
                let mut all = Vec::new();
                r.array(|r| -> Result<(), Error> {
                    all.push(read_action(r)?);
                    Ok(())
                })?;
                actions = Some(all);
            }
            "ClientRequestToken" => token = request::read_text(r)?,
            "ReturnConsumedCapacity" => capacity = request::read_text(r)?,
            "ReturnItemCollectionMetrics" => metrics = request::read_text(r)?,
            _ => r.skip()?,
        }
        Ok(())
    })?;
    let told = (ReturnCapacity::parse(capacity.as_deref())?, ReturnMetrics::parse(metrics.as_deref())?);
    let actions = checked(actions.ok_or(Error::Required("TransactItems"))?)?;
    if token.as_ref().is_some_and(String::is_empty) {
        return Err(request::too_short("ClientRequestToken", 1));
    }
    if token.as_ref().is_some_and(|t| t.len() > 36) {
        return Err(request::too_long("ClientRequestToken", 36));
    }
    Ok(Request { actions, token, told })
}

fn checked(actions: Vec<Option<Asked>>) -> Result<Vec<Asked>, Error> {
    if actions.is_empty() {
        return Err(request::too_short("TransactItems", 1));
    }
    if actions.len() > limits::TRANSACTION_ACTIONS {
        return Err(request::too_long("TransactItems", limits::TRANSACTION_ACTIONS));
    }
    let one = "TransactItems can only contain one of Check, Put, Update or Delete";
    actions.into_iter().map(|action| action.ok_or(Error::rule(one))).collect()
}

/// One action; `None` if the entry has none or several.
fn read_action(reader: &mut Reader<'_>) -> Result<Option<Asked>, Error> {
    let mut found = Vec::new();
    reader.object(Target::Structure, |r, name| -> Result<(), Error> {
        let kind = match &*name {
            "ConditionCheck" => Kind::Check,
            "Put" => Kind::Put,
            "Delete" => Kind::Delete,
            "Update" => Kind::Update,
            _ => return Ok(r.skip()?),
        };
        found.push(Asked { kind, single: Single::read_object(r, MEMBERS)? });
        Ok(())
    })?;
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// What a token stands for: the request's actions, whatever the order of members in the text.
pub fn digest(body: &[u8]) -> Result<String, Error> {
    let mut document: Value = serde_json::from_slice(body).map_err(|_| crate::json::SyntaxError::Malformed)?;
    let items = document.get_mut("TransactItems").map(Value::take).unwrap_or_default();
    let digest = Sha256::digest(sorted(items).to_string());
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut all: Vec<_> = members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(all.into_iter().collect())
        }
        Value::Array(elements) => Value::Array(elements.into_iter().map(sorted).collect()),
        other => other,
    }
}
