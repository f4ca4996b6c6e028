//! Which packages a project's or an image's files of its languages name.

use crate::report::Report;
use plimsoll_scan::{Origin, Package, Unreadable, installed, lock};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Formats that are read, by ecosystem, in the vectors' words.
const FORMATS: &[(&str, &str)] = &[
    ("cargo", "Cargo.lock"),
    ("cargo", "rust-binary(cargo-auditable)"),
    ("cocoapods", "Podfile.lock"),
    ("conan", "conan.lock"),
    ("cran", "renv.lock"),
    ("gem", "*.gemspec"),
    ("gem", "Gemfile.lock"),
    ("go", "go-binary"),
    ("go", "go.mod"),
    ("hackage", "stack/cabal lock"),
    ("hex", "mix.lock"),
    ("maven", "gradle.lockfile"),
    ("maven", "jar/war/ear"),
    ("maven", "pom.xml"),
    ("maven", "verification-metadata.xml"),
    ("npm", "bun.lock"),
    ("npm", "package-lock.json"),
    ("npm", "package.json"),
    ("npm", "pnpm-lock.yaml"),
    ("npm", "yarn.lock"),
    ("nuget", "*.deps.json"),
    ("nuget", "Directory.Packages.props"),
    ("nuget", "packages.config"),
    ("nuget", "packages.lock.json"),
    ("packagist", "composer.lock"),
    ("pub", "pubspec.lock"),
    ("pypi", "METADATA/PKG-INFO"),
    ("pypi", "Pipfile.lock"),
    ("pypi", "pdm.lock"),
    ("pypi", "poetry.lock"),
    ("pypi", "pylock.toml"),
    ("pypi", "requirements.txt"),
    ("pypi", "uv.lock"),
    ("swift", "Package.resolved"),
];

/// Cases of another tool whose expectation is its own choice and not ours, by a part of their test's name, with the reason.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "gemspec_test.go:TestExtract:version",
        "in an image the version stands in the specification as plain text",
    ),
    (
        "pomxml/with-parent.xml",
        "that tool reads the parent beside it",
    ),
    (
        "pomxml/multi-version.xml",
        "that tool lists the first of two declarations, Maven takes the last: both are listed",
    ),
    (
        "missing-attribute.xml",
        "that tool lists components without a group or a name",
    ),
    ("MANIFEST.MF", "a manifest without its archive"),
    (
        "parse_test.go:TestParse:sha1 search",
        "that tool asks a database of digests",
    ),
    (
        "in trivy-java-db by sha1",
        "that tool asks a database of digests",
    ),
    (
        "parse_test.go:TestParse:artifactId search",
        "that tool asks a database of names",
    ),
    (
        "parse_test.go:TestParse:offline",
        "that tool takes a title for an artifact's name",
    ),
    (
        "max opened bytes reached",
        "that tool's limit, lower than ours",
    ),
    (
        "cargo_test.go:Test_cargoAnalyzer_Analyze:happy path",
        "that tool leaves out what other platforms need; a lock file locks it",
    ),
    (
        "TestParse:happy path conan v2",
        "that tool leaves out what building needs",
    ),
    (
        "gomod_test.go:TestExtractor_Extract:replacements_ local",
        "that tool names a folder as a module",
    ),
    ("indirect-1.16.mod", "that tool reads go.sum beside it"),
    (
        "mod/parse_test.go:TestParse:no replace",
        "an option of that tool: what is replaced is not built",
    ),
    (
        "happy.mix.lock",
        "that tool leaves out what comes from git, and names this file for another test's",
    ),
    (
        "bad-tuple.json5",
        "that tool lists the rest of a broken file",
    ),
    (
        "both/package-lock.json",
        "the expectation is of two files read together",
    ),
    (
        "pnpm-lock_v6_with_dev.yaml",
        "that tool leaves out what development needs",
    ),
    (
        "yarn_with_bad_protocol.lock",
        "that tool leaves out protocols that it does not know",
    ),
    (
        "Test_packagesPropsAnalyzer_Analyze:happy path directory",
        "the expectation is another file's",
    ),
    (
        "config/parse_test.go:TestParse:with development dependency",
        "that tool leaves out what development needs",
    ),
    (
        "pub/parse_test.go:TestParser_Parse:use minimum version",
        "that tool takes the least SDK for the one installed",
    ),
    (
        "parse_pubspec_lock_test.go:TestParsePubspecLock:standard",
        "that tool takes the least SDK for the one installed",
    ),
    (
        "parse_pubspec_test.go:TestParsePubspec",
        "a list of wishes, not of locked versions",
    ),
    (
        "pip/parse_test.go:TestParse:compatible versions",
        "that tool takes the end of a range for the version",
    ),
    (
        "TestExtract:with_version",
        "that tool takes the end of a range for the version",
    ),
    (
        "TestExtract:pip_example",
        "that tool takes the end of a range for the version",
    ),
    (
        "per_requirement_options",
        "that tool takes the text after a version for a part of it",
    ),
    (
        "uv/parse_test.go:TestParser_Parse:lockfile without root",
        "that tool wants one project in a file",
    ),
    (
        "uv/parse_test.go:TestParser_Parse:multiple roots",
        "that tool wants one project in a file",
    ),
];

/// Judges every format.
pub fn run(report: &mut Report) {
    let mut not_read: BTreeMap<String, usize> = BTreeMap::new();
    let Some(folder) = report.path("packages", "packages") else {
        return;
    };
    let mut ecosystems: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    ecosystems.sort();
    for ecosystem in ecosystems
        .iter()
        .filter(|path| path.join("index.json").exists())
    {
        let name = ecosystem.file_name().unwrap().to_str().unwrap();
        if ["dpkg", "apk", "rpm"].contains(&name) {
            continue;
        }
        let cases: Vec<Value> =
            serde_json::from_slice(&fs::read(ecosystem.join("index.json")).unwrap()).unwrap();
        let mut by_format: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for case in &cases {
            by_format
                .entry(case["format"].as_str().unwrap())
                .or_default()
                .push(case);
        }
        for (format, cases) in by_format {
            if FORMATS.contains(&(name, format)) {
                judge_format(report, &folder, name, format, &cases);
            } else {
                *not_read.entry(format!("{name}/{format}")).or_default() += cases.len();
            }
        }
    }
    if report.wants("packages/") {
        for (format, cases) in not_read {
            println!("packages/{format}: not judged, {cases} cases: no reader for it here");
        }
    }
}

fn judge_format(
    report: &mut Report,
    folder: &Path,
    ecosystem: &str,
    format: &str,
    cases: &[&Value],
) {
    let set = format!("packages/{ecosystem}/{format}");
    if !report.wants(&set) {
        return;
    }
    let (mut right, mut wrong, mut otherwise) = (0, Vec::new(), Vec::new());
    for case in cases {
        let test = case["test"].as_str().unwrap();
        let file = case["files"][0].as_str().unwrap();
        let name = format!("{test} {file}");
        if let Some((_, reason)) = OTHERWISE.iter().find(|(part, _)| name.contains(part)) {
            otherwise.push(format!("{name}: {reason}"));
            continue;
        }
        let bytes = fs::read(folder.join(file)).unwrap();
        match judge(case, read(format, file, &bytes)) {
            Ok(()) => right += 1,
            Err(what) => wrong.push(format!("{name}: {what}")),
        }
    }
    let more = match otherwise.len() {
        0 => String::new(),
        count => format!(", {count} not judged"),
    };
    report.judge(&set, right, &wrong, &more);
    for line in otherwise {
        println!("    not judged: {line}");
    }
}

/// Reads a file by the format that the case names, since vectors rename files.
fn read(format: &str, file: &str, bytes: &[u8]) -> Result<Vec<Package>, Unreadable> {
    let name = file.rsplit('/').next().unwrap();
    let path = match format {
        "rust-binary(cargo-auditable)" | "go-binary" => {
            let found = installed::carried(bytes)?;
            return found.map_or(Ok(Vec::new()), |carried| carried.packages());
        }
        "*.gemspec" => "specifications/a.gemspec".to_owned(),
        "package.json" => "node_modules/a/package.json".to_owned(),
        "*.deps.json" => "a.deps.json".to_owned(),
        "METADATA/PKG-INFO" if [".egg", ".whl"].iter().any(|end| name.ends_with(end)) => {
            name.to_owned()
        }
        "METADATA/PKG-INFO" => "a.dist-info/METADATA".to_owned(),
        "jar/war/ear" if name.contains('.') => name.to_owned(),
        "jar/war/ear" => "a.jar".to_owned(),
        "composer.lock" if name == "installed.json" => "vendor/composer/installed.json".to_owned(),
        "stack/cabal lock" if file.contains("cabal") => "cabal.project.freeze".to_owned(),
        "stack/cabal lock" => "stack.yaml.lock".to_owned(),
        format => format.to_owned(),
    };
    if let Some(found) = installed::read(&path, bytes) {
        return found;
    }
    lock::read(&path, bytes).unwrap()
}

fn judge(case: &Value, found: Result<Vec<Package>, Unreadable>) -> Result<(), String> {
    let expects_error = case["expect_error"] == true;
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let expected: BTreeSet<_> = case["expected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                text(row, "name"),
                text(row, "version").trim_start_matches('v').to_owned(),
            )
        })
        // go.mod says with which Go a module can be built, not with which it is.
        .filter(|(name, _)| name != "stdlib" || case["format"] != "go.mod")
        .collect();
    let found = match found {
        Err(_) if expected.is_empty() => return Ok(()),
        Err(error) => return Err(error.to_string()),
        Ok(found) if expects_error && expected.is_empty() && !found.is_empty() => {
            return Err(format!(
                "an error was due, {} packages were found",
                found.len()
            ));
        }
        Ok(found) => found,
    };
    let name = |package: &Package| {
        let version = package.version.clone().unwrap_or_default();
        (
            package.name.clone(),
            version.trim_start_matches('v').to_owned(),
        )
    };
    // Whether the project itself is listed is each tool's choice; here it is, as what it is.
    let found: BTreeSet<_> = found
        .iter()
        .filter(|package| package.origin != Origin::Project || expected.contains(&name(package)))
        .map(name)
        .collect();
    if found == expected {
        return Ok(());
    }
    let missing: Vec<_> = expected.difference(&found).take(4).collect();
    let extra: Vec<_> = found.difference(&expected).take(4).collect();
    Err(format!("missing {missing:?}, extra {extra:?}"))
}
