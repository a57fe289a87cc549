//! When an event is tried again: after errors of the function twice, one and two minutes later; when the function could
//! not be run, for up to six hours, from one second to five minutes apart.

use crate::limits::{EVENT_AGE_S_MAX, EVENT_RETRIES_MAX};
use crate::tables::{Event, EventConfig};
use tidegate_core::ports::{InvokeError, InvokeResponse};

/// What becomes of an event.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It waits until it is due again.
    Again(Event),
    /// It is over.
    Done(Outcome),
}

/// How an event ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The function took it.
    Success(InvokeResponse),
    /// The function failed too often; its last answer.
    RetriesExhausted(InvokeResponse),
    /// It became too old; the function's last answer, if this was the last of several attempts.
    EventAgeExceeded(Option<InvokeResponse>),
    /// The function may not run at all.
    ZeroReservedConcurrency,
}

impl Verdict {
    /// What is clear without running the function.
    pub fn before(event: &Event, config: &EventConfig, closed: bool, now_ms: u64) -> Option<Verdict> {
        if closed {
            Some(Verdict::Done(Outcome::ZeroReservedConcurrency))
        } else if now_ms > event.enqueued_ms + age_ms(config) {
            Some(Verdict::Done(Outcome::EventAgeExceeded(None)))
        } else {
            None
        }
    }

    /// What follows from running it.
    pub fn after(
        event: &Event,
        config: &EventConfig,
        outcome: Result<InvokeResponse, InvokeError>,
        now_ms: u64,
    ) -> Verdict {
        let attempts = event.attempts + 1;
        match outcome {
            Ok(response) if response.function_error.is_none() => Verdict::Done(Outcome::Success(response)),
            Ok(response) if attempts > config.retries.unwrap_or(EVENT_RETRIES_MAX) => {
                Verdict::Done(Outcome::RetriesExhausted(response))
            }
            Ok(response) => {
                let due_ms = now_ms + if attempts == 1 { 60_000 } else { 120_000 };
                match due_ms > event.enqueued_ms + age_ms(config) {
                    true => Verdict::Done(Outcome::EventAgeExceeded(Some(response))),
                    false => Verdict::Again(Event { attempts, due_ms, ..event.clone() }),
                }
            }
            Err(_) => {
                let wait_ms = (1000_u64 << event.deferrals.min(9)).min(300_000);
                let (due_ms, deferrals) = (now_ms + wait_ms, event.deferrals + 1);
                Verdict::Again(Event { due_ms, deferrals, ..event.clone() })
            }
        }
    }
}

fn age_ms(config: &EventConfig) -> u64 {
    u64::from(config.age_s.unwrap_or(EVENT_AGE_S_MAX)) * 1000
}
