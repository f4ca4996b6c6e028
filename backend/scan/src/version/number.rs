//! Numbers of any length, kept as the digits that spell them.

use std::cmp::Ordering;

/// Orders two runs of ASCII digits by value; an empty run is zero.
pub(super) fn compare(this: &str, that: &str) -> Ordering {
    let (this, that) = (trim(this), trim(that));
    this.len().cmp(&that.len()).then_with(|| this.cmp(that))
}

/// The digits without leading zeros; empty for zero.
pub(super) fn trim(digits: &str) -> &str {
    digits.trim_start_matches('0')
}

/// Whether the text is one or more ASCII digits.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits off the longest start whose bytes all satisfy `belongs`, which must hold for ASCII only.
pub(super) fn split_while(text: &str, belongs: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text
        .bytes()
        .position(|byte| !byte.is_ascii() || !belongs(byte))
        .unwrap_or(text.len());
    text.split_at(end)
}
