//! Images: what their layers show on each other, what they hold, and which are refused.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod archive;
mod image;
mod layers;
