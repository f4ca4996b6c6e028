//! Compiles the frontend to WebAssembly and writes the JavaScript that loads it.

use super::{
    Profile,
    assets::{hash, write_changed},
};
use crate::{
    cargo::{Workspace, build, run},
    steps::Steps,
};
use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::Value;
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";

/// The two files a browser needs to start the console.
pub(super) struct Bound {
    /// An ES module whose default export starts the module at a given URL.
    pub(super) js: String,
    /// The module.
    pub(super) wasm: Vec<u8>,
}

/// Adds the compiler's support for WebAssembly when it is not there.
pub(crate) fn ensure_target(steps: &mut Steps) -> Result<()> {
    let output = Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()
        .context("rustc could not be started: is it on PATH?")?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if sysroot
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib")
        .is_dir()
    {
        return Ok(());
    }
    steps.run(&format!("Adding the target {TARGET} with rustup"), || {
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", TARGET]);
        let found = Command::new("rustup").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if found.is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            bail!(
                "the compiler in {} cannot build for {TARGET}, and there is no rustup to add it: install the package of your \
                 distribution that brings it (Debian: libstd-rust-dev-wasm32), or use rustup",
                sysroot.display()
            );
        }
        run(&mut rustup, &format!("check the network and call `rustup target add {TARGET}` yourself"))
    })
}

/// Compiles the frontend; returns the path of the module.
pub(super) fn compile(
    workspace: &Workspace,
    profile: Profile,
    steps: &mut Steps,
) -> Result<PathBuf> {
    let what = format!(
        "Compiling the frontend to WebAssembly (profile {})",
        profile.name()
    );
    steps.run(&what, || {
        let mut cargo = workspace.cargo_wasm("build");
        cargo.args([
            "--package",
            "plimsoll-frontend",
            "--profile",
            profile.name(),
        ]);
        let built = build(&mut cargo, "correct what the compiler says above")?;
        module(&built).context("cargo named no .wasm file: is plimsoll-frontend still a program?")
    })
}

fn module(built: &[Value]) -> Option<PathBuf> {
    built
        .iter()
        .filter(|artifact| artifact["target"]["name"] == "plimsoll-frontend")
        .filter_map(|artifact| artifact["filenames"].as_array())
        .flatten()
        .filter_map(Value::as_str)
        .find(|file| file.ends_with(".wasm"))
        .map(PathBuf::from)
}

/// Runs wasm-bindgen over the module, unless the same module was bound the same way before.
pub(super) fn bind(
    workspace: &Workspace,
    profile: Profile,
    module: &Path,
    steps: &mut Steps,
) -> Result<Bound> {
    let folder = workspace.target.join("wasm/bound").join(profile.name());
    let input = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let stamp = hash([
        env!("CARGO_PKG_VERSION").as_bytes(),
        include_bytes!("wasm.rs").as_slice(),
        &input,
    ]);
    let stamp_file = folder.join("input");
    if fs::read_to_string(&stamp_file).is_ok_and(|known| known == stamp)
        && let Ok(bound) = read(&folder)
    {
        println!("==> The module is the one bound before");
        return Ok(bound);
    }
    steps.run("Writing its JavaScript (wasm-bindgen)", || {
        if folder.is_dir() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        let mut bindgen = Bindgen::new();
        bindgen.input_bytes("console", input).typescript(false);
        if profile == Profile::Wasm {
            bindgen.demangle(false).remove_name_section(true).remove_producers_section(true);
        }
        let advice = "wasm-bindgen failed; are wasm-bindgen and wasm-bindgen-cli-support of one version in Cargo.toml?";
        let generated = bindgen.web(true).and_then(|bindgen| bindgen.generate(&folder));
        generated.map_err(|error| anyhow!("{advice} {error:#}"))?;
        ensure!(
            !folder.join("snippets").exists(),
            "a crate of the frontend brings JavaScript files of its own ({}), and this build serves only the one of wasm-bindgen: do without that crate",
            folder.join("snippets").display()
        );
        write_changed(&stamp_file, stamp.as_bytes())?;
        read(&folder)
    })
}

fn read(folder: &Path) -> Result<Bound> {
    let js = fs::read_to_string(folder.join("console.js"))
        .context("wasm-bindgen wrote no console.js")?;
    let wasm = fs::read(folder.join("console_bg.wasm"))
        .context("wasm-bindgen wrote no console_bg.wasm")?;
    Ok(Bound { js, wasm })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_found_among_what_cargo_built() {
        let artifact = |name: &str| serde_json::json!({ "target": { "name": name }, "filenames": ["/t/x.d", "/t/x.wasm"] });
        assert_eq!(
            module(&[artifact("leptos"), artifact("plimsoll-frontend")]),
            Some("/t/x.wasm".into())
        );
        assert_eq!(module(&[artifact("leptos")]), None);
    }
}
