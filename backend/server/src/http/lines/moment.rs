//! Instants as people and programs write them in a query.

use plimsoll_shared::UnixMs;

/// What is said of a text that is none.
const FORMS: &str = "write Unix milliseconds, RFC 3339 (2026-11-24T14:03:00Z), now, or how long ago (now-1h, -90m; s, m, h, d, w)";

/// The instant that `text` names: Unix milliseconds, RFC 3339, `now`, or so long before now as `now-1h` or `-1h`.
pub(crate) fn moment(text: &str, now: UnixMs) -> Result<UnixMs, String> {
    let wrong = || {
        let shown: String = text.chars().take(40).collect();
        format!("{shown:?} is no time: {FORMS}.")
    };
    if text == "now" {
        return Ok(now);
    }
    let ago = text.strip_prefix("now-").or_else(|| {
        let rest = text.strip_prefix('-')?;
        // A bare negative number is an instant before 1970.
        rest.ends_with(|c: char| c.is_ascii_alphabetic())
            .then_some(rest)
    });
    if let Some(ago) = ago {
        let ms = length_ms(ago).ok_or_else(wrong)?;
        return Ok(UnixMs(now.0.saturating_sub(ms)));
    }
    if let Ok(ms) = text.parse() {
        return Ok(UnixMs(ms));
    }
    // In a query a plus sign is a space.
    let text = text.replace(' ', "+");
    let found: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
    Ok(UnixMs(found.as_millisecond()))
}

/// A length of time such as `90m`, in milliseconds.
fn length_ms(text: &str) -> Option<i64> {
    let unit = text.chars().next_back()?;
    let ms: i64 = match unit {
        's' => 1000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => 24 * 3_600_000,
        'w' => 7 * 24 * 3_600_000,
        _ => return None,
    };
    let count: u32 = text.strip_suffix(unit)?.parse().ok()?;
    i64::from(count).checked_mul(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMs = UnixMs(1_795_000_000_000);

    #[test]
    fn a_time_is_a_number_a_date_or_so_long_ago() {
        let at = |text| moment(text, NOW).unwrap().0;
        assert_eq!(at("1700000000000"), 1_700_000_000_000);
        assert_eq!(at("now"), NOW.0);
        assert_eq!(at("now-1h"), NOW.0 - 3_600_000);
        assert_eq!(at("-2d"), NOW.0 - 2 * 86_400_000);
        assert_eq!(at("-5"), -5);
        assert_eq!(at("2026-11-24T14:03:00Z"), 1_795_528_980_000);
        assert_eq!(at("2026-11-24T15:03:00+01:00"), 1_795_528_980_000);
        assert_eq!(at("2026-11-24T15:03:00 01:00"), 1_795_528_980_000);
    }

    #[test]
    fn what_is_no_time_is_said_with_the_forms_there_are() {
        for bad in [
            "",
            "yesterday",
            "now-",
            "now-h",
            "now-1y",
            "-1.5h",
            "now+1h",
            "2026-13-01T00:00:00Z",
            "99999999999999999999",
        ] {
            let said = moment(bad, NOW).unwrap_err();
            assert!(said.contains("RFC 3339"), "{said}");
        }
        let long = moment(&"é".repeat(10_000), NOW).unwrap_err();
        assert!(long.len() < 400, "{long}");
    }
}
