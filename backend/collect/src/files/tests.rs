//! Sweeps over trees written as the kernel writes them, so that both versions are tested on any machine.

use super::*;
use crate::life::Interfaces;
use plimsoll_shared::BlockIo;
use tempfile::TempDir;

const STAT: &str = "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 50 0 50 400 0 0 0 0 0 0\ncpu1 50 0 50 400 0 0 0 0 0 0\nintr 1\n";
const A_SECOND_LATER: &str = "cpu  200 0 150 850 0 0 0 0 0 0\ncpu0 0\ncpu1 0\nintr 1\n";
const NET: &str = "Inter-| Receive | Transmit\n face |bytes |bytes\n    lo: 9 9 0 0 0 0 0 0 9 9 0 0 0 0 0 0\n  eth0: 1000 9 0 1 0 0 0 0 50 9 0 2 0 0 0 0\n";
const MOUNTS_V1: &str = "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
36 31 0:33 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
38 31 0:35 / /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
";
const MOUNTS_V2: &str = "24 1 0:22 / /proc rw - proc proc rw
35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate
";

fn id() -> ContainerId {
    "0123456789abcdef".repeat(4).parse().unwrap()
}

fn life(network: Network) -> Life {
    Life {
        id: id(),
        started_at: Some(UnixMs(1)),
        pid: Some(77),
        network,
        interfaces: Interfaces::Engines { named: Vec::new() },
    }
}

struct Tree(TempDir);

impl Tree {
    fn new(mounts: &str, membership: &str) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        tree.write("proc/stat", STAT);
        tree.write("proc/self/mountinfo", mounts);
        tree.write("proc/77/cgroup", membership);
        tree.write("proc/77/net/dev", NET);
        tree
    }

    /// A container in version 1 hierarchies, with `cpu` and `cpuacct` mounted together.
    fn v1(path: &str) -> Self {
        let membership = format!(
            "9:name=systemd:{path}\n8:pids:{path}\n7:blkio:{path}\n4:memory:{path}\n2:cpu,cpuacct:{path}\n0::/\n"
        );
        let tree = Self::new(MOUNTS_V1, &membership);
        let cpu = format!("sys/fs/cgroup/cpu,cpuacct{path}");
        tree.write(&format!("{cpu}/cpuacct.usage"), "5000000000\n");
        tree.write(
            &format!("{cpu}/cpu.stat"),
            "nr_periods 10\nnr_throttled 4\nthrottled_time 900\n",
        );
        let memory = format!("sys/fs/cgroup/memory{path}");
        tree.write(&format!("{memory}/memory.usage_in_bytes"), "1000000\n");
        tree.write(
            &format!("{memory}/memory.limit_in_bytes"),
            "9223372036854771712\n",
        );
        tree.write(
            &format!("{memory}/memory.stat"),
            "cache 1\nrss 2\ninactive_file 5\ntotal_cache 300000\ntotal_rss 600000\ntotal_inactive_file 200000\n",
        );
        let blkio = format!("sys/fs/cgroup/blkio{path}");
        tree.write(
            &format!("{blkio}/blkio.throttle.io_service_bytes"),
            "8:0 Read 10\n8:0 Write 20\n8:0 Total 30\nTotal 30\n",
        );
        tree.write(&format!("sys/fs/cgroup/pids{path}/pids.current"), "3\n");
        tree.write(&format!("sys/fs/cgroup/pids{path}/pids.max"), "max\n");
        tree
    }

    fn v2(path: &str) -> Self {
        let tree = Self::new(MOUNTS_V2, &format!("0::{path}\n"));
        tree.write_v2(path);
        tree
    }

    fn write_v2(&self, path: &str) {
        let group = format!("sys/fs/cgroup{path}");
        self.write(
            &format!("{group}/cpu.stat"),
            "usage_usec 5000000\nuser_usec 1\nsystem_usec 2\nnr_periods 10\nnr_throttled 4\nthrottled_usec 9\n",
        );
        self.write(&format!("{group}/memory.current"), "1000000\n");
        self.write(&format!("{group}/memory.max"), "500000000\n");
        self.write(
            &format!("{group}/memory.stat"),
            "anon 600000\nfile 300000\nfile_mapped 1\ninactive_file 200000\n",
        );
        self.write(
            &format!("{group}/io.stat"),
            "8:0 rbytes=10 wbytes=20 rios=1 wios=1 dbytes=0 dios=0\n",
        );
        self.write(&format!("{group}/pids.current"), "3\n");
        self.write(&format!("{group}/pids.max"), "50\n");
    }

    fn write_machine(&self) {
        let memory =
            "MemTotal: 8 kB\nMemFree: 1 kB\nMemAvailable: 2 kB\nBuffers: 1 kB\nCached: 1 kB\n";
        self.write("proc/meminfo", memory);
        self.write("proc/loadavg", "0.50 0.72 0.54 2/513 41375\n");
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.0.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn sampler(&self) -> Sampler {
        Sampler::new(self.0.path(), Some(8_000_000_000)).unwrap()
    }

    fn sampler_of(&self, life: &Life) -> Sampler {
        let mut sampler = self.sampler();
        sampler.add(life).unwrap();
        sampler
    }
}

fn only(readings: &[(ContainerId, Reading)]) -> Reading {
    assert_eq!(readings.len(), 1);
    readings[0].1
}

#[test]
fn version_1_files_give_what_the_engine_would() {
    let tree = Tree::v1(&format!("/docker/{}", id()));
    let mut sampler = tree.sampler_of(&life(Network::Own));
    assert_eq!(sampler.collection(), Some(Collection::Cgroup1));
    let reading = only(&sampler.sweep(UnixMs(5)));
    assert_eq!(reading.at, UnixMs(5));
    assert_eq!(reading.cpu_total_ns, 5_000_000_000);
    assert_eq!(reading.memory.used, 800_000);
    assert_eq!(
        reading.memory.limit,
        Some(8_000_000_000),
        "no limit is the machine's memory"
    );
    assert_eq!(
        (reading.memory.rss, reading.memory.cache),
        (Some(600_000), Some(300_000))
    );
    assert_eq!(
        reading.block,
        Some(BlockIo {
            read: 10,
            written: 20
        })
    );
    assert_eq!((reading.pids, reading.pids_limit), (Some(3), None));
    assert_eq!(reading.throttling.unwrap().throttled_ns, 900);
    assert_eq!(
        reading.network.unwrap().received,
        1000,
        "without the loopback"
    );
}

#[test]
fn version_2_files_give_what_the_engine_would() {
    let path = format!("/system.slice/docker-{}.scope", id());
    let tree = Tree::v2(&path);
    let mut sampler = tree.sampler_of(&life(Network::Own));
    assert_eq!(sampler.collection(), Some(Collection::Cgroup2));
    let reading = only(&sampler.sweep(UnixMs(5)));
    assert_eq!(reading.cpu_total_ns, 5_000_000_000);
    assert_eq!(reading.memory.used, 800_000);
    assert_eq!(reading.memory.limit, Some(500_000_000));
    assert_eq!(
        (reading.memory.rss, reading.memory.cache),
        (Some(600_000), Some(300_000))
    );
    assert_eq!(
        reading.block,
        Some(BlockIo {
            read: 10,
            written: 20
        })
    );
    assert_eq!((reading.pids, reading.pids_limit), (Some(3), Some(50)));
    assert_eq!(reading.throttling.unwrap().throttled_ns, 9000);
}

#[test]
fn the_second_sweep_gives_a_percentage_and_the_first_does_not() {
    let path = format!("/docker/{}", id());
    let tree = Tree::v1(&path);
    let mut sampler = tree.sampler_of(&life(Network::Own));
    assert_eq!(only(&sampler.sweep(UnixMs(1000))).cpu_percent, None);
    tree.write("proc/stat", A_SECOND_LATER);
    tree.write(
        &format!("sys/fs/cgroup/cpu,cpuacct{path}/cpuacct.usage"),
        "5500000000\n",
    );
    assert_eq!(only(&sampler.sweep(UnixMs(2000))).cpu_percent, Some(50.0));
}

#[test]
fn the_machine_is_read_with_its_containers_and_goes_on_without_them() {
    let tree = Tree::v2(&format!("/docker/{}", id()));
    tree.write_machine();
    let mut sampler = tree.sampler_of(&life(Network::Own));
    assert_eq!(sampler.machine(UnixMs(1000)), None, "nothing was swept yet");
    sampler.sweep(UnixMs(1000));
    let machine = sampler.machine(UnixMs(1000)).unwrap();
    assert_eq!((machine.cpu_percent, machine.memory.used), (None, 6 * 1024));
    sampler.remove(&id());
    tree.write("proc/stat", A_SECOND_LATER);
    assert_eq!(sampler.sweep(UnixMs(2000)), []);
    let machine = sampler.machine(UnixMs(2000)).unwrap();
    assert_eq!(
        (machine.at, machine.cpu_percent),
        (UnixMs(2000), Some(150.0))
    );
}

#[test]
fn a_counter_that_went_backwards_is_a_new_baseline() {
    let path = format!("/docker/{}", id());
    let tree = Tree::v1(&path);
    let usage = format!("sys/fs/cgroup/cpu,cpuacct{path}/cpuacct.usage");
    let mut sampler = tree.sampler_of(&life(Network::Own));
    sampler.sweep(UnixMs(1000));
    tree.write("proc/stat", A_SECOND_LATER);
    tree.write(&usage, "4000000000\n");
    assert_eq!(only(&sampler.sweep(UnixMs(2000))).cpu_percent, None);
    tree.write("proc/stat", &A_SECOND_LATER.replace("850", "950"));
    tree.write(&usage, "4500000000\n");
    assert_eq!(only(&sampler.sweep(UnixMs(3000))).cpu_percent, Some(100.0));
}

#[test]
fn a_restarted_container_gives_no_percentage_at_first() {
    let tree = Tree::v2(&format!("/docker/{}", id()));
    let mut sampler = tree.sampler_of(&life(Network::Own));
    sampler.sweep(UnixMs(1000));
    tree.write("proc/stat", A_SECOND_LATER);
    sampler.add(&life(Network::Own)).unwrap();
    assert_eq!(only(&sampler.sweep(UnixMs(2000))).cpu_percent, None);
}

#[test]
fn a_container_whose_files_are_gone_is_absent_and_not_zero() {
    let path = format!("/docker/{}", id());
    let tree = Tree::v2(&path);
    let mut sampler = tree.sampler_of(&life(Network::Own));
    // What a read of a removed group's file gives cannot be written to a disk; an empty file is as unreadable.
    tree.write(&format!("sys/fs/cgroup{path}/memory.current"), "");
    assert_eq!(sampler.sweep(UnixMs(1000)), []);
}

#[test]
fn a_process_of_that_number_that_is_not_the_containers_is_not_measured() {
    let stranger = "f".repeat(64);
    for tree in [
        Tree::v1(&format!("/docker/{stranger}")),
        Tree::v2(&format!("/system.slice/docker-{stranger}.scope")),
        Tree::v2("/user.slice"),
    ] {
        tree.write_machine();
        let mut sampler = tree.sampler();
        let refused = sampler.add(&life(Network::Own)).unwrap_err();
        assert!(matches!(refused, Unlocatable::Stranger(77)), "{refused:?}");
        sampler.sweep(UnixMs(1));
        assert_eq!(sampler.machine(UnixMs(1)), None, "it is another machine's");
    }
}

#[test]
fn an_engine_on_another_machine_has_no_process_here() {
    let tree = Tree::v2(&format!("/docker/{}", id()));
    let mut elsewhere = life(Network::Own);
    elsewhere.pid = Some(12_345);
    assert!(tree.sampler().add(&elsewhere).is_err());
    elsewhere.pid = None;
    assert!(tree.sampler().add(&elsewhere).is_err());
}

#[test]
fn a_first_process_in_a_group_below_is_measured_as_the_whole_container() {
    let own = format!("/machine.slice/libpod-{}.scope", id());
    let tree = Tree::new(MOUNTS_V2, &format!("0::{own}/container/init.scope\n"));
    tree.write_v2(&own);
    let mut sampler = tree.sampler_of(&life(Network::Own));
    assert_eq!(only(&sampler.sweep(UnixMs(1))).pids, Some(3));
}

#[test]
fn a_hierarchy_mounted_from_a_part_of_it_is_found_through_that_part() {
    let outer = "/docker/outer";
    let path = format!("{outer}/docker/{}", id());
    let mounts = MOUNTS_V2.replace("0:30 / /sys", &format!("0:30 {outer} /sys"));
    let tree = Tree::new(&mounts, &format!("0::{path}\n"));
    tree.write_v2(&format!("/docker/{}", id()));
    let mut sampler = tree.sampler_of(&life(Network::Own));
    assert_eq!(sampler.sweep(UnixMs(1)).len(), 1);
}

#[test]
fn a_path_seen_from_another_namespace_is_not_followed() {
    let tree = Tree::new(MOUNTS_V2, &format!("0::/../../docker/{}\n", id()));
    tree.write_v2(&format!("/docker/{}", id()));
    assert!(tree.sampler().add(&life(Network::Own)).is_err());
}

#[test]
fn containers_on_the_hosts_network_or_none_have_no_bytes_of_their_own() {
    let tree = Tree::v2(&format!("/docker/{}", id()));
    for network in [Network::Host, Network::None] {
        let mut sampler = tree.sampler_of(&life(network));
        assert_eq!(only(&sampler.sweep(UnixMs(1))).network, None);
    }
    let mut sampler = tree.sampler_of(&life(Network::Container(id())));
    assert_eq!(only(&sampler.sweep(UnixMs(1))).network.unwrap().sent, 50);
}

#[test]
fn what_a_kernel_does_not_count_is_none_and_not_zero() {
    let path = format!("/docker/{}", id());
    let tree = Tree::v2(&path);
    for file in ["io.stat", "pids.current", "pids.max"] {
        std::fs::remove_file(tree.0.path().join(format!("sys/fs/cgroup{path}/{file}"))).unwrap();
    }
    tree.write(
        &format!("sys/fs/cgroup{path}/cpu.stat"),
        "usage_usec 5000000\nuser_usec 1\nsystem_usec 2\n",
    );
    let mut sampler = tree.sampler_of(&life(Network::Own));
    let reading = only(&sampler.sweep(UnixMs(1)));
    assert_eq!(
        (reading.block, reading.pids, reading.throttling),
        (None, None, None)
    );
}

#[test]
fn a_scheduler_that_counts_is_believed_before_the_throttling_layer() {
    let path = format!("/docker/{}", id());
    let tree = Tree::v1(&path);
    let scheduler = format!("sys/fs/cgroup/blkio{path}/blkio.io_service_bytes_recursive");
    tree.write(&scheduler, "8:0 Read 70\n8:0 Write 80\nTotal 150\n");
    let mut sampler = tree.sampler_of(&life(Network::Own));
    assert_eq!(
        only(&sampler.sweep(UnixMs(1))).block,
        Some(BlockIo {
            read: 70,
            written: 80
        })
    );
    tree.write(&scheduler, "Total 0\n");
    assert_eq!(
        only(&sampler.sweep(UnixMs(2))).block,
        Some(BlockIo {
            read: 10,
            written: 20
        })
    );
}
