//! The one thing `docker stats` takes from docker's own configuration: the format someone set there.

use std::{
    env,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

const MOST_BYTES: u64 = 1024 * 1024;

/// `statsFormat` of docker's `config.json`, when there is one that can be read.
pub(super) fn stats_format() -> Option<String> {
    let folder = match env::var_os("DOCKER_CONFIG") {
        Some(folder) => PathBuf::from(folder),
        None => env::home_dir()?.join(".docker"),
    };
    read(&folder.join("config.json"))
}

fn read(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path)
        .ok()?
        .take(MOST_BYTES)
        .read_to_string(&mut text)
        .ok()?;
    let config: serde_json::Value = serde_json::from_str(&text).ok()?;
    let format = config.get("statsFormat")?.as_str()?;
    (!format.is_empty()).then(|| format.to_owned())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_format_set_in_dockers_configuration_is_found_and_anything_else_is_no_format() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.json");
        assert_eq!(read(&path), None);
        for (text, format) in [
            (
                r#"{"statsFormat":"{{.Name}}","auths":{}}"#,
                Some("{{.Name}}"),
            ),
            (r#"{"statsFormat":""}"#, None),
            (r#"{"statsFormat":3}"#, None),
            ("not JSON", None),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(read(&path).as_deref(), format);
        }
    }
}
