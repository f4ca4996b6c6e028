//! The connection to the server, as a person understands it.

use plimsoll_shared::UnixMs;

/// After this long without a frame, what is shown is old.
const STALE_AFTER_MS: i64 = 5_000;
/// The first wait before connecting again.
const FIRST_WAIT_MS: f64 = 500.0;
/// The longest wait before connecting again.
const LONGEST_WAIT_MS: f64 = 10_000.0;

/// How current the page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// No frame came yet.
    Connecting,
    /// Frames come.
    Live,
    /// The connection broke a moment ago.
    Reconnecting,
    /// No frame for a while.
    Stale {
        /// When the last one came.
        since: UnixMs,
    },
}

impl Link {
    /// Judges the connection at `now`, both times by one clock.
    pub(crate) fn judge(now: UnixMs, open: bool, last_frame: Option<UnixMs>) -> Self {
        match last_frame {
            None => Self::Connecting,
            Some(last) if now.since(last) >= STALE_AFTER_MS => Self::Stale { since: last },
            Some(_) if open => Self::Live,
            Some(_) => Self::Reconnecting,
        }
    }
}

/// Milliseconds to wait before try number `attempt` (from 0): doubling up to ten seconds, scattered by `random` in 0..1 over the
/// upper half, so that many tabs do not come back at once.
pub(crate) fn backoff_ms(attempt: u32, random: f64) -> u32 {
    let wait = (FIRST_WAIT_MS * 2_f64.powi(attempt.min(10).cast_signed())).min(LONGEST_WAIT_MS);
    let scattered = wait * (0.5 + random.clamp(0.0, 1.0) / 2.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 250 and 10,000"
    )]
    {
        scattered as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_silent_seconds_make_a_page_stale_even_on_an_open_connection() {
        let at = |s: i64| UnixMs(1_000_000 + s * 1000);
        assert_eq!(Link::judge(at(0), true, None), Link::Connecting);
        assert_eq!(Link::judge(at(4), true, Some(at(0))), Link::Live);
        assert_eq!(Link::judge(at(4), false, Some(at(0))), Link::Reconnecting);
        let stale = Link::Stale { since: at(0) };
        assert_eq!(Link::judge(at(5), true, Some(at(0))), stale);
        assert_eq!(Link::judge(at(5), false, Some(at(0))), stale);
    }

    #[test]
    fn waits_double_from_half_a_second_to_ten_seconds() {
        let longest: Vec<u32> = (0..7).map(|n| backoff_ms(n, 1.0)).collect();
        assert_eq!(longest, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
        assert_eq!(backoff_ms(0, 0.0), 250);
        assert_eq!(backoff_ms(u32::MAX, 0.0), 5_000);
    }
}
