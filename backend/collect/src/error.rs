//! What can go wrong between us and an engine.

use crate::place::Endpoint;

/// Why an engine gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection.
    #[error("cannot connect to {endpoint}")]
    Connect {
        /// Where.
        endpoint: Endpoint,
        /// Why.
        source: std::io::Error,
    },
    /// No answer in time.
    #[error("no answer to {what} within {seconds} s")]
    Slow {
        /// What was asked.
        what: String,
        /// The limit.
        seconds: u64,
    },
    /// What came back is not HTTP, or stopped in the middle.
    #[error("the answer to {what} is broken")]
    Broken {
        /// What was asked.
        what: String,
        /// Why.
        source: bollard::errors::Error,
    },
    /// The engine refused.
    #[error("the engine answered {what} with {status}: {message}")]
    Refused {
        /// What was asked.
        what: String,
        /// HTTP status.
        status: u16,
        /// The engine's own words, shortened.
        message: String,
    },
    /// The answer is larger than anything an engine has to say.
    #[error("the answer to {what} is larger than {limit} bytes")]
    TooLarge {
        /// What was asked.
        what: String,
        /// The limit.
        limit: usize,
    },
    /// The answer is not the JSON that the Docker Engine API promises.
    #[error("the answer to {what} is not what a Docker Engine says")]
    Unreadable {
        /// What was asked.
        what: String,
        /// Why.
        source: bollard::errors::Error,
    },
    /// The engine closed a stream that only ends when it does.
    #[error("the engine closed the connection for {what}")]
    Closed {
        /// What was being listened to.
        what: String,
    },
}

impl Error {
    /// The whole chain as one line.
    #[must_use]
    pub fn chain(&self) -> String {
        chain(self)
    }
}

/// An error and all its causes as one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
