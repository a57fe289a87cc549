//! Quick create: an API that comes with an integration, a route and a stage, which stay in API Gateway's hands.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html>

use super::{Change, Integration, IntegrationSettings, Route, RouteMembers, Stage, StageSettings};
use crate::Error;

/// The members of `CreateApi` and `UpdateApi` that are about quick create.
#[derive(Debug, Clone)]
pub struct Quick {
    target: Option<String>,
    route_key: Option<String>,
    credentials_arn: Option<String>,
}

impl Quick {
    /// What was given, if anything was.
    pub fn given(target: Option<String>, route_key: Option<String>, credentials_arn: Option<String>) -> Option<Quick> {
        let any = target.is_some() || route_key.is_some() || credentials_arn.is_some();
        any.then_some(Quick { target, route_key, credentials_arn })
    }

    /// Makes integration, route and stage of a new API.
    pub fn create(self, change: &mut Change<'_>) -> Result<(), Error> {
        let cx = change.cx();
        let target = self.target.ok_or(Error::QuickCreateTarget)?;
        let settings = IntegrationSettings::quick(target, self.credentials_arn);
        let mut integration = settings.create(cx.ids().lower_alphanumeric(7))?;
        integration.api_gateway_managed = Some(true);
        change.add(&integration)?;
        let mut route = Route::new(cx.ids().lower_alphanumeric(7));
        let key = self.route_key.unwrap_or_else(|| "$default".to_owned());
        let target = Some(format!("integrations/{}", integration.integration_id));
        RouteMembers { route_key: Some(key), target, ..Default::default() }.apply(&mut route)?;
        route.api_gateway_managed = Some(true);
        change.add(&route)?;
        let mut stage = Stage::new(cx, "$default".to_owned())?;
        StageSettings::quick().apply(&mut stage)?;
        stage.api_gateway_managed = Some(true);
        change.add(&stage)
    }

    /// Changes what quick create made.
    pub fn update(self, change: &mut Change<'_>) -> Result<(), Error> {
        let managed = |flag: Option<bool>| flag == Some(true);
        let integrations: Vec<Integration> = change.look().parts()?;
        let routes: Vec<Route> = change.look().parts()?;
        let integration = integrations.into_iter().find(|i| managed(i.api_gateway_managed));
        let route = routes.into_iter().find(|r| managed(r.api_gateway_managed));
        if self.target.is_some() || self.credentials_arn.is_some() {
            let mut integration = integration.ok_or(Error::NotQuickCreate("target"))?;
            let uri = self.target.or(integration.integration_uri.clone()).unwrap_or_default();
            IntegrationSettings::quick(uri, self.credentials_arn).apply(&mut integration)?;
            change.put(&integration)?;
        }
        if let Some(key) = self.route_key {
            let mut route = route.ok_or(Error::NotQuickCreate("routeKey"))?;
            RouteMembers { route_key: Some(key), ..Default::default() }.apply(&mut route)?;
            change.check_route(&route)?;
            change.put(&route)?;
        }
        Ok(())
    }
}
