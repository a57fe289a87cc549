//! Compiled functions: all that the data plane needs of a function, read from the store once and kept until the
//! control plane changes it. Readers take no lock that a change holds.

use super::concurrency::Share;
use crate::configuration::Configuration;
use crate::limits::{COMPILED_MAX, CONCURRENCY_MAX};
use crate::names::{FunctionKey, FunctionRef, LATEST, Qualifier, function_arn};
use crate::tables::{ALIASES, Alias, EVENT_CONFIGS, EventConfig, FUNCTIONS, POLICIES, RESERVED, VERSIONS};
use crate::{Error, Lambda, policy};
use arc_swap::ArcSwap;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tidegate_runtime::{FunctionSpec, LogFormat, LogLevel, Logging};
use tidegate_store::Snapshot;
use tidegate_types::Ids;
use tokio::sync::OnceCell;

/// A function with its versions and aliases.
pub(crate) struct Compiled {
    pub key: FunctionKey,
    latest: Arc<Version>,
    versions: HashMap<u64, Arc<Version>>,
    aliases: HashMap<String, Alias>,
    /// Resource policies by qualifier.
    policies: HashMap<String, Arc<str>>,
    event_configs: HashMap<String, EventConfig>,
    pub share: Share,
}

/// One version.
pub(crate) struct Version {
    /// `$LATEST` or a number.
    pub name: String,
    configuration: Configuration,
    /// Made at the first invocation, when the code is extracted.
    spec: OnceCell<Arc<FunctionSpec>>,
}

impl Version {
    fn new(name: String, configuration: Configuration) -> Arc<Version> {
        Arc::new(Version { name, configuration, spec: OnceCell::new() })
    }
}

impl Compiled {
    /// The version that a qualifier stands for now; an alias with weights is drawn anew each time.
    pub fn version(&self, function: &FunctionRef, ids: &dyn Ids) -> Result<Arc<Version>, Error> {
        let named = |name: &str| match name {
            LATEST => Some(self.latest.clone()),
            number => self.versions.get(&number.parse().ok()?).cloned(),
        };
        let found = match function.which() {
            Qualifier::Latest => Some(self.latest.clone()),
            Qualifier::Version(number) => self.versions.get(&number).cloned(),
            Qualifier::Alias(name) => self.aliases.get(name).and_then(|alias| named(draw(alias, ids))),
        };
        found.ok_or_else(|| function.not_found())
    }

    /// The resource policy that applies to this qualifier.
    pub fn policy(&self, function: &FunctionRef) -> Option<Arc<str>> {
        self.policies.get(function.stored_qualifier()).cloned()
    }

    /// How asynchronous events for this qualifier are handled.
    pub fn event_config(&self, qualifier: &str) -> EventConfig {
        self.event_configs.get(qualifier).cloned().unwrap_or_default()
    }
}

/// The version that an invocation of an alias runs.
fn draw<'a>(alias: &'a Alias, ids: &dyn Ids) -> &'a str {
    let Some((other, weight)) = alias.weights.iter().next() else { return &alias.version };
    let mut bytes = [0; 4];
    ids.fill(&mut bytes);
    let chance = f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0);
    if chance < *weight { other } else { &alias.version }
}

/// The compiled functions that are kept.
#[derive(Default)]
pub(crate) struct Kept {
    functions: ArcSwap<HashMap<FunctionKey, Arc<Compiled>>>,
    /// Counts changes, so that what was read before one is not kept after it.
    changes: AtomicU64,
}

impl Kept {
    /// The control plane has changed a function.
    pub fn forget(&self, key: &FunctionKey) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.functions.rcu(|functions| {
            let mut functions = HashMap::clone(functions);
            functions.remove(key);
            functions
        });
    }

    /// The unreserved pools have changed.
    pub fn forget_all(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.functions.store(Arc::default());
    }

    fn keep(&self, compiled: &Arc<Compiled>, changes: u64) {
        self.functions.rcu(|functions| {
            let full = functions.len() >= COMPILED_MAX;
            let mut functions = if full { HashMap::new() } else { HashMap::clone(functions) };
            if self.changes.load(Ordering::Acquire) == changes {
                functions.insert(compiled.key.clone(), compiled.clone());
            }
            functions
        });
    }
}

impl Lambda {
    /// The function, or `None` if there is none.
    pub(crate) fn compiled(&self, key: &FunctionKey) -> Result<Option<Arc<Compiled>>, Error> {
        if let Some(compiled) = self.kept.functions.load().get(key) {
            return Ok(Some(compiled.clone()));
        }
        let changes = self.kept.changes.load(Ordering::Acquire);
        let compiled = self.compile(&self.store.snapshot(), key)?.map(Arc::new);
        if let Some(compiled) = &compiled {
            self.kept.keep(compiled, changes);
        }
        Ok(compiled)
    }

    fn compile(&self, snapshot: &Snapshot, key: &FunctionKey) -> Result<Option<Compiled>, Error> {
        let (account, region, name) = (&key.0, &key.1, key.2.as_str());
        let Some(function) = snapshot.get(&FUNCTIONS, key)? else { return Ok(None) };
        let mut versions = HashMap::new();
        for entry in snapshot.scan(&VERSIONS, (account, region, name)) {
            let ((_, _, _, number), configuration) = entry?;
            versions.insert(number, Version::new(number.to_string(), configuration));
        }
        let mut policies = HashMap::new();
        for entry in snapshot.scan(&POLICIES, (account, region, name)) {
            let ((_, _, _, qualifier), stored) = entry?;
            policies.insert(qualifier, policy::document(&stored).into());
        }
        let aliases =
            snapshot.scan(&ALIASES, (account, region, name)).map(|entry| entry.map(|(k, alias)| (k.3, alias)));
        let configs = snapshot.scan(&EVENT_CONFIGS, (account, region, name));
        let configs = configs.map(|entry| entry.map(|(k, config)| (k.3, config)));
        Ok(Some(Compiled {
            key: key.clone(),
            latest: Version::new(LATEST.into(), function.latest),
            versions,
            aliases: aliases.collect::<Result<_, _>>()?,
            policies,
            event_configs: configs.collect::<Result<_, _>>()?,
            share: self.share(snapshot, key)?,
        }))
    }

    fn share(&self, snapshot: &Snapshot, key: &FunctionKey) -> Result<Share, Error> {
        let mut reserved = 0;
        for entry in snapshot.scan(&RESERVED, (&key.0, &key.1)) {
            let (function, most) = entry?;
            if function == *key {
                return Ok(Share::Reserved(self.gauges.function(key), most));
            }
            reserved += most;
        }
        Ok(Share::Pool(self.gauges.pool(key), CONCURRENCY_MAX.saturating_sub(reserved)))
    }

    /// What the runtime needs of a version.
    pub(crate) async fn spec(&self, compiled: &Compiled, version: &Version) -> Result<Arc<FunctionSpec>, Error> {
        let spec = version.spec.get_or_try_init(async || {
            let settings = &version.configuration.settings;
            let mut layer_dirs = Vec::new();
            for layer in &settings.layers {
                layer_dirs.push(self.packages.folder(&layer.package.blob).await?);
            }
            self.logs.register(&compiled.key, &version.name, &settings.role);
            let code_dir = self.packages.folder(&version.configuration.package.blob).await?;
            self.build(compiled, version, code_dir, layer_dirs).map(Arc::new)
        });
        spec.await.cloned()
    }

    fn build(
        &self,
        compiled: &Compiled,
        version: &Version,
        code_dir: std::path::PathBuf,
        layer_dirs: Vec<std::path::PathBuf>,
    ) -> Result<FunctionSpec, Error> {
        let Configuration { settings, revision_id, .. } = &version.configuration;
        let (account, region, name) = compiled.key.clone();
        let runtime = settings.runtime.parse();
        Ok(FunctionSpec {
            arn: function_arn(&compiled.key),
            account,
            region,
            name,
            version: version.name.clone(),
            runtime: runtime
                .map_err(|_| Error::RuntimeUnavailable(format!("no such runtime: {}", settings.runtime)))?,
            handler: settings.handler.clone(),
            code_dir,
            layer_dirs,
            variables: settings.variables.clone().unwrap_or_default(),
            memory_mb: settings.memory_mb,
            timeout_ms: settings.timeout_s * 1000,
            ephemeral_mb: settings.ephemeral_mb,
            logging: logging(&settings.logging),
            credentials: self.logs.sessions.source(&compiled.key, &settings.role),
            revision: revision_id.clone(),
            max_concurrency: compiled.share.most(),
        })
    }
}

fn logging(config: &crate::configuration::LoggingConfig) -> Logging {
    let level = |level: &Option<String>| level.as_ref().and_then(|l| l.parse().ok()).unwrap_or(LogLevel::Info);
    Logging {
        format: if config.log_format == "JSON" { LogFormat::Json } else { LogFormat::Text },
        application_level: level(&config.application_log_level),
        system_level: level(&config.system_log_level),
        group: config.log_group.clone(),
    }
}
