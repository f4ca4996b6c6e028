//! What is near its limit: how near, and in which words' place.

use super::consumers::whole;
use plimsoll_shared::{
    overview::{Near, NearLimit},
    units,
};

/// From this share of a limit on, its meter is in the colour of limits.
const HOT_PERCENT: f64 = 90.0;

/// Value in percent of the limit; `None` where the limit is nothing.
pub(crate) fn percent(near: &Near) -> Option<f64> {
    (near.most > 0.0).then(|| near.value / near.most * 100.0)
}

/// Whether it is so near that its meter is in the colour of limits.
pub(crate) fn is_hot(near: &Near) -> bool {
    percent(near).is_some_and(|percent| percent >= HOT_PERCENT)
}

/// Value and limit as they are written.
pub(crate) fn texts(near: &Near) -> (String, String) {
    let text = |value: f64| match near.limit {
        NearLimit::Memory | NearLimit::HostMemory | NearLimit::HostDisk => {
            units::binary(whole(value))
        }
        NearLimit::Throttled => format!("{value:.0} %"),
        NearLimit::Pids => whole(value).to_string(),
    };
    (text(near.value), text(near.most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(limit: NearLimit, value: f64, most: f64) -> Near {
        Near {
            of: "local".parse().unwrap(),
            name: "a".to_owned(),
            limit,
            value,
            most,
        }
    }

    #[test]
    fn a_limit_of_nothing_has_no_share() {
        assert_eq!(percent(&near(NearLimit::Pids, 3.0, 0.0)), None);
        assert!(!is_hot(&near(NearLimit::Pids, 3.0, 0.0)));
        assert!(is_hot(&near(NearLimit::Pids, 90.0, 100.0)));
    }

    #[test]
    fn each_limit_is_told_in_its_own_unit() {
        let told = |limit, value, most| texts(&near(limit, value, most));
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let mib = 1024.0 * 1024.0;
        assert_eq!(
            told(NearLimit::Memory, 61.5 * mib, 64.0 * mib),
            pair("61.5MiB", "64MiB")
        );
        assert_eq!(told(NearLimit::Pids, 97.0, 100.0), pair("97", "100"));
        assert_eq!(
            told(NearLimit::Throttled, 43.2, 100.0),
            pair("43 %", "100 %")
        );
    }
}
