//! A machine written as the kernel writes one.

use super::*;
use plimsoll_shared::{BlockIo, Traffic};
use tempfile::TempDir;

const BEFORE: MachineTime = MachineTime {
    ns: 10_000_000_000,
    busy_ns: 2_000_000_000,
    cpus: 2,
};
const A_SECOND_LATER: MachineTime = MachineTime {
    ns: 12_000_000_000,
    busy_ns: 3_500_000_000,
    cpus: 2,
};
const NET: &str = "Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 9000000    10    0    0    0     0          0         0  9000000     10    0    0    0     0       0          0
  eth0:    1000     9    1    2    0     0          0         0       50      1    3    4    0     0       0          0
 enP1s1:    900     9    1    2    0     0          0         0       45      1    3    4    0     0       0          0
 bond0:    2000     9    1    2    0     0          0         0       50      1    3    4    0     0       0          0
docker0:    700     9    1    2    0     0          0         0       50      1    3    4    0     0       0          0
veth12ab:   700     9    1    2    0     0          0         0       50      1    3    4    0     0       0          0
";
const DISKS: &str = "   7       0 loop0 9 9 99 9 9 9 99 9 0 9 9 0 0 0 0 0 0
 259       0 nvme0n1 10 0 100 5 20 0 200 7 0 9 9 0 0 0 0 0 0
 259       1 nvme0n1p1 10 0 100 5 20 0 200 7 0 9 9 0 0 0 0 0 0
   8       0 sda 1 0 8 5 2 0 16 7 0 9 9
 253       0 dm-0 10 0 100 5 20 0 200 7 0 9 9 0 0 0 0 0 0
   9       0 md0 10 0 100 5 20 0 200 7 0 9 9 0 0 0 0 0 0
";

struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        tree.write("proc/meminfo", "MemTotal: 1000 kB\nMemFree: 300 kB\nMemAvailable: 600 kB\nBuffers: 10 kB\nCached: 200 kB\n");
        tree.write("proc/loadavg", "1.50 0.72 0.54 2/513 41375\n");
        tree.write("proc/sys/kernel/pid_max", "32768\n");
        tree.write("proc/1/net/dev", NET);
        tree.write("proc/diskstats", DISKS);
        for (kind, total) in [("cpu", 11), ("memory", 22), ("io", 33)] {
            let text = format!("some avg10=0.00 avg60=0.00 avg300=0.00 total={total}\n");
            tree.write(&format!("proc/pressure/{kind}"), &text);
        }
        for device in ["net/eth0", "net/enP1s1", "block/nvme0n1", "block/sda"] {
            tree.write(&format!("sys/{device}/device"), "");
        }
        let class = tree.0.path().join("sys/net");
        std::fs::create_dir_all(tree.0.path().join("sys/class")).unwrap();
        std::fs::rename(class, tree.0.path().join("sys/class/net")).unwrap();
        std::os::unix::fs::symlink("../eth0", tree.0.path().join("sys/class/net/enP1s1/master"))
            .unwrap();
        tree
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.0.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn read(&self) -> Reading {
        let mut survey = Survey::open(self.0.path(), Some(Path::new("/data"))).unwrap();
        survey.read(UnixMs(7), BEFORE, &mut Vec::new()).unwrap()
    }
}

#[test]
fn a_machine_is_read_in_the_words_of_a_container() {
    let tree = Tree::new();
    let reading = tree.read();
    assert_eq!((reading.at, reading.cpu_percent), (UnixMs(7), None));
    assert_eq!(reading.cpu_total_ns, 2_000_000_000, "the busy part");
    assert_eq!(reading.memory.limit, Some(1000 * 1024));
    assert_eq!((reading.pids, reading.pids_limit), (Some(513), Some(32768)));
    let machine = reading.machine.unwrap();
    assert_eq!(machine.load_centi, 150);
    let pressure = machine.pressure.unwrap();
    assert_eq!(
        (pressure.cpu_us, pressure.memory_us, pressure.io_us),
        (11, 22, 33)
    );
}

#[test]
fn one_busy_core_of_two_is_a_hundred_percent_and_both_are_two_hundred() {
    let tree = Tree::new();
    let mut survey = Survey::open(tree.0.path(), None).unwrap();
    let mut percent = |at, clock| {
        survey
            .read(UnixMs(at), clock, &mut Vec::new())
            .unwrap()
            .cpu_percent
    };
    assert_eq!(percent(1000, BEFORE), None);
    assert_eq!(percent(2000, A_SECOND_LATER), Some(150.0));
    assert_eq!(percent(3000, BEFORE), None, "the machine was started again");
}

#[test]
fn bytes_are_counted_once_and_only_on_real_devices() {
    let reading = Tree::new().read();
    let eth0 = Traffic {
        received: 1000,
        sent: 50,
        received_dropped: 2,
        sent_dropped: 4,
    };
    assert_eq!(reading.network, Some(eth0));
    let both_disks = BlockIo {
        read: 108 * 512,
        written: 216 * 512,
    };
    assert_eq!(reading.block, Some(both_disks));
}

#[test]
fn a_machine_that_is_a_container_itself_counts_what_does_not_lead_inside() {
    let tree = Tree::new();
    std::fs::remove_dir_all(tree.0.path().join("sys")).unwrap();
    tree.write(
        "proc/1/net/dev",
        &NET.replace("enP1s1", " dummy").replace(" bond0", "virbr0"),
    );
    let reading = tree.read();
    assert_eq!(reading.network.unwrap().received, 1000);
    assert_eq!(reading.block, None, "which disks are whole is not known");
}

#[test]
fn what_a_machine_does_not_tell_is_none_and_not_zero() {
    let tree = Tree::new();
    for gone in [
        "proc/pressure/io",
        "proc/1/net/dev",
        "proc/diskstats",
        "proc/sys/kernel/pid_max",
    ] {
        std::fs::remove_file(tree.0.path().join(gone)).unwrap();
    }
    let reading = tree.read();
    assert_eq!(
        (reading.network, reading.block, reading.pids_limit),
        (None, None, None)
    );
    let machine = reading.machine.unwrap();
    assert_eq!(
        (machine.pressure, machine.disk),
        (None, None),
        "there is no such folder"
    );
}

#[test]
fn the_data_folder_is_looked_for_where_the_first_process_sees_it() {
    let tree = Tree::new();
    tree.write("proc/1/root/data/x", "");
    let disk = tree.read().machine.unwrap().disk.unwrap();
    assert!(disk.total > 0 && disk.used <= disk.total);
}
