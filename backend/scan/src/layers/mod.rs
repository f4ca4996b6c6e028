//! Images from their bytes: archives, layers, and the file system that the layers make together.
//!
//! Everything streams. Nothing is ever written, by an entry's name or otherwise: what is wanted is kept in memory up to [`Limits`], and
//! the rest is passed over. A limit that is met refuses the image and says which, with its number.

mod collector;
mod error;
mod filesystem;
mod image;
mod layer;
mod manifest;
mod path;
mod stream;
mod tar;

pub use collector::Collector;
pub use error::{LayerError, Limit};
pub use filesystem::{FileSystem, Kept};
pub use image::{Image, Platform, Step, read_archive};
pub use layer::{Layer, Oddity, Wanted, read_layer};
pub use path::clean;

/// How much is read. The defaults are those that the console promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that one layer may unpack to.
    pub layer_bytes: u64,
    /// Bytes that all layers together may unpack to.
    pub image_bytes: u64,
    /// Times its packed size that a layer may unpack to, once it is past `ratio_after`.
    pub ratio: u64,
    /// Unpacked bytes from which on the ratio counts: small layers of zeros are common.
    pub ratio_after: u64,
    /// Entries of one layer.
    pub entries: u64,
    /// Bytes of a name; longer ones are noted and passed over.
    pub name_bytes: usize,
    /// Bytes of one wanted file.
    pub file_bytes: u64,
    /// Bytes kept of an image: wanted files, links and marks.
    pub kept_bytes: u64,
    /// Bytes of a manifest, an index or a configuration.
    pub json_bytes: u64,
    /// Links followed to reach a file.
    pub hops: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            layer_bytes: 2 << 30,
            image_bytes: 8 << 30,
            ratio: 200,
            ratio_after: 64 << 20,
            entries: 2_000_000,
            name_bytes: 4096,
            file_bytes: 128 << 20,
            kept_bytes: 192 << 20,
            json_bytes: 4 << 20,
            hops: 40,
        }
    }
}
