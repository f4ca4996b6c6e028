//! What a fake engine has: containers made up by number, and the answers a real engine would give about them.

use super::connection::{Reply, Request};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The containers of a fake engine: the first `running` of them run, the others have exited with code 137.
#[derive(Debug, Clone)]
pub struct World {
    /// How many there are.
    pub containers: usize,
    /// How many of them run.
    pub running: usize,
    /// What each name begins with; the number follows.
    pub name: String,
}

impl World {
    /// `running` containers that run and no others.
    #[must_use]
    pub fn running(running: usize) -> Self {
        Self {
            containers: running,
            running,
            name: "fake-".to_owned(),
        }
    }

    /// This many more that have exited.
    #[must_use]
    pub fn and_exited(mut self, exited: usize) -> Self {
        self.containers += exited;
        self
    }

    /// Other names: this text and the container's number.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Full id of container `number`.
    #[must_use]
    pub fn id(number: usize) -> String {
        format!("{number:064x}")
    }

    /// The event that `action` happened to container `number` just now.
    #[must_use]
    pub fn event(&self, action: &str, number: usize) -> Value {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        json!({
            "status": action, "id": Self::id(number), "from": "busybox:test",
            "Type": "container", "Action": action,
            "Actor": {"ID": Self::id(number), "Attributes": {"image": "busybox:test", "name": self.name_of(number)}},
            "scope": "local", "time": now.as_secs(),
            "timeNano": u64::try_from(now.as_nanos()).unwrap_or(u64::MAX),
        })
    }

    fn name_of(&self, number: usize) -> String {
        format!("{}{number}", self.name)
    }

    /// Statistics of container `number` in its `second`: a tenth of a core, one process.
    #[must_use]
    pub fn frame(number: usize, second: u64) -> Value {
        let cpu = 1_000_000_000 + second * 100_000_000;
        let machine = 1_000_000_000_000 + second * 4_000_000_000;
        json!({
            "read": "2026-11-24T12:00:00.5Z", "preread": "2026-11-24T11:59:59.5Z",
            "pids_stats": {"current": 1}, "num_procs": 0, "storage_stats": {},
            "blkio_stats": {"io_service_bytes_recursive": [{"major": 8, "minor": 0, "op": "read", "value": 4096}]},
            "cpu_stats": {
                "cpu_usage": {"total_usage": cpu, "usage_in_kernelmode": 1, "usage_in_usermode": 1},
                "system_cpu_usage": machine, "online_cpus": 4,
                "throttling_data": {"periods": 0, "throttled_periods": 0, "throttled_time": 0},
            },
            "memory_stats": {"usage": 3_000_000, "limit": 8_000_000_000_u64,
                             "stats": {"anon": 1_000_000, "file": 2_000_000, "inactive_file": 500_000}},
            "name": "/fake", "id": Self::id(number),
            "networks": {"eth0": {"rx_bytes": 1000 + second, "tx_bytes": 500, "rx_dropped": 0, "tx_dropped": 0}},
        })
    }

    /// What a well-behaved engine answers.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Reply {
        let endpoint = request.endpoint();
        match endpoint {
            "/_ping" => Reply::Status(200, "OK".to_owned()),
            "/version" => Reply::Json(version().to_string()),
            "/info" => Reply::Json(self.info().to_string()),
            "/containers/json" => Reply::Json(self.list()),
            "/events" => Reply::Lines(Vec::new()),
            _ => self.container(endpoint),
        }
    }

    fn container(&self, endpoint: &str) -> Reply {
        let number = endpoint
            .strip_prefix("/containers/")
            .and_then(|rest| rest.split('/').next())
            .and_then(|id| usize::from_str_radix(id, 16).ok())
            .filter(|number| *number < self.containers);
        let Some(number) = number else {
            let body = json!({"message": "No such container"});
            return Reply::Status(404, body.to_string());
        };
        if endpoint.ends_with("/stats") {
            let line = move |second| Self::frame(number, second).to_string();
            return Reply::Ticks(Duration::from_secs(1), Box::new(line));
        }
        Reply::Json(self.inspect(number).to_string())
    }

    fn info(&self) -> Value {
        json!({
            "ID": "FAKE:ENGINE", "Name": "fake", "ServerVersion": "20.10.24", "OperatingSystem": "Fake Linux",
            "KernelVersion": "6.1.0", "Architecture": "x86_64", "NCPU": 4, "MemTotal": 8_000_000_000_u64,
            "CgroupVersion": "2", "CgroupDriver": "systemd", "Driver": "overlay2", "Images": 1,
            "SecurityOptions": ["name=seccomp,profile=default"], "LiveRestoreEnabled": false, "Warnings": null,
            "Containers": self.containers, "ContainersRunning": self.running,
        })
    }

    fn list(&self) -> String {
        let rows = (0..self.containers).map(|number| {
            let running = number < self.running;
            json!({
                "Id": Self::id(number), "Names": [format!("/{}", self.name_of(number))], "Image": "busybox:test",
                "ImageID": format!("sha256:{}", "a".repeat(64)), "Command": "sleep 100000", "Created": 1_795_528_800,
                "Ports": [], "Labels": {"com.docker.compose.project": "fake"},
                "State": if running { "running" } else { "exited" },
                "Status": if running { "Up 3 minutes" } else { "Exited (137) 3 hours ago" },
                "HostConfig": {"NetworkMode": "default"},
                "NetworkSettings": {"Networks": {"bridge": {"IPAddress": ""}}}, "Mounts": [],
            })
            .to_string()
        });
        format!("[{}]", rows.collect::<Vec<_>>().join(","))
    }

    fn inspect(&self, number: usize) -> Value {
        let running = number < self.running;
        json!({
            "Id": Self::id(number), "Name": format!("/{}", self.name_of(number)), "Created": "2026-11-24T10:00:00.5Z",
            "Path": "sleep", "Args": ["100000"], "Image": format!("sha256:{}", "a".repeat(64)), "RestartCount": 0,
            "State": {
                "Status": if running { "running" } else { "exited" }, "Running": running, "Paused": false,
                "Restarting": false, "OOMKilled": false, "Dead": false,
                "Pid": if running { 4_000_000 + number } else { 0 }, "ExitCode": if running { 0 } else { 137 },
                "Error": "", "StartedAt": "2026-11-24T10:00:01.5Z",
                "FinishedAt": if running { "0001-01-01T00:00:00Z" } else { "2026-11-24T11:00:00Z" },
            },
            "HostConfig": {"NetworkMode": "default", "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
                           "Memory": 0, "NanoCpus": 0, "PidsLimit": null},
            "Config": {"Image": "busybox:test", "Labels": {"com.docker.compose.project": "fake"}},
            "NetworkSettings": {"Ports": {}, "Networks": {"bridge": {"IPAddress": "172.17.0.2"}}}, "Mounts": [],
        })
    }
}

fn version() -> Value {
    json!({
        "Platform": {"Name": "fake"}, "Components": [{"Name": "Engine", "Version": "20.10.24"}],
        "Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12", "Os": "linux", "Arch": "amd64",
    })
}
