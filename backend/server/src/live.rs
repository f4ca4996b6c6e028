//! The live stream's hub: each distinct view is encoded once a step, however many tabs watch it.
//!
//! A tab keeps no queue here. A step wakes it, and it takes the latest frame of each view it watches; if it missed one, it takes
//! a full frame instead. So a slow tab skips to the latest state and costs no memory.

use crate::fleet::{About, Fleet, Step};
use axum::extract::ws::Utf8Bytes;
use plimsoll_shared::{Frame, UnixMs, View};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::watch;

/// Encodes frames and hands them to the tabs that watch.
pub struct Hub {
    fleet: Arc<RwLock<Fleet>>,
    steps: watch::Sender<u64>,
    views: Mutex<HashMap<View, Slot>>,
    about: Mutex<Arc<About>>,
    encoded: AtomicU64,
    sent: AtomicU64,
    viewers: AtomicU64,
}

/// One watched view: how many tabs watch it, the latest delta, and the latest full frame if somebody needed it.
#[derive(Default)]
struct Slot {
    watchers: usize,
    delta: Option<(u64, Utf8Bytes)>,
    full: Option<(u64, Utf8Bytes)>,
}

/// How busy the live stream is.
pub struct Traffic {
    /// Tabs connected.
    pub viewers: u64,
    /// Frames encoded since the start.
    pub encoded: u64,
    /// Frames sent since the start.
    pub sent: u64,
}

impl Hub {
    /// A hub over this fleet.
    pub fn new(fleet: Arc<RwLock<Fleet>>, about: About) -> Self {
        Self {
            fleet,
            steps: watch::Sender::new(0),
            views: Mutex::default(),
            about: Mutex::new(Arc::new(about)),
            encoded: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            viewers: AtomicU64::new(0),
        }
    }

    /// Closes a step of the fleet and encodes each watched view's delta once.
    pub fn publish(&self, about: About, at: UnixMs) {
        let about = Arc::new(about);
        *self.about.lock().unwrap_or_else(PoisonError::into_inner) = about.clone();
        let step: Step = self
            .fleet
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .step(at);
        let fleet = self.fleet.read().unwrap_or_else(PoisonError::into_inner);
        let seq = fleet.seq();
        for (view, slot) in self.views().iter_mut() {
            slot.delta = self
                .encode(&fleet.delta(view, &step, &about))
                .map(|text| (seq, text));
            slot.full = None;
        }
        drop(fleet);
        self.steps.send_replace(seq);
    }

    /// A tab that watches nothing yet.
    pub fn tab(self: &Arc<Self>) -> Tab {
        self.viewers.fetch_add(1, Ordering::Relaxed);
        Tab {
            hub: self.clone(),
            steps: self.steps.subscribe(),
            seen: HashMap::new(),
        }
    }

    /// How busy the live stream is.
    pub fn traffic(&self) -> Traffic {
        Traffic {
            viewers: self.viewers.load(Ordering::Relaxed),
            encoded: self.encoded.load(Ordering::Relaxed),
            sent: self.sent.load(Ordering::Relaxed),
        }
    }

    fn views(&self) -> MutexGuard<'_, HashMap<View, Slot>> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn encode(&self, frame: &Frame) -> Option<Utf8Bytes> {
        self.encoded.fetch_add(1, Ordering::Relaxed);
        match serde_json::to_string(frame) {
            Ok(text) => Some(text.into()),
            Err(error) => {
                tracing::error!(%error, "a live frame could not be encoded");
                None
            }
        }
    }

    /// The frame that brings a tab which last saw `seen` to the present; `None` when it is there already.
    fn next(&self, view: &View, seen: Option<u64>, at: UnixMs) -> Option<(u64, Utf8Bytes)> {
        let fleet = self.fleet.read().unwrap_or_else(PoisonError::into_inner);
        let seq = fleet.seq();
        if seen == Some(seq) {
            return None;
        }
        let mut views = self.views();
        let slot = views.get_mut(view)?;
        if let Some((delta_seq, text)) = &slot.delta
            && *delta_seq == seq
            && seen.is_some_and(|seen| seen + 1 == seq)
        {
            return Some((seq, text.clone()));
        }
        if let Some((full_seq, text)) = &slot.full
            && *full_seq == seq
        {
            return Some((seq, text.clone()));
        }
        let about = self
            .about
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let text = self.encode(&fleet.full(view, &about, at))?;
        slot.full = Some((seq, text.clone()));
        Some((seq, text))
    }
}

/// One browser tab.
pub struct Tab {
    hub: Arc<Hub>,
    steps: watch::Receiver<u64>,
    seen: HashMap<View, Option<u64>>,
}

impl Tab {
    /// Watches exactly these views from now on; views it watched before go on without a full frame.
    pub fn watch(&mut self, wanted: &[View]) {
        let mut views = self.hub.views();
        let dropped: Vec<View> = self
            .seen
            .keys()
            .filter(|view| !wanted.contains(view))
            .cloned()
            .collect();
        for view in dropped {
            self.seen.remove(&view);
            release(&mut views, &view);
        }
        for view in wanted {
            if !self.seen.contains_key(view) {
                self.seen.insert(view.clone(), None);
                views.entry(view.clone()).or_default().watchers += 1;
            }
        }
        drop(views);
        self.steps.mark_changed();
    }

    /// Waits for the next step; `false` when the hub is gone.
    pub async fn stepped(&mut self) -> bool {
        self.steps.changed().await.is_ok()
    }

    /// The frames this tab lacks, at most one a view.
    pub fn lacking(&mut self, at: UnixMs) -> Vec<Utf8Bytes> {
        let mut frames = Vec::new();
        for (view, seen) in &mut self.seen {
            if let Some((seq, text)) = self.hub.next(view, *seen, at) {
                *seen = Some(seq);
                frames.push(text);
            }
        }
        self.hub
            .sent
            .fetch_add(u64::try_from(frames.len()).unwrap_or(0), Ordering::Relaxed);
        frames
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        let mut views = self.hub.views();
        for view in self.seen.keys() {
            release(&mut views, view);
        }
        drop(views);
        self.hub.viewers.fetch_sub(1, Ordering::Relaxed);
    }
}

fn release(views: &mut HashMap<View, Slot>, view: &View) {
    if let Some(slot) = views.get_mut(view) {
        slot.watchers = slot.watchers.saturating_sub(1);
        if slot.watchers == 0 {
            views.remove(view);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_shared::{Body, HostId, Recording};

    fn about() -> About {
        About {
            recording: Recording::On,
            build: "b".to_owned(),
        }
    }

    fn hub() -> Arc<Hub> {
        let fleet = Fleet::new([HostId::local()], 1000, UnixMs(0));
        Arc::new(Hub::new(Arc::new(RwLock::new(fleet)), about()))
    }

    fn body(text: &Utf8Bytes) -> Body {
        serde_json::from_str::<Frame>(text).unwrap().body
    }

    #[tokio::test]
    async fn each_view_is_encoded_once_however_many_tabs_watch() {
        let hub = hub();
        let mut tabs: Vec<Tab> = (0..200).map(|_| hub.tab()).collect();
        for tab in &mut tabs {
            tab.watch(&[View::Containers]);
            tab.lacking(UnixMs(0));
        }
        let before = hub.traffic();
        for at in 1..=10 {
            hub.publish(about(), UnixMs(at));
            for tab in &mut tabs {
                assert_eq!(tab.lacking(UnixMs(at)).len(), 1);
            }
        }
        let after = hub.traffic();
        assert_eq!(after.encoded - before.encoded, 10);
        assert_eq!(after.sent - before.sent, 2000);
        assert_eq!(after.viewers, 200);
        drop(tabs);
        assert_eq!(hub.traffic().viewers, 0);
        assert!(hub.views().is_empty(), "nobody watches, nothing is encoded");
    }

    #[tokio::test]
    async fn a_tab_that_missed_a_frame_gets_a_full_one() {
        let hub = hub();
        let mut tab = hub.tab();
        tab.watch(&[View::Containers]);
        assert!(matches!(
            body(&tab.lacking(UnixMs(0))[0]),
            Body::ContainersFull { .. }
        ));
        hub.publish(about(), UnixMs(1));
        assert!(matches!(
            body(&tab.lacking(UnixMs(1))[0]),
            Body::ContainersDelta { .. }
        ));
        hub.publish(about(), UnixMs(2));
        hub.publish(about(), UnixMs(3));
        let frames = tab.lacking(UnixMs(3));
        assert_eq!(frames.len(), 1, "the latest only");
        assert!(matches!(body(&frames[0]), Body::ContainersFull { .. }));
        assert!(tab.lacking(UnixMs(3)).is_empty());
    }
}
