//! An API made ready for requests: immutable, built anew after each change, swapped in as a whole.

use super::access_log::AccessLog;
use super::authorizer::CompiledAuthorizer;
use super::cors::CompiledCors;
use super::router::Router;
use super::throttle::Throttle;
use crate::Error;
use crate::apis::{
    Api, AuthorizationType, Integration, IntegrationType, Lookup, Parameters, Route, RouteKey, Rule, Side, Snapshot,
    Stage, function_arn,
};
use arc_swap::ArcSwap;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tidegate_core::{Context, Environment, Principal};
use tidegate_types::{AccountId, Arn, Region};

/// An API as far as printing its URLs needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSummary {
    /// The owner.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// The API's id, the first label of its host.
    pub api_id: String,
    /// The API's name.
    pub name: String,
    /// Names of the stages, sorted; `$default` needs no part of the path.
    pub stages: Vec<String>,
}

/// The compiled APIs by id. Readers never wait.
#[derive(Default)]
pub struct Index(ArcSwap<HashMap<String, Arc<CompiledApi>>>);

impl Index {
    /// The API with this id.
    pub fn find(&self, api_id: &str) -> Option<Arc<CompiledApi>> {
        self.0.load().get(api_id).cloned()
    }

    /// All APIs.
    pub fn all(&self) -> Vec<Arc<CompiledApi>> {
        self.0.load().values().cloned().collect()
    }

    /// Puts an API in the place of the one with its id.
    pub fn insert(&self, api: CompiledApi) {
        let api = Arc::new(api);
        self.0.rcu(|old| {
            let mut new = HashMap::clone(old);
            new.insert(api.api_id.clone(), api.clone());
            new
        });
    }

    /// Takes an API out.
    pub fn remove(&self, api_id: &str) {
        self.0.rcu(|old| {
            let mut new = HashMap::clone(old);
            new.remove(api_id);
            new
        });
    }
}

/// An API as requests see it.
pub struct CompiledApi {
    /// The owner.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// The id.
    pub api_id: String,
    /// `arn:aws:execute-api:REGION:ACCOUNT:ID`.
    pub execute_arn: String,
    /// Whether the default endpoint is switched off.
    pub disabled: bool,
    /// The stages that have something to serve, by name.
    pub stages: BTreeMap<String, CompiledStage>,
    /// API Gateway itself as a caller in the owner's account.
    pub service: Context,
    name: String,
}

/// A stage and what it serves.
pub struct CompiledStage {
    /// `$default`, or the first part of the path.
    pub name: String,
    /// Variables for integrations and functions.
    pub variables: BTreeMap<String, String>,
    /// Finds routes by number.
    pub router: Router,
    /// The routes by number.
    pub routes: Vec<CompiledRoute>,
    /// CORS, if the API has it.
    pub cors: Option<CompiledCors>,
    /// The access log, if the stage has one.
    pub log: Option<AccessLog>,
}

/// A route and all that belongs to it.
pub struct CompiledRoute {
    /// The route key.
    pub key: String,
    /// The path's template, or `$default`.
    pub template: String,
    /// Who may call it.
    pub authorization: Authorization,
    /// What stands behind it; without one every request fails.
    pub integration: Option<CompiledIntegration>,
    /// Its token bucket, if it has a limit.
    pub throttle: Option<Throttle>,
}

/// Who may call a route.
pub enum Authorization {
    /// Anyone.
    None,
    /// Whom IAM lets in.
    Iam,
    /// Whom a function lets in.
    Function(Arc<CompiledAuthorizer>),
    /// Nobody: what the route asks for is not there, and open is never the answer to that.
    Closed,
}

/// A function behind a route.
pub struct CompiledIntegration {
    /// The function's ARN, stage variables filled in; `None` if that gave none.
    pub function_arn: Option<String>,
    /// Whether the payload format is 2.0.
    pub format_2: bool,
    /// How long it may take.
    pub timeout: Duration,
    /// The role that calls it.
    pub credentials_arn: Option<String>,
    /// Changes of the request.
    pub request_rules: Vec<Rule>,
    /// Changes of the answer, by its status.
    pub response_rules: HashMap<u16, Vec<Rule>>,
}

impl CompiledApi {
    /// Compiles an API. `before` is what is live now: log streams and cached authorizer answers live on.
    pub fn compile(
        environment: &Arc<Environment>,
        look: &Lookup<'_>,
        api: Api,
        before: Option<&CompiledApi>,
    ) -> Result<CompiledApi, Error> {
        let (account, region) = (look.account.clone(), look.region.clone());
        let principal = Principal::service(account.clone(), "apigateway.amazonaws.com");
        let mut compiled = CompiledApi {
            execute_arn: Arn::new("execute-api", &region, &account, &api.api_id).to_string(),
            service: Context::internal(environment.clone(), principal, region.clone()),
            account,
            region,
            api_id: api.api_id,
            disabled: api.disable_execute_api_endpoint,
            stages: BTreeMap::new(),
            name: api.name,
        };
        for stage in look.parts::<Stage>()? {
            let Some(id) = &stage.deployment_id else { continue };
            if let Some(snapshot) = look.snapshot(id)? {
                let before = before.and_then(|api| api.stages.get(&stage.stage_name));
                let compiled_stage = compiled.stage(stage, snapshot, before);
                compiled.stages.insert(compiled_stage.name.clone(), compiled_stage);
            }
        }
        Ok(compiled)
    }

    /// What printing its URLs needs.
    pub fn summary(&self) -> ApiSummary {
        ApiSummary {
            account: self.account.clone(),
            region: self.region.clone(),
            api_id: self.api_id.clone(),
            name: self.name.clone(),
            stages: self.stages.keys().cloned().collect(),
        }
    }

    fn stage(&self, stage: Stage, snapshot: Snapshot, before: Option<&CompiledStage>) -> CompiledStage {
        let authorizers: HashMap<String, Arc<CompiledAuthorizer>> = snapshot
            .authorizers
            .iter()
            .map(|a| (a.authorizer_id.clone(), Arc::new(CompiledAuthorizer::new(a, &self.execute_arn))))
            .collect();
        let mut keys = Vec::new();
        let mut routes = Vec::new();
        for route in &snapshot.routes {
            // Keys were checked when they were stored; one that this version cannot read takes no requests.
            let Ok(key) = route.route_key.parse::<RouteKey>() else { continue };
            let integration = integration(route, &snapshot.integrations, &stage.stage_variables);
            routes.push(CompiledRoute {
                key: route.route_key.clone(),
                template: key.path(),
                authorization: authorization(route, &authorizers),
                integration,
                throttle: Throttle::new(stage.settings_of(&route.route_key)),
            });
            keys.push(key);
        }
        let log = stage.access_log_settings.as_ref().and_then(|settings| {
            AccessLog::new(
                settings,
                &self.account,
                &self.region,
                self.service.ids(),
                before.and_then(|b| b.log.as_ref()),
            )
        });
        CompiledStage {
            name: stage.stage_name,
            variables: stage.stage_variables,
            router: Router::new(keys.iter()),
            routes,
            cors: snapshot.cors.as_ref().map(CompiledCors::new),
            log,
        }
    }
}

fn authorization(route: &Route, authorizers: &HashMap<String, Arc<CompiledAuthorizer>>) -> Authorization {
    match route.authorization_type {
        AuthorizationType::None => Authorization::None,
        AuthorizationType::AwsIam => Authorization::Iam,
        AuthorizationType::Jwt => Authorization::Closed,
        AuthorizationType::Custom => {
            let found = route.authorizer_id.as_ref().and_then(|id| authorizers.get(id));
            found.map_or(Authorization::Closed, |a| Authorization::Function(a.clone()))
        }
    }
}

fn integration(
    route: &Route,
    integrations: &[Integration],
    variables: &BTreeMap<String, String>,
) -> Option<CompiledIntegration> {
    let id = route.integration_id()?;
    let found = integrations.iter().find(|i| i.integration_id == id)?;
    let proxy = found.integration_type == IntegrationType::AwsProxy;
    let uri = fill(found.integration_uri.as_deref().unwrap_or_default(), variables);
    Some(CompiledIntegration {
        function_arn: function_arn(&uri).filter(|_| proxy).map(str::to_owned),
        format_2: found.payload_format_version == "2.0",
        timeout: Duration::from_millis(u64::from(found.timeout_in_millis)),
        credentials_arn: found.credentials_arn.clone(),
        request_rules: rules(found.request_parameters.as_ref(), Side::Request),
        response_rules: found.response_parameters.iter().flatten().filter_map(rules_of_status).collect(),
    })
}

/// Mappings were checked when they were stored; what this version cannot read changes nothing.
fn rules(parameters: Option<&Parameters>, side: Side) -> Vec<Rule> {
    parameters.and_then(|p| Rule::read(p, side).ok()).unwrap_or_default()
}

fn rules_of_status((status, parameters): (&String, &Parameters)) -> Option<(u16, Vec<Rule>)> {
    Some((status.parse().ok()?, rules(Some(parameters), Side::Response)))
}

/// The text with each `${stageVariables.NAME}` replaced; one that is not set becomes nothing.
fn fill(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${stageVariables.") {
        let Some((name, tail)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(variables.get(name).map_or("", String::as_str));
        rest = tail;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_stage_variables() {
        let variables = BTreeMap::from([("fn".to_owned(), "hello".to_owned()), ("v".to_owned(), "1".to_owned())]);
        for (text, expected) in [
            ("plain", "plain"),
            ("a:${stageVariables.fn}:${stageVariables.v}", "a:hello:1"),
            ("${stageVariables.none}x", "x"),
            ("${stageVariables.fn", "${stageVariables.fn"),
        ] {
            assert_eq!(fill(text, &variables), expected);
        }
    }
}
