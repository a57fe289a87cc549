//! The candidates for the store's engine under the same group commit, against the disk's own `fdatasync`.
//!
//! `cargo run --release -p tidegate-benches --features engines --bin store_engines [DIRECTORY]`
//! Each round runs every candidate once, in turn, in the same directory; what is printed are medians over the rounds,
//! and ratios to the `fdatasync` that was measured in the same round.

mod engines;

use engines::{Engine, Pair};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};
use tidegate_benches::{fdatasync_us, median, temporary};

const ROUNDS: usize = 5;
const SINGLE_PUTS: usize = 400;
const CLIENTS: usize = 16;
const CLIENT_PUTS: usize = 200;
const READS: usize = 100_000;
const VALUE_BYTES: usize = 400;

/// What one round of one engine gave.
#[derive(Clone, Copy)]
struct Round {
    put_us: f64,
    puts_per_s: f64,
    gets_per_s: f64,
    open_ms: f64,
}

fn main() {
    let base = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let mut floor = Vec::new();
    let mut results = vec![Vec::new(); engines::ALL.len()];
    for round in 0..ROUNDS {
        floor.push(fdatasync_us(&base, SINGLE_PUTS));
        for (n, (_, open)) in engines::ALL.iter().enumerate() {
            results[n].push(measure(&base, *open));
        }
        eprintln!("round {} of {ROUNDS}", round + 1);
    }
    print(&floor, &results);
}

fn print(floor: &[f64], results: &[Vec<Round>]) {
    let sync_us = median(floor.to_vec());
    println!("fdatasync of {VALUE_BYTES} bytes: {sync_us:.0} us (median of {ROUNDS} rounds)\n");
    println!(
        "| engine | put, 1 client | over fdatasync | ratio | puts/s, {CLIENTS} clients | gets/s | open after kill |"
    );
    println!("|---|---|---|---|---|---|---|");
    for ((name, _), rounds) in engines::ALL.iter().zip(results) {
        let of = |field: fn(&Round) -> f64| median(rounds.iter().map(field).collect());
        let (put, puts, gets, open) = (of(|r| r.put_us), of(|r| r.puts_per_s), of(|r| r.gets_per_s), of(|r| r.open_ms));
        let (over, ratio) = (put - sync_us, put / sync_us);
        println!("| {name} | {put:.0} us | {over:+.0} us | {ratio:.2} | {puts:.0} | {gets:.0} | {open:.1} ms |");
    }
}

type Open = fn(&Path) -> Box<dyn Engine>;

fn measure(base: &Path, open: Open) -> Round {
    let dir = temporary(base);
    let engine: Arc<dyn Engine> = Arc::from(open(dir.path()));
    let put_us = single_client(&engine);
    let puts_per_s = many_clients(&engine);
    let gets_per_s = reads(&*engine);
    // As after a kill: the engine is leaked, so that nothing is tidied up, and a copy of its files is opened.
    let copy = temporary(base);
    copy_files(dir.path(), copy.path());
    let start = Instant::now();
    let again = open(copy.path());
    let open_ms = start.elapsed().as_secs_f64() * 1e3;
    assert_eq!(again.get(&key(0, 0)).as_deref(), Some(value(0).as_slice()), "an acknowledged put is lost");
    Round { put_us, puts_per_s, gets_per_s, open_ms }
}

fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("the directory exists") {
        let entry = entry.expect("the directory can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a local file system has types").is_dir() {
            std::fs::create_dir_all(&target).expect("a directory can be made");
            copy_files(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

fn key(client: usize, n: usize) -> Vec<u8> {
    // Scattered over the key space, as hashed partition keys are.
    let hash = ((client * 1_000_003 + n) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("dynamodb.items\0{hash:016x}").into_bytes()
}

fn value(n: usize) -> Vec<u8> {
    (0..VALUE_BYTES).map(|i| (i * 7 + n) as u8).collect()
}

fn single_client(engine: &Arc<dyn Engine>) -> f64 {
    with_writer(engine, |put| {
        let times = (0..SINGLE_PUTS).map(|n| {
            let start = Instant::now();
            put.put((key(0, n), value(n)));
            start.elapsed().as_secs_f64() * 1e6
        });
        median(times.collect())
    })
}

fn many_clients(engine: &Arc<dyn Engine>) -> f64 {
    with_writer(engine, |put| {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for client in 1..=CLIENTS {
                scope.spawn(move || (0..CLIENT_PUTS).for_each(|n| put.put((key(client, n), value(n)))));
            }
        });
        (CLIENTS * CLIENT_PUTS) as f64 / start.elapsed().max(Duration::from_nanos(1)).as_secs_f64()
    })
}

fn reads(engine: &dyn Engine) -> f64 {
    let start = Instant::now();
    for n in 0..READS {
        let client = 1 + n % CLIENTS;
        let n = (n / CLIENTS * 31) % CLIENT_PUTS;
        assert!(engine.get(&key(client, n)).is_some_and(|v| v.len() == VALUE_BYTES), "a put is not there");
    }
    READS as f64 / start.elapsed().as_secs_f64()
}

type Waiting = (Pair, mpsc::SyncSender<()>);

/// The clients' side of the group commit.
struct Putter(mpsc::Sender<Waiting>);

impl Putter {
    fn put(&self, pair: Pair) {
        let (done, wait) = mpsc::sync_channel(1);
        self.0.send((pair, done)).expect("the writer works until the last client is gone");
        wait.recv().expect("the writer answers each put");
    }
}

/// The same group commit for each engine: one thread takes all puts that wait and commits them together.
fn with_writer<R>(engine: &Arc<dyn Engine>, work: impl FnOnce(&Putter) -> R) -> R {
    let (send, receive) = mpsc::channel::<Waiting>();
    let writer_engine = engine.clone();
    let writer = std::thread::spawn(move || {
        while let Ok(first) = receive.recv() {
            let (pairs, done): (Vec<_>, Vec<_>) = std::iter::once(first).chain(receive.try_iter()).unzip();
            writer_engine.commit(&pairs);
            done.iter().for_each(|d| d.send(()).expect("each client waits for its answer"));
        }
    });
    let result = work(&Putter(send));
    writer.join().expect("the writer does not panic");
    result
}
