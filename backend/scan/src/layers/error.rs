//! Why an image is refused.

use std::{fmt, io};

/// A limit that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// A layer unpacks to more bytes.
    LayerBytes(u64),
    /// All layers together unpack to more bytes.
    ImageBytes(u64),
    /// A layer unpacks to more times its packed size.
    Ratio(u64),
    /// A layer has more entries.
    Entries(u64),
    /// The layers hold more bytes of wanted files.
    KeptBytes(u64),
    /// A manifest or configuration is larger.
    JsonBytes(u64),
    /// Indexes lie within indexes deeper.
    IndexDepth(usize),
    /// There are more layers.
    Layers(usize),
    /// There are more manifests.
    Manifests(usize),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LayerBytes(most) => write!(
                f,
                "decompression limit: a layer unpacks to more than {most} bytes"
            ),
            Self::ImageBytes(most) => write!(
                f,
                "decompression limit: the layers unpack to more than {most} bytes"
            ),
            Self::Ratio(most) => write!(
                f,
                "decompression limit: a layer unpacks to more than {most} times its size"
            ),
            Self::Entries(most) => write!(f, "a layer has more than {most} entries"),
            Self::KeptBytes(most) => {
                write!(f, "the layers hold more than {most} bytes of package data")
            }
            Self::JsonBytes(most) => {
                write!(f, "a manifest or configuration is larger than {most} bytes")
            }
            Self::IndexDepth(most) => write!(f, "indexes lie within indexes more than {most} deep"),
            Self::Layers(most) => write!(f, "there are more than {most} layers"),
            Self::Manifests(most) => write!(f, "there are more than {most} manifests"),
        }
    }
}

/// Why an image or a layer could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LayerError {
    /// It is larger than what is read.
    #[error("refused: {0}")]
    Refused(Limit),
    /// The bytes contradict themselves.
    #[error("the archive is damaged at byte {at}: {what}")]
    Damaged {
        /// Where, unpacked.
        at: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// The bytes are not those that were named.
    #[error("{what} should have the digest {expected} and has {found}")]
    Digest {
        /// Of what.
        what: String,
        /// As named.
        expected: String,
        /// As computed.
        found: String,
    },
    /// A part that the image names is missing.
    #[error("the image names {0}, which is not in the archive")]
    Missing(String),
    /// A manifest, index or configuration says nothing that can be read.
    #[error("{what} of the image cannot be read: {reason}")]
    Manifest {
        /// Which.
        what: String,
        /// Why.
        reason: String,
    },
    /// No image in the archive is for the platform.
    #[error("the archive holds no image for {wanted}; it has {found}")]
    Platform {
        /// The platform asked for.
        wanted: String,
        /// Those that are there.
        found: String,
    },
    /// The bytes could not be had.
    #[error("the archive could not be read to its end")]
    Io(#[source] io::Error),
}

/// A refusal on its way through a reader.
#[derive(Debug)]
struct Carried(LayerError);

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Carried {}

impl LayerError {
    /// As an error of reading, for readers that meet a limit.
    pub(super) fn into_io(self) -> io::Error {
        io::Error::other(Carried(self))
    }

    /// Back from an error of reading, through whatever readers it came.
    pub(super) fn from_io(error: io::Error) -> Self {
        match error.downcast::<Carried>() {
            Ok(carried) => carried.0,
            Err(error) => Self::Io(error),
        }
    }
}
