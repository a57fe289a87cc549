//! A route's token bucket, without a lock: the generic cell rate algorithm over one atomic number.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html>

use crate::apis::RouteSettings;
use std::sync::atomic::{AtomicU64, Ordering};

/// A bucket that holds `burst` tokens and gets `rate` new ones per second.
#[derive(Debug)]
pub struct Throttle {
    /// Microseconds between two tokens; `None` if no token ever comes.
    interval_us: Option<u64>,
    /// How far ahead of the clock the bucket may run.
    ahead_us: u64,
    /// When the bucket will be full again, in microseconds since 1970.
    full_at_us: AtomicU64,
}

impl Throttle {
    /// The bucket that the settings ask for, or `None` if they set no limit. A limit that is not given follows the
    /// other: a rate without a burst may burst for one second. A limit of 0 lets nothing through, as on AWS.
    pub fn new(settings: RouteSettings) -> Option<Throttle> {
        let (rate, burst) = match (settings.throttling_rate_limit, settings.throttling_burst_limit) {
            (None, None) => return None,
            (Some(rate), Some(burst)) => (rate, f64::from(burst)),
            (Some(rate), None) => (rate, rate.max(1.0)),
            (None, Some(burst)) => (f64::from(burst), f64::from(burst)),
        };
        let open = rate > 0.0 && burst >= 1.0;
        let interval = (1e6 / rate).clamp(1.0, 1e15);
        let ahead_us = (interval * burst).min(1e17) as u64;
        Some(Throttle { interval_us: open.then_some(interval as u64), ahead_us, full_at_us: AtomicU64::new(0) })
    }

    /// Takes a token, if there is one.
    pub fn admits(&self, now_ms: u64) -> bool {
        let Some(interval) = self.interval_us else { return false };
        let now = now_ms.saturating_mul(1000);
        let take = |full_at: u64| {
            let next = full_at.max(now).saturating_add(interval);
            (next <= now.saturating_add(self.ahead_us)).then_some(next)
        };
        self.full_at_us.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle(rate: Option<f64>, burst: Option<u32>) -> Option<Throttle> {
        let (throttling_rate_limit, throttling_burst_limit) = (rate, burst);
        Throttle::new(RouteSettings { throttling_rate_limit, throttling_burst_limit, ..RouteSettings::default() })
    }

    fn admitted(throttle: &Throttle, now_ms: u64, tries: usize) -> usize {
        (0..tries).filter(|_| throttle.admits(now_ms)).count()
    }

    #[test]
    fn lets_the_burst_through_and_then_the_rate() {
        let bucket = throttle(Some(10.0), Some(5)).expect("limits");
        assert_eq!(admitted(&bucket, 1_000_000, 20), 5);
        assert_eq!(admitted(&bucket, 1_000_099, 20), 0);
        assert_eq!(admitted(&bucket, 1_000_100, 20), 1);
        assert_eq!(admitted(&bucket, 1_010_000, 20), 5);
    }

    #[test]
    fn limits_follow_each_other_and_zero_closes() {
        assert!(throttle(None, None).is_none());
        assert_eq!(admitted(&throttle(Some(3.0), None).expect("rate"), 1, 9), 3);
        assert_eq!(admitted(&throttle(None, Some(2)).expect("burst"), 1, 9), 2);
        assert_eq!(admitted(&throttle(Some(0.0), Some(5)).expect("closed"), 1, 9), 0);
        assert_eq!(admitted(&throttle(Some(5.0), Some(0)).expect("closed"), 1, 9), 0);
    }
}
