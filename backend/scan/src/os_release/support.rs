//! Until when a release gets fixes from everybody's repositories: paid extensions do not count, community LTS does.

use super::{Distribution, Family};
use jiff::civil::Date;

/// Whether a release still gets fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It does, until this day.
    Until(Date),
    /// It has not since this day: no advisory is written for it any more, so no advisory says nothing.
    Ended(Date),
    /// It has no end: its packages roll.
    Rolling,
    /// No day is known here.
    Unknown,
}

impl Distribution {
    /// Whether this release still gets fixes on a day.
    #[must_use]
    pub fn support(&self, today: Date) -> Support {
        let release = self.release();
        match self.family {
            Family::Wolfi | Family::Chainguard | Family::MinimOs | Family::ArchLinux => {
                return Support::Rolling;
            }
            Family::Gentoo | Family::OpenSuseTumbleweed => return Support::Rolling,
            Family::Alpine if release == Some("edge") => return Support::Rolling,
            _ => {}
        }
        let end = ENDS
            .iter()
            .find(|(family, name, _)| *family == self.family && Some(*name) == release)
            .and_then(|(_, _, (year, month, day))| Date::new(*year, *month, *day).ok());
        match end {
            Some(end) if end < today => Support::Ended(end),
            Some(end) => Support::Until(end),
            None => Support::Unknown,
        }
    }
}

/// The last day of each release, from the pages of those who make them.
const ENDS: &[(Family, &str, (i16, i8, i8))] = &[
    (Family::Alpine, "3.0", (2016, 5, 1)),
    (Family::Alpine, "3.1", (2016, 11, 1)),
    (Family::Alpine, "3.2", (2017, 5, 1)),
    (Family::Alpine, "3.3", (2017, 11, 1)),
    (Family::Alpine, "3.4", (2018, 5, 1)),
    (Family::Alpine, "3.5", (2018, 11, 1)),
    (Family::Alpine, "3.6", (2019, 5, 1)),
    (Family::Alpine, "3.7", (2019, 11, 1)),
    (Family::Alpine, "3.8", (2020, 5, 1)),
    (Family::Alpine, "3.9", (2020, 11, 1)),
    (Family::Alpine, "3.10", (2021, 5, 1)),
    (Family::Alpine, "3.11", (2021, 11, 1)),
    (Family::Alpine, "3.12", (2022, 5, 1)),
    (Family::Alpine, "3.13", (2022, 11, 1)),
    (Family::Alpine, "3.14", (2023, 5, 1)),
    (Family::Alpine, "3.15", (2023, 11, 1)),
    (Family::Alpine, "3.16", (2024, 5, 23)),
    (Family::Alpine, "3.17", (2024, 11, 22)),
    (Family::Alpine, "3.18", (2025, 5, 9)),
    (Family::Alpine, "3.19", (2025, 11, 1)),
    (Family::Alpine, "3.20", (2026, 4, 1)),
    (Family::Alpine, "3.21", (2026, 11, 1)),
    (Family::Alpine, "3.22", (2027, 5, 1)),
    (Family::Alpine, "3.23", (2027, 11, 1)),
    (Family::AlmaLinux, "8", (2029, 3, 1)),
    (Family::AlmaLinux, "9", (2032, 5, 31)),
    (Family::AlmaLinux, "10", (2035, 5, 31)),
    (Family::Amazon, "2018", (2023, 12, 31)),
    (Family::Amazon, "2", (2026, 6, 30)),
    (Family::Amazon, "2023", (2029, 6, 30)),
    (Family::CentOs, "5", (2017, 3, 31)),
    (Family::CentOs, "6", (2020, 11, 30)),
    (Family::CentOs, "7", (2024, 6, 30)),
    (Family::CentOs, "8", (2021, 12, 31)),
    (Family::CentOs, "9", (2027, 5, 31)),
    (Family::Debian, "7", (2018, 5, 31)),
    (Family::Debian, "8", (2020, 6, 30)),
    (Family::Debian, "9", (2022, 6, 30)),
    (Family::Debian, "10", (2024, 6, 30)),
    (Family::Debian, "11", (2026, 8, 31)),
    (Family::Debian, "12", (2028, 6, 30)),
    (Family::Debian, "13", (2030, 6, 30)),
    (Family::Fedora, "31", (2020, 11, 24)),
    (Family::Fedora, "35", (2022, 12, 13)),
    (Family::Fedora, "36", (2023, 5, 16)),
    (Family::Fedora, "37", (2023, 12, 5)),
    (Family::Fedora, "38", (2024, 5, 21)),
    (Family::Fedora, "39", (2024, 11, 26)),
    (Family::Fedora, "40", (2025, 5, 13)),
    (Family::Fedora, "41", (2025, 12, 15)),
    (Family::Fedora, "42", (2026, 5, 13)),
    (Family::Mariner, "1.0", (2023, 7, 31)),
    (Family::Mariner, "2.0", (2025, 7, 31)),
    (Family::OpenSuseLeap, "15.0", (2019, 12, 3)),
    (Family::OpenSuseLeap, "15.1", (2021, 2, 2)),
    (Family::OpenSuseLeap, "15.2", (2022, 1, 4)),
    (Family::OpenSuseLeap, "15.3", (2022, 12, 31)),
    (Family::OpenSuseLeap, "15.4", (2023, 12, 7)),
    (Family::OpenSuseLeap, "15.5", (2024, 12, 31)),
    (Family::OpenSuseLeap, "15.6", (2026, 4, 30)),
    (Family::OracleLinux, "5", (2017, 6, 30)),
    (Family::OracleLinux, "6", (2021, 3, 31)),
    (Family::OracleLinux, "7", (2024, 12, 31)),
    (Family::OracleLinux, "8", (2029, 7, 31)),
    (Family::OracleLinux, "9", (2032, 6, 30)),
    (Family::OracleLinux, "10", (2035, 6, 30)),
    (Family::Photon, "1.0", (2022, 2, 28)),
    (Family::Photon, "2.0", (2022, 12, 31)),
    (Family::Photon, "3.0", (2024, 3, 1)),
    (Family::Raspbian, "9", (2022, 6, 30)),
    (Family::Raspbian, "10", (2024, 6, 30)),
    (Family::RedHat, "5", (2017, 3, 31)),
    (Family::RedHat, "6", (2020, 11, 30)),
    (Family::RedHat, "7", (2024, 6, 30)),
    (Family::RedHat, "8", (2029, 5, 31)),
    (Family::RedHat, "9", (2032, 5, 31)),
    (Family::RedHat, "10", (2035, 5, 31)),
    (Family::RockyLinux, "8", (2029, 5, 31)),
    (Family::RockyLinux, "9", (2032, 5, 31)),
    (Family::RockyLinux, "10", (2035, 5, 31)),
    (Family::Scientific, "6", (2020, 11, 30)),
    (Family::Scientific, "7", (2024, 6, 30)),
    (Family::SuseEnterprise, "11.4", (2019, 3, 31)),
    (Family::SuseEnterprise, "12.5", (2024, 10, 31)),
    (Family::SuseEnterprise, "15", (2019, 12, 31)),
    (Family::SuseEnterprise, "15.1", (2021, 1, 31)),
    (Family::SuseEnterprise, "15.2", (2021, 12, 31)),
    (Family::SuseEnterprise, "15.3", (2022, 12, 31)),
    (Family::SuseEnterprise, "15.4", (2023, 12, 31)),
    (Family::SuseEnterprise, "15.5", (2024, 12, 31)),
    (Family::SuseEnterprise, "15.6", (2025, 12, 31)),
    (Family::SuseEnterprise, "15.7", (2031, 7, 31)),
    (Family::Ubuntu, "14.04", (2019, 4, 25)),
    (Family::Ubuntu, "16.04", (2021, 4, 30)),
    (Family::Ubuntu, "18.04", (2023, 5, 31)),
    (Family::Ubuntu, "20.04", (2025, 5, 31)),
    (Family::Ubuntu, "20.10", (2021, 7, 22)),
    (Family::Ubuntu, "21.04", (2022, 1, 20)),
    (Family::Ubuntu, "21.10", (2022, 7, 14)),
    (Family::Ubuntu, "22.04", (2027, 4, 30)),
    (Family::Ubuntu, "22.10", (2023, 7, 20)),
    (Family::Ubuntu, "23.04", (2024, 1, 25)),
    (Family::Ubuntu, "23.10", (2024, 7, 11)),
    (Family::Ubuntu, "24.04", (2029, 4, 30)),
    (Family::Ubuntu, "24.10", (2025, 7, 10)),
    (Family::Ubuntu, "25.04", (2026, 1, 15)),
    (Family::Ubuntu, "25.10", (2026, 7, 9)),
    (Family::Ubuntu, "26.04", (2031, 4, 30)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::os_release::read;
    use jiff::civil::date;

    fn support(os_release: &str) -> Support {
        read("etc/os-release", os_release.as_bytes())
            .unwrap()
            .support(date(2026, 11, 24))
    }

    #[test]
    fn a_release_ends_after_its_last_day() {
        let old = support("ID=alpine\nVERSION_ID=3.9.4\n");
        assert_eq!(old, Support::Ended(date(2020, 11, 1)));
        let current = support("ID=debian\nVERSION_ID=\"13\"\n");
        assert_eq!(current, Support::Until(date(2030, 6, 30)));
    }

    #[test]
    fn a_rolling_one_never_ends() {
        assert_eq!(support("ID=wolfi\nVERSION_ID=20230201"), Support::Rolling);
        assert_eq!(
            support("ID=alpine\nVERSION_ID=3.22.0_alpha20250108"),
            Support::Rolling
        );
    }

    #[test]
    fn a_release_that_is_not_listed_is_unknown_and_not_supported() {
        assert_eq!(support("ID=alpine\nVERSION_ID=3.99.1"), Support::Unknown);
        assert_eq!(support("ID=plan9"), Support::Unknown);
    }

    #[test]
    fn every_last_day_is_a_day() {
        for (family, release, (year, month, day)) in ENDS {
            assert!(
                Date::new(*year, *month, *day).is_ok(),
                "{family:?} {release}"
            );
        }
    }
}
