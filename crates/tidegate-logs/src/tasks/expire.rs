//! Retention: events that are older than their group keeps them go, and so do the rows of deleted streams.

use crate::events::remove_before;
use crate::tables::{DELETED, GROUPS, GroupKey, ROWS, STREAMS, StreamKey};
use crate::{Error, Logs};
use tidegate_store::Transaction;

impl Logs {
    /// Removes what is over at this time. The server calls it every few minutes.
    ///
    /// # Errors
    /// If the store fails; what was removed before stays removed.
    pub async fn expire(&self, now_ms: u64) -> Result<(), Error> {
        for key in self.deleted_streams()? {
            while self
                .store
                .write({
                    let key = key.clone();
                    move |tx| remove_deleted(tx, &key)
                })
                .await?
            {}
        }
        for (key, oldest_ms) in self.overdue_streams(now_ms)? {
            while self
                .store
                .write({
                    let key = key.clone();
                    move |tx| expire_stream(tx, &key, oldest_ms)
                })
                .await?
            {}
        }
        Ok(())
    }

    fn deleted_streams(&self) -> Result<Vec<DeletedKey>, Error> {
        let snapshot = self.store.snapshot();
        let keys = snapshot.scan(&DELETED, ()).map(|entry| Ok(entry?.0));
        keys.collect()
    }

    /// Streams with events that their group keeps no longer, and up to when.
    fn overdue_streams(&self, now_ms: u64) -> Result<Vec<(StreamKey, u64)>, Error> {
        let snapshot = self.store.snapshot();
        let mut overdue = Vec::new();
        for entry in snapshot.scan(&GROUPS, ()) {
            let ((account, region, name), group) = entry?;
            let oldest_ms = group.oldest_ms(now_ms);
            if oldest_ms == 0 {
                continue;
            }
            for entry in snapshot.scan(&STREAMS, (&account, &region, name.as_str())) {
                let (key, stream) = entry?;
                if stream.first_event_ms.is_some_and(|first| first < oldest_ms) {
                    overdue.push((key, oldest_ms));
                }
            }
        }
        Ok(overdue)
    }
}

type DeletedKey = (tidegate_types::AccountId, tidegate_types::Region, u64);

fn remove_deleted(tx: &mut Transaction, key: &DeletedKey) -> Result<bool, Error> {
    let (_, more) = remove_before(tx, (&key.0, &key.1, key.2), u64::MAX)?;
    if !more {
        tx.delete(&DELETED, key)?;
    }
    Ok(more)
}

fn expire_stream(tx: &mut Transaction, key: &StreamKey, oldest_ms: u64) -> Result<bool, Error> {
    let group_key: GroupKey = (key.0.clone(), key.1.clone(), key.2.clone());
    let (Some(mut group), Some(mut stream)) = (tx.get(&GROUPS, &group_key)?, tx.get(&STREAMS, key)?) else {
        return Ok(false);
    };
    let (removed, more) = remove_before(tx, (&key.0, &key.1, stream.id), oldest_ms)?;
    let first = tx.scan(&ROWS, (&key.0, &key.1, stream.id)).next().transpose()?;
    stream.first_event_ms = first.map(|((_, _, _, first_ms, _), _)| first_ms);
    group.stored_bytes = group.stored_bytes.saturating_sub(removed);
    tx.put(&STREAMS, key, &stream)?;
    tx.put(&GROUPS, &group_key, &group)?;
    Ok(more)
}
