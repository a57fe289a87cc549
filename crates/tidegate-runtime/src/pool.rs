//! The environments of one function version: which are idle, which calls wait, how many start.
//!
//! An invocation takes an idle environment, or waits for a new one and takes whichever is free first. When more of them
//! are busy than the machine has use for, it gives the busy ones a moment before it wakes up another: see [`Patience`].

use crate::environment;
use crate::patience::Patience;
use crate::shared::Shared;
use crate::tree::Size;
use crate::{Error, FunctionSpec, Invocation, InvocationResult, limits};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// The one right to send invocations to an environment. Dropping it ends the environment.
#[derive(Debug)]
pub(crate) struct Seat {
    id: u64,
    revision: String,
    calls: mpsc::Sender<Turn>,
}

/// An invocation that wants an environment.
#[derive(Debug)]
pub(crate) struct Call {
    ticket: u64,
    pub invocation: Invocation,
    pub reply: oneshot::Sender<Result<InvocationResult, Error>>,
    /// Its place among the running invocations.
    pub running: Counted,
    /// Whether it rather waits for a busy environment than takes another.
    patient: bool,
}

/// A call for an environment, with the environment's own seat to be put back.
#[derive(Debug)]
pub(crate) struct Turn {
    pub call: Call,
    pub seat: Seat,
    /// Its place among the busy environments.
    pub busy: Counted,
}

/// One of those that a pool counts; counts itself out when dropped.
#[derive(Debug)]
pub(crate) struct Counted(Arc<AtomicU32>);

impl Counted {
    fn new(count: &Arc<AtomicU32>) -> Counted {
        count.fetch_add(1, Ordering::Relaxed);
        Counted(count.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Debug, Default)]
struct State {
    /// The function as the latest invocation knew it.
    function: Option<Arc<FunctionSpec>>,
    idle: Vec<Seat>,
    waiting: VecDeque<Call>,
    patience: Patience,
    tickets: u64,
    /// Environments that have a call.
    busy: Arc<AtomicU32>,
    /// Invocations that run or wait.
    running: Arc<AtomicU32>,
    starting: usize,
    closed: bool,
}

impl State {
    fn is_current(&self, revision: &str) -> bool {
        self.function.as_ref().is_some_and(|function| function.revision == revision)
    }

    /// Whether as many environments are busy as the machine has use for.
    fn all_busy(&self) -> bool {
        self.busy.load(Ordering::Relaxed) >= limits::busy()
    }

    /// Gives the call to the environment that was idle for the shortest time; gives it back if there is none.
    fn hand_over(&mut self, mut call: Call) -> Result<(), Call> {
        while let Some(seat) = self.idle.pop() {
            let calls = seat.calls.clone();
            match calls.try_send(Turn { call, seat, busy: Counted::new(&self.busy) }) {
                Ok(()) => return Ok(()),
                // It has ended against all expectation: so does its seat.
                Err(mpsc::error::TrySendError::Closed(turn) | mpsc::error::TrySendError::Full(turn)) => {
                    call = turn.call;
                }
            }
        }
        Err(call)
    }

    /// The call that an environment takes next; patient ones are only for those that are to stay busy.
    fn next_call(&mut self) -> Option<Call> {
        // Nobody hears the answer: the client went away.
        self.waiting.retain(|call| !call.reply.is_closed());
        let stays = !self.all_busy();
        let at = self.waiting.iter().position(|call| stays || !call.patient)?;
        self.waiting.remove(at)
    }

    fn check_in(&mut self, seat: Seat) -> Option<Turn> {
        if self.closed || !self.is_current(&seat.revision) {
            return None;
        }
        let Some(call) = self.next_call() else {
            self.idle.push(seat);
            return None;
        };
        Some(Turn { call, seat, busy: Counted::new(&self.busy) })
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
        let (reply, mut answer) = oneshot::channel();
        let mut waits = self.enter(shared, function, invocation, reply)?;
        while let Some(wait) = waits {
            if let Ok(answer) = tokio::time::timeout(limits::PATIENCE, &mut answer).await {
                return answer.unwrap_or_else(|_| Err(gone()));
            }
            waits = self.wait_on(shared, wait);
        }
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Finds an environment for a call, or lets it wait; gives the wait if it is one of patience.
    fn enter(
        self: &Arc<Self>,
        shared: &Arc<Shared>,
        function: &Arc<FunctionSpec>,
        invocation: Invocation,
        reply: oneshot::Sender<Result<InvocationResult, Error>>,
    ) -> Result<Option<Wait>, Error> {
        let mut state = self.state();
        if state.closed || shared.is_closed() {
            return Err(Error::ShuttingDown);
        }
        if state.running.load(Ordering::Relaxed) >= function.max_concurrency {
            return Err(Error::Throttled);
        }
        if !state.is_current(&function.revision) {
            // Dropped seats end their environments.
            state.idle.clear();
            state.function = Some(function.clone());
        }
        state.tickets += 1;
        let patient = state.all_busy() && state.patience.try_wait();
        let (ticket, running) = (state.tickets, Counted::new(&state.running));
        let call = Call { ticket, invocation, reply, running, patient };
        if patient {
            state.waiting.push_back(call);
            return Ok(Some(Wait { ticket, seen: state.patience.seen(), rounds: 1 }));
        }
        if let Err(call) = state.hand_over(call) {
            state.waiting.push_back(call);
            self.start_if_wanted(&mut state, shared);
        }
        Ok(None)
    }

    /// After a while in vain: waits on if others get their turn, else takes another environment or starts one.
    fn wait_on(self: &Arc<Self>, shared: &Arc<Shared>, wait: Wait) -> Option<Wait> {
        let mut state = self.state();
        let at = state.waiting.iter().position(|call| call.ticket == wait.ticket)?;
        if let Some(seen) = state.patience.go_on(wait.seen).filter(|_| wait.rounds < limits::PATIENCE_ROUNDS) {
            return Some(Wait { seen, rounds: wait.rounds + 1, ..wait });
        }
        let mut call = state.waiting.remove(at)?;
        call.patient = false;
        if let Err(call) = state.hand_over(call) {
            state.waiting.push_front(call);
            self.start_if_wanted(&mut state, shared);
        }
        None
    }

    /// Starts one more environment if more invocations wait than environments start.
    fn start_if_wanted(self: &Arc<Self>, state: &mut State, shared: &Arc<Shared>) {
        let wanted = state.waiting.iter().filter(|call| !call.patient).count();
        let Some(function) = state.function.clone().filter(|_| wanted > state.starting) else { return };
        state.starting += 1;
        tokio::spawn(start(self.clone(), shared.clone(), function));
    }

    /// Takes an environment back after a call: gives it the next one, or lets it be idle, or ends it if it is outdated.
    pub fn finish(&self, seat: Seat, took: Duration) -> Option<Turn> {
        let mut state = self.state();
        state.patience.finished(took);
        state.check_in(seat)
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
        let waiting = {
            let mut state = self.state();
            state.closed = true;
            state.idle.clear();
            std::mem::take(&mut state.waiting)
        };
        for call in waiting {
            // Nobody to tell: the client went away.
            let _ = call.reply.send(Err(Error::ShuttingDown));
        }
    }

    /// Invocations that run or wait.
    pub fn running(&self) -> u32 {
        self.state().running.load(Ordering::Relaxed)
    }

    /// Counts out a start that nobody needs any more; true if there was somebody after all.
    fn still_wanted(&self) -> bool {
        let mut state = self.state();
        let wanted = !state.closed && state.waiting.iter().any(|call| !call.patient && !call.reply.is_closed());
        if !wanted {
            state.starting -= 1;
        }
        wanted
    }

    fn started(self: &Arc<Self>, shared: &Arc<Shared>, result: Result<Seat, Error>) {
        let mut state = self.state();
        state.starting -= 1;
        let told = match result {
            Ok(seat) => {
                if let Some(turn) = state.check_in(seat) {
                    let calls = turn.seat.calls.clone();
                    // Its task has just begun: it takes the call.
                    let _ = calls.try_send(turn);
                }
                None
            }
            Err(why) => state.waiting.iter().position(|call| !call.patient).zip(Some(why)),
        };
        let told = told.and_then(|(at, why)| Some((state.waiting.remove(at)?, why)));
        // The new one may be outdated already, and then it helped nobody.
        self.start_if_wanted(&mut state, shared);
        drop(state);
        if let Some((call, why)) = told {
            // Nobody to tell: the client went away.
            let _ = call.reply.send(Err(why));
        }
    }
}

/// A call that waits patiently.
struct Wait {
    ticket: u64,
    /// How many calls of the function had ended when the wait began.
    seen: u64,
    rounds: u32,
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
