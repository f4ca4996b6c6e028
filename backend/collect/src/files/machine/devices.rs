//! Bytes over a machine's real devices: `/proc/1/net/dev` and `/proc/diskstats`.
//!
//! Only what has hardware (or what the hypervisor shows as such) behind it counts: sysfs then names a `device` for it. Bridges, veth
//! pairs, tunnels, bonds and VLANs carry bytes that a real interface carries too, partitions and device-mapper or RAID volumes
//! those of a real disk; `lo`, loop devices and memory disks move nothing in or out of the machine. An interface under a real one (the fast
//! path of a cloud's network card) is counted by the one above it.

use super::super::net::{NO_TRAFFIC, add};
use super::super::{NOTHING, open::Kept};
use plimsoll_shared::{BlockIo, Traffic};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Names whose answer is remembered; containers come and go with an interface each.
const REMEMBERED: usize = 256;

/// Bytes in a sector of `/proc/diskstats`, whatever the disk's own sectors are.
const SECTOR: u64 = 512;

/// Beginnings of names of interfaces that are never a machine's way out, for where sysfs does not tell.
const INSIDE: [&str; 13] = [
    "veth", "docker", "br-", "virbr", "vnet", "cni", "cali", "flannel", "cilium", "podman",
    "dummy", "ifb", "tun",
];

/// Which names of a kind of devices are real.
#[derive(Debug)]
struct Devices {
    folder: PathBuf,
    known: HashMap<String, bool>,
}

impl Devices {
    fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            known: HashMap::new(),
        }
    }

    fn is_real(&mut self, name: &str) -> bool {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let device = self.folder.join(name);
        let is_real = device.join("device").exists() && !device.join("master/device").exists();
        if self.known.len() == REMEMBERED {
            self.known.clear();
        }
        self.known.insert(name.to_owned(), is_real);
        is_real
    }
}

/// The machine's network interfaces.
#[derive(Debug)]
pub(super) struct Interfaces {
    file: Kept,
    devices: Devices,
}

impl Interfaces {
    /// Those of the first process, as we may be in a network of our own; ours where that may not be read.
    pub(super) fn open(root: &Path) -> std::io::Result<Self> {
        let file = Kept::open(&root.join("proc/1/net/dev"))
            .or_else(|_| Kept::open(&root.join("proc/self/net/dev")))?;
        Ok(Self {
            file,
            devices: Devices::new(root.join("sys/class/net")),
        })
    }

    /// Sum over the real interfaces. A machine that is itself a container has none: then over those whose names do not say
    /// that they lead inside. `None` when there is neither.
    pub(super) fn read(&mut self, buffer: &mut Vec<u8>) -> Option<Traffic> {
        let text = self.file.long_text(buffer).ok()?;
        let (mut real, mut outward) = (None, None);
        for line in text.lines().skip(2) {
            let Some((name, columns)) = line.split_once(':') else {
                continue;
            };
            let name = name.trim_ascii_start();
            if name == "lo" || INSIDE.iter().any(|inside| name.starts_with(inside)) {
                continue;
            }
            add(outward.get_or_insert(NO_TRAFFIC), columns);
            if self.devices.is_real(name) {
                add(real.get_or_insert(NO_TRAFFIC), columns);
            }
        }
        real.or(outward)
    }
}

/// The machine's disks.
#[derive(Debug)]
pub(super) struct Disks {
    file: Kept,
    devices: Devices,
}

impl Disks {
    pub(super) fn open(root: &Path) -> std::io::Result<Self> {
        Ok(Self {
            file: Kept::open(&root.join("proc/diskstats"))?,
            devices: Devices::new(root.join("sys/block")),
        })
    }

    /// Sum over the real disks; `None` when there is none to be seen.
    pub(super) fn read(&mut self, buffer: &mut Vec<u8>) -> Option<BlockIo> {
        let text = self.file.long_text(buffer).ok()?;
        let mut sum: Option<BlockIo> = None;
        for line in text.lines() {
            // Major, minor, name; reads, merged, sectors, time; writes, merged, sectors (Documentation/admin-guide/iostats.rst).
            let mut fields = line.split_ascii_whitespace().skip(2);
            let Some(name) = fields.next() else {
                continue;
            };
            if !self.devices.is_real(name) {
                continue;
            }
            let mut sectors = |skip: usize| fields.nth(skip)?.parse::<u64>().ok();
            let (Some(read), Some(written)) = (sectors(2), sectors(3)) else {
                continue;
            };
            let sum = sum.get_or_insert(NOTHING);
            sum.read = sum.read.saturating_add(read.saturating_mul(SECTOR));
            sum.written = sum.written.saturating_add(written.saturating_mul(SECTOR));
        }
        sum
    }
}
