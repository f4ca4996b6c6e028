//! Prints what was measured as a table.

/// One line: what, ours, and the peer's number or the limit.
pub(crate) struct Line {
    what: String,
    ours: String,
    beside: String,
}

/// A line of the table.
pub(crate) fn line(
    what: impl Into<String>,
    ours: impl Into<String>,
    beside: impl Into<String>,
) -> Line {
    Line {
        what: what.into(),
        ours: ours.into(),
        beside: beside.into(),
    }
}

/// Prints a table under its title; the last column is headed by what it holds.
pub(crate) fn print(title: &str, beside: &str, lines: &[Line]) {
    let width = |text: fn(&Line) -> &String, least: usize| {
        lines
            .iter()
            .map(|line| text(line).chars().count())
            .fold(least, usize::max)
    };
    let (what, ours, third) = (
        width(|line| &line.what, 10),
        width(|line| &line.ours, 4),
        width(|line| &line.beside, beside.len()),
    );
    println!(
        "\n{title}\n{:what$} | {:>ours$} | {beside:>third$}",
        "", "ours"
    );
    println!(
        "{}-|-{}-|-{}",
        "-".repeat(what),
        "-".repeat(ours),
        "-".repeat(third)
    );
    for line in lines {
        println!(
            "{:what$} | {:>ours$} | {:>third$}",
            line.what, line.ours, line.beside
        );
    }
}

/// The value below which `share` (0 to 1) of the sorted numbers lie.
pub(crate) fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a small index is a small index"
    )]
    let index = (last as f64 * share.clamp(0.0, 1.0)).round() as usize;
    sorted.get(index).copied()
}

/// Sorted, for [`percentile`].
pub(crate) fn sorted(mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers
}

/// `12.3 ms`, or that there was nothing to measure.
pub(crate) fn milliseconds(value: Option<f64>) -> String {
    value.map_or_else(
        || "nothing seen".to_owned(),
        |value| format!("{value:.1} ms"),
    )
}
