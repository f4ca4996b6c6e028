//! Texts become values.

use std::{net::IpAddr, time::Duration};
use tracing_subscriber::EnvFilter;

/// A whole number and its unit (`ms`, `s`, `m`, `h`, `d`), within bounds.
pub(super) fn duration(text: &str, (least, most): (Duration, Duration)) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let ms = match unit.trim() {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let duration = Duration::from_millis(number.checked_mul(ms)?);
    (least <= duration && duration <= most).then_some(duration)
}

/// A duration as [`duration`] reads it, in the largest unit that is whole.
pub(super) fn written(duration: Duration) -> String {
    let ms = duration.as_millis();
    let (unit, name) = [(3_600_000, "h"), (60_000, "m"), (1000, "s")]
        .into_iter()
        .find(|(unit, _)| ms.is_multiple_of(*unit))
        .unwrap_or((1, "ms"));
    format!("{}{name}", ms / unit)
}

/// Bytes: a whole number and its unit (`MB`, `GB`, `TB`, or `MiB`, `GiB`, `TiB`), at least `least`.
pub(super) fn size(text: &str, least: u64) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let unit = unit.trim().to_ascii_lowercase();
    let (_, factor) = SIZES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&unit))?;
    let bytes = number.checked_mul(*factor)?;
    (least <= bytes).then_some(bytes)
}

/// Bytes as [`size`] reads them, in the largest unit that is whole.
pub(super) fn written_size(bytes: u64) -> String {
    let whole = SIZES
        .iter()
        .find(|(_, factor)| bytes.is_multiple_of(*factor));
    let (name, factor) = whole.unwrap_or(&("B", 1));
    format!("{}{name}", bytes / factor)
}

/// Units of sizes, the largest first.
const SIZES: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("KB", 1000),
    ("B", 1),
];

/// `true` or `false`, also as `1` and `0`.
pub(super) fn switch(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Where an engine may be.
pub(super) fn engine(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    (matches!(scheme, "unix" | "tcp" | "http" | "npipe") && !rest.is_empty())
        .then(|| text.to_owned())
}

/// A name a browser may put in its Host header, without the port.
pub(super) fn host_name(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let named = !text.is_empty() && text.len() <= 253 && text.chars().all(plain);
    (named || text.parse::<IpAddr>().is_ok()).then(|| text.to_ascii_lowercase())
}

/// A filter for log lines.
pub(super) fn filter(text: &str) -> Option<String> {
    let usable = !text.trim().is_empty() && EnvFilter::try_new(text).is_ok();
    usable.then(|| text.to_owned())
}
