//! Calls cargo again for parts of this workspace.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Variables that cargo sets for the program it runs and that would describe the wrong package to a cargo called from here.
/// What a user sets (`CARGO_PROFILE_*`, `CARGO_NET_*`, `CARGO_HOME`, …) stays.
const SET_BY_CARGO: &[&str] = &[
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_MAKEFLAGS",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_LINKS",
    "CARGO_MANIFEST_PATH",
    "CARGO_PKG_AUTHORS",
    "CARGO_PKG_DESCRIPTION",
    "CARGO_PKG_HOMEPAGE",
    "CARGO_PKG_LICENSE",
    "CARGO_PKG_LICENSE_FILE",
    "CARGO_PKG_NAME",
    "CARGO_PKG_README",
    "CARGO_PKG_REPOSITORY",
    "CARGO_PKG_RUST_VERSION",
    "CARGO_PKG_VERSION",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
    "CARGO_PRIMARY_PACKAGE",
    "MAKEFLAGS",
    "MFLAGS",
    "OUT_DIR",
];

/// Variables that choose flags or a machine for native code and have no business in a build for the browser.
const NATIVE_ONLY: &[&str] = &[
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_TARGET_DIR",
    "RUSTFLAGS",
];

/// Where the sources are and where cargo puts what it builds.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// Cargo's description of the members.
    packages: Vec<Value>,
}

/// One test or bench program of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TestProgram {
    /// Its package, as `plimsoll-server`.
    pub(crate) package: String,
    /// Its own name, as `--test` takes it.
    pub(crate) name: String,
}

impl Workspace {
    /// Asks cargo, which knows `CARGO_TARGET_DIR` and its configuration files.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .context("this crate lies two folders below the root")?;
        let output = cargo_in(root)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo could not be started: is it on PATH?")?;
        ensure!(
            output.status.success(),
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: Value =
            serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")?;
        let target = metadata["target_directory"]
            .as_str()
            .context("cargo metadata names no target folder")?
            .into();
        let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
        Ok(Self {
            root: root.to_owned(),
            target,
            packages,
        })
    }

    /// A cargo for native code, sharing this workspace's target folder.
    pub(crate) fn cargo(&self) -> Command {
        cargo_in(&self.root)
    }

    /// A cargo for the browser, with a target folder of its own so that the two never wait for each other's lock.
    pub(crate) fn cargo_wasm(&self, subcommand: &str) -> Command {
        let mut command = cargo_in(&self.root);
        for name in NATIVE_ONLY {
            command.env_remove(name);
        }
        command
            .args([
                subcommand,
                "--target",
                "wasm32-unknown-unknown",
                "--target-dir",
            ])
            .arg(self.target.join("wasm"));
        command
    }

    /// Every integration test of the workspace.
    pub(crate) fn test_programs(&self) -> Vec<TestProgram> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        self.packages
            .iter()
            .flat_map(|package| {
                list(&package["targets"])
                    .into_iter()
                    .map(|target| (text(&package["name"]), target))
            })
            .filter(|(_, target)| list(&target["kind"]).iter().any(|kind| kind == "test"))
            .map(|(package, target)| TestProgram {
                package,
                name: text(&target["name"]),
            })
            .collect()
    }
}

fn cargo_in(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    for name in SET_BY_CARGO {
        command.env_remove(name);
    }
    command
}

/// Runs a command that writes to the terminal itself; `advice` says what to do when it fails.
pub(crate) fn run(command: &mut Command, advice: &str) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("{program} could not be started"))?;
    if !status.success() {
        bail!("{program} ended with {status}: {advice}");
    }
    Ok(())
}

/// Runs a building cargo, whose progress goes to the terminal, and returns what it built: cargo's `compiler-artifact` messages.
pub(crate) fn build(cargo: &mut Command, advice: &str) -> Result<Vec<Value>> {
    cargo.args(["--message-format", "json-render-diagnostics"]);
    let mut child = cargo
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo could not be started: is it on PATH?")?;
    let messages = BufReader::new(
        child
            .stdout
            .take()
            .context("cargo's output was asked for")?,
    );
    let mut built = Vec::new();
    for line in messages.lines() {
        let line = line.context("cargo's output broke off")?;
        built.extend(
            serde_json::from_str(&line)
                .ok()
                .filter(|message: &Value| message["reason"] == "compiler-artifact"),
        );
    }
    let status = child.wait().context("cargo was lost")?;
    ensure!(status.success(), "cargo ended with {status}: {advice}");
    Ok(built)
}

/// The program called `name` among what cargo built.
pub(crate) fn program(built: &[Value], name: &str) -> Option<PathBuf> {
    built
        .iter()
        .filter(|artifact| {
            artifact["target"]["name"] == name && artifact["profile"]["test"] == false
        })
        .find_map(|artifact| artifact["executable"].as_str())
        .map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removed(command: &Command, name: &str) -> bool {
        command
            .get_envs()
            .any(|(key, value)| key == name && value.is_none())
    }

    #[test]
    fn a_nested_cargo_forgets_which_package_started_it_and_keeps_what_the_user_set() {
        let command = cargo_in(Path::new("/"));
        assert!(removed(&command, "CARGO_MANIFEST_DIR"));
        assert!(removed(&command, "CARGO_PKG_NAME"));
        for kept in [
            "CARGO_PROFILE_RELEASE_LTO",
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "RUSTFLAGS",
        ] {
            assert!(!removed(&command, kept), "{kept} was taken away");
        }
    }

    #[test]
    fn flags_for_native_code_do_not_reach_a_build_for_the_browser() {
        let workspace = Workspace {
            root: "/".into(),
            target: "/target".into(),
            packages: Vec::new(),
        };
        let command = workspace.cargo_wasm("build");
        assert!(removed(&command, "RUSTFLAGS") && removed(&command, "CARGO_BUILD_TARGET"));
        let arguments: Vec<_> = command
            .get_args()
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect();
        assert_eq!(
            arguments,
            [
                "build",
                "--target",
                "wasm32-unknown-unknown",
                "--target-dir",
                "/target/wasm"
            ]
        );
    }

    #[test]
    fn a_program_is_found_among_what_cargo_built_and_not_mistaken_for_its_test() {
        let artifact = |test: bool, path: &str| serde_json::json!({ "target": { "name": "plimsoll" }, "profile": { "test": test }, "executable": path });
        let built = [
            artifact(true, "/t/deps/plimsoll-1"),
            artifact(false, "/t/plimsoll"),
        ];
        assert_eq!(program(&built, "plimsoll"), Some("/t/plimsoll".into()));
        assert_eq!(program(&built, "leptos"), None);
    }

    #[test]
    fn integration_tests_are_found_with_their_package() {
        let package = serde_json::json!({ "name": "plimsoll-x", "targets": [
            { "name": "plimsoll_x", "kind": ["lib"] }, { "name": "shape", "kind": ["test"] }, { "name": "speed", "kind": ["bench"] } ] });
        let workspace = Workspace {
            root: "/".into(),
            target: "/target".into(),
            packages: vec![package],
        };
        assert_eq!(
            workspace.test_programs(),
            [TestProgram {
                package: "plimsoll-x".into(),
                name: "shape".into()
            }]
        );
    }
}
