//! What a durable put costs through the store's own API, against the disk's `fdatasync`, in turn with it.
//!
//! `cargo run --release -p tidegate-benches --bin store_put [DIRECTORY]`

use std::{
    path::{Path, PathBuf},
    time::Instant,
};
use tidegate_benches::{Floor, median, temporary};
use tidegate_store::{Error, Options, Raw, Store, Table};

const ITEMS: Table<(String, u64), Raw> = Table::new("bench.items");
const ROUNDS: usize = 5;
const SINGLE_PUTS: u64 = 1000;
const CLIENTS: u64 = 16;
const CLIENT_PUTS: u64 = 500;
const READS: u64 = 200_000;
const VALUE_BYTES: usize = 400;

#[derive(Default)]
struct Rounds {
    sync_us: Vec<f64>,
    put_us: Vec<f64>,
    puts_per_s: Vec<f64>,
    recent_gets_per_s: Vec<f64>,
    run_gets_per_s: Vec<f64>,
    missing_gets_per_s: Vec<f64>,
    scanned_per_s: Vec<f64>,
    open_ms: Vec<f64>,
}

fn main() {
    let base = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("threads can be made");
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        runtime.block_on(round(&base, &mut rounds)).expect("the store works");
    }
    print(rounds);
}

fn print(rounds: Rounds) {
    let (sync_us, put_us) = (median(rounds.sync_us), median(rounds.put_us));
    let puts = median(rounds.puts_per_s);
    println!("medians of {ROUNDS} rounds, values of {VALUE_BYTES} bytes");
    println!("fdatasync                    {sync_us:>9.0} us");
    println!("put, 1 client                {put_us:>9.0} us ({:+.0} us, {:.2} x)", put_us - sync_us, put_us / sync_us);
    println!("puts/s, {CLIENTS} clients          {puts:>9.0} ({:.1} for each fdatasync)", puts * sync_us / 1e6);
    println!("gets/s, recent writes        {:>9.0}", median(rounds.recent_gets_per_s));
    println!("gets/s, from a run           {:>9.0}", median(rounds.run_gets_per_s));
    println!("gets/s, missing keys         {:>9.0}", median(rounds.missing_gets_per_s));
    println!("scanned entries/s            {:>9.0}", median(rounds.scanned_per_s));
    println!("open of an empty directory   {:>9.1} ms", median(rounds.open_ms));
}

async fn round(base: &Path, rounds: &mut Rounds) -> Result<(), Error> {
    let dir = temporary(base);
    let start = Instant::now();
    let store = Store::open(dir.path(), Options::default())?;
    rounds.open_ms.push(start.elapsed().as_secs_f64() * 1e3);
    let (sync_us, put_us) = single_client(&store, Floor::new(base)).await?;
    rounds.sync_us.push(sync_us);
    rounds.put_us.push(put_us);
    rounds.puts_per_s.push(many_clients(&store).await?);
    rounds.recent_gets_per_s.push(gets(&store, 0)?);
    store.close()?;
    drop(store);
    let store = Store::open(dir.path(), Options::default())?;
    rounds.run_gets_per_s.push(gets(&store, 0)?);
    rounds.missing_gets_per_s.push(gets(&store, CLIENT_PUTS)?);
    let start = Instant::now();
    let count = store.snapshot().scan(&ITEMS, ()).filter(Result::is_ok).count();
    rounds.scanned_per_s.push(count as f64 / start.elapsed().as_secs_f64());
    Ok(())
}

async fn put(store: &Store, client: u64, n: u64) -> Result<(), Error> {
    store.write(move |tx| tx.put(&ITEMS, &key(client, n), &Raw(vec![n as u8; VALUE_BYTES]))).await
}

fn key(client: u64, n: u64) -> (String, u64) {
    (format!("client-{client}"), n)
}

/// Median times of an `fdatasync` and of a put.
async fn single_client(store: &Store, mut floor: Floor) -> Result<(f64, f64), Error> {
    let (mut syncs, mut taken) = (Vec::new(), Vec::new());
    for n in 0..SINGLE_PUTS {
        syncs.push(floor.sync_us());
        let start = Instant::now();
        put(store, 0, n).await?;
        taken.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok((median(syncs), median(taken)))
}

async fn many_clients(store: &Store) -> Result<f64, Error> {
    let start = Instant::now();
    let clients: Vec<_> = (1..=CLIENTS)
        .map(|client| {
            let store = store.clone();
            tokio::spawn(async move {
                for n in 0..CLIENT_PUTS {
                    put(&store, client, n).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .collect();
    for client in clients {
        client.await.expect("a client does not panic")?;
    }
    Ok((CLIENTS * CLIENT_PUTS) as f64 / start.elapsed().as_secs_f64())
}

/// Reads scattered keys; those from `first` on, which makes them missing ones if it is behind the last.
fn gets(store: &Store, first: u64) -> Result<f64, Error> {
    let start = Instant::now();
    for n in 0..READS {
        let key = key(1 + n % CLIENTS, first + n.wrapping_mul(7919) % CLIENT_PUTS);
        let found = store.read(|s| s.get(&ITEMS, &key))?;
        assert_eq!(found.is_some(), first == 0, "a get gives something else than what was put");
    }
    Ok(READS as f64 / start.elapsed().as_secs_f64())
}
