//! A process that writes is killed with SIGKILL, again and again; whatever it had acknowledged is there afterwards.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};
use tidegate_store::{Error, Options, Store, Table, verify};

const ROUNDS: Table<(u64, u64), u64> = Table::new("kill.rounds");
const PAIRS: Table<u64, (u64, u64)> = Table::new("kill.pairs");
const DIRECTORY: &str = "TIDEGATE_KILL_DIRECTORY";
const KILLS: u64 = 8;
const THREADS: u64 = 4;

fn options() -> Options {
    Options { recent_bytes: 16 * 1024, log_bytes: 32 * 1024, log_step_bytes: 16 * 1024, ..Options::default() }
}

/// Not a test of its own: what the killed process does. It says `thread number` for each acknowledged write.
#[test]
fn writing_child() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let store = Store::open(directory, options()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let store = &store;
            scope.spawn(move || {
                let last = store.snapshot().scan_rev(&ROUNDS, (thread,)).next().map_or(0, |entry| entry.unwrap().0.1);
                for n in last + 1.. {
                    write(store, thread, n).unwrap();
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "acknowledged {thread} {n}").and_then(|()| out.flush()).unwrap();
                }
            });
        }
    });
}

/// Two tables in one transaction, and a deletion every now and then.
fn write(store: &Store, thread: u64, n: u64) -> Result<(), Error> {
    store.write_blocking(move |tx| {
        tx.put(&ROUNDS, (thread, n), &(n * 3))?;
        tx.put(&PAIRS, thread, &(n, n * n))?;
        if n.is_multiple_of(5) { tx.delete(&ROUNDS, (thread, n - 1)) } else { Ok(()) }
    })
}

#[test]
fn nothing_acknowledged_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    for kill in 0..KILLS {
        let acknowledged = run_and_kill(dir.path(), 20 + kill * 37);
        assert!(verify(dir.path()).unwrap().is_sound(), "kill {kill}");
        let store = Store::open(dir.path(), options()).unwrap();
        for (thread, last) in acknowledged.into_iter().enumerate() {
            check(&store, thread as u64, last);
        }
    }
}

/// Gives the last acknowledged number of each thread.
fn run_and_kill(dir: &Path, lines: u64) -> Vec<u64> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "writing_child", "--nocapture"]).env(DIRECTORY, dir);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
    let mut last = vec![0; THREADS as usize];
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut note = |line: String| {
        let mut words = line.split("acknowledged ").nth(1)?.split(' ').map_while(|word| word.parse::<u64>().ok());
        let (thread, n) = (words.next()?, words.next()?);
        last[thread as usize] = last[thread as usize].max(n);
        Some(())
    };
    let noted = output.by_ref().filter_map(&mut note).take(lines as usize).count();
    assert_eq!(noted as u64, lines, "the child ended by itself");
    child.kill().unwrap();
    // What it said before it died counts, too. If the last line is cut off, its number is smaller, and does no harm.
    output.for_each(|line| {
        note(line);
    });
    child.wait().unwrap();
    last
}

fn check(store: &Store, thread: u64, acknowledged: u64) {
    let snapshot = store.snapshot();
    let newest = snapshot.get(&PAIRS, thread).unwrap().map_or(0, |(n, square)| {
        assert_eq!(square, n * n);
        n
    });
    assert!((acknowledged..=acknowledged + 1).contains(&newest), "thread {thread}: {newest} after {acknowledged}");
    let numbers: Vec<u64> = snapshot.scan(&ROUNDS, (thread,)).map(|entry| entry.unwrap().0.1).collect();
    let expected: Vec<u64> = (1..=newest).filter(|n| n % 5 != 4 || n + 1 > newest).collect();
    assert_eq!(numbers, expected, "thread {thread}: half a transaction, or a deleted entry that came back");
}
