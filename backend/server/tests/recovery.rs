//! A damaged history: what is readable is served, nothing is written, and a backup puts it right while the server runs.

#![expect(clippy::unwrap_used, reason = "a set-up that breaks ends the test")]

mod common;

use common::Server;
use plimsoll_shared::history::HistoryRoom;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
    time::{Duration, Instant},
};

const NOWHERE: &str = "unix:///nonexistent.sock";

fn plimsoll(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(arguments)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

async fn ready_until(server: &Server, wanted: u16) -> String {
    let deadline = Instant::now() + common::PATIENCE;
    loop {
        let (status, body) = server.get("/readyz").await;
        if status == wanted {
            return body;
        }
        assert!(Instant::now() < deadline, "{status}: {body}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_named_and_left_alone_and_a_backup_put_back_is_taken_into_use() {
    let parent = tempfile::tempdir().unwrap();
    let (data, copy) = (parent.path().join("data"), parent.path().join("copy"));
    {
        let server = Server::start(&data, NOWHERE).await;
        ready_until(&server, 200).await;
        let made = plimsoll(&["backup", text(&copy), "--data", text(&data)]);
        assert!(made.status.success(), "while it runs: {}", said(&made));
        let room: HistoryRoom = server.json("/api/v1/history").await;
        assert_eq!(room.tiers.len(), 5);
        assert!(room.used_bytes > 0 && room.free_bytes.is_some());
        let held = plimsoll(&["restore", text(&copy), "--data", text(&data), "--replace"]);
        assert!(!held.status.success());
        assert!(
            said(&held).contains("in use by another plimsoll"),
            "{}",
            said(&held)
        );
    }
    let checked = plimsoll(&["restore", text(&copy), "--verify"]);
    assert!(checked.status.success(), "{}", said(&checked));
    for (file, trick) in [
        ("samples.db", "header"),
        ("plimsoll.db", "header"),
        ("samples.db", "foreign"),
        ("plimsoll.db", "short"),
        ("plimsoll.db", "zeroed page"),
        ("samples.db", "flipped page"),
    ] {
        let path = data.join(file);
        for name in ["plimsoll.db", "samples.db"] {
            for ending in ["-wal", "-shm"] {
                let _ = fs::remove_file(data.join(format!("{name}{ending}")));
            }
            fs::copy(copy.join(name), data.join(name)).unwrap();
        }
        let mut bytes = fs::read(copy.join(file)).unwrap();
        match trick {
            "header" => bytes[..16].fill(0),
            "foreign" => bytes = b"dear diary".to_vec(),
            "short" => bytes.truncate(bytes.len() - 4096),
            "zeroed page" => bytes[8192..12288].fill(0),
            _ => bytes[8192..12288]
                .iter_mut()
                .for_each(|byte| *byte = !*byte),
        }
        fs::write(&path, &bytes).unwrap();
        let server = Server::start(&data, NOWHERE).await;
        let reason = ready_until(&server, 503).await;
        assert!(reason.contains(text(&path)), "{trick}: {reason}");
        if trick != "foreign" {
            assert!(reason.contains("plimsoll restore"), "{trick}: {reason}");
        }
        assert_eq!(server.get("/api/v1/hosts").await.0, 200, "live goes on");
        let events = server.get("/api/v1/events").await.0;
        if file == "samples.db" {
            assert_eq!(events, 200, "{trick}: what is readable is read");
        }
        assert!(fs::read(&path).unwrap() == bytes, "{trick}: it was changed");
        let back = plimsoll(&["restore", text(&copy), "--data", text(&data), "--replace"]);
        assert!(back.status.success(), "{trick}: {}", said(&back));
        ready_until(&server, 200).await;
        drop(server);
        let aside = fs::read_dir(&data).unwrap().filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy()
                .starts_with(&format!("{file}.replaced-"))
        });
        assert!(aside.count() > 0, "{trick}: it is kept aside");
    }
}
