//! Changing an API: one transaction, at whose end stages that deploy automatically get a deployment of the new state.

use super::api::whole_seconds;
use super::{Api, AuthorizationType, Authorizer, Deployment, Integration, Lookup, Route, Stage};
use crate::Error;
use crate::limits::{APIS_MAX, IDLE_AUTO_DEPLOYMENTS_MAX};
use crate::tables::{APIS, Part, SNAPSHOTS};
use tidegate_core::Context;
use tidegate_core::ports::LogSink;
use tidegate_store::Transaction;

/// A change of one API under way.
pub struct Change<'t> {
    tx: &'t mut Transaction,
    cx: &'t Context,
    api_id: &'t str,
    logs: &'t dyn LogSink,
    deploys: bool,
}

impl<'t> Change<'t> {
    /// Begins a change.
    pub fn new(tx: &'t mut Transaction, cx: &'t Context, api_id: &'t str, logs: &'t dyn LogSink) -> Change<'t> {
        Change { tx, cx, api_id, logs, deploys: false }
    }

    /// Who asked, the clock, ids.
    pub fn cx(&self) -> &'t Context {
        self.cx
    }

    /// The state with what has been changed.
    pub fn look(&self) -> Lookup<'_> {
        Lookup { state: self.tx, account: &self.cx.account, region: &self.cx.region, api_id: self.api_id }
    }

    /// Stores the API itself. `deploys` says that stages should see it.
    pub fn put_api(&mut self, api: &Api, deploys: bool) -> Result<(), Error> {
        self.deploys |= deploys;
        Ok(self.tx.put(&APIS, (&self.cx.account, &self.cx.region, self.api_id), api)?)
    }

    /// Stores a part.
    pub fn put<P: Part>(&mut self, part: &P) -> Result<(), Error> {
        self.deploys |= P::DEPLOYS;
        Ok(self.tx.put(&P::TABLE, (&self.cx.account, &self.cx.region, self.api_id, part.id()), part)?)
    }

    /// Stores a new part, if the API may have one more.
    pub fn add<P: Part>(&mut self, part: &P) -> Result<(), Error> {
        if self.look().parts::<P>()?.len() >= P::COUNT_MAX {
            return Err(Error::TooMany(P::KIND.plural(), P::COUNT_MAX));
        }
        self.put(part)
    }

    /// Removes a part that is there.
    pub fn remove<P: Part>(&mut self, id: &str) -> Result<(), Error> {
        self.look().part::<P>(id)?;
        self.deploys |= P::DEPLOYS;
        Ok(self.tx.delete(&P::TABLE, (&self.cx.account, &self.cx.region, self.api_id, id))?)
    }

    /// Removes the API with all that it consists of.
    pub fn remove_all(&mut self) -> Result<(), Error> {
        self.look().api()?;
        let cx = self.cx;
        let prefix = (&cx.account, &cx.region, self.api_id);
        self.tx.delete_prefix(&Authorizer::TABLE, prefix)?;
        self.tx.delete_prefix(&Deployment::TABLE, prefix)?;
        self.tx.delete_prefix(&Integration::TABLE, prefix)?;
        self.tx.delete_prefix(&Route::TABLE, prefix)?;
        self.tx.delete_prefix(&Stage::TABLE, prefix)?;
        self.tx.delete_prefix(&SNAPSHOTS, prefix)?;
        self.deploys = false;
        Ok(self.tx.delete(&APIS, prefix)?)
    }

    /// Whether what a route names is there and no other route has its key.
    pub fn check_route(&self, route: &Route) -> Result<(), Error> {
        let look = self.look();
        let mut others = look.parts::<Route>()?.into_iter().filter(|other| other.route_id != route.route_id);
        if others.any(|other| other.route_key == route.route_key) {
            return Err(Error::RouteExists(route.route_key.clone()));
        }
        if route.target.is_some() {
            let id = route.integration_id().ok_or(Error::RouteTarget)?;
            look.part::<Integration>(id)?;
        }
        match (route.authorization_type, route.authorizer_id.as_deref()) {
            (AuthorizationType::Jwt, _) => Err(Error::NotImplemented("authorizationType JWT")),
            (AuthorizationType::Custom, Some(id)) => look.part::<Authorizer>(id).map(drop),
            (AuthorizationType::Custom, None) => Err(Error::AuthorizerMissing),
            (AuthorizationType::None | AuthorizationType::AwsIam, None) => Ok(()),
            (AuthorizationType::None | AuthorizationType::AwsIam, Some(_)) => Err(Error::AuthorizerUnused),
        }
    }

    /// Whether no other authorizer has the name.
    pub fn check_authorizer(&self, authorizer: &Authorizer) -> Result<(), Error> {
        let others = self.look().parts::<Authorizer>()?;
        let taken =
            |other: &Authorizer| other.name == authorizer.name && other.authorizer_id != authorizer.authorizer_id;
        if others.iter().any(taken) {
            return Err(Error::AuthorizerExists(authorizer.name.clone()));
        }
        Ok(())
    }

    /// Whether what is new on a stage names things that are there: deployment, routes, log group.
    pub fn check_stage(&self, stage: &Stage) -> Result<(), Error> {
        let look = self.look();
        let before = look.find::<Stage>(&stage.stage_name)?;
        let before = before.as_ref();
        if let Some(id) = stage.deployment_id.as_deref().filter(|_| !stage.auto_deploy) {
            look.part::<Deployment>(id)?;
        }
        let routes = look.parts::<Route>()?;
        let known = |key: &String| {
            before.is_some_and(|b| b.route_settings.contains_key(key)) || routes.iter().any(|r| r.route_key == *key)
        };
        if let Some(key) = stage.route_settings.keys().find(|key| !known(key)) {
            return Err(Error::RouteSettingsKey(key.clone()));
        }
        let log = stage.access_log_settings.as_ref();
        if before.and_then(|b| b.access_log_settings.as_ref()) == log {
            return Ok(());
        }
        let missing = |group: &&str| !self.logs.group_exists(&self.cx.account, &self.cx.region, group);
        match log.and_then(|settings| settings.group()).filter(missing) {
            Some(group) => Err(Error::NoLogGroup(group.to_owned())),
            None => Ok(()),
        }
    }

    /// Stores a stage that was changed.
    pub fn put_stage(&mut self, stage: &mut Stage) -> Result<(), Error> {
        stage.last_updated_date = whole_seconds(self.cx.clock().now());
        self.put(stage)
    }

    /// Stores a new API, if the account may have one more.
    pub fn add_api(&mut self, api: &Api) -> Result<(), Error> {
        let count = self.tx.scan(&APIS, (&self.cx.account, &self.cx.region)).count();
        if count >= APIS_MAX {
            return Err(Error::TooMany("APIs", APIS_MAX));
        }
        self.put_api(api, true)
    }

    /// Makes a deployment of the API as it is now.
    pub fn deploy(&mut self, auto_deployed: bool, description: Option<String>) -> Result<Deployment, Error> {
        let snapshot = self.look().current()?;
        if snapshot.routes.is_empty() {
            return Err(Error::NoRoutes);
        }
        let deployment = Deployment::new(self.cx, auto_deployed, description)?;
        let key = (&self.cx.account, &self.cx.region, self.api_id, deployment.deployment_id.as_str());
        self.tx.put(&SNAPSHOTS, key, &snapshot)?;
        self.put(&deployment)?;
        Ok(deployment)
    }

    /// Removes a deployment and what it serves.
    pub fn remove_deployment(&mut self, id: &str) -> Result<(), Error> {
        self.remove::<Deployment>(id)?;
        Ok(self.tx.delete(&SNAPSHOTS, (&self.cx.account, &self.cx.region, self.api_id, id))?)
    }

    /// Gives a stage that deploys automatically a deployment of the API as it is now.
    pub fn deploy_to(&mut self, stage: &mut Stage) -> Result<(), Error> {
        self.deploy_to_all(std::slice::from_mut(stage))
    }

    fn deploy_to_all(&mut self, stages: &mut [Stage]) -> Result<(), Error> {
        let description = "Automatic deployment triggered by changes to the Api configuration";
        let deployed = self.deploy(true, Some(description.to_owned()));
        let (id, message) = match deployed {
            Ok(deployment) => {
                let id = deployment.deployment_id;
                let message = format!("Successfully deployed stage with deployment ID '{id}'");
                (Some(id), message)
            }
            Err(Error::NoRoutes) => (None, format!("Deployment attempt failed: {}", Error::NoRoutes)),
            Err(other) => return Err(other),
        };
        for stage in stages {
            stage.deployment_id = id.clone().or(stage.deployment_id.take());
            stage.last_deployment_status_message = Some(message.clone());
            stage.last_updated_date = whole_seconds(self.cx.clock().now());
            self.put(stage)?;
        }
        Ok(())
    }

    /// Deploys where that happens automatically, if the change asks for it.
    pub fn finish(mut self) -> Result<(), Error> {
        if !self.deploys {
            return Ok(());
        }
        let mut stages: Vec<Stage> = self.look().parts()?;
        stages.retain(|stage| stage.auto_deploy);
        if !stages.is_empty() {
            self.deploy_to_all(&mut stages)?;
        }
        let idle = self.look().idle_deployments()?;
        for old in idle.iter().rev().skip(IDLE_AUTO_DEPLOYMENTS_MAX) {
            self.remove_deployment(&old.deployment_id)?;
        }
        Ok(())
    }
}
