//! Bundles the style sheets into one, as small as it gets.

use anyhow::{Context, Result, anyhow};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions},
    targets::{Browsers, Targets},
};
use std::path::Path;

const fn version(major: u32, minor: u32) -> Option<u32> {
    Some((major << 16) | (minor << 8))
}

/// Browsers of the last three years.
const BROWSERS: Browsers = Browsers {
    android: version(119, 0),
    chrome: version(119, 0),
    edge: version(119, 0),
    firefox: version(120, 0),
    ie: None,
    ios_saf: version(17, 1),
    opera: version(105, 0),
    safari: version(17, 1),
    samsung: version(23, 0),
};

/// The style sheet at `main` with all that it imports, minified; an error names the file and the line.
pub(super) fn bundle(main: &Path) -> Result<String> {
    let files = FileProvider::new();
    let targets = Targets {
        browsers: Some(BROWSERS),
        ..Targets::default()
    };
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler.bundle(main).map_err(|error| match &error.loc {
        Some(at) => anyhow!("{}:{}: {}", at.filename, at.line + 1, error.kind),
        None => anyhow!("{}: {}", main.display(), error.kind),
    })?;
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| anyhow!("{}: {error}", main.display()))?;
    let printed = sheet.to_css(PrinterOptions {
        minify: true,
        targets,
        ..PrinterOptions::default()
    });
    Ok(printed
        .with_context(|| format!("{} cannot be printed", main.display()))?
        .code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn bundled(files: &[(&str, &str)]) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        bundle(&folder.path().join("main.css"))
    }

    #[test]
    fn imports_are_taken_in_where_they_stand() {
        let css = bundled(&[
            (
                "main.css",
                "@import \"a.css\";\n@import \"b.css\";\nmain { color: green; }",
            ),
            ("a.css", "a { color: red; }"),
            ("b.css", "b { color: blue; }"),
        ]);
        assert_eq!(css.unwrap(), "a{color:red}b{color:#00f}main{color:green}");
    }

    #[test]
    fn a_missing_import_and_a_slip_name_their_file_and_line() {
        let missing = bundled(&[("main.css", "@import \"a.css\";")])
            .unwrap_err()
            .to_string();
        assert!(missing.contains("main.css:1"), "{missing}");
        let slip = bundled(&[("main.css", "a { color: red; }\n\n} b")])
            .unwrap_err()
            .to_string();
        assert!(slip.contains("main.css:3"), "{slip}");
    }

    #[test]
    fn a_placeholder_inside_url_survives_for_the_filler() {
        let css = bundled(&[("main.css", "a { background: url(\"{{file:mark.svg}}\"); }")]);
        assert_eq!(css.unwrap(), "a{background:url({{file:mark.svg}})}");
    }
}
