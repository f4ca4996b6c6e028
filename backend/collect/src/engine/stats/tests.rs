use super::*;
use crate::counters::cpu_percent;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../fixtures/stats/", $name, ".json"))
    };
}

const NOW: UnixMs = UnixMs(1);

fn docker(frame: &[u8]) -> Option<Counters> {
    counters(serde_json::from_slice(frame).unwrap(), false, NOW)
}

/// The same frame a second later with other values.
fn edited(frame: &[u8], changes: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::from_utf8(frame.to_vec()).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from} is not in the fixture");
        text = text.replacen(from, to, 1);
    }
    text.into_bytes()
}

#[test]
fn version_1_subtracts_the_hierarchys_inactive_file_and_sums_all_devices_and_interfaces() {
    let counters = docker(fixture!("cgroup-v1")).unwrap();
    assert_eq!(counters.memory.used, 5_931_008 - 4096);
    assert_eq!(counters.memory.raw, 5_931_008);
    assert_eq!(counters.memory.limit, Some(67_108_864));
    assert_eq!(counters.memory.rss, Some(53_248));
    assert_eq!(counters.memory.cache, Some(5_242_880));
    let block = counters.block.unwrap();
    assert_eq!((block.read, block.written), (1030, 204));
    let network = counters.network.unwrap();
    assert_eq!((network.received, network.sent), (1050, 75));
    assert_eq!((network.received_dropped, network.sent_dropped), (3, 1));
    assert_eq!((counters.pids, counters.pids_limit), (Some(1), Some(50)));
    assert_eq!(counters.throttling.unwrap().throttled_periods, 1);
}

#[test]
fn version_2_subtracts_inactive_file_and_knows_its_operations_in_lower_case() {
    let counters = docker(fixture!("cgroup-v2")).unwrap();
    assert_eq!(counters.memory.used, 8_000_000);
    assert_eq!(counters.memory.rss, Some(3_000_000));
    assert_eq!(counters.memory.cache, Some(6_000_000));
    let block = counters.block.unwrap();
    assert_eq!((block.read, block.written), (4096, 8192));
    assert_eq!(counters.pids_limit, None, "the largest number is no limit");
}

#[test]
fn a_stopped_containers_zeros_are_a_gap() {
    assert_eq!(docker(fixture!("stopped")), None);
}

#[test]
fn zeros_with_a_time_are_a_gap_too() {
    let between_lives = edited(
        fixture!("stopped"),
        &[("0001-01-01T00:00:00Z", "2026-11-24T15:38:38Z")],
    );
    assert_eq!(docker(&between_lives), None);
}

#[test]
fn the_first_frame_gives_no_percentage_and_not_the_mean_since_boot() {
    let first = docker(fixture!("first-frame-since-boot")).unwrap();
    let reading = crate::counters::reading(NOW, None, &first);
    assert_eq!(reading.cpu_percent, None);
    assert_eq!(reading.cpu_total_ns, 900_000_000);
}

#[test]
fn processors_are_counted_when_an_old_engine_does_not_tell_them() {
    let first = docker(fixture!("first-frame-since-boot")).unwrap();
    assert_eq!(first.cpu.cpus, 2);
}

#[test]
fn an_inactive_file_cache_as_large_as_usage_and_a_limit_of_zero() {
    let memory = docker(fixture!("first-frame-since-boot")).unwrap().memory;
    assert_eq!(memory.used, 4096, "plain usage, as docker shows it");
    assert_eq!(memory.limit, None);
    assert_eq!(memory.percent(), None);
}

#[test]
fn a_container_without_a_network_of_its_own_reports_none() {
    assert_eq!(
        docker(fixture!("first-frame-since-boot")).unwrap().network,
        None
    );
}

#[test]
fn frames_a_second_apart_give_the_engines_percentage() {
    let before = docker(fixture!("cgroup-v1")).unwrap();
    let later = edited(
        fixture!("cgroup-v1"),
        &[
            ("\"total_usage\":28445904", "\"total_usage\":528445904"),
            (
                "\"system_cpu_usage\":6039030000000",
                "\"system_cpu_usage\":6041030000000",
            ),
        ],
    );
    let after = docker(&later).unwrap();
    assert_eq!(cpu_percent(before.cpu, after.cpu), Some(50.0));
    assert_eq!(cpu_percent(after.cpu, before.cpu), None, "backwards");
}

#[test]
fn podmans_system_usage_is_not_the_machines_so_the_clock_is_asked() {
    let read = |frame: &[u8]| counters(serde_json::from_slice(frame).unwrap(), true, NOW).unwrap();
    let before = read(fixture!("podman"));
    let later = edited(
        fixture!("podman"),
        &[
            (
                "\"read\":\"2026-11-24T15:38:38Z\"",
                "\"read\":\"2026-11-24T15:38:40Z\"",
            ),
            ("\"total_usage\":500000000", "\"total_usage\":1500000000"),
            (
                "\"system_cpu_usage\":500000001",
                "\"system_cpu_usage\":1500000001",
            ),
        ],
    );
    let after = read(&later);
    assert_eq!(
        cpu_percent(before.cpu, after.cpu),
        Some(50.0),
        "one second of CPU in two seconds; by its own word it would be 400 %"
    );
    assert_eq!(after.memory.used, 1_000_000);
    assert_eq!(after.network.unwrap().sent, 20);
}

#[test]
fn windows_counts_in_hundreds_of_nanoseconds_and_the_machine_is_one_hundred_percent() {
    let before = docker(fixture!("windows")).unwrap();
    let later = edited(
        fixture!("windows"),
        &[
            (
                "\"read\":\"2026-11-24T15:38:38",
                "\"read\":\"2026-11-24T15:38:39",
            ),
            ("\"total_usage\":10000000", "\"total_usage\":30000000"),
        ],
    );
    let after = docker(&later).unwrap();
    assert_eq!(
        cpu_percent(before.cpu, after.cpu),
        Some(50.0),
        "2 of 4 processors"
    );
    assert_eq!(after.memory.used, 123_456);
    assert_eq!(after.memory.limit, None);
    assert_eq!(after.pids, None);
    let block = after.block.unwrap();
    assert_eq!((block.read, block.written), (3000, 400));
}

#[test]
fn a_frame_of_another_shape_is_an_error_and_not_a_reading() {
    for odd in [
        "",
        "<html>",
        "[]",
        "{\"read\":7}",
        "{\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":-1}}}",
    ] {
        let frame = serde_json::from_str::<ContainerStatsResponse>(odd);
        assert!(frame.is_err(), "{odd}");
    }
    assert_eq!(docker(b"{}"), None);
}
