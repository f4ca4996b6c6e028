//! A real Docker Engine of a test's own.

use crate::machine;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

/// Name of the one image every engine has: a root file system with busybox alone.
const IMAGE: &str = "busybox:test";

/// Longest wait for an engine to answer or to end.
const PATIENCE: Duration = Duration::from_secs(40);

/// A real Docker Engine in a network namespace of its own, with its own socket, data, control groups and the image
/// `busybox:test`. Ends with everything it made when dropped.
pub struct Engine {
    name: String,
    folder: PathBuf,
    daemon: Mutex<Option<Child>>,
}

impl Engine {
    /// Starts one engine and waits until it answers.
    ///
    /// # Panics
    /// When the machine lacks a program (the message names its Debian package) or the engine does not answer in time
    /// (the message ends with its log).
    #[must_use]
    pub fn start() -> Self {
        Self::start_many(1).remove(0)
    }

    /// Starts `count` engines side by side: as many hosts.
    ///
    /// # Panics
    /// As [`Engine::start`].
    #[must_use]
    pub fn start_many(count: usize) -> Vec<Self> {
        machine::require_programs();
        for name in machine::orphans() {
            clean_up(&name);
        }
        let engines: Vec<_> = (0..count).map(|_| Self::prepare()).collect();
        for engine in &engines {
            engine.launch();
        }
        for engine in &engines {
            engine.wait_until_it_answers();
            engine.import_image();
        }
        engines
    }

    /// The engine that the running tests of this program share; the last test to let go of it ends it.
    ///
    /// # Panics
    /// As [`Engine::start`].
    #[must_use]
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Engine>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(|lock| lock.into_inner());
        if let Some(engine) = shared.upgrade() {
            return engine;
        }
        let engine = Arc::new(Self::start());
        *shared = Arc::downgrade(&engine);
        engine
    }

    fn prepare() -> Self {
        let name = machine::unique_name();
        let folder = machine::folder(&name);
        std::fs::create_dir_all(folder.join("config")).expect("a folder for the engine");
        machine::must("ip", &["netns", "add", &name]);
        machine::must("ip", &["-n", &name, "link", "set", "lo", "up"]);
        Self {
            name,
            folder,
            daemon: Mutex::new(None),
        }
    }

    /// Path of its socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder.join("docker.sock")
    }

    /// Its address as `DOCKER_HOST` would write it.
    #[must_use]
    pub fn address(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Process id of its daemon, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.lock().as_ref().map(Child::id)
    }

    /// CPU time of its daemon, containerd and shims so far.
    #[must_use]
    pub fn cpu_time(&self) -> Duration {
        let processes = machine::processes_of(&self.name);
        processes.into_iter().map(machine::cpu_time).sum()
    }

    /// Runs the docker command line against it and returns what that printed, without the last line end.
    ///
    /// # Panics
    /// When the command fails; the message has what it printed.
    pub fn docker(&self, args: &[&str]) -> String {
        self.try_docker(args)
            .unwrap_or_else(|printed| panic!("docker {}: {printed}", args.join(" ")))
    }

    /// As [`Engine::docker`], for commands that may fail.
    ///
    /// # Errors
    /// What the command printed as its error.
    pub fn try_docker(&self, args: &[&str]) -> Result<String, String> {
        let output = self
            .command()
            .args(args)
            .output()
            .expect("docker was found when the engine started");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        match output.status.success() {
            true => Ok(text(&output.stdout)),
            false => Err(text(&output.stderr)),
        }
    }

    /// The docker command line aimed at this engine, for tests that read what it prints as it runs.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new("docker");
        command
            .env_remove("DOCKER_HOST")
            .env_remove("DOCKER_CONTEXT")
            .env("DOCKER_CONFIG", self.folder.join("config"))
            .args(["-H", &self.address()]);
        command
    }

    /// Runs a container of `busybox:test` in the background and returns its full id.
    pub fn run(&self, options: &[&str], command: &[&str]) -> String {
        self.docker(&[&["run", "-d"], options, &[IMAGE], command].concat())
    }

    /// Runs a container that does nothing, called `name`, and returns its full id.
    pub fn run_idle(&self, name: &str) -> String {
        self.run(&["--name", name], &["sleep", "100000"])
    }

    /// Ends the daemon at once, as a crash would. Its containers go on.
    pub fn kill(&self) {
        self.end("KILL");
    }

    /// Ends the daemon as an administrator would. Its containers end with it.
    pub fn stop(&self) {
        self.end("TERM");
    }

    /// Starts the daemon again after [`Engine::kill`] or [`Engine::stop`] and waits until it answers.
    pub fn restart(&self) {
        self.end("TERM");
        self.launch();
        self.wait_until_it_answers();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.daemon.lock().unwrap_or_else(|lock| lock.into_inner())
    }

    fn end(&self, signal: &str) {
        let Some(mut child) = self.lock().take() else {
            return;
        };
        let containerd = pid_in(&self.folder.join("exec/containerd/containerd.pid"));
        machine::signal(child.id(), signal);
        if !machine::wait_until(PATIENCE, || matches!(child.try_wait(), Ok(Some(_)))) {
            let _ = child.kill();
        }
        let _ = child.wait();
        if let Some(pid) = containerd {
            machine::wait_until(PATIENCE, || !machine::is_alive(pid));
        }
    }

    fn launch(&self) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .expect("a log for the engine");
        let path = |name: &str| self.folder.join(name).to_string_lossy().into_owned();
        let _ = std::fs::remove_file(self.folder.join("docker.pid"));
        // A killed daemon takes its containerd with it, but where nobody reaps that, the next daemon would wait for the zombie.
        let containerd = self.folder.join("exec/containerd/containerd.pid");
        if !pid_in(&containerd).is_some_and(machine::is_alive) {
            let _ = std::fs::remove_file(containerd);
        }
        // nsenter rather than `ip netns exec`: the latter hides the control group mounts.
        let child = Command::new("nsenter")
            .arg(format!("--net=/var/run/netns/{}", self.name))
            .arg("dockerd")
            .args(["-H", &self.address(), "--data-root", &path("data")])
            .args([
                "--exec-root",
                &path("exec"),
                "--pidfile",
                &path("docker.pid"),
            ])
            .args(["--cgroup-parent", &format!("/{}", self.name)])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle of the log"))
            .stderr(log)
            .spawn()
            .expect("nsenter was found when the engine started");
        *self.lock() = Some(child);
    }

    fn log(&self) -> PathBuf {
        self.folder.join("dockerd.log")
    }

    fn wait_until_it_answers(&self) {
        let answers = || self.socket().exists() && self.try_docker(&["version"]).is_ok();
        if machine::wait_until(PATIENCE, answers) {
            return;
        }
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let from = log.len().saturating_sub(2000);
        panic!(
            "the Docker Engine did not answer within {} s: {}",
            PATIENCE.as_secs(),
            log.get(from..).unwrap_or(&log)
        );
    }

    fn import_image(&self) {
        let archive = self.folder.join("busybox.tar");
        machine::write_busybox_image(&self.folder, &archive);
        self.docker(&["import", &archive.to_string_lossy(), IMAGE]);
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if self.lock().is_none() {
            // A killed daemon left its containers running; only a daemon can end them.
            self.launch();
        }
        machine::wait_until(PATIENCE, || self.try_docker(&["version"]).is_ok());
        if let Ok(ids) = self.try_docker(&["ps", "--all", "--quiet"]) {
            let ids: Vec<_> = ids.lines().collect();
            for some in ids.chunks(200) {
                let _ = self.try_docker(&[&["rm", "--force", "--volumes"], some].concat());
            }
        }
        self.end("TERM");
        remove_traces(&self.name, &self.folder);
    }
}

/// Ends and removes an engine whose owner died without dropping it.
fn clean_up(name: &str) {
    let folder = machine::folder(name);
    let pid =
        pid_in(&folder.join("docker.pid")).filter(|pid| machine::was_started_with(*pid, name));
    if let Some(pid) = pid {
        machine::signal(pid, "TERM");
        machine::wait_until(PATIENCE, || !machine::is_alive(pid));
    }
    remove_traces(name, &folder);
}

fn pid_in(file: &Path) -> Option<u32> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

fn remove_traces(name: &str, folder: &Path) {
    machine::end_remains(name);
    let _ = machine::run("ip", &["netns", "delete", name]);
    let inside = format!("{}/", folder.display());
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    for mount in mounts.lines().filter_map(|line| line.split(' ').nth(1)) {
        if mount.starts_with(&inside) {
            let _ = machine::run("umount", &["--lazy", mount]);
        }
    }
    machine::remove_cgroups(name);
    let _ = std::fs::remove_dir_all(folder);
}
