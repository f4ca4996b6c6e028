//! The live stream in the browser: one WebSocket a tab, shared by all that watch; with `api` the only place that touches the network.
//!
//! A component calls [`Live::watch`] with a view and gets every frame of it that applies, the full state first, until it is taken off
//! the page. Lost connections are made again; a delta whose predecessor was lost is dropped and the full state asked for.

use crate::state::{
    link::{Link, backoff_ms},
    sequence::{Sequence, Step},
    sorting::sort,
};
use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;
use plimsoll_shared::{Frame, Subscribe, UnixMs, View, routes};
use std::{collections::HashMap, rc::Rc};
use wasm_bindgen::{JsCast as _, prelude::Closure};
use web_sys::{Event, MessageEvent, WebSocket};

/// The tab's live stream; a handle that every component may copy.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    inner: StoredValue<Inner, LocalStorage>,
    /// How current the page is.
    pub(crate) link: RwSignal<Link>,
    /// The server's clock, moved on every second.
    pub(crate) now: RwSignal<UnixMs>,
}

type Take = Rc<dyn Fn(&Frame)>;

#[derive(Default)]
struct Inner {
    socket: Option<Socket>,
    watchers: Vec<(u64, View, Take)>,
    next_watcher: u64,
    sequences: HashMap<View, Sequence>,
    attempt: u32,
    /// By this browser's clock.
    last_frame: Option<UnixMs>,
    /// The server's clock minus this browser's.
    ahead_ms: i64,
    again: Option<Timeout>,
    ticking: Option<Interval>,
}

struct Socket {
    socket: WebSocket,
    open: bool,
    _closures: Closures,
}

/// What the browser calls: opened, received, closed.
type Closures = (
    Closure<dyn Fn(Event)>,
    Closure<dyn Fn(MessageEvent)>,
    Closure<dyn Fn(Event)>,
);

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Fails only for a close code we do not give.
        let _ = self.socket.close();
    }
}

impl Live {
    /// Makes the tab's live stream and offers it to all components; [`Live::connect`] opens it.
    pub(crate) fn provide() -> Self {
        let live = Self {
            inner: StoredValue::new_local(Inner::default()),
            link: RwSignal::new(Link::Connecting),
            now: RwSignal::new(browser_now()),
        };
        provide_context(live);
        live
    }

    /// Opens the connection and keeps it.
    pub(crate) fn connect(self) {
        self.open();
        let ticking = Interval::new(1000, move || self.tick());
        self.inner
            .update_value(|inner| inner.ticking = Some(ticking));
        self.rest_while_put_away();
    }

    /// Lets the connection go when the page is left, since the browser may keep it as it is for the back button, and makes it
    /// again when it comes back.
    fn rest_while_put_away(self) {
        let hidden = window_event_listener_untyped("pagehide", move |_| {
            self.inner.update_value(|inner| {
                inner.socket = None;
                inner.again = None;
            });
        });
        let shown = window_event_listener_untyped("pageshow", move |_| {
            if self.inner.with_value(|inner| inner.socket.is_none()) {
                self.open();
            }
        });
        on_cleanup(move || {
            hidden.remove();
            shown.remove();
        });
    }

    /// Hands every frame of `view` that applies to `take`, until the component that calls this is taken off the page.
    pub(crate) fn watch(self, view: View, take: impl Fn(&Frame) + 'static) {
        let mut number = 0;
        let new = view.clone();
        self.inner.update_value(|inner| {
            number = inner.next_watcher;
            inner.next_watcher += 1;
            inner.watchers.push((number, view, Rc::new(take)));
        });
        self.refresh(&new);
        on_cleanup(move || {
            // Gone together with the whole console when the tab closes.
            let _ = self.inner.try_update_value(|inner| {
                inner.watchers.retain(|(other, _, _)| *other != number);
            });
            self.subscribe(None);
        });
    }

    /// The server's clock now.
    pub(crate) fn server_now(self) -> UnixMs {
        UnixMs(browser_now().0 + self.inner.with_value(|inner| inner.ahead_ms))
    }

    fn open(self) {
        let Some(url) = address() else { return };
        let Ok(socket) = WebSocket::new(&url) else {
            return self.retry();
        };
        let opened = Closure::<dyn Fn(Event)>::new(move |_| {
            self.inner.update_value(|inner| {
                inner.sequences.clear();
                if let Some(socket) = &mut inner.socket {
                    socket.open = true;
                }
            });
            self.subscribe(None);
        });
        let received = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                self.receive(&text);
            }
        });
        let closed = Closure::<dyn Fn(Event)>::new(move |_| self.retry());
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(received.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        let socket = Socket {
            socket,
            open: false,
            _closures: (opened, received, closed),
        };
        self.inner.update_value(|inner| inner.socket = Some(socket));
    }

    fn retry(self) {
        let attempt = self.inner.try_update_value(|inner| {
            let attempt = inner.attempt;
            inner.attempt = attempt.saturating_add(1);
            if let Some(socket) = &mut inner.socket {
                socket.open = false;
            }
            attempt
        });
        let wait = backoff_ms(attempt.unwrap_or_default(), js_sys::Math::random());
        // The old socket goes when the timer fires: it may not be dropped inside its own callback.
        let again = Timeout::new(wait, move || self.open());
        self.inner.update_value(|inner| inner.again = Some(again));
        self.judge();
    }

    fn receive(self, text: &str) {
        let Ok(frame) = serde_json::from_str::<Frame>(text) else {
            web_sys::console::warn_1(&"a live frame that this console does not understand".into());
            return;
        };
        let mut takers = Vec::new();
        let mut step = Step::Apply;
        self.inner.update_value(|inner| {
            let now = browser_now();
            inner.attempt = 0;
            inner.last_frame = Some(now);
            inner.ahead_ms = frame.at.since(now);
            let sequence = inner.sequences.entry(frame.view.clone()).or_default();
            step = sequence.step(frame.seq, &frame.body);
            if step == Step::Apply {
                let watching = inner
                    .watchers
                    .iter()
                    .filter(|(_, view, _)| *view == frame.view);
                takers.extend(watching.map(|(_, _, take)| take.clone()));
            }
        });
        match step {
            Step::Apply => takers.iter().for_each(|take| take(&frame)),
            Step::Missed => self.refresh(&frame.view),
        }
        self.judge();
    }

    /// Asks for the full state of a view: the server sends one for a view that was not watched before.
    fn refresh(self, view: &View) {
        self.subscribe(Some(view));
        self.subscribe(None);
    }

    fn subscribe(self, without: Option<&View>) {
        let _ = self.inner.try_with_value(|inner| {
            let Some(Socket {
                socket, open: true, ..
            }) = &inner.socket
            else {
                return;
            };
            let mut watch: Vec<View> = inner
                .watchers
                .iter()
                .map(|(_, view, _)| view.clone())
                .collect();
            sort(&mut watch, Ord::cmp);
            watch.dedup();
            watch.retain(|view| Some(view) != without);
            if let Ok(text) = serde_json::to_string(&Subscribe { watch }) {
                // Fails on a closed socket only; the next one subscribes when it opens.
                let _ = socket.send_with_str(&text);
            }
        });
    }

    fn tick(self) {
        self.now.set(self.server_now());
        self.judge();
    }

    fn judge(self) {
        let link = self.inner.with_value(|inner| {
            let open = inner.socket.as_ref().is_some_and(|socket| socket.open);
            Link::judge(browser_now(), open, inner.last_frame)
        });
        if self.link.get_untracked() != link {
            self.link.set(link);
        }
    }
}

/// The tab's live stream, in any component.
pub(crate) fn use_live() -> Live {
    expect_context()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "Date.now() is a whole number of 53 bits"
)]
fn browser_now() -> UnixMs {
    UnixMs(js_sys::Date::now() as i64)
}

fn address() -> Option<String> {
    let location = window().location();
    let scheme = if location.protocol().ok()? == "https:" {
        "wss"
    } else {
        "ws"
    };
    Some(format!(
        "{scheme}://{}{}",
        location.host().ok()?,
        routes::LIVE
    ))
}
