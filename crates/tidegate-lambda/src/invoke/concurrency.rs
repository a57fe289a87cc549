//! How many invocations run at a time: reserved concurrency of a function, and the account's pool of the others.
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html>

use crate::Error;
use crate::names::FunctionKey;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tidegate_types::{AccountId, Region};

/// How many invocations run of something.
pub(crate) type Gauge = Arc<AtomicU32>;

/// The gauges of all functions and accounts; they outlive changes of the functions.
#[derive(Default)]
pub(crate) struct Gauges {
    functions: Mutex<HashMap<FunctionKey, Gauge>>,
    pools: Mutex<HashMap<(AccountId, Region), Gauge>>,
}

impl Gauges {
    pub fn function(&self, key: &FunctionKey) -> Gauge {
        self.functions.lock().unwrap_or_else(PoisonError::into_inner).entry(key.clone()).or_default().clone()
    }

    pub fn pool(&self, key: &FunctionKey) -> Gauge {
        let place = (key.0.clone(), key.1.clone());
        self.pools.lock().unwrap_or_else(PoisonError::into_inner).entry(place).or_default().clone()
    }

    /// Forgets a deleted function; what still runs of it keeps its gauge.
    pub fn forget(&self, key: &FunctionKey) {
        self.functions.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

/// What a function may use.
#[derive(Clone)]
pub(crate) enum Share {
    /// Its own reservation.
    Reserved(Gauge, u32),
    /// What the account has not reserved.
    Pool(Gauge, u32),
}

impl Share {
    /// Room for one invocation, until the permit is dropped.
    pub fn enter(&self) -> Result<Permit, Error> {
        let (gauge, most, refusal) = match self {
            Share::Reserved(gauge, most) => (gauge, *most, Error::ReservedConcurrency),
            Share::Pool(gauge, most) => (gauge, *most, Error::AccountConcurrency),
        };
        let more = |running: u32| (running < most).then_some(running + 1);
        match gauge.fetch_update(Ordering::AcqRel, Ordering::Acquire, more) {
            Ok(_) => Ok(Permit(gauge.clone())),
            Err(_) => Err(refusal),
        }
    }

    /// Whether the function may not run at all.
    pub fn is_closed(&self) -> bool {
        matches!(self, Share::Reserved(_, 0))
    }

    /// The most that may run.
    pub fn most(&self) -> u32 {
        let (Share::Reserved(_, most) | Share::Pool(_, most)) = self;
        *most
    }
}

/// Room for one invocation.
pub(crate) struct Permit(Gauge);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_it_took() {
        let share = Share::Reserved(Gauge::default(), 2);
        let (first, second) = (share.enter(), share.enter());
        assert!(first.is_ok() && second.is_ok());
        assert!(matches!(share.enter(), Err(Error::ReservedConcurrency)));
        drop(first);
        assert!(share.enter().is_ok());
        let pool = Share::Pool(Gauge::default(), 0);
        assert!(matches!(pool.enter(), Err(Error::AccountConcurrency)));
        assert!(!pool.is_closed() && Share::Reserved(Gauge::default(), 0).is_closed());
    }
}
