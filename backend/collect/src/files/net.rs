//! Bytes over a container's interfaces: `/proc/PID/net/dev`.

use super::open::Kept;
use crate::life::Interfaces;
use plimsoll_shared::Traffic;
use std::path::Path;

#[derive(Debug)]
pub(super) struct NetDev {
    file: Kept,
    interfaces: Interfaces,
}

impl NetDev {
    pub(super) fn open(root: &Path, pid: u32, interfaces: Interfaces) -> std::io::Result<Self> {
        let file = Kept::open(&root.join(format!("proc/{pid}/net/dev")))?;
        Ok(Self { file, interfaces })
    }

    pub(super) fn read(&self, buffer: &mut Vec<u8>) -> std::io::Result<Traffic> {
        Ok(sum(self.file.long_text(buffer)?, &self.interfaces))
    }
}

/// Sum over the interfaces that count: two header lines, then `name: 8 receive columns, 8 transmit columns`.
fn sum(text: &str, interfaces: &Interfaces) -> Traffic {
    let mut sum = NO_TRAFFIC;
    for line in text.lines().skip(2) {
        if let Some((name, columns)) = line.split_once(':')
            && interfaces.count(name.trim_ascii_start())
        {
            add(&mut sum, columns);
        }
    }
    sum
}

/// No byte received or sent.
pub(super) const NO_TRAFFIC: Traffic = Traffic {
    received: 0,
    sent: 0,
    received_dropped: 0,
    sent_dropped: 0,
};

/// Adds the columns of one interface.
pub(super) fn add(sum: &mut Traffic, columns: &str) {
    for (column, value) in columns.split_ascii_whitespace().enumerate() {
        let field = match column {
            0 => &mut sum.received,
            3 => &mut sum.received_dropped,
            8 => &mut sum.sent,
            11 => &mut sum.sent_dropped,
            _ => continue,
        };
        *field = field.saturating_add(value.parse().unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_summed_over_the_engines_interfaces_alone() {
        let text = "Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1000000    10    0    0    0     0          0         0  1000000     10    0    0    0     0       0          0
  tun0:  500000    10    0    0    0     0          0         0   500000     10    0    0    0     0       0          0
  eth0:     766     9    1    2    0     0          0         0       42      1    3    4    0     0       0          0
  eth1:    1000     9    0    1    0     0          0         0        8      1    0    0    0     0       0          0
";
        let engines = Interfaces::Engines { named: Vec::new() };
        assert_eq!(
            sum(text, &engines),
            Traffic {
                received: 1766,
                sent: 50,
                received_dropped: 3,
                sent_dropped: 4
            }
        );
    }
}
