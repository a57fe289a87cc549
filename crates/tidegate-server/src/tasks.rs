//! Work that nobody asks for: expired items and log events go, asynchronous events are tried again.

use crate::App;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

/// How often expired items are looked for. AWS takes up to days; here one can wait for it.
const ITEM_EXPIRY: Duration = Duration::from_secs(10);
/// How often expired log events are looked for.
const LOG_EXPIRY: Duration = Duration::from_secs(60);

/// Starts the tasks; they end with the set.
pub fn spawn(running: &mut JoinSet<()>, app: &Arc<App>) {
    running.spawn(items(app.clone()));
    running.spawn(log_events(app.clone()));
    running.spawn(app.lambda.clone().run());
    running.spawn(look_at_the_machine(app.clone()));
}

async fn items(app: Arc<App>) {
    let mut ticks = every(ITEM_EXPIRY);
    loop {
        ticks.tick().await;
        if let Err(error) = tidegate_dynamodb::tasks::expire(&app.dynamodb, app.environment.clock.now()).await {
            tracing::warn!(%error, "expired items were not removed; they are tried again");
        }
    }
}

async fn log_events(app: Arc<App>) {
    let mut ticks = every(LOG_EXPIRY);
    loop {
        ticks.tick().await;
        if let Err(error) = app.logs.expire(app.environment.clock.now_ms()).await {
            tracing::warn!(%error, "expired log events were not removed; they are tried again");
        }
    }
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Finds out which layers of the sandbox the machine grants. It makes trial sandboxes, so it does not delay the start.
async fn look_at_the_machine(app: Arc<App>) {
    if let Ok(missing) = tokio::task::spawn_blocking(missing_layers).await {
        if !missing.is_empty() {
            tracing::warn!("sandbox: reduced (no {}); `tidegate doctor` says more", missing.join(", no "));
        }
        // Set once: this task runs once.
        let _ = app.missing_layers.set(missing);
    }
}

/// The names of the layers that the machine refuses.
pub(crate) fn missing_layers() -> Vec<String> {
    let layers = tidegate_sandbox::probe().layers;
    layers.iter().filter(|layer| !layer.available).map(|layer| layer.layer.name().to_owned()).collect()
}
