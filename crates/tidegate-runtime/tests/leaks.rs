//! What environments leave behind: nothing. Alone in its process, because it counts what the process has open.

mod common;

use common::{World, any_node};
use std::sync::Arc;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_behind() {
    let world = World::new();
    let Some(runtime) = any_node(&world).await else { return };
    let mut before = 0;
    for round in 0..10 {
        let function = world.function(runtime, "index.handler", &[("index.js", "exports.handler = async () => 1")]);
        let function = Arc::new(function);
        world.invoke(&function, "1").await;
        world.runtime.retire(&function.arn, None);
        let until = Instant::now() + Duration::from_secs(10);
        // The first round opens what stays: the event loop's own descriptors.
        while round > 1 && open_descriptors() > before && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if round <= 1 {
            tokio::time::sleep(Duration::from_millis(300)).await;
            before = open_descriptors();
        }
        assert!(open_descriptors() <= before, "{before} {} in round {round}", open_descriptors());
    }
    assert_eq!(world.runtime.environments(), 0);
}

fn open_descriptors() -> usize {
    std::fs::read_dir("/dev/fd").map_or(0, Iterator::count)
}
