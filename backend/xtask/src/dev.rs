//! The fast loop: rebuilds what a saved file belongs to and starts the server again, whose new build makes open pages reload.

use crate::{
    cargo::Workspace,
    server,
    site::{self, Profile},
    steps::Steps,
};
use anyhow::{Context, Result};
use notify::{RecursiveMode, Watcher};
use std::{
    ffi::OsString,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

/// How long nothing must be saved before a build starts: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(120);
/// How long the server may take to end.
const GRACE: Duration = Duration::from_secs(3);

enum Event {
    Saved(PathBuf),
    Stop,
}

/// What has to be built again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stale {
    pages: bool,
    server: bool,
}

/// Builds, serves and watches until Ctrl-C.
pub(crate) fn run(workspace: &Workspace, arguments: &[OsString]) -> Result<ExitCode> {
    let (sender, events) = channel();
    stop_on_signals(sender.clone())?;
    let _watcher = watch(&workspace.root, sender)?;
    let mut serving = Serving {
        workspace,
        arguments,
        program: None,
        child: None,
    };
    let mut stale = Stale {
        pages: true,
        server: true,
    };
    loop {
        match rebuild(workspace, stale, &mut serving) {
            Ok(()) => println!(
                "==> Serving; save a file in frontend, style, shared or backend, or stop with Ctrl-C"
            ),
            Err(error) => eprintln!("\nerror: {error:#}\n==> Waiting for the next change"),
        }
        match next(&workspace.root, &events, &mut serving)? {
            Some(saved) => stale = saved,
            None => {
                serving.stop()?;
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
}

fn rebuild(workspace: &Workspace, stale: Stale, serving: &mut Serving<'_>) -> Result<()> {
    let mut steps = Steps::default();
    let folder = site::folder(workspace);
    if stale.pages {
        site::build(workspace, Profile::WasmDev, &mut steps)?;
    }
    if stale.server || serving.program.is_none() {
        let program = steps.run("Building the server (debug)", || {
            server::program(workspace, &folder, &[])
        })?;
        serving.program = Some(program);
    }
    steps.run("Starting the server", || serving.restart())
}

/// The server while it runs.
struct Serving<'a> {
    workspace: &'a Workspace,
    arguments: &'a [OsString],
    program: Option<PathBuf>,
    child: Option<Child>,
}

impl Serving<'_> {
    fn restart(&mut self) -> Result<()> {
        self.stop()?;
        let program = self
            .program
            .as_ref()
            .context("the server is built before it is started")?;
        let mut command = Command::new(program);
        // A process group of its own, so that Ctrl-C reaches this program alone, which then ends the server.
        command
            .arg("serve")
            .args(self.arguments)
            .current_dir(&self.workspace.root)
            .process_group(0);
        self.child = Some(
            command
                .spawn()
                .with_context(|| format!("{} could not be started", program.display()))?,
        );
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        let asked = Instant::now();
        // An error means that it ended already, which is what we want.
        let _ = rustix::process::kill_process(
            rustix::process::Pid::from_child(&child),
            rustix::process::Signal::TERM,
        );
        while child.try_wait().context("the server was lost")?.is_none() {
            if asked.elapsed() > GRACE {
                println!(
                    "    the server did not end within {} s and is killed",
                    GRACE.as_secs()
                );
                child.kill().context("the server could not be killed")?;
                child.wait().context("the server was lost")?;
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Says it once when the server ended by itself.
    fn notice_an_end(&mut self) -> Result<()> {
        if let Some(child) = &mut self.child
            && let Some(status) = child.try_wait().context("the server was lost")?
        {
            eprintln!(
                "==> The server ended with {status}; it is started again after the next change"
            );
            self.child = None;
        }
        Ok(())
    }
}

/// Waits for saved files and says what they make stale; `None` means to stop.
fn next(root: &Path, events: &Receiver<Event>, serving: &mut Serving<'_>) -> Result<Option<Stale>> {
    let mut stale = Stale::default();
    loop {
        let waiting = stale == Stale::default();
        match events.recv_timeout(if waiting {
            Duration::from_millis(500)
        } else {
            QUIET
        }) {
            Ok(Event::Saved(path)) => {
                let also = what_it_makes_stale(path.strip_prefix(root).unwrap_or(&path));
                stale = Stale {
                    pages: stale.pages || also.pages,
                    server: stale.server || also.server,
                };
            }
            Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) if waiting => serving.notice_an_end()?,
            Err(RecvTimeoutError::Timeout) => return Ok(Some(stale)),
        }
    }
}

/// What a file below the root belongs to. Hidden files and editors' copies belong to nothing, nor do crates the server is not made of.
fn what_it_makes_stale(path: &Path) -> Stale {
    let text = path.to_string_lossy();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let both = Stale {
        pages: true,
        server: true,
    };
    if name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".tmp")
        || name.chars().all(|letter| letter.is_ascii_digit())
    {
        return Stale::default();
    }
    match text.split('/').collect::<Vec<_>>().as_slice() {
        ["frontend" | "style", ..] => Stale {
            pages: true,
            ..Stale::default()
        },
        ["shared", ..] | ["Cargo.toml" | "Cargo.lock"] => both,
        ["backend", "xtask" | "testkit", ..] | ["backend", _, "tests" | "benches", ..] => {
            Stale::default()
        }
        ["backend", ..] => Stale {
            server: true,
            ..Stale::default()
        },
        _ => Stale::default(),
    }
}

fn watch(root: &Path, sender: Sender<Event>) -> Result<impl Watcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        if event.kind.is_modify() || event.kind.is_create() || event.kind.is_remove() {
            for path in event.paths {
                // The loop has ended when nobody receives; then there is nothing to tell.
                let _ = sender.send(Event::Saved(path));
            }
        }
    })
    .context("the system gives no notice of saved files")?;
    for folder in ["frontend", "style", "shared", "backend"] {
        let folder = root.join(folder);
        watcher
            .watch(&folder, RecursiveMode::Recursive)
            .with_context(|| format!("cannot watch {}", folder.display()))?;
    }
    Ok(watcher)
}

fn stop_on_signals(sender: Sender<Event>) -> Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])
        .context("cannot listen for Ctrl-C")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            // As above: without a receiver the program is ending already.
            let _ = sender.send(Event::Stop);
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_file_rebuilds_only_what_it_belongs_to() {
        let stale = |path: &str| {
            let Stale { pages, server } = what_it_makes_stale(Path::new(path));
            (pages, server)
        };
        assert_eq!(stale("frontend/src/main.rs"), (true, false));
        assert_eq!(stale("style/tokens.css"), (true, false));
        assert_eq!(stale("shared/src/ids.rs"), (true, true));
        assert_eq!(
            stale("backend/store/migrations/0001_first.sql"),
            (false, true)
        );
        for nothing in [
            "backend/xtask/src/main.rs",
            "backend/server/tests/shape.rs",
            "style/.main.css.swp",
            "style/main.css~",
            "style/4913",
            "README.md",
        ] {
            assert_eq!(stale(nothing), (false, false), "{nothing}");
        }
    }
}
