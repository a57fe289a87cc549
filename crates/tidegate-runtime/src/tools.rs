//! What a runtime needs of the machine: an interpreter, the bootstrap, the SDK. Looked for once, when first needed.

use crate::interpreter::{self, Interpreter};
use crate::sdk::{self, RuntimeDir};
use crate::stage::Stage;
use crate::{Error, Options, RuntimeId, limits};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// The tools of one runtime.
#[derive(Debug)]
pub(crate) struct Tools {
    /// Which runtime.
    pub runtime: RuntimeId,
    /// What runs it.
    pub interpreter: Interpreter,
    /// What is shown at `/var/runtime`.
    pub dir: RuntimeDir,
    /// Where the SDK is, which may be shown from a copy.
    pub sdk: Option<PathBuf>,
    /// What INIT_START says.
    pub version_name: String,
    /// What is not as it should be, for people.
    pub warnings: Vec<String>,
}

type Slot = Arc<OnceCell<Arc<Tools>>>;

/// Tools by runtime.
#[derive(Default)]
pub(crate) struct Toolbox(Mutex<HashMap<RuntimeId, Slot>>);

impl Toolbox {
    /// The tools of a runtime; the first time this may install its SDK.
    pub async fn get(&self, runtime: RuntimeId, options: &Arc<Options>, stage: &Stage) -> Result<Arc<Tools>, Error> {
        let slot = self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(runtime).or_default().clone();
        let find = || async {
            let mut tools = find(runtime, options.clone()).await?;
            tools.interpreter.prefix = stage.show(&tools.interpreter.prefix, options).await?;
            tools.dir.path = stage.show(&tools.dir.path, options).await?;
            Ok(Arc::new(tools))
        };
        slot.get_or_try_init(find).await.cloned()
    }
}

impl Toolbox {
    /// Forgets the tools that use an SDK, so that it is looked for again.
    pub fn forget(&self, folder: &Path) {
        let uses = |slot: &Slot| slot.get().is_some_and(|tools| tools.sdk.as_deref() == Some(folder));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, slot| !uses(slot));
    }
}

async fn find(runtime: RuntimeId, options: Arc<Options>) -> Result<Tools, Error> {
    let cache_dir = options.cache_dir.clone();
    let interpreter = find_interpreter(runtime, cache_dir).await?;
    let mut warnings: Vec<String> = interpreter.warning(runtime).into_iter().collect();
    if options.install_sdk {
        let progress = options.progress.clone();
        let report = move |line: &str| progress.iter().for_each(|progress| progress(runtime, line));
        let installed = install(runtime, interpreter.clone(), options.cache_dir.clone(), report);
        match tokio::time::timeout(limits::SDK_WAIT_MAX, installed).await {
            Ok(done) => warnings.extend(done.err().map(|why| why.to_string())),
            Err(_) => warnings.push("the AWS SDK is still being installed; functions run without it until then".into()),
        }
    }
    crate::process::blocking(move || {
        let dir = sdk::prepare(&options.cache_dir, runtime, &interpreter).map_err(|why| Error::Sdk(why.to_string()))?;
        let version_name = interpreter.version_name(runtime);
        let sdk = dir.has_sdk.then(|| dir.path.clone());
        Ok(Tools { runtime, interpreter, dir, sdk, version_name, warnings })
    })
    .await
}

/// The interpreter that stands for a runtime here.
pub(crate) async fn find_interpreter(runtime: RuntimeId, cache_dir: PathBuf) -> Result<Interpreter, Error> {
    crate::process::blocking(move || interpreter::choose(&interpreter::discover(runtime, &cache_dir), runtime).cloned())
        .await
}

/// Installs an SDK on a thread of its own.
pub(crate) async fn install(
    runtime: RuntimeId,
    interpreter: Interpreter,
    cache_dir: PathBuf,
    mut progress: impl FnMut(&str) + Send + 'static,
) -> Result<(), sdk::Error> {
    crate::process::blocking(move || sdk::install(&cache_dir, runtime, &interpreter, &mut progress)).await
}
