//! Reading one API and its parts, from a snapshot of the store or inside a write.

use super::{Api, Deployment, Snapshot, Stage};
use crate::Error;
use crate::tables::{APIS, Part, SNAPSHOTS};
use tidegate_store::Snapshot as State;
use tidegate_types::{AccountId, Region};

/// One API of one account in one region, as the store has it.
#[derive(Clone, Copy)]
pub struct Lookup<'s> {
    /// The state to read.
    pub state: &'s State,
    /// The owner.
    pub account: &'s AccountId,
    /// The region.
    pub region: &'s Region,
    /// The API's id.
    pub api_id: &'s str,
}

impl Lookup<'_> {
    /// The API itself.
    pub fn api(&self) -> Result<Api, Error> {
        let found = self.state.get(&APIS, (self.account, self.region, self.api_id))?;
        found.ok_or_else(|| Error::NoSuchApi { account: self.account.clone(), api_id: self.api_id.to_owned() })
    }

    /// The part with this id, or AWS' error for a wrong one; the API must be there, too.
    pub fn part<P: Part>(&self, id: &str) -> Result<P, Error> {
        self.api()?;
        self.find(id)?.ok_or_else(|| P::KIND.missing())
    }

    /// The part with this id, if there is one.
    pub fn find<P: Part>(&self, id: &str) -> Result<Option<P>, Error> {
        Ok(self.state.get(&P::TABLE, (self.account, self.region, self.api_id, id))?)
    }

    /// All parts of a kind, by id; the API must be there.
    pub fn parts<P: Part>(&self) -> Result<Vec<P>, Error> {
        self.api()?;
        let scan = self.state.scan(&P::TABLE, (self.account, self.region, self.api_id));
        scan.map(|entry| Ok(entry?.1)).collect()
    }

    /// What a deployment serves.
    pub fn snapshot(&self, deployment_id: &str) -> Result<Option<Snapshot>, Error> {
        Ok(self.state.get(&SNAPSHOTS, (self.account, self.region, self.api_id, deployment_id))?)
    }

    /// What a deployment made now would serve.
    pub fn current(&self) -> Result<Snapshot, Error> {
        let cors = self.api()?.cors_configuration;
        Ok(Snapshot { cors, routes: self.parts()?, integrations: self.parts()?, authorizers: self.parts()? })
    }

    /// Automatic deployments that no stage serves, oldest first.
    pub fn idle_deployments(&self) -> Result<Vec<Deployment>, Error> {
        let stages: Vec<Stage> = self.parts()?;
        let served = |id: &str| stages.iter().any(|stage| stage.deployment_id.as_deref() == Some(id));
        let mut idle: Vec<Deployment> = self.parts()?;
        idle.retain(|deployment| deployment.auto_deployed && !served(&deployment.deployment_id));
        idle.sort_by_key(|deployment| deployment.created_date);
        Ok(idle)
    }
}
