//! The environments of one function version: which are idle, who waits for one, how many start.
//!
//! An invocation takes an idle environment. If there is none it asks for a new one and takes whichever is free first,
//! the new one or one that another invocation leaves.

use crate::environment;
use crate::shared::Shared;
use crate::tree::Size;
use crate::{Error, FunctionSpec, Invocation, InvocationResult, limits};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// The one right to send invocations to an environment. Dropping it ends the environment.
#[derive(Debug)]
pub(crate) struct Seat {
    id: u64,
    revision: String,
    calls: mpsc::Sender<Call>,
}

/// An invocation on its way to an environment.
#[derive(Debug)]
pub(crate) struct Call {
    pub invocation: Invocation,
    pub reply: oneshot::Sender<InvocationResult>,
    /// The environment's own seat, to be put back.
    pub seat: Seat,
    /// The place among the running invocations.
    pub slot: Slot,
}

/// A place among a pool's running invocations, given back when dropped.
#[derive(Debug)]
pub(crate) struct Slot(Arc<Pool>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.state().running -= 1;
    }
}

type Waiter = oneshot::Sender<Result<Seat, Error>>;

#[derive(Debug, Default)]
struct State {
    /// The function as the latest invocation knew it.
    function: Option<Arc<FunctionSpec>>,
    idle: Vec<Seat>,
    waiting: VecDeque<Waiter>,
    running: u32,
    starting: usize,
    closed: bool,
}

impl State {
    fn is_current(&self, revision: &str) -> bool {
        self.function.as_ref().is_some_and(|function| function.revision == revision)
    }
}

/// The environments of one function version.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<State>);

impl Pool {
    fn state(&self) -> MutexGuard<'_, State> {
        // Every change below is a single step on one member: nothing is ever half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs an invocation in an environment of this version.
    pub async fn invoke(
        self: &Arc<Self>,
        shared: &Arc<Shared>,
        function: &Arc<FunctionSpec>,
        invocation: Invocation,
    ) -> Result<InvocationResult, Error> {
        let (slot, found) = self.check_out(shared, function)?;
        let seat = match found {
            Found::Seat(seat) => seat,
            // The sender is only dropped unused when the pool is closed.
            Found::Soon(soon) => soon.await.unwrap_or(Err(Error::ShuttingDown))?,
        };
        let (reply, answer) = oneshot::channel();
        let calls = seat.calls.clone();
        let sent = calls.send(Call { invocation, reply, seat, slot }).await;
        drop(calls);
        sent.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())
    }

    fn check_out(self: &Arc<Self>, shared: &Arc<Shared>, function: &Arc<FunctionSpec>) -> Result<(Slot, Found), Error> {
        let mut state = self.state();
        if state.closed || shared.is_closed() {
            return Err(Error::ShuttingDown);
        }
        if state.running >= function.max_concurrency {
            return Err(Error::Throttled);
        }
        if !state.is_current(&function.revision) {
            // Dropped seats end their environments.
            state.idle.clear();
            state.function = Some(function.clone());
        }
        state.running += 1;
        let slot = Slot(self.clone());
        if let Some(seat) = state.idle.pop() {
            return Ok((slot, Found::Seat(seat)));
        }
        let (waiter, soon) = oneshot::channel();
        state.waiting.push_back(waiter);
        self.start_if_wanted(&mut state, shared);
        Ok((slot, Found::Soon(soon)))
    }

    /// Starts one more environment if more invocations wait than environments start.
    fn start_if_wanted(self: &Arc<Self>, state: &mut State, shared: &Arc<Shared>) {
        let Some(function) = state.function.clone().filter(|_| state.waiting.len() > state.starting) else { return };
        state.starting += 1;
        tokio::spawn(start(self.clone(), shared.clone(), function));
    }

    /// Takes an environment back: for whoever waits longest, else among the idle ones; or ends it, if it is outdated.
    pub fn check_in(&self, mut seat: Seat) {
        let mut state = self.state();
        if state.closed || !state.is_current(&seat.revision) {
            return;
        }
        while let Some(waiter) = state.waiting.pop_front() {
            match waiter.send(Ok(seat)) {
                Ok(()) => return,
                Err(Ok(back)) => seat = back,
                Err(Err(_)) => return,
            }
        }
        state.idle.push(seat);
    }

    /// Takes an idle environment out for its end; false if an invocation has just taken it.
    pub fn remove_idle(&self, id: u64) -> bool {
        let mut state = self.state();
        let before = state.idle.len();
        state.idle.retain(|seat| seat.id != id);
        state.idle.len() < before
    }

    /// Ends the environment that was idle longest, if there is an idle one.
    pub fn evict_one(&self) -> bool {
        let mut state = self.state();
        (!state.idle.is_empty()).then(|| state.idle.remove(0)).is_some()
    }

    /// Ends all idle environments, and each other one after its invocation.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.idle.clear();
        state.waiting.clear();
    }

    /// Invocations that run or wait.
    pub fn running(&self) -> u32 {
        self.state().running
    }

    /// Counts out a start that nobody needs any more; true if there was somebody after all.
    fn still_wanted(&self) -> bool {
        let mut state = self.state();
        state.waiting.retain(|waiter| !waiter.is_closed());
        let wanted = !state.waiting.is_empty() && !state.closed;
        if !wanted {
            state.starting -= 1;
        }
        wanted
    }

    fn started(self: &Arc<Self>, shared: &Arc<Shared>, result: Result<Seat, Error>) {
        self.state().starting -= 1;
        match result {
            Ok(seat) => self.check_in(seat),
            Err(why) => {
                let waiter = self.state().waiting.pop_front();
                // Nobody to tell: the client went away.
                let _ = waiter.map(|waiter| waiter.send(Err(why)));
            }
        }
        // The new one may be outdated already, and then it helped nobody.
        self.start_if_wanted(&mut self.state(), shared);
    }
}

enum Found {
    Seat(Seat),
    Soon(oneshot::Receiver<Result<Seat, Error>>),
}

fn gone() -> Error {
    Error::Sandbox("the environment ended unexpectedly".into())
}

/// Starts an environment for whoever waits longest when it is ready.
async fn start(pool: Arc<Pool>, shared: Arc<Shared>, function: Arc<FunctionSpec>) {
    let permit = shared.starts.acquire().await.expect("the semaphore is never closed");
    // Others may have become free meanwhile.
    if !pool.still_wanted() {
        return;
    }
    let made = match shared.environment_comes() {
        // On a task of its own, so that a defect there ends as an error and nobody waits for ever.
        Ok(presence) => match tokio::spawn(environment::start(shared.clone(), function.clone(), presence)).await {
            Ok(made) => made,
            Err(why) => Err(Error::Sandbox(why.to_string())),
        },
        Err(why) => Err(why),
    };
    drop(permit);
    shared.prepared.want(&shared, function.runtime, Size::of(&function));
    let seat = made.map(|environment| {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let (calls, receiver) = mpsc::channel(limits::CALLS_WAITING);
        tokio::spawn(environment.live(receiver, pool.clone(), id));
        Seat { id, revision: function.revision.clone(), calls }
    });
    pool.started(&shared, seat);
}
