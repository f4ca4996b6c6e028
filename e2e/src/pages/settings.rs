//! The settings.

use super::{read, until};
use fantoccini::Client;
use serde::Deserialize;
use std::time::Duration;

/// The settings.
pub struct Settings<'a>(pub &'a Client);

/// What they say of the room that history takes.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
pub struct Room {
    /// Each resolution: its width, how long it is kept, its oldest, its size.
    pub tiers: Vec<Vec<String>>,
    /// What will become of it, with its sign.
    pub outlook: String,
    /// Commands about copies.
    pub commands: Vec<String>,
}

const ROOM: &str = "
    const texts = (from, css) => [...from.querySelectorAll(css)].map(found => found.textContent.trim());
    return {
        tiers: [...document.querySelectorAll('.tiers tbody tr')].map(row => texts(row, 'td')),
        outlook: texts(document, '.outlook')[0] ?? '',
        commands: texts(document, '.commands .command'),
    }";

impl Settings<'_> {
    /// Opens the settings of the server at `url`, and waits for what they say of the room that history takes.
    ///
    /// # Errors
    /// When the browser cannot, or it is not there in time.
    pub async fn room(&self, url: &str, within: Duration) -> anyhow::Result<Room> {
        self.0.goto(&format!("{url}/settings")).await?;
        let look = || async {
            let room: Room = read(self.0, ROOM).await?;
            let told = room.commands.iter().any(|line| line.contains("--data"));
            Ok((told && !room.tiers.is_empty()).then_some(room))
        };
        Ok(until("the room that history takes", within, look).await?.0)
    }
}
