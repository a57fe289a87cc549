//! Write closures on their way to the writer thread.

use crate::{
    Error, Transaction,
    limits::{LATER_LAG, WAITING_LATER_MAX},
};
use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// A write closure whose types are hidden.
pub(crate) trait Job: Send {
    /// Runs the closure; `true` if its changes are to be kept.
    fn run(&mut self, tx: &mut Transaction) -> bool;

    /// Answers the caller, once it is known what became of the commit.
    fn finish(self: Box<Self>, commit: Result<(), Error>);
}

/// A closure with the way to answer its caller.
pub(crate) struct Call<F, R, E, A> {
    closure: Option<F>,
    outcome: Option<Result<R, E>>,
    answer: A,
}

impl<F, R, E, A> Call<F, R, E, A> {
    pub(crate) fn new(closure: F, answer: A) -> Call<F, R, E, A> {
        Call { closure: Some(closure), outcome: None, answer }
    }
}

impl<F, R, E, A> Job for Call<F, R, E, A>
where
    F: FnOnce(&mut Transaction) -> Result<R, E> + Send,
    R: Send,
    E: From<Error> + Send,
    A: FnOnce(Result<R, E>) + Send,
{
    fn run(&mut self, tx: &mut Transaction) -> bool {
        let Some(closure) = self.closure.take() else { return false };
        let outcome = catch_unwind(AssertUnwindSafe(|| closure(tx)));
        let outcome = outcome.unwrap_or_else(|panic| Err(Error::Panicked { message: panic_message(&*panic) }.into()));
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn finish(self: Box<Self>, commit: Result<(), Error>) {
        let answer = match (self.outcome, commit) {
            // Also for a closure that failed by itself: it may have seen changes of the group that are lost now.
            (_, Err(commit)) => Err(commit.into()),
            (Some(outcome), Ok(())) => outcome,
            (None, Ok(())) => Err(Error::Closed.into()),
        };
        (self.answer)(answer);
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| s.to_string());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into())
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Box<dyn Job>>,
    /// How many of the jobs have a caller who waits.
    urgent: usize,
    /// Since when a job waits that nobody waits for.
    later_since: Option<Instant>,
    closed: bool,
}

/// The queue between many callers and the one writer.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while the lock is held.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a job over; gives it back if the store is closed.
    pub(crate) fn push(&self, job: Box<dyn Job>) -> Result<(), Box<dyn Job>> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(job);
        }
        waiting.jobs.push_back(job);
        waiting.urgent += 1;
        drop(waiting);
        self.changed.notify_one();
        Ok(())
    }

    /// Hands over a job that nobody waits for.
    pub(crate) fn push_later(&self, job: Box<dyn Job>) -> Result<(), Error> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(Error::Closed);
        }
        if waiting.jobs.len() >= WAITING_LATER_MAX {
            return Err(Error::Busy);
        }
        waiting.jobs.push_back(job);
        let first = waiting.later_since.is_none();
        if first {
            waiting.later_since = Some(Instant::now());
        }
        drop(waiting);
        if first {
            self.changed.notify_one();
        }
        Ok(())
    }

    /// No more jobs, and those that wait are dropped: there is no writer anymore.
    pub(crate) fn abandon(&self) {
        let mut waiting = self.lock();
        waiting.closed = true;
        let jobs = std::mem::take(&mut waiting.jobs);
        drop(waiting);
        drop(jobs);
    }

    /// No more jobs; those that wait are still done.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    /// Takes what has come since, without waiting.
    pub(crate) fn take_more(&self, jobs: &mut VecDeque<Box<dyn Job>>) {
        let mut waiting = self.lock();
        waiting.urgent = 0;
        waiting.later_since = None;
        jobs.append(&mut waiting.jobs);
    }

    /// Waits for jobs and takes all that wait; none if the time is over first. `None` once the queue is closed and
    /// empty.
    pub(crate) fn take(&self, time: Option<Duration>) -> Option<VecDeque<Box<dyn Job>>> {
        let mut waiting = self.lock();
        let deadline = time.map(|time| Instant::now() + time);
        while waiting.urgent == 0 && !waiting.closed {
            let company = waiting.later_since.map(|since| since + LATER_LAG);
            let until = [company, deadline].into_iter().flatten().min();
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            waiting = match left {
                Some(Duration::ZERO) => break,
                Some(left) => self.changed.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0,
                None => self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner),
            };
        }
        waiting.urgent = 0;
        waiting.later_since = None;
        let jobs = std::mem::take(&mut waiting.jobs);
        (!jobs.is_empty() || !waiting.closed).then_some(jobs)
    }
}
