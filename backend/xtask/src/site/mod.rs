//! Builds the browser side into a folder of files as a server hands them out.

mod assets;
mod style;
mod template;
mod wasm;

pub(crate) use wasm::ensure_target;

use crate::{cargo::Workspace, steps::Steps};
use anyhow::{Context, Result};
use assets::{Assets, File};
use clap::ValueEnum;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// How the WebAssembly is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// Small: what users load.
    Wasm,
    /// Fast to rebuild: the loop of `dev`.
    WasmDev,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Wasm => "wasm",
            Self::WasmDev => "wasm-dev",
        }
    }
}

/// A finished build.
#[derive(Debug)]
pub(crate) struct Site {
    /// The folder, absolute.
    pub(crate) folder: PathBuf,
    /// Names these pages: sixteen hexadecimal digits of a hash over all they are made of.
    pub(crate) build: String,
    /// Every file a browser may load.
    pub(crate) files: Vec<File>,
}

/// The folder of the built pages.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("site")
}

/// Builds everything whose sources changed.
pub(crate) fn build(workspace: &Workspace, profile: Profile, steps: &mut Steps) -> Result<Site> {
    wasm::ensure_target(steps)?;
    let module = wasm::compile(workspace, profile, steps)?;
    let bound = wasm::bind(workspace, profile, &module, steps)?;
    let css = steps.run("Bundling style/main.css", || {
        style::bundle(&workspace.root.join("style/main.css"))
    })?;
    steps.run("Filling the page and compressing", || {
        let frontend = workspace.root.join("frontend");
        let folder = folder(workspace);
        assemble(
            &frontend,
            &folder,
            profile,
            &Parts {
                css,
                js: bound.js,
                wasm: bound.wasm,
            },
        )
    })
}

/// What the page is put together from, besides the files beside it.
struct Parts {
    css: String,
    js: String,
    wasm: Vec<u8>,
}

fn assemble(frontend: &Path, folder: &Path, profile: Profile, parts: &Parts) -> Result<Site> {
    let mut beside = BTreeMap::new();
    read_pages(frontend, frontend, &mut beside)?;
    let build = build_id(&beside, parts);
    let mut assets = Assets::new(folder, profile == Profile::Wasm);
    let js = assets.add("console.js", parts.js.as_bytes())?;
    let wasm = assets.add("console.wasm", &parts.wasm)?;
    let mut filler = Filler {
        frontend,
        beside: &beside,
        assets,
        known: BTreeMap::new(),
        open: Vec::new(),
    };
    filler.known.extend([
        ("js".to_owned(), js),
        ("wasm".to_owned(), wasm),
        ("build".to_owned(), build.clone()),
    ]);
    let css = filler.fill("style/main.css, bundled", &parts.css)?;
    let css = filler.assets.add("console.css", css.as_bytes())?;
    filler.known.insert("css".to_owned(), css);
    let page = beside
        .get("index.html")
        .with_context(|| format!("{} is missing", frontend.join("index.html").display()))?;
    let page = String::from_utf8(page.clone()).context("frontend/index.html is not UTF-8")?;
    let page = filler.fill("frontend/index.html", &page)?;
    let mut assets = filler.assets;
    assets.put("index.html", page.as_bytes())?;
    let files = assets.finish(&build)?;
    Ok(Site {
        folder: folder.to_owned(),
        build,
        files,
    })
}

/// Fills placeholders, and emits the files that they name on the way.
struct Filler<'a> {
    frontend: &'a Path,
    beside: &'a BTreeMap<String, Vec<u8>>,
    assets: Assets,
    /// What each placeholder stands for, as far as it is known.
    known: BTreeMap<String, String>,
    /// Files being filled, so that two that name each other are an error instead of an endless loop.
    open: Vec<String>,
}

impl Filler<'_> {
    fn fill(&mut self, name: &str, text: &str) -> Result<String> {
        template::fill(name, text, |placeholder| self.value(placeholder))
    }

    fn value(&mut self, placeholder: &str) -> Result<String> {
        if let Some(value) = self.known.get(placeholder) {
            return Ok(value.clone());
        }
        let name = placeholder.strip_prefix("file:").with_context(|| {
            format!("{{{{{placeholder}}}}} is no placeholder: there are {{{{css}}}}, {{{{js}}}}, {{{{wasm}}}}, {{{{build}}}} and {{{{file:NAME}}}}")
        })?;
        let content = self.beside.get(name).with_context(|| {
            format!(
                "{{{{{placeholder}}}}} names a file that is not there: {}",
                self.frontend.join(name).display()
            )
        })?;
        anyhow::ensure!(
            !self.open.iter().any(|open| open == name),
            "{name} ends up naming itself: {} -> {name}",
            self.open.join(" -> ")
        );
        let url = if Path::new(name)
            .extension()
            .is_some_and(|extension| extension == "js")
        {
            self.open.push(name.to_owned());
            let text = String::from_utf8(content.clone())
                .with_context(|| format!("frontend/{name} is not UTF-8"))?;
            let filled = self.fill(&format!("frontend/{name}"), &text)?;
            self.open.pop();
            self.assets.add(name, filled.as_bytes())?
        } else {
            self.assets.add(name, content)?
        };
        self.known.insert(placeholder.to_owned(), url.clone());
        Ok(url)
    }
}

/// Reads every file that a page may name: all in `frontend/` but its sources.
fn read_pages(folder: &Path, frontend: &Path, into: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        let name = path
            .strip_prefix(frontend)?
            .to_string_lossy()
            .replace('\\', "/");
        if matches!(name.as_str(), "src" | "tests" | "Cargo.toml") {
            continue;
        }
        if path.is_dir() {
            read_pages(&path, frontend, into)?;
        } else {
            into.insert(
                name,
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?,
            );
        }
    }
    Ok(())
}

fn build_id(beside: &BTreeMap<String, Vec<u8>>, parts: &Parts) -> String {
    let pages = beside
        .iter()
        .flat_map(|(name, content)| [name.as_bytes(), content.as_slice()]);
    assets::hash(pages.chain([
        parts.css.as_bytes(),
        parts.js.as_bytes(),
        parts.wasm.as_slice(),
    ]))
}

impl Site {
    /// Prints each file's size, plain and as the browser loads it.
    pub(crate) fn print(&self) {
        println!("\n{:<44} {:>11} {:>11}", "file", "bytes", "brotli");
        for file in &self.files {
            println!(
                "{:<44} {:>11} {:>11}",
                file.path,
                file.bytes,
                file.on_the_wire()
            );
        }
        let (bytes, wire) = self.files.iter().fold((0, 0), |(bytes, wire), file| {
            (bytes + file.bytes, wire + file.on_the_wire())
        });
        println!(
            "{:<44} {bytes:>11} {wire:>11}\n\nbuild {} in {}",
            "all",
            self.build,
            self.folder.display()
        );
    }
}

#[cfg(test)]
mod tests;
