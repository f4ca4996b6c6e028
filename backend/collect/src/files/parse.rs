//! The few shapes in which the kernel writes numbers.

use plimsoll_shared::BlockIo;

/// The values of `keys` in text of `key value` lines, each `None` when its line is not there.
pub(super) fn values<const N: usize>(text: &str, keys: [&str; N]) -> [Option<u64>; N] {
    let mut found = [None; N];
    let mut left = N;
    for line in text.lines() {
        let Some((key, value)) = line.split_once(' ') else {
            continue;
        };
        if let Some(place) = keys.iter().position(|wanted| *wanted == key) {
            found[place] = value.trim_ascii().parse().ok();
            left -= 1;
            if left == 0 {
                break;
            }
        }
    }
    found
}

/// Sum over all devices of cgroup v1's `8:0 Read 4096` lines; `None` when there is no line of a device.
pub(super) fn block_v1(text: &str) -> Option<BlockIo> {
    let mut sum = None;
    for line in text.lines() {
        let mut fields = line.split_ascii_whitespace();
        let (Some(_device), Some(operation), Some(bytes)) =
            (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let Ok(bytes) = bytes.parse::<u64>() else {
            continue;
        };
        let sum = sum.get_or_insert(NOTHING);
        add(sum, operation, bytes);
    }
    sum
}

/// Sum over all devices of cgroup v2's `8:0 rbytes=4096 wbytes=0 rios=1 …` lines.
pub(super) fn block_v2(text: &str) -> BlockIo {
    let mut sum = NOTHING;
    for line in text.lines() {
        for field in line.split_ascii_whitespace() {
            match field.split_once('=') {
                Some(("rbytes", bytes)) => add(&mut sum, "read", bytes.parse().unwrap_or(0)),
                Some(("wbytes", bytes)) => add(&mut sum, "write", bytes.parse().unwrap_or(0)),
                _ => {}
            }
        }
    }
    sum
}

/// No byte read or written.
pub(crate) const NOTHING: BlockIo = BlockIo {
    read: 0,
    written: 0,
};

/// Adds the bytes of one operation: docker looks at the first letter alone.
pub(crate) fn add(sum: &mut BlockIo, operation: &str, bytes: u64) {
    match operation.as_bytes().first() {
        Some(b'r' | b'R') => sum.read = sum.read.saturating_add(bytes),
        Some(b'w' | b'W') => sum.written = sum.written.saturating_add(bytes),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_whole_and_not_by_its_beginning() {
        let text = "inactive_file 1\ntotal_inactive_file 22\ntotal_inactive_file_more 3\nodd\n";
        assert_eq!(
            values(text, ["total_inactive_file", "inactive_file", "anon"]),
            [Some(22), Some(1), None]
        );
    }

    #[test]
    fn block_bytes_are_summed_over_all_devices() {
        let text = "8:0 Read 10\n8:0 Write 1\n8:0 Sync 7\n8:0 Async 4\n8:0 Discard 9\n8:0 Total 11\n8:16 Read 5\n8:16 Write 2\nTotal 18\n";
        let sum = BlockIo {
            read: 15,
            written: 3,
        };
        assert_eq!(block_v1(text), Some(sum));
        assert_eq!(block_v1("Total 0\n"), None);
        let text =
            "8:0 rbytes=10 wbytes=1 rios=3 wios=1 dbytes=0 dios=0\n8:16 rbytes=5 wbytes=2\n253:0\n";
        assert_eq!(block_v2(text), sum);
    }
}
