//! Makes the services and wires their ports, in the order in which they need one another.

use crate::edge::tls::Authority;
use crate::edge::{Edge, Peer};
use crate::{App, Config, Data, IamMode, Sandboxing, StartError};
use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use tidegate_apigateway::{ApiGateway, Ports};
use tidegate_core::{Environment, Registry};
use tidegate_dynamodb::DynamoDb;
use tidegate_iam as iam;
use tidegate_lambda::{FunctionLogs, Lambda};
use tidegate_logs::Logs;
use tidegate_runtime::{Endpoint, EnvironmentIdentity, Runtime};
use tidegate_store::{Error as StoreError, Options, Store};
use tidegate_types::{Clock, Ids, RandomIds, SystemClock};
use tidegate_wire::sigv4::Verifier;
use tokio::net::TcpStream;

/// The services over the store that `config` names, for a server at `address`.
pub async fn assemble(config: Config, address: SocketAddr, authority: Arc<Authority>) -> Result<Arc<App>, StartError> {
    let (clock, ids): (Arc<dyn Clock>, Arc<dyn Ids>) = (Arc::new(SystemClock), Arc::new(RandomIds));
    let data = |error: String| StartError::Data(place(&config.data), error);
    let store = open(&config.data).await?;
    let mode = match config.iam {
        IamMode::Enforce => iam::Mode::Enforce,
        IamMode::Warn => iam::Mode::Warn,
        IamMode::Off => iam::Mode::Off,
    };
    let identity = iam::open(store.clone(), clock.clone(), ids.clone(), mode).await.map_err(|e| data(e.to_string()))?;
    let environment =
        Arc::new(Environment { clock: clock.clone(), ids: ids.clone(), authorizer: identity.access.clone() });
    let logs = Arc::new(Logs::new(store.clone(), clock.clone()));
    let dynamodb = Arc::new(DynamoDb::new(store.clone()));
    let function_edge = Arc::new(OnceLock::new());
    let function_logs = Arc::new(FunctionLogs::new(environment.clone(), identity.access.clone(), logs.clone()));
    let scratch = scratch(&config.data, &*ids);
    let runtime = runtime(&config, &scratch, &environment, &function_edge, function_logs.clone(), &authority)?;
    let lambda = Lambda::new(tidegate_lambda::Parts {
        store: store.clone(),
        environment: environment.clone(),
        executor: Arc::new(runtime.clone()),
        logs: function_logs,
        code_dir: scratch.join("code"),
        code_url: format!("http://{address}{}", crate::edge::CODE_PATH),
    });
    let lambda = Arc::new(lambda.map_err(|e| data(e.to_string()))?);
    remove_unused_code(&store, &lambda);
    let ports = Ports { functions: lambda.clone(), logs: logs.clone(), roles: identity.access.clone() };
    let gateway = ApiGateway::new(store.clone(), environment.clone(), ports).map_err(|e| data(e.to_string()))?;
    let gateway = Arc::new(gateway);
    let mut registry = Registry::default();
    registry.add(&identity.iam);
    registry.add(&identity.sts);
    registry.add(&logs);
    registry.add(&dynamodb);
    registry.add(&lambda);
    registry.add(&gateway);
    Ok(Arc::new(App {
        authority,
        registry,
        credentials: identity.access,
        verifier: Verifier::new(),
        gateway,
        lambda,
        dynamodb,
        logs,
        runtime,
        store,
        session_id: ids.uuid().into(),
        started_ms: clock.now_ms(),
        missing_layers: OnceLock::new(),
        environment,
        config,
        scratch,
        function_edge,
    }))
}

async fn open(data: &Data) -> Result<Store, StartError> {
    let Data::Directory(path) = data else { return Ok(Store::memory()) };
    let (path, folder) = (path.clone(), path.join("store"));
    let opened = tokio::task::spawn_blocking(move || Store::open(folder, Options::default())).await;
    let opened = opened.map_err(|e| StartError::Data(path.clone(), e.to_string()))?;
    opened.map_err(|error| match error {
        StoreError::Locked { .. } => StartError::DataInUse(path),
        StoreError::NewerFormat { .. } => StartError::NewerFormat(error.to_string()),
        other => StartError::Data(path, other.to_string()),
    })
}

/// Removes the zips that no function has any more; before anything is served, so that no new one is taken for an old one.
fn remove_unused_code(store: &Store, lambda: &Lambda) {
    let removed = lambda.referenced_blobs().map(|used| store.blobs().remove_unreferenced(|id| used.contains(id)));
    if let Err(error) = removed.map_err(|e| e.to_string()).and_then(|removed| removed.map_err(|e| e.to_string())) {
        tracing::warn!(error, "code that nothing uses was not removed; the next start tries again");
    }
}

fn place(data: &Data) -> PathBuf {
    match data {
        Data::Directory(path) => path.clone(),
        Data::Memory => PathBuf::from("memory"),
    }
}

/// Where code is extracted and merged layers lie: nothing in it is missed after the process.
fn scratch(data: &Data, ids: &dyn Ids) -> PathBuf {
    match data {
        Data::Directory(path) => path.join("scratch"),
        // Nobody else on the machine can have made it.
        Data::Memory => std::env::temp_dir().join(format!("tidegate-{}", ids.hex(16))),
    }
}

fn runtime(
    config: &Config,
    scratch: &std::path::Path,
    environment: &Environment,
    edge: &Arc<OnceLock<Edge>>,
    logs: Arc<FunctionLogs>,
    authority: &Authority,
) -> Result<Runtime, StartError> {
    let required = config.sandbox == Sandboxing::Required;
    let options = tidegate_runtime::Options {
        scratch_dir: scratch.join("environments"),
        cache_dir: config.cache.clone(),
        endpoint: Arc::new(FunctionEndpoint(edge.clone())),
        logs,
        clock: environment.clock.clone(),
        ids: environment.ids.clone(),
        sandbox: tidegate_sandbox::Options { required, without: Vec::new() },
        install_sdk: true,
        progress: Some(Arc::new(tell_once())),
        prepare: true,
        reach: tidegate_runtime::Reach::default(),
        authority_pem: Some(authority.pem().to_owned()),
        init_max: tidegate_runtime::limits::INIT_MAX,
    };
    Runtime::new(options).map_err(|e| StartError::Data(scratch.to_owned(), e.to_string()))
}

/// Says once for each runtime that its SDK is being installed: the first function that needs it waits for that.
fn tell_once() -> impl Fn(tidegate_runtime::RuntimeId, &str) + Send + Sync {
    let told = Mutex::new(HashSet::new());
    move |runtime, line| {
        tracing::debug!(%runtime, line, "installing the SDK");
        if told.lock().unwrap_or_else(|e| e.into_inner()).insert(runtime) {
            tracing::warn!("installing the AWS SDK of {runtime}, once; its first function waits for it");
        }
    }
}

/// Hands the connections that functions make to the edge.
struct FunctionEndpoint(Arc<OnceLock<Edge>>);

impl Endpoint for FunctionEndpoint {
    fn serve(&self, _from: &EnvironmentIdentity, connection: TcpStream) {
        if let Some(edge) = self.0.get().cloned() {
            let peer = Peer { address: IpAddr::V4(Ipv4Addr::LOCALHOST), secure: false, function: true };
            tokio::spawn(async move { edge.serve_tcp(connection, peer).await });
        }
    }
}

/// Whether a data folder is one, and no server uses it.
///
/// # Errors
/// The reason, for people.
pub fn data_folder_is_free(path: &std::path::Path) -> Result<(), String> {
    let store = path.join("store");
    if !store.is_dir() {
        return Err("it holds no data of Tidegate's".to_owned());
    }
    Store::open(store, Options::default()).map_err(|e| e.to_string()).map(drop)
}

/// Checks everything in the data folder of a server that is not running against its checksums. Gives what is damaged, each
/// with its file and range, and how many entries were read.
///
/// # Errors
/// The reason why it could not be checked, for people.
pub fn verify_data_folder(path: &std::path::Path) -> Result<(Vec<String>, u64), String> {
    let report = match tidegate_store::verify(path.join("store")) {
        // A store whose files cannot even be listed is damaged, too.
        Err(damage @ tidegate_store::Error::Corrupt { .. }) => return Ok((vec![damage.to_string()], 0)),
        checked => checked.map_err(|e| e.to_string())?,
    };
    Ok((report.damage.iter().map(ToString::to_string).collect(), report.entries))
}
