//! What `/proc` says of a whole machine.

use plimsoll_shared::Memory;

/// What is kept of `/proc/loadavg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Load {
    /// Over one minute, in hundredths.
    pub(super) centi: u64,
    /// Processes and threads there are.
    pub(super) tasks: u64,
}

/// `0.45 0.72 0.54 2/513 41375`
pub(super) fn load(text: &str) -> Option<Load> {
    let mut fields = text.split_ascii_whitespace();
    let (whole, hundredths) = fields.next()?.split_once('.')?;
    if hundredths.len() != 2 {
        return None;
    }
    let (_, tasks) = fields.nth(2)?.split_once('/')?;
    let whole: u64 = whole.parse().ok()?;
    Some(Load {
        centi: whole
            .checked_mul(100)?
            .checked_add(hundredths.parse().ok()?)?,
        tasks: tasks.parse().ok()?,
    })
}

/// `/proc/meminfo` as `free` reads it: used is what is not available, the cache is buffers, page cache and reclaimable slab.
/// `None` without the memory that is available, which kernels tell since 3.14.
pub(super) fn memory(text: &str) -> Option<Memory> {
    const KEYS: [&str; 7] = [
        "MemTotal",
        "MemFree",
        "MemAvailable",
        "Buffers",
        "Cached",
        "SReclaimable",
        "AnonPages",
    ];
    let mut found = [None; KEYS.len()];
    for line in text.lines() {
        if let Some((key, value)) = line.split_once(':')
            && let Some(place) = KEYS.iter().position(|wanted| *wanted == key)
        {
            found[place] = kibibytes(value);
        }
    }
    let [total, free, available, buffers, cached, slab, anonymous] = found;
    let cache = [buffers?, cached?, slab.unwrap_or(0)];
    Some(Memory {
        used: total?.saturating_sub(available?),
        raw: total?.saturating_sub(free?),
        limit: total,
        rss: anonymous,
        cache: Some(cache.into_iter().fold(0, u64::saturating_add)),
    })
}

/// `   8004152 kB`
fn kibibytes(text: &str) -> Option<u64> {
    let number = text.trim_ascii().strip_suffix(" kB")?;
    number.trim_ascii().parse::<u64>().ok()?.checked_mul(1024)
}

/// The total of the `some` line of `/proc/pressure/…`, in microseconds.
pub(super) fn stalled(text: &str) -> Option<u64> {
    let some = text.lines().find_map(|line| line.strip_prefix("some "))?;
    let total = some
        .split_ascii_whitespace()
        .find_map(|field| field.strip_prefix("total="))?;
    total.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn load_is_kept_in_hundredths() {
        let text = "12.05 0.72 0.54 2/513 41375\n";
        let expected = Load {
            centi: 1205,
            tasks: 513,
        };
        assert_eq!(load(text), Some(expected));
        assert_eq!(load("nan 0 0 1/2 3\n"), None);
        assert_eq!(load("0.4 0.4 0.4 1/2 3\n"), None);
    }

    #[test]
    fn memory_used_is_what_is_not_available() {
        let text = "MemTotal:       1000 kB\nMemFree:         300 kB\nMemAvailable:    600 kB\nBuffers:          10 kB\nCached:          200 kB\nSwapCached:        7 kB\nAnonPages:       150 kB\nSReclaimable:      5 kB\nHugePages_Total:   0\n";
        let memory = memory(text).unwrap();
        assert_eq!(
            (memory.used, memory.raw, memory.limit),
            (400 * 1024, 700 * 1024, Some(1000 * 1024))
        );
        assert_eq!(
            (memory.rss, memory.cache),
            (Some(150 * 1024), Some(215 * 1024))
        );
        assert_eq!(super::memory("MemTotal: 1 kB\nMemFree: 1 kB\n"), None);
    }

    #[test]
    fn pressure_is_the_total_of_some() {
        let text = "some avg10=0.12 avg60=0.01 avg300=0.00 total=40327890\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=39118811\n";
        assert_eq!(stalled(text), Some(40_327_890));
        assert_eq!(stalled("full avg10=0.00 total=3\n"), None);
    }
}
