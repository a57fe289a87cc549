//! The service's state: the store, the ports, and the compiled APIs.

use crate::Error;
use crate::apis::{Change, Lookup, Stage, Taggable};
use crate::execute_api::{ApiSummary, CompiledApi, Index};
use crate::ports::Ports;
use crate::tables::APIS;
use std::sync::{Arc, Mutex};
use tidegate_core::{Context, Environment};
use tidegate_store::Store;
use tidegate_types::{AccountId, Region, Tags};

/// Amazon API Gateway. Cheap to clone; all clones are one service.
#[derive(Clone)]
pub struct ApiGateway(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub store: Store,
    pub environment: Arc<Environment>,
    pub ports: Ports,
    pub index: Index,
    /// Held while an API is compiled and swapped in, so that the newest state always ends up in the index.
    publishing: Mutex<()>,
}

impl ApiGateway {
    /// The service over a store, with all stored APIs compiled.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn new(store: Store, environment: Arc<Environment>, ports: Ports) -> Result<ApiGateway, Error> {
        let inner = Inner { store, environment, ports, index: Index::default(), publishing: Mutex::new(()) };
        let gateway = ApiGateway(Arc::new(inner));
        let keys: Vec<_> =
            gateway.0.store.snapshot().scan(&APIS, ()).map(|e| Ok(e?.0)).collect::<Result<_, Error>>()?;
        for (account, region, api_id) in keys {
            gateway.publish(&account, &region, &api_id)?;
        }
        Ok(gateway)
    }

    /// Whether an API with this id answers requests, in whatever account and region it is.
    pub fn api_exists(&self, api_id: &str) -> bool {
        self.0.index.find(api_id).is_some()
    }

    /// The account and region of an API: what the signature of a request to it must name.
    pub fn api_owner(&self, api_id: &str) -> Option<(AccountId, Region)> {
        self.0.index.find(api_id).map(|api| (api.account.clone(), api.region.clone()))
    }

    /// All APIs of all accounts, by id.
    pub fn list(&self) -> Vec<ApiSummary> {
        let mut all: Vec<ApiSummary> = self.0.index.all().iter().map(|api| api.summary()).collect();
        all.sort_by(|a, b| a.api_id.cmp(&b.api_id));
        all
    }

    /// Reads an API of the caller's account.
    pub(crate) fn read<R>(
        &self,
        cx: &Context,
        api_id: &str,
        read: impl FnOnce(Lookup<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let state = self.0.store.snapshot();
        read(Lookup { state: &state, account: &cx.account, region: &cx.region, api_id })
    }

    /// Changes an API in one transaction and puts the result live before it returns. Once begun it is carried through,
    /// even if the caller goes away: a stored change that is not live would be worse than an unwanted one.
    pub(crate) async fn change<R, F>(&self, cx: &Context, api_id: &str, change: F) -> Result<R, Error>
    where
        F: FnOnce(&mut Change<'_>) -> Result<R, Error> + Send + 'static,
        R: Send + 'static,
    {
        let (gateway, cx, api_id) = (self.clone(), cx.clone(), api_id.to_owned());
        let done = tokio::spawn(async move {
            let (inner, id, logs) = (cx.clone(), api_id.clone(), gateway.0.ports.logs.clone());
            let write = gateway.0.store.write(move |tx| {
                let mut open = Change::new(tx, &inner, &id, &*logs);
                let result = change(&mut open)?;
                open.finish()?;
                Ok::<R, Error>(result)
            });
            let result = write.await?;
            gateway.publish(&cx.account, &cx.region, &api_id)?;
            Ok(result)
        });
        done.await.map_err(|_| Error::Lost)?
    }

    /// An id that no API of any account has: requests name nothing else.
    pub(crate) fn free_api_id(&self, cx: &Context) -> String {
        loop {
            let id = cx.ids().lower_alphanumeric(10);
            if !self.api_exists(&id) {
                return id;
            }
        }
    }

    /// Changes the tags of an API or a stage.
    pub(crate) async fn change_tags<F>(&self, cx: &Context, target: Taggable, set: F) -> Result<(), Error>
    where
        F: FnOnce(&mut Tags) -> Result<(), Error> + Send + 'static,
    {
        let api_id = target.api_id.clone();
        self.change(cx, &api_id, move |change| match target.stage_name {
            None => {
                let mut api = change.look().api()?;
                set(&mut api.tags)?;
                change.put_api(&api, false)
            }
            Some(name) => {
                let mut stage: Stage = change.look().part(&name)?;
                set(&mut stage.tags)?;
                change.put(&stage)
            }
        })
        .await
    }

    /// Compiles the API as the store has it now and swaps it in, or takes it out if it is gone.
    fn publish(&self, account: &AccountId, region: &Region, api_id: &str) -> Result<(), Error> {
        let _guard = self.0.publishing.lock().unwrap_or_else(|e| e.into_inner());
        let state = self.0.store.snapshot();
        let look = Lookup { state: &state, account, region, api_id };
        match look.api() {
            Ok(api) => {
                let before = self.0.index.find(api_id);
                let compiled = CompiledApi::compile(&self.0.environment, &look, api, before.as_deref())?;
                self.0.index.insert(compiled);
            }
            Err(Error::NoSuchApi { .. }) => self.0.index.remove(api_id),
            Err(other) => return Err(other),
        }
        Ok(())
    }
}
