//! The one place that reads the clock, and the reading of the engine's.

use plimsoll_shared::UnixMs;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, by this machine's clock.
pub(crate) fn now() -> UnixMs {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixMs(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
}

/// An instant as Go writes it (RFC 3339); `None` for Go's zero time and for anything else.
pub(crate) fn parse(text: &str) -> Option<UnixMs> {
    let at = text.parse::<jiff::Timestamp>().ok()?.as_millisecond();
    (at > 0).then_some(UnixMs(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_writes_its_zero_time_where_there_is_none() {
        assert_eq!(parse("0001-01-01T00:00:00Z"), None);
        assert_eq!(parse(""), None);
        assert_eq!(
            parse("2026-11-24T15:00:00.123456789+01:00"),
            Some(UnixMs(1_795_528_800_123))
        );
    }
}
