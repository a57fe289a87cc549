//! Resource policies: statements as `AddPermission` writes them, and the document that IAM evaluates.
//! <https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html>

use crate::Error;
use crate::limits::POLICY_BYTES_MAX;
use crate::revision::check_revision;
use crate::tables::Policy;
use serde_json::{Map, Value, json};

/// What a statement says, before it is written down.
#[derive(Debug, Default)]
pub(crate) struct Permission {
    pub id: String,
    pub principal: String,
    pub action: String,
    pub resource: String,
    pub source_arn: Option<String>,
    pub source_account: Option<String>,
    pub event_source_token: Option<String>,
    pub organization: Option<String>,
    pub url_auth_type: Option<String>,
    pub via_url: Option<bool>,
}

impl Permission {
    /// The statement, its members in AWS' order.
    pub fn statement(self) -> Result<Value, Error> {
        if self.url_auth_type.is_some() && self.action != "lambda:InvokeFunctionUrl" {
            return Err(Error::UrlAuthAction);
        }
        let condition = self.condition();
        let mut statement = json!({
            "Sid": self.id,
            "Effect": "Allow",
            "Principal": principal(&self.principal)?,
            "Action": self.action,
            "Resource": self.resource,
        });
        if !condition.is_empty() {
            statement["Condition"] = condition.into();
        }
        Ok(statement)
    }

    fn condition(&self) -> Map<String, Value> {
        let equals = [
            ("AWS:SourceAccount", &self.source_account),
            ("lambda:EventSourceToken", &self.event_source_token),
            ("aws:PrincipalOrgID", &self.organization),
            ("lambda:FunctionUrlAuthType", &self.url_auth_type),
        ];
        let equals = equals.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?))));
        let equals: Map<String, Value> = equals.collect();
        let mut condition = Map::new();
        if !equals.is_empty() {
            condition.insert("StringEquals".into(), equals.into());
        }
        if let Some(via_url) = self.via_url {
            condition.insert("Bool".into(), json!({ "lambda:InvokedViaFunctionUrl": via_url.to_string() }));
        }
        if let Some(source) = &self.source_arn {
            condition.insert("ArnLike".into(), json!({ "AWS:SourceArn": source }));
        }
        condition
    }
}

/// `*`, a service, an account, or the ARN of a user or role.
fn principal(text: &str) -> Result<Value, Error> {
    let account = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    if text == "*" {
        Ok(json!("*"))
    } else if account {
        Ok(json!({ "AWS": format!("arn:aws:iam::{text}:root") }))
    } else if text.starts_with("arn:") {
        text.parse::<tidegate_types::Arn>().map(|arn| json!({ "AWS": arn })).map_err(|_| Error::Principal)
    } else if text.contains('.') {
        Ok(json!({ "Service": text }))
    } else {
        Err(Error::Principal)
    }
}

impl Policy {
    /// Adds a statement, if its id is free and the policy does not get too long.
    pub fn add(&mut self, statement: Value, wanted: &Option<String>, revision_id: String) -> Result<(), Error> {
        check_revision(&self.revision_id, wanted)?;
        if self.statements.iter().any(|other| other["Sid"] == statement["Sid"]) {
            return Err(Error::StatementExists(statement["Sid"].as_str().unwrap_or_default().to_owned()));
        }
        self.statements.push(statement);
        self.revision_id = revision_id;
        match document(self).len() {
            size if size > POLICY_BYTES_MAX => Err(Error::PolicyTooLong(size)),
            _ => Ok(()),
        }
    }

    /// Takes out the statement of an id.
    pub fn remove(&mut self, id: String, wanted: &Option<String>, revision_id: String) -> Result<(), Error> {
        check_revision(&self.revision_id, wanted)?;
        let before = self.statements.len();
        self.statements.retain(|statement| statement["Sid"] != id);
        self.revision_id = revision_id;
        if self.statements.len() < before { Ok(()) } else { Err(Error::NoSuchStatement(id)) }
    }
}

/// The policy as `GetPolicy` answers it and IAM reads it.
pub(crate) fn document(policy: &Policy) -> String {
    json!({ "Version": "2012-10-17", "Id": "default", "Statement": policy.statements }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(principal: &str) -> Permission {
        Permission {
            id: "s".into(),
            principal: principal.into(),
            action: "lambda:InvokeFunction".into(),
            resource: "arn:aws:lambda:us-east-1:000000000000:function:f".into(),
            ..Permission::default()
        }
    }

    /// Forms of fact L66.
    #[test]
    fn writes_statements_as_aws_does() {
        let gateway = Permission {
            source_arn: Some("arn:aws:execute-api:us-east-1:000000000000:a/*/*".into()),
            source_account: Some("000000000000".into()),
            ..permission("apigateway.amazonaws.com")
        };
        let expected = r#"{"Sid":"s","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","Condition":{"StringEquals":{"AWS:SourceAccount":"000000000000"},"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:000000000000:a/*/*"}}}"#;
        assert_eq!(gateway.statement().map(|s| s.to_string()).ok().as_deref(), Some(expected));
        let url = Permission {
            action: "lambda:InvokeFunctionUrl".into(),
            url_auth_type: Some("NONE".into()),
            ..permission("*")
        };
        let statement = url.statement().expect("a statement");
        assert_eq!(statement["Principal"], "*");
        assert_eq!(statement["Condition"], json!({ "StringEquals": { "lambda:FunctionUrlAuthType": "NONE" } }));
        let via = Permission { via_url: Some(true), ..permission("*") }.statement().expect("a statement");
        assert_eq!(via["Condition"], json!({ "Bool": { "lambda:InvokedViaFunctionUrl": "true" } }));
    }

    #[test]
    fn knows_principals() {
        let cases = [
            ("111111111111", Some(json!({ "AWS": "arn:aws:iam::111111111111:root" }))),
            ("arn:aws:iam::111111111111:role/r", Some(json!({ "AWS": "arn:aws:iam::111111111111:role/r" }))),
            ("s3.amazonaws.com", Some(json!({ "Service": "s3.amazonaws.com" }))),
            ("*", Some(json!("*"))),
            ("somebody", None),
            ("arn:aws:iam", None),
        ];
        for (text, expected) in cases {
            assert_eq!(permission(text).statement().map(|s| s["Principal"].clone()).ok(), expected, "{text}");
        }
        let wrong = Permission { url_auth_type: Some("NONE".into()), ..permission("*") };
        assert!(matches!(wrong.statement(), Err(Error::UrlAuthAction)));
    }
}
