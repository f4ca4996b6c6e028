//! How much room history takes: what the bar shows, and what will become of it.

use plimsoll_shared::{Setting, history::HistoryRoom};

/// What will become of the room that history takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// There is not enough of it to tell.
    Unknown,
    /// It will fit.
    Fits,
    /// It will reach its budget, and the oldest of the finest resolutions will go early.
    OverBudget,
    /// The disk will be full before every resolution is as old as it is kept.
    OverDisk,
}

impl Outlook {
    /// What will become of it.
    pub(crate) fn of(room: &HistoryRoom) -> Self {
        let Some(forecast) = room.forecast_bytes else {
            return Self::Unknown;
        };
        let reached = room.budget_bytes.filter(|most| *most <= forecast);
        let taken = reached.unwrap_or(forecast);
        match disk(room) {
            Some(disk) if taken > disk => Self::OverDisk,
            _ if reached.is_some() => Self::OverBudget,
            _ => Self::Fits,
        }
    }
}

/// All that history could take if the disk held nothing new besides; `None` when what is free cannot be told.
fn disk(room: &HistoryRoom) -> Option<u64> {
    room.free_bytes
        .map(|free| room.used_bytes.saturating_add(free))
}

/// The bar of the room, each in percent of its length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bar {
    /// What is taken now.
    pub(crate) used: f64,
    /// What will be taken; `None` when it cannot be told.
    pub(crate) forecast: Option<f64>,
    /// Where the budget ends; `None` without one.
    pub(crate) budget: Option<f64>,
    /// Where the disk ends, where that is on the bar.
    pub(crate) disk: Option<f64>,
}

/// The bar: as long as the greatest of what is taken, what will be, and the budget. A disk that ends beyond it is not on it; where nothing
/// else says how long it is to be, the disk does. `None` where there is nothing to compare.
pub(crate) fn bar(room: &HistoryRoom) -> Option<Bar> {
    let known = [room.forecast_bytes, room.budget_bytes];
    let disk = disk(room);
    let greatest = known.into_iter().flatten().max();
    let length = greatest.or(disk)?.max(room.used_bytes).max(1);
    #[expect(
        clippy::cast_precision_loss,
        reason = "a bar is some hundred pixels long"
    )]
    let percent = |bytes: u64| bytes as f64 / length as f64 * 100.0;
    Some(Bar {
        used: percent(room.used_bytes),
        forecast: room.forecast_bytes.map(percent),
        budget: room.budget_bytes.map(percent),
        disk: disk.filter(|disk| *disk <= length).map(percent),
    })
}

/// A command about the data folder as it is typed: it names the folder where the server was told of one.
pub(crate) fn command(words: &str, settings: &[Setting]) -> String {
    let data = settings.iter().find(|setting| setting.name == "data");
    match data.filter(|data| data.from.is_some()) {
        Some(data) => format!("{words} --data {}", quoted(&data.value)),
        None => words.to_owned(),
    }
}

/// The text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A whole stretch of time in the largest unit that it is whole in; from a year on in months, from two on in years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lasting {
    /// Seconds.
    Seconds(i64),
    /// Minutes.
    Minutes(i64),
    /// Hours.
    Hours(i64),
    /// Days.
    Days(i64),
    /// Months of thirty days and a half, rounded.
    Months(i64),
    /// Years of 365 days and a quarter, rounded.
    Years(i64),
}

const DAY: i64 = 86_400;

impl Lasting {
    /// Milliseconds; what is less than a second is left out.
    pub(crate) fn of(ms: i64) -> Self {
        let seconds = ms / 1000;
        match seconds {
            _ if seconds >= 2 * 365 * DAY => {
                Self::Years((seconds * 4 + 1461 * DAY / 2) / (1461 * DAY))
            }
            _ if seconds >= 365 * DAY => Self::Months((seconds * 2 + 61 * DAY / 2) / (61 * DAY)),
            _ if seconds % DAY == 0 => Self::Days(seconds / DAY),
            _ if seconds % 3600 == 0 => Self::Hours(seconds / 3600),
            _ if seconds % 60 == 0 => Self::Minutes(seconds / 60),
            _ => Self::Seconds(seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(budget: Option<u64>, free: Option<u64>, forecast: Option<u64>) -> HistoryRoom {
        HistoryRoom {
            tiers: Vec::new(),
            used_bytes: 100,
            budget_bytes: budget,
            free_bytes: free,
            container_year_bytes: None,
            forecast_bytes: forecast,
            containers: 3,
        }
    }

    #[test]
    fn a_forecast_is_held_against_the_budget_and_the_disk() {
        for (budget, free, forecast, outlook) in [
            (None, Some(900), None, Outlook::Unknown),
            (None, Some(900), Some(1000), Outlook::Fits),
            (None, Some(900), Some(1001), Outlook::OverDisk),
            (None, None, Some(1001), Outlook::Fits),
            (Some(500), Some(900), Some(1001), Outlook::OverBudget),
            (Some(500), Some(900), Some(500), Outlook::OverBudget),
            (Some(5000), Some(900), Some(1001), Outlook::OverDisk),
            (Some(5000), Some(9000), Some(1001), Outlook::Fits),
        ] {
            assert_eq!(
                Outlook::of(&room(budget, free, forecast)),
                outlook,
                "{budget:?} {free:?} {forecast:?}"
            );
        }
    }

    #[test]
    fn a_command_names_the_folder_that_the_server_was_told_of() {
        let data = |value: &str, from: Option<&str>| {
            [Setting {
                name: "data".to_owned(),
                value: value.to_owned(),
                from: from.map(str::to_owned),
            }]
        };
        for (value, from, typed) in [
            ("/home/ada/plimsoll", None, "plimsoll backup DIR"),
            ("/data", Some("--data"), "plimsoll backup DIR --data /data"),
            (
                "/my data",
                Some("--data"),
                "plimsoll backup DIR --data '/my data'",
            ),
            (
                "a'b",
                Some("PLIMSOLL_DATA"),
                r"plimsoll backup DIR --data 'a'\''b'",
            ),
        ] {
            assert_eq!(command("plimsoll backup DIR", &data(value, from)), typed);
        }
        assert_eq!(command("plimsoll backup DIR", &[]), "plimsoll backup DIR");
    }

    #[test]
    fn a_stretch_is_told_in_the_unit_it_was_meant_in() {
        for (seconds, lasting) in [
            (1, Lasting::Seconds(1)),
            (60, Lasting::Minutes(1)),
            (600, Lasting::Minutes(10)),
            (3600, Lasting::Hours(1)),
            (50 * 3600, Lasting::Hours(50)),
            (2 * DAY, Lasting::Days(2)),
            (60 * DAY, Lasting::Days(60)),
            (365 * DAY, Lasting::Months(12)),
            (13 * 61 * DAY / 2, Lasting::Months(13)),
            (5 * 365 * DAY, Lasting::Years(5)),
            (1826 * DAY, Lasting::Years(5)),
        ] {
            assert_eq!(Lasting::of(seconds * 1000), lasting, "{seconds}");
        }
    }

    #[test]
    fn the_bar_is_as_long_as_what_there_is_to_compare() {
        let told = bar(&room(Some(1000), Some(100_000), Some(400))).unwrap();
        assert_eq!(
            (told.used, told.forecast, told.budget, told.disk),
            (10.0, Some(40.0), Some(100.0), None)
        );
        let full = bar(&room(None, Some(100), Some(400))).unwrap();
        assert_eq!((full.used, full.disk), (25.0, Some(50.0)));
        let young = bar(&room(None, Some(900), None)).unwrap();
        assert_eq!(
            (young.used, young.forecast, young.disk),
            (10.0, None, Some(100.0))
        );
        assert_eq!(bar(&room(None, None, None)), None);
    }
}
