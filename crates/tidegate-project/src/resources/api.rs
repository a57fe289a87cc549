//! An HTTP API: its routes, its one integration, its `$default` stage, and its permission to call the function.

use super::{Change, Error, PROJECT_TAG, found, kept_or_updated};
use crate::Client;
use crate::client::Error as CallError;
use crate::file::{self, Project};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// An API.
#[derive(Debug)]
pub struct Api {
    pub(super) name: String,
    project: String,
    function: String,
    cors: bool,
    routes: BTreeSet<String>,
}

/// What is there of an API.
struct Current {
    id: String,
    cors: bool,
    /// Route keys with the ids of their routes.
    routes: Vec<(String, String)>,
    /// The integration's id and what it calls.
    integration: Option<(String, String)>,
}

impl Api {
    pub(super) fn new(project: &Project, api: &file::HttpApi) -> Result<Api, Error> {
        let function = project.function_of(api)?.name.clone();
        let routes = api.routes.iter().cloned().collect();
        Ok(Api { name: api.name.clone(), project: project.name.clone(), function, cors: api.cors, routes })
    }

    pub(super) async fn compare(&self, client: &Client) -> Result<Change, Error> {
        let Some(current) = self.current(client).await? else { return Ok(Change::Add) };
        let mut points = Vec::new();
        let keys: BTreeSet<&String> = current.routes.iter().map(|(key, _)| key).collect();
        points.extend(self.routes.iter().filter(|key| !keys.contains(key)).map(|key| format!("+ {key}")));
        points.extend(keys.iter().filter(|key| !self.routes.contains(**key)).map(|key| format!("- {key}")));
        if current.cors != self.cors {
            points.push("CORS".to_owned());
        }
        let arn = self.function_arn(client).await?;
        if arn.is_none() || current.integration.map(|(_, target)| target) != arn {
            points.push("integration".to_owned());
        }
        Ok(kept_or_updated(points))
    }

    async fn function_arn(&self, client: &Client) -> Result<Option<String>, Error> {
        let input = json!({ "FunctionName": self.function });
        let found = found(client.call("lambda", "GetFunctionConfiguration", input).await)?;
        Ok(found.and_then(|function| Some(function["FunctionArn"].as_str()?.to_owned())))
    }

    async fn current(&self, client: &Client) -> Result<Option<Current>, Error> {
        let Some(api) = find(client, &self.name, &self.project).await? else { return Ok(None) };
        let id = text(&api, "ApiId");
        let input = || json!({ "ApiId": id });
        let routes = client.call("apigatewayv2", "GetRoutes", input()).await?;
        let integrations = client.call("apigatewayv2", "GetIntegrations", input()).await?;
        let routes = items(&routes).iter().map(|route| (text(route, "RouteKey"), text(route, "RouteId"))).collect();
        let integration = items(&integrations).first().map(|i| (text(i, "IntegrationId"), text(i, "IntegrationUri")));
        Ok(Some(Current { cors: api["CorsConfiguration"].is_object(), id, routes, integration }))
    }

    pub(super) async fn put(&self, client: &Client) -> Result<(), Error> {
        let current = match self.current(client).await? {
            Some(current) => current,
            None => self.create(client).await?,
        };
        let arn = self.function_arn(client).await?.unwrap_or_default();
        self.put_cors(client, &current).await?;
        let integration = put_integration(client, &current, &arn).await?;
        self.put_routes(client, &current, &integration).await?;
        self.permit(client, &current.id).await
    }

    async fn create(&self, client: &Client) -> Result<Current, Error> {
        let input = json!({ "Name": self.name, "ProtocolType": "HTTP", "Tags": { PROJECT_TAG: self.project } });
        let id = text(&client.call("apigatewayv2", "CreateApi", input).await?, "ApiId");
        let stage = json!({ "ApiId": id, "StageName": "$default", "AutoDeploy": true });
        client.call("apigatewayv2", "CreateStage", stage).await?;
        Ok(Current { id, cors: false, routes: Vec::new(), integration: None })
    }

    async fn put_cors(&self, client: &Client, current: &Current) -> Result<(), Error> {
        if self.cors && !current.cors {
            let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
            let cors = json!({ "AllowOrigins": ["*"], "AllowMethods": methods, "AllowHeaders": ["content-type", "authorization"] });
            client.call("apigatewayv2", "UpdateApi", json!({ "ApiId": current.id, "CorsConfiguration": cors })).await?;
        }
        if !self.cors && current.cors {
            client.call("apigatewayv2", "DeleteCorsConfiguration", json!({ "ApiId": current.id })).await?;
        }
        Ok(())
    }

    async fn put_routes(&self, client: &Client, current: &Current, integration: &str) -> Result<(), Error> {
        for (_, route) in current.routes.iter().filter(|(key, _)| !self.routes.contains(key)) {
            client.call("apigatewayv2", "DeleteRoute", json!({ "ApiId": current.id, "RouteId": route })).await?;
        }
        let there = |key: &str| current.routes.iter().any(|(there, _)| there == key);
        for key in self.routes.iter().filter(|key| !there(key)) {
            let input =
                json!({ "ApiId": current.id, "RouteKey": key, "Target": format!("integrations/{integration}") });
            client.call("apigatewayv2", "CreateRoute", input).await?;
        }
        Ok(())
    }

    /// Lets the API call the function.
    async fn permit(&self, client: &Client, api_id: &str) -> Result<(), Error> {
        let identity = client.call("sts", "GetCallerIdentity", json!({})).await?;
        let account = identity["Account"].as_str().unwrap_or_default();
        let input = json!({
            "FunctionName": self.function,
            "StatementId": format!("api-{api_id}"),
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": format!("arn:aws:execute-api:{}:{account}:{api_id}/*/*", client.region),
        });
        match client.call("lambda", "AddPermission", input).await {
            Err(error) if error.code() == Some("ResourceConflictException") => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }

    pub(super) async fn remove(&self, client: &Client) -> Result<(), Error> {
        if let Some(api) = find(client, &self.name, &self.project).await? {
            found(client.call("apigatewayv2", "DeleteApi", json!({ "ApiId": api["ApiId"] })).await)?;
        }
        Ok(())
    }
}

async fn put_integration(client: &Client, current: &Current, arn: &str) -> Result<String, Error> {
    if let Some((id, target)) = &current.integration {
        if target != arn {
            let input = json!({ "ApiId": current.id, "IntegrationId": id, "IntegrationUri": arn });
            client.call("apigatewayv2", "UpdateIntegration", input).await?;
        }
        return Ok(id.clone());
    }
    let input = json!({ "ApiId": current.id, "IntegrationType": "AWS_PROXY", "IntegrationUri": arn, "PayloadFormatVersion": "2.0" });
    Ok(text(&client.call("apigatewayv2", "CreateIntegration", input).await?, "IntegrationId"))
}

async fn find(client: &Client, name: &str, project: &str) -> Result<Option<Value>, CallError> {
    let all = client.pages("apigatewayv2", "GetApis", "Items", ["NextToken", "NextToken"]).await?;
    Ok(all.into_iter().find(|api| api["Name"] == name && api["Tags"][PROJECT_TAG] == project))
}

fn items(page: &Value) -> &[Value] {
    page["Items"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}

pub(super) async fn existing(client: &Client, project: &str) -> Result<Vec<Api>, Error> {
    let all = client.pages("apigatewayv2", "GetApis", "Items", ["NextToken", "NextToken"]).await?;
    let ours = all.iter().filter(|api| api["Tags"][PROJECT_TAG] == project);
    let api = |found: &Value| Api {
        name: text(found, "Name"),
        project: project.to_owned(),
        function: String::new(),
        cors: false,
        routes: BTreeSet::new(),
    };
    Ok(ours.map(api).collect())
}
