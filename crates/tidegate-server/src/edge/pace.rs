//! How long a connection may be without a request. One timer serves it for as long as it lasts: it looks at what happened
//! since it was set, so that a request costs it nothing but a note of when it was answered.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// What one connection does, and since when it does nothing.
pub struct Pace {
    opened: Instant,
    /// How long the next request's head may take, in milliseconds.
    allowance_ms: AtomicU64,
    /// Requests that are being answered.
    busy: AtomicUsize,
    /// When the last one was, or more of its answer was sent, in milliseconds since `opened`.
    idle_since_ms: AtomicU64,
    /// Whether others look after the connection from now on.
    unwatched: AtomicBool,
}

impl Pace {
    /// Of a connection that was opened then.
    pub fn new(opened: Instant, allowance: Duration) -> Pace {
        let (busy, idle_since_ms, unwatched) = Default::default();
        Pace { opened, allowance_ms: AtomicU64::new(allowance.as_millis() as u64), busy, idle_since_ms, unwatched }
    }

    /// A request's head has come; it is being answered until the guard is dropped.
    pub fn begin(&self) -> Busy<'_> {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Busy(self)
    }

    /// The client has taken more of an answer.
    pub fn progress(&self) {
        self.note(Instant::now());
    }

    /// The connection may be quiet for so long from now on: what passes through comes as fast as another server sends it.
    pub fn allow(&self, allowance: Duration) {
        self.allowance_ms.store(allowance.as_millis() as u64, Ordering::Relaxed);
    }

    /// The connection may be quiet from now on: HTTP/2 has pings of its own.
    pub fn unwatch(&self) {
        self.unwatched.store(true, Ordering::Relaxed);
    }

    fn note(&self, now: Instant) {
        self.idle_since_ms.store((now - self.opened).as_millis() as u64, Ordering::Relaxed);
    }

    fn end(&self, now: Instant) {
        self.note(now);
        self.busy.fetch_sub(1, Ordering::Relaxed);
    }

    /// When to look next; `None` if the next request is overdue.
    pub fn next_look(&self, now: Instant) -> Option<Instant> {
        let allowance = Duration::from_millis(self.allowance_ms.load(Ordering::Relaxed));
        if self.unwatched.load(Ordering::Relaxed) || self.busy.load(Ordering::Relaxed) > 0 {
            return Some(now + allowance);
        }
        let idle_since = Duration::from_millis(self.idle_since_ms.load(Ordering::Relaxed));
        Some(self.opened + idle_since + allowance).filter(|due| *due > now)
    }
}

/// A request that is being answered.
pub struct Busy<'a>(&'a Pace);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.end(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWANCE: Duration = Duration::from_secs(10);

    /// A connection's pace, and the moment this many allowances after it was opened.
    fn opened() -> (Pace, impl Fn(u32) -> Instant) {
        let opened = Instant::now();
        (Pace::new(opened, ALLOWANCE), move |allowances| opened + ALLOWANCE * allowances)
    }

    #[test]
    fn a_connection_without_a_request_is_overdue() {
        let (pace, at) = opened();
        assert_eq!(pace.next_look(at(0)), Some(at(1)));
        assert_eq!(pace.next_look(at(1)), None);
    }

    #[test]
    fn the_allowance_begins_anew_with_each_answer() {
        let (pace, at) = opened();
        std::mem::forget(pace.begin());
        assert_eq!(pace.next_look(at(3)), Some(at(4)), "it is being answered");
        pace.end(at(4));
        assert_eq!(pace.next_look(at(4)), Some(at(5)));
        assert_eq!(pace.next_look(at(5)), None);
    }

    #[test]
    fn one_of_two_requests_is_enough() {
        let (pace, at) = opened();
        let guard = pace.begin();
        std::mem::forget(pace.begin());
        pace.end(at(1));
        assert_eq!(pace.next_look(at(3)), Some(at(4)));
        drop(guard);
        assert_eq!(pace.next_look(at(3)), None);
    }

    #[test]
    fn who_takes_an_answer_slowly_has_time_for_it() {
        let (pace, at) = opened();
        std::mem::forget(pace.begin());
        pace.end(at(1));
        pace.note(at(2));
        assert_eq!(pace.next_look(at(2)), Some(at(3)));
        pace.allow(ALLOWANCE * 2);
        assert_eq!(pace.next_look(at(3)), Some(at(4)));
        assert_eq!(pace.next_look(at(4)), None);
    }

    #[test]
    fn an_unwatched_connection_may_be_quiet() {
        let (pace, at) = opened();
        pace.unwatch();
        assert_eq!(pace.next_look(at(3)), Some(at(4)));
    }
}
