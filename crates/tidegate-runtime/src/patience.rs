//! Whether it pays to wait for a busy environment.
//!
//! AWS gives each concurrent invocation an environment of its own: its machines are many. On one machine, sixteen
//! processes that share two processors do less than four: each is switched to and warmed up for every single invocation.
//! So when there are more busy environments than processors can run, a call waits a moment for one of them. For a
//! function that answers within that moment this is faster; for one that takes its time, such waits are in vain, and the
//! pool soon stops trying.

use crate::limits;
use std::time::Duration;

/// How often waits were of use lately.
#[derive(Debug)]
pub(crate) struct Patience {
    /// Calls that are still to go without waiting.
    skip: u32,
    /// How many that were after the last wait in vain.
    step: u32,
    /// Calls that ended.
    finished: u64,
    /// How long a call takes that nothing holds up.
    quickest: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { skip: 0, step: 0, finished: 0, quickest: Duration::MAX }
    }
}

/// After this many waits in vain in a row, one call of 64 tries.
const STEP_MAX: u32 = 63;

impl Patience {
    /// Whether the next call is to wait.
    pub fn try_wait(&mut self) -> bool {
        if self.quickest > limits::BRIEF {
            return false;
        }
        let wait = self.skip == 0;
        self.skip = self.skip.saturating_sub(1);
        wait
    }

    /// A call ended that took this long.
    pub fn finished(&mut self, took: Duration) {
        self.finished += 1;
        // Slowly back up, for functions that change their ways.
        self.quickest = took.min(self.quickest.saturating_add(self.quickest / 64));
    }

    /// How many calls ended so far.
    pub fn seen(&self) -> u64 {
        self.finished
    }

    /// After a wait: how many calls ended so far, if some did meanwhile.
    pub fn go_on(&mut self, seen: u64) -> Option<u64> {
        if self.finished > seen {
            self.step = 0;
            return Some(self.finished);
        }
        self.step = (self.step * 2 + 1).min(STEP_MAX);
        self.skip = self.step;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brief() -> Patience {
        let mut patience = Patience::default();
        patience.finished(limits::BRIEF);
        patience
    }

    #[test]
    fn waits_for_brief_functions_alone() {
        let mut patience = Patience::default();
        assert!(!patience.try_wait());
        patience.finished(limits::BRIEF * 2);
        assert!(!patience.try_wait());
        patience.finished(limits::BRIEF);
        assert!(patience.try_wait());
        (0..100).for_each(|_| patience.finished(limits::BRIEF * 2));
        assert!(!patience.try_wait());
    }

    #[test]
    fn waits_less_and_less_in_vain() {
        let mut patience = brief();
        let mut tries = Vec::new();
        for call in 0..500 {
            if patience.try_wait() {
                tries.push(call);
                assert_eq!(patience.go_on(patience.seen()), None);
            }
        }
        assert_eq!(tries, [0, 2, 6, 14, 30, 62, 126, 190, 254, 318, 382, 446]);
    }

    #[test]
    fn waits_again_once_it_pays() {
        let mut patience = brief();
        (0..10).for_each(|_| assert_eq!(patience.go_on(1), None));
        assert_eq!((0..63).filter(|_| patience.try_wait()).count(), 0);
        assert!(patience.try_wait());
        patience.finished(limits::BRIEF);
        assert_eq!(patience.go_on(1), Some(2));
        assert!(patience.try_wait() && patience.try_wait());
    }
}
