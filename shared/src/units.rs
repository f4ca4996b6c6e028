//! Numbers as docker prints them (github.com/docker/go-units, `BytesSize` and `HumanSizeWithPrecision`).

const BINARY: [&str; 9] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];
const DECIMAL: [&str; 9] = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

/// Bytes in binary units with four significant digits, `docker stats`' memory column: `412.6MiB`.
#[must_use]
pub fn binary(bytes: u64) -> String {
    scaled(bytes, 1024.0, &BINARY, 4, false)
}

/// Bytes in decimal units with three significant digits, exactly as `docker stats` prints its I/O columns, its
/// `1e+03kB` for 999,900 bytes included: `1.42GB`.
#[must_use]
pub fn decimal(bytes: u64) -> String {
    scaled(bytes, 1000.0, &DECIMAL, 3, false)
}

/// As [`decimal`], but what rounds to a thousand moves to the next unit: `1MB` for 999,900 bytes.
#[must_use]
pub fn decimal_rounded(bytes: u64) -> String {
    scaled(bytes, 1000.0, &DECIMAL, 3, true)
}

/// A percentage with two decimals, `84.21%`.
#[must_use]
pub fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

#[expect(
    clippy::cast_precision_loss,
    reason = "docker prints from a float64 too"
)]
fn scaled(bytes: u64, base: f64, units: &[&str], digits: usize, carry: bool) -> String {
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= base && unit < units.len() - 1 {
        size /= base;
        unit += 1;
    }
    let mut text = general(size, digits);
    if carry && text.contains('e') && unit < units.len() - 1 {
        unit += 1;
        text = general(size / base, digits);
    }
    text + units[unit]
}

/// C's `%.{digits}g` for a value that is not negative.
fn general(value: f64, digits: usize) -> String {
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    match usize::try_from(exponent) {
        Ok(whole) if whole < digits => trimmed(&format!("{value:.*}", digits - 1 - whole)),
        Err(_) if exponent >= -4 => {
            let decimals = digits - 1 + usize::try_from(-exponent).unwrap_or(0);
            trimmed(&format!("{value:.decimals$}"))
        }
        _ => format!(
            "{}e{}{:02}",
            trimmed(mantissa),
            if exponent < 0 { '-' } else { '+' },
            exponent.abs()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_reads_as_docker_prints_it() {
        for (bytes, text) in [
            (0, "0B"),
            (1, "1B"),
            (1023, "1023B"),
            (1024, "1KiB"),
            (1536, "1.5KiB"),
            (432_642_785, "412.6MiB"),
            (1_073_741_824, "1GiB"),
            (1_073_741_823, "1024MiB"),
            (25_276_514_304, "23.54GiB"),
            (18_446_744_073_709_551_615, "16EiB"),
        ] {
            assert_eq!(binary(bytes), text);
        }
    }

    #[test]
    fn io_reads_as_docker_prints_it_oddities_included() {
        for (bytes, text) in [
            (0, "0B"),
            (768, "768B"),
            (999, "999B"),
            (1000, "1kB"),
            (1234, "1.23kB"),
            (12_345, "12.3kB"),
            (123_456, "123kB"),
            (999_499, "999kB"),
            (999_900, "1e+03kB"),
            (1_420_000_000, "1.42GB"),
        ] {
            assert_eq!(decimal(bytes), text);
        }
    }

    #[test]
    fn the_console_moves_a_rounded_thousand_to_the_next_unit() {
        assert_eq!(decimal_rounded(999_900), "1MB");
        assert_eq!(decimal_rounded(999_499), "999kB");
    }

    #[test]
    fn small_fractions_follow_printf() {
        assert_eq!(general(0.012_34, 3), "0.0123");
        assert_eq!(general(0.000_012_34, 3), "1.23e-05");
    }
}
