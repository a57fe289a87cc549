//! The queue of waiting events: every event is in the store from before its acknowledgment until it is done; here is
//! only the order in which they are due.

use super::retry::Verdict;
use crate::invoke::{Call, Compiled, LAMBDA, failed};
use crate::limits::{CODE_CLEAN_EVERY_MS, CODE_UNUSED_MS, EVENTS_RUNNING_MAX, EVENTS_WAITING_MAX};
use crate::names::FunctionRef;
use crate::tables::{EVENTS, Event, FUNCTIONS, NamedKey};
use crate::{Error, Lambda};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tidegate_core::ports::{InvokeError, InvokeRequest, InvokeResponse};
use tidegate_core::{Context, Principal};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

/// What is due when.
pub(crate) struct Queue {
    due: Mutex<BTreeSet<(u64, NamedKey)>>,
    added: Notify,
    room: Arc<Semaphore>,
}

impl Default for Queue {
    fn default() -> Queue {
        Queue { due: Mutex::default(), added: Notify::new(), room: Arc::new(Semaphore::new(EVENTS_RUNNING_MAX)) }
    }
}

impl Queue {
    fn push(&self, due_ms: u64, key: NamedKey) {
        self.due.lock().unwrap_or_else(PoisonError::into_inner).insert((due_ms, key));
        self.added.notify_one();
    }

    fn is_full(&self) -> bool {
        self.due.lock().unwrap_or_else(PoisonError::into_inner).len() >= EVENTS_WAITING_MAX
    }

    /// Takes the first event that is due, if one is; else says when the next one will be.
    fn pop(&self, now_ms: u64) -> Result<NamedKey, Option<u64>> {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        match due.first() {
            Some((due_ms, _)) if *due_ms > now_ms => Err(Some(*due_ms)),
            Some(_) => due.pop_first().map(|(_, key)| key).ok_or(None),
            None => Err(None),
        }
    }
}

impl Lambda {
    /// Fills the queue with what earlier runs left.
    pub(crate) fn load_events(&self) -> Result<(), Error> {
        for entry in self.store.snapshot().scan(&EVENTS, ()) {
            let (key, event) = entry?;
            self.queue.push(event.due_ms, key);
        }
        Ok(())
    }

    /// Takes an event in; it is durable when this returns.
    pub(crate) async fn enqueue(
        &self,
        cx: &Context,
        function: &FunctionRef,
        compiled: &Compiled,
        request: InvokeRequest,
        request_id: String,
    ) -> Result<InvokeResponse, InvokeError> {
        compiled.version(function, cx.ids()).map_err(|e| InvokeError::Refused(e.into()))?;
        if self.queue.is_full() {
            return Err(InvokeError::Throttled(Error::AccountConcurrency.into()));
        }
        let now_ms = cx.clock().now_ms();
        let payload = String::from_utf8(request.payload.to_vec());
        let event = Event {
            qualifier: function.qualifier.clone(),
            payload: payload.map_err(|e| InvokeError::Refused(Error::PayloadNotJson(e.to_string()).into()))?,
            trace_header: request.trace_header,
            client_context: request.client_context,
            enqueued_ms: now_ms,
            due_ms: now_ms,
            attempts: 0,
            deferrals: 0,
        };
        let (account, region, name) = function.key.clone();
        let key = (account, region, name, request_id.clone());
        self.put_event(key, event).await.map_err(failed)?;
        Ok(InvokeResponse { status: 202, request_id, ..InvokeResponse::default() })
    }

    pub(super) async fn put_event(&self, key: NamedKey, event: Event) -> Result<(), Error> {
        let (due_ms, stored) = (event.due_ms, key.clone());
        self.store.write(move |tx| Ok::<_, Error>(tx.put(&EVENTS, &stored, &event)?)).await?;
        self.queue.push(due_ms, key);
        Ok(())
    }

    /// Works on waiting events, and cleans up now and then, for ever; the server runs it as one task.
    pub async fn run(self: Arc<Lambda>) {
        self.prepare_runtimes();
        let mut running = JoinSet::new();
        let mut cleaned_ms = self.environment.clock.now_ms();
        loop {
            if self.environment.clock.now_ms() >= cleaned_ms + CODE_CLEAN_EVERY_MS {
                cleaned_ms = self.environment.clock.now_ms();
                self.clean().await;
            }
            while running.try_join_next().is_some() {}
            match self.queue.pop(self.environment.clock.now_ms()) {
                Ok(key) => {
                    let Ok(room) = self.queue.room.clone().acquire_owned().await else { return };
                    let lambda = self.clone();
                    running.spawn(async move {
                        lambda.process(key).await;
                        drop(room);
                    });
                }
                Err(due_ms) => self.wait(due_ms).await,
            }
        }
    }

    async fn clean(self: &Arc<Lambda>) {
        let lambda = self.clone();
        let cleaned = tokio::task::spawn_blocking(move || lambda.clean_code(CODE_UNUSED_MS)).await;
        if let Ok(Err(error)) = cleaned {
            tracing::warn!(?error, "extracted code that is no longer needed could not be removed");
        }
    }

    /// Lets the runtime get ready for the functions that are there.
    fn prepare_runtimes(&self) {
        for (_, function) in self.store.snapshot().scan(&FUNCTIONS, ()).flatten() {
            self.prepare(&function.latest);
        }
    }

    /// Waits for a new event, until about the time when one is due, or to clean up.
    async fn wait(&self, due_ms: Option<u64>) {
        let added = self.queue.added.notified();
        let rest_ms = due_ms.unwrap_or(u64::MAX).saturating_sub(self.environment.clock.now_ms());
        let rest_ms = rest_ms.clamp(1, CODE_CLEAN_EVERY_MS);
        let _ = tokio::time::timeout(Duration::from_millis(rest_ms), added).await;
    }

    /// Works on all events that are due, one after another; for tests.
    #[cfg(test)]
    pub(crate) async fn process_due(&self) {
        while let Ok(key) = self.queue.pop(self.environment.clock.now_ms()) {
            self.process(key).await;
        }
    }

    /// Runs the function for an event, and does with the event what follows from that.
    async fn process(&self, key: NamedKey) {
        let done = match self.store.snapshot().get(&EVENTS, &key) {
            Ok(Some(event)) => self.attempt(&key, event).await,
            // Its function was deleted.
            Ok(None) => Ok(()),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = done {
            tracing::error!(
                ?error,
                event = key.3,
                "an asynchronous event could not be handled; it stays for the next start"
            );
        }
    }

    async fn attempt(&self, key: &NamedKey, event: Event) -> Result<(), Error> {
        let function_key = (key.0.clone(), key.1.clone(), key.2.clone());
        let Some(compiled) = self.compiled(&function_key)? else { return self.remove_event(key).await };
        let function = FunctionRef { key: function_key, qualifier: event.qualifier.clone() };
        let config = compiled.event_config(function.stored_qualifier());
        let now_ms = self.environment.clock.now_ms();
        let principal = Principal::service(key.0.clone(), LAMBDA);
        let cx = Context::internal(self.environment.clone(), principal, key.1.clone());
        let verdict = match Verdict::before(&event, &config, compiled.share.is_closed(), now_ms) {
            Some(verdict) => verdict,
            None => {
                let call = Call {
                    function: &function,
                    compiled: &compiled,
                    payload: event.payload.clone().into(),
                    request_id: key.3.clone(),
                    trace_header: event.trace_header.clone(),
                    client_context: event.client_context.clone(),
                    log_tail: false,
                };
                let outcome = self.execute(&cx, call).await;
                Verdict::after(&event, &config, outcome, self.environment.clock.now_ms())
            }
        };
        match verdict {
            Verdict::Again(event) => self.put_event(key.clone(), event).await,
            Verdict::Done(outcome) => {
                self.deliver(&cx, &function, &config, key, &event, &outcome).await?;
                self.remove_event(key).await
            }
        }
    }

    async fn remove_event(&self, key: &NamedKey) -> Result<(), Error> {
        let key = key.clone();
        self.store.write(move |tx| Ok(tx.delete(&EVENTS, &key)?)).await
    }
}
