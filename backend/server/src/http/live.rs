//! `GET /api/v1/live`: the WebSocket of one tab.

use crate::{app::App, clock, live::Tab};
use axum::{
    extract::{
        State,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code},
    },
    response::Response,
};
use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use plimsoll_shared::Subscribe;
use std::time::Duration;

/// Most views one tab may watch.
const MOST_VIEWS: usize = 16;
/// A tab that takes nothing for this long is let go.
const PATIENCE: Duration = Duration::from_secs(30);
/// Largest message a tab may send, in bytes.
const LARGEST_MESSAGE: usize = 16 * 1024;
/// A ping keeps proxies from closing a quiet connection and finds tabs that are gone.
const PING_EVERY: Duration = Duration::from_secs(20);

/// Upgrades to the live stream.
pub(crate) async fn live(State(app): State<App>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(LARGEST_MESSAGE)
        .max_frame_size(LARGEST_MESSAGE)
        .on_upgrade(move |socket| serve(app, socket))
}

async fn serve(app: App, socket: WebSocket) {
    let mut tab = app.hub.tab();
    let (mut to_tab, mut from_tab) = socket.split();
    let mut ping = tokio::time::interval(PING_EVERY);
    ping.reset();
    let mut heard = tokio::time::Instant::now();
    let goodbye = loop {
        let message = tokio::select! {
            () = app.stop.cancelled() => break Some((close_code::AWAY, "the server is stopping".to_owned())),
            message = from_tab.next() => message,
            alive = tab.stepped() => {
                if !alive || !send_lacking(&mut tab, &mut to_tab).await { break None; }
                continue;
            }
            _ = ping.tick() => {
                if heard.elapsed() > PING_EVERY * 3 || !send(&mut to_tab, Message::Ping(bytes::Bytes::new())).await { break None; }
                continue;
            }
        };
        heard = tokio::time::Instant::now();
        match message {
            Some(Ok(Message::Text(text))) => {
                if let Err(problem) = subscribe(&mut tab, &text) {
                    break Some((close_code::POLICY, problem));
                }
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(_))) => {
                break Some((close_code::UNSUPPORTED, "send text".to_owned()));
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
        }
    };
    if let Some((code, reason)) = goodbye {
        let reason = Utf8Bytes::from(reason.chars().take(100).collect::<String>());
        send(
            &mut to_tab,
            Message::Close(Some(CloseFrame { code, reason })),
        )
        .await;
    }
}

fn subscribe(tab: &mut Tab, text: &str) -> Result<(), String> {
    let subscribe: Subscribe =
        serde_json::from_str(text).map_err(|e| format!("not a subscription: {e}"))?;
    if subscribe.watch.len() > MOST_VIEWS {
        return Err(format!(
            "{} views asked for, at most {MOST_VIEWS} a tab",
            subscribe.watch.len()
        ));
    }
    tab.watch(&subscribe.watch);
    Ok(())
}

async fn send_lacking(tab: &mut Tab, to_tab: &mut SplitSink<WebSocket, Message>) -> bool {
    for frame in tab.lacking(clock::now()) {
        if !send(to_tab, Message::Text(frame)).await {
            return false;
        }
    }
    true
}

async fn send(to_tab: &mut SplitSink<WebSocket, Message>, message: Message) -> bool {
    matches!(
        tokio::time::timeout(PATIENCE, to_tab.send(message)).await,
        Ok(Ok(()))
    )
}
