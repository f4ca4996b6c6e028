//! What a page, the files beside it and their errors come out as.

use super::*;

const PAGE: &str = "<meta content=\"{{build}}\"><link href=\"{{css}}\">\n<link href=\"{{file:mark.svg}}\"><script src=\"{{file:boot.js}}\"></script>";

fn site(files: &[(&str, &str)]) -> (tempfile::TempDir, Result<Site>) {
    let folder = tempfile::tempdir().unwrap();
    let frontend = folder.path().join("frontend");
    fs::create_dir_all(frontend.join("src")).unwrap();
    for (name, content) in files {
        fs::write(frontend.join(name), content).unwrap();
    }
    let parts = Parts {
        css: "a{}".into(),
        js: "export default 1".into(),
        wasm: b"\0asm".to_vec(),
    };
    let site = assemble(
        &frontend,
        &folder.path().join("site"),
        Profile::Wasm,
        &parts,
    );
    (folder, site)
}

fn error(files: &[(&str, &str)]) -> String {
    format!("{:#}", site(files).1.unwrap_err())
}

#[test]
fn a_page_names_hashed_files_and_so_do_the_scripts_beside_it() {
    let (folder, site) = site(&[
        ("index.html", PAGE),
        ("mark.svg", "<svg/>"),
        ("boot.js", "import init from '{{js}}'; init('{{wasm}}')"),
    ]);
    let site = site.unwrap();
    let read = |path: &str| fs::read_to_string(folder.path().join("site").join(path)).unwrap();
    let page = read("index.html");
    assert!(
        !page.contains("{{") && page.contains(&site.build) && page.contains("/assets/console."),
        "{page}"
    );
    let boot = site
        .files
        .iter()
        .find(|file| file.path.starts_with("assets/boot."))
        .unwrap();
    let boot = read(&boot.path);
    assert!(
        boot.starts_with("import init from '/assets/console.") && boot.ends_with(".wasm')"),
        "{boot}"
    );
    assert_eq!(read("build-id"), site.build);
}

#[test]
fn the_build_s_name_changes_with_any_file_beside_the_page_and_with_nothing_else() {
    let name = |mark: &str| {
        site(&[("index.html", PAGE), ("mark.svg", mark), ("boot.js", "")])
            .1
            .unwrap()
            .build
    };
    assert_eq!(name("<svg/>"), name("<svg/>"));
    assert_ne!(name("<svg/>"), name("<svg></svg>"));
}

#[test]
fn a_missing_file_is_named_with_the_line_that_asks_for_it() {
    let error = error(&[("index.html", PAGE), ("boot.js", "")]);
    assert!(
        error
            .starts_with("frontend/index.html:2: {{file:mark.svg}} names a file that is not there"),
        "{error}"
    );
}

#[test]
fn an_unknown_placeholder_is_answered_with_those_there_are() {
    let error = error(&[("index.html", "{{styles}}")]);
    assert!(
        error.starts_with("frontend/index.html:1: {{styles}} is no placeholder: there are {{css}}"),
        "{error}"
    );
}

#[test]
fn two_scripts_that_name_each_other_are_an_error() {
    let error = error(&[
        ("index.html", "{{file:a.js}}"),
        ("a.js", "{{file:b.js}}"),
        ("b.js", "\n{{file:a.js}}"),
    ]);
    assert!(
        error.contains("frontend/b.js:2: a.js ends up naming itself: a.js -> b.js -> a.js"),
        "{error}"
    );
}

#[test]
fn a_frontend_without_a_page_says_which_file_is_missing() {
    let error = error(&[]);
    assert!(error.ends_with("frontend/index.html is missing"), "{error}");
}

#[test]
fn sources_are_not_served() {
    assert!(
        error(&[("index.html", "{{file:Cargo.toml}}"), ("Cargo.toml", "")]).contains("not there")
    );
}
