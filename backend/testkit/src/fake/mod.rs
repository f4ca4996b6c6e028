//! An engine that is a script: speaks HTTP on a Unix socket or TCP, well-behaved except where a test says otherwise.

mod connection;
mod world;

pub use connection::{Reply, Request};
pub use world::World;

use connection::Connection;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use tempfile::TempDir;

/// What a script may answer a request with; `None` leaves the answer to the [`World`].
type Script = dyn Fn(&Request) -> Option<Reply> + Send + Sync;

/// A server that answers as a Docker Engine with a given [`World`] would, and misbehaves where its script says so.
///
/// Ends with all its connections when dropped.
pub struct FakeEngine {
    address: String,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
    folder: Option<TempDir>,
}

struct Shared {
    world: World,
    script: Box<Script>,
    requests: Mutex<Vec<String>>,
    connections: Mutex<Vec<Connection>>,
    ending: AtomicBool,
}

impl FakeEngine {
    /// A well-behaved engine on a Unix socket.
    #[must_use]
    pub fn start(world: World) -> Self {
        Self::start_with(world, |_| None)
    }

    /// An engine on a Unix socket whose `script` may answer any request in its own way.
    ///
    /// # Panics
    /// When the machine gives no socket.
    #[must_use]
    pub fn start_with(
        world: World,
        script: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the socket");
        let mut engine = Self::start_at(&folder.path().join("docker.sock"), world, script);
        engine.folder = Some(folder);
        engine
    }

    /// As [`FakeEngine::start_with`], on a socket at this path.
    ///
    /// # Panics
    /// When there can be no socket.
    #[must_use]
    pub fn start_at(
        socket: &Path,
        world: World,
        script: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let listener = UnixListener::bind(socket).expect("a socket");
        let address = format!("unix://{}", socket.display());
        let accept = move || listener.accept().ok().map(|(stream, _)| stream.into());
        Self::serve(address, world, Box::new(script), accept)
    }

    /// As [`FakeEngine::start_with`], on a TCP port of the loopback.
    ///
    /// # Panics
    /// When the machine gives no port.
    #[must_use]
    pub fn start_tcp(
        world: World,
        script: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of the loopback");
        let address = format!("tcp://{}", listener.local_addr().expect("a bound port"));
        let accept = move || listener.accept().ok().map(|(stream, _)| stream.into());
        Self::serve(address, world, Box::new(script), accept)
    }

    fn serve(
        address: String,
        world: World,
        script: Box<Script>,
        accept: impl Fn() -> Option<Connection> + Send + 'static,
    ) -> Self {
        let shared = Arc::new(Shared {
            world,
            script,
            requests: Mutex::default(),
            connections: Mutex::default(),
            ending: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        let acceptor = std::thread::spawn(move || {
            let mut answering = Vec::new();
            while let Some(connection) = accept() {
                if serving.ending.load(Ordering::SeqCst) {
                    break;
                }
                lock(&serving.connections).push(connection.clone());
                let serving = Arc::clone(&serving);
                answering.push(std::thread::spawn(move || serving.answer(&connection)));
                answering.retain(|thread| !thread.is_finished());
            }
            // One that was accepted while the others were being closed.
            serving.hang_up();
            for thread in answering {
                let _ = thread.join();
            }
        });
        Self {
            address,
            shared,
            acceptor: Some(acceptor),
            folder: None,
        }
    }

    /// Its address as `DOCKER_HOST` would write it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Path of its socket; empty for one that listens on TCP.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        PathBuf::from(self.address.strip_prefix("unix://").unwrap_or_default())
    }

    /// Paths asked for so far, queries included, in the order they came.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.shared.requests).clone()
    }

    /// Sends one line to everyone who listens to events; waits for a listener that is slow to read.
    pub fn emit(&self, event: &serde_json::Value) {
        let line = format!("{event}\n");
        let connections = lock(&self.shared.connections).clone();
        for connection in connections.iter().filter(|one| one.is_events()) {
            connection.chunk(line.as_bytes());
        }
    }

    /// Closes every connection, as a crash would; new ones are accepted.
    pub fn hang_up(&self) {
        self.shared.hang_up();
    }
}

impl Drop for FakeEngine {
    fn drop(&mut self) {
        self.shared.ending.store(true, Ordering::SeqCst);
        self.hang_up();
        // One more connection, so that the acceptor wakes and sees that it is to end.
        match self.address.split_once("://") {
            Some(("unix", path)) => drop(std::os::unix::net::UnixStream::connect(path)),
            Some((_, authority)) => drop(std::net::TcpStream::connect(authority)),
            None => {}
        }
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
        drop(self.folder.take());
    }
}

impl Shared {
    fn hang_up(&self) {
        for connection in lock(&self.connections).drain(..) {
            connection.close();
        }
    }

    fn answer(&self, connection: &Connection) {
        while let Some(request) = connection.read_request() {
            lock(&self.requests).push(request.path.clone());
            let reply = (self.script)(&request).unwrap_or_else(|| self.world.answer(&request));
            if !connection.send(&request, reply) {
                break;
            }
        }
        connection.close();
        lock(&self.connections).retain(|other| !other.is(connection));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
