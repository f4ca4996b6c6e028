//! Bad input and bad folders: each a clear sentence, and other things go on.

#![expect(clippy::unwrap_used, reason = "a set-up that breaks ends the test")]

mod common;

use common::{PATIENCE, Server, command};
use plimsoll_shared::{Body, HostState, Problem, Recording, View};
use plimsoll_testkit::Engine;
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_folder_is_refused_and_told_who_has_it() {
    let data = tempfile::tempdir().unwrap();
    let first = Server::start(data.path(), "unix:///nonexistent.sock").await;
    let second = command(data.path(), "unix:///nonexistent.sock", &[])
        .spawn()
        .unwrap();
    let output = tokio::time::timeout(PATIENCE, second.wait_with_output())
        .await
        .unwrap()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        said.contains(&first.process.id().unwrap().to_string()),
        "it names the holder's pid: {said}"
    );
    assert!(
        said.contains(&data.path().display().to_string()),
        "it names the folder: {said}"
    );
    assert_eq!(first.get("/readyz").await.0, 200, "the first goes on");
}

/// A folder on a file system of its own, unmounted when dropped.
struct Mounted(tempfile::TempDir);

impl Mounted {
    fn new(options: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(dir.path())
            .status()
            .unwrap();
        assert!(done.success(), "mounting needs root");
        Self(dir)
    }

    fn remount(&self, options: &str) {
        assert!(
            Command::new("mount")
                .args(["-o", &format!("remount,{options}")])
                .arg(self.0.path())
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_folder_is_said_in_the_console_live_numbers_go_on_and_it_recovers() {
    let engine = Engine::start();
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "one",
        "busybox:test",
        "sleep",
        "1000",
    ]);
    let folder = Mounted::new("ro,size=64m");
    let server = Server::start(folder.0.path(), &engine.address()).await;
    let mut live = server.watch(&[View::Hosts]).await;
    let (reason, _) = live
        .until("not recording", |body| match body {
            Body::Hosts {
                recording: Recording::Off { reason, .. },
                ..
            } => Some(reason.clone()),
            _ => None,
        })
        .await;
    assert!(
        reason.contains(&folder.0.path().display().to_string()),
        "which folder: {reason}"
    );
    assert!(
        reason.to_lowercase().contains("read-only"),
        "what is wrong: {reason}"
    );
    assert_eq!(server.get("/readyz").await.0, 503);
    assert!(
        server.log().contains("read-only") || server.log().contains("Read-only"),
        "{}",
        server.log()
    );
    live.until("live numbers all the same", |body| match body {
        Body::Hosts { hosts, .. } => hosts[0].memory_used,
        _ => None,
    })
    .await;
    folder.remount("rw");
    live.until("recording again", |body| {
        matches!(
            body,
            Body::Hosts {
                recording: Recording::On,
                ..
            }
        )
        .then_some(())
    })
    .await;
    assert_eq!(server.get("/readyz").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_in_the_console_and_recording_goes_on_when_there_is_room() {
    let engine = Engine::start();
    engine.docker(&[
        "run",
        "-d",
        "--name",
        "one",
        "busybox:test",
        "sleep",
        "1000",
    ]);
    let folder = Mounted::new("size=4m");
    let server = Server::start(folder.0.path(), &engine.address()).await;
    server
        .host_until("up", |state| matches!(state, HostState::Up { .. }))
        .await;
    let ballast = folder.0.path().join("somebody-elses-file");
    let filled = Command::new("dd")
        .args([
            "if=/dev/zero",
            "bs=4k",
            &format!("of={}", ballast.display()),
        ])
        .output()
        .unwrap();
    assert!(!filled.status.success(), "the disk is full now");
    let mut live = server.watch(&[View::Hosts]).await;
    let (reason, _) = live
        .until("not recording", |body| match body {
            Body::Hosts {
                recording: Recording::Off { reason, .. },
                ..
            } => Some(reason.clone()),
            _ => None,
        })
        .await;
    assert!(
        reason.contains("full") || reason.contains("space"),
        "{reason}"
    );
    live.until("live numbers all the same", |body| match body {
        Body::Hosts { hosts, .. } => hosts[0].memory_used,
        _ => None,
    })
    .await;
    let (status, told) = server.get("/readyz").await;
    assert_eq!(status, 503);
    assert!(told.contains(&reason), "{told}");
    assert_eq!(server.get("/api/v1/events").await.0, 200, "reads go on");
    assert_eq!(server.get("/api/v1/history").await.0, 200);
    std::fs::remove_file(&ballast).unwrap();
    live.until("recording again", |body| {
        matches!(
            body,
            Body::Hosts {
                recording: Recording::On,
                ..
            }
        )
        .then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_do_not_fit_are_told_what_would() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "unix:///nonexistent.sock").await;
    let id = "ab".repeat(32);
    for (path, status, says) in [
        ("/api/v1/nothing".to_owned(), 404, "openapi.json"),
        ("/api/v1/hosts/Nowhere!".to_owned(), 400, "host id"),
        ("/api/v1/hosts/nowhere".to_owned(), 404, "/api/v1/hosts"),
        ("/api/v1/hosts/local/containers/xyz".to_owned(), 400, "64"),
        (
            format!("/api/v1/hosts/local/containers/{id}"),
            404,
            "remembered",
        ),
        (
            format!("/api/v1/hosts/local/containers/{id}/series?from=10&to=5"),
            400,
            "ends",
        ),
        (
            format!("/api/v1/hosts/local/containers/{id}/series?points=1000000000"),
            400,
            "2000",
        ),
        (
            format!("/api/v1/hosts/local/containers/{id}/series?form=10"),
            400,
            "form",
        ),
        ("/api/v1/events?limit=0".to_owned(), 400, "500"),
        ("/api/v1/events?before=yesterday".to_owned(), 400, "before"),
        ("/api/v1/containers?limit=5000".to_owned(), 400, "1000"),
    ] {
        let (got, body) = server.get(&path).await;
        let problem: Problem =
            serde_json::from_str(&body).unwrap_or_else(|e| panic!("{path}: {e}: {body}"));
        assert_eq!((got, problem.status), (status, status), "{path}: {body}");
        assert!(
            problem.detail.contains(says),
            "{path} says {:?}",
            problem.detail
        );
        assert!(problem.request.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_reads_nothing() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "unix:///nonexistent.sock").await;
    let rebound =
        "GET /api/v1/containers HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n";
    assert_eq!(server.ask(rebound).await.0, 421);
    let foreign = format!(
        "GET /api/v1/live HTTP/1.1\r\nhost: {}\r\norigin: http://evil.example\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        server.address
    );
    assert_eq!(
        server
            .ask(&foreign.replace("connection: upgrade", "connection: close, upgrade"))
            .await
            .0,
        403
    );
}
