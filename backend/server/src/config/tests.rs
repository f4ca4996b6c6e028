use super::*;
use std::{fs, path::Path};

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment {
        variables: variables
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        data: Some("/home/ada/.local/share".into()),
        config: None,
    }
}

fn in_file(text: &str) -> (tempfile::TempDir, Flags) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    fs::write(&path, text).unwrap();
    (
        dir,
        Flags {
            config: Some(path),
            ..Flags::default()
        },
    )
}

fn told<'a>(loaded: &'a Loaded, name: &str) -> &'a Told {
    loaded.told.iter().find(|told| told.name == name).unwrap()
}

#[test]
fn nothing_said_means_this_machine_alone_and_two_days() {
    let loaded = load_from(&Flags::default(), &environment(&[])).unwrap();
    let config = &loaded.config;
    assert_eq!(config.data, Path::new("/home/ada/.local/share/plimsoll"));
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.interval, Duration::from_secs(1));
    assert_eq!(config.retention, Duration::from_secs(2 * 86_400));
    assert!(loaded.told.iter().all(|told| told.from == Origin::Default));
}

#[test]
fn the_command_line_beats_the_environment_beats_the_file_beats_the_default() {
    let (_dir, mut flags) =
        in_file("# mine\ninterval = \"5s\"\nretention = \"2h\"\nlisten = \"127.0.0.1:1\"\n");
    flags.listen = Some("127.0.0.1:3".to_owned());
    let variables = [
        ("PLIMSOLL_LISTEN", "127.0.0.1:2"),
        ("PLIMSOLL_RETENTION", "3h"),
        ("PLIMSOLL_LOG", ""),
    ];
    let loaded = load_from(&flags, &environment(&variables)).unwrap();
    let from = |name| told(&loaded, name).from.to_string();
    assert_eq!(
        (loaded.config.listen.port(), from("listen")),
        (3, "--listen".to_owned())
    );
    assert_eq!(told(&loaded, "retention").value, "3h");
    assert_eq!(from("retention"), "environment PLIMSOLL_RETENTION");
    assert_eq!(loaded.config.interval, Duration::from_secs(5));
    assert!(
        from("interval").ends_with("config.toml:2"),
        "{}",
        from("interval")
    );
    assert_eq!(from("log"), "default", "an empty variable is not set");
    let settings = loaded.settings();
    let place = |name: &str| {
        let setting = settings.iter().find(|setting| setting.name == name);
        setting.unwrap().from.clone()
    };
    assert_eq!(place("listen").as_deref(), Some("--listen"));
    assert_eq!(place("retention").as_deref(), Some("PLIMSOLL_RETENTION"));
    assert_eq!(place("log"), None);
}

#[test]
fn a_setting_that_does_not_exist_names_file_line_and_what_does() {
    let (_dir, flags) = in_file("listen = \"127.0.0.1:1\"\nlisen = \"x\"\n");
    let refused = load_from(&flags, &environment(&[]))
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("config.toml:2: there is no setting \"lisen\""),
        "{refused}"
    );
    assert!(refused.contains("docker_host"), "{refused}");
}

#[test]
fn a_bad_value_names_where_it_stands_and_what_is_allowed() {
    for (line, expected) in [
        ("interval = \"5 parsecs\"", "500ms to 60s"),
        ("interval = 5", "500ms to 60s"),
        ("interval = \"100ms\"", "500ms to 60s"),
        ("retention = \"99999999999999999999d\"", "1h to 30d"),
        ("history_max_size = \"1MB\"", "from 16MB"),
        ("history_max_size = \"99999999999999TB\"", "from 16MB"),
        ("history_max_size = \"20 Gigabytes\"", "from 16MB"),
        ("listen = \"8080\"", "127.0.0.1:8080"),
        ("allow_unauthenticated = \"maybe\"", "true or false"),
        ("docker_host = \"ftp://x\"", "unix://PATH"),
        ("allowed_host = [\"ok\", \"http://x/\"]", "without a port"),
        ("log = \"plimsoll=loud\"", "debug"),
        ("data = \"\"", "a folder"),
        ("data = { a = 1 }", "a text"),
        ("data = 2026-01-01", "a text"),
        ("data", "not TOML"),
    ] {
        let (_dir, flags) = in_file(&format!("\n{line}\n"));
        let refused = load_from(&flags, &environment(&[]))
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("config.toml:2: ") && refused.contains(expected),
            "{refused}"
        );
    }
    let refused = load_from(
        &Flags::default(),
        &environment(&[("PLIMSOLL_INTERVAL", "x")]),
    )
    .unwrap_err()
    .to_string();
    assert!(
        refused.starts_with("environment PLIMSOLL_INTERVAL: \"x\""),
        "{refused}"
    );
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let flags = Flags {
        config: Some("/nowhere/config.toml".into()),
        ..Flags::default()
    };
    assert!(matches!(
        load_from(&flags, &environment(&[])),
        Err(ConfigError::Unreadable { .. })
    ));
    let named = environment(&[("PLIMSOLL_CONFIG", "/nowhere/config.toml")]);
    assert!(matches!(
        load_from(&Flags::default(), &named),
        Err(ConfigError::Unreadable { .. })
    ));
    let (_dir, flags) = in_file(&"#".repeat(300 * 1024));
    assert!(matches!(
        load_from(&flags, &environment(&[])),
        Err(ConfigError::Unreadable { .. })
    ));
}

#[test]
fn listening_beyond_this_machine_must_be_asked_for() {
    for address in ["0.0.0.0:8080", "[::]:8080", "192.168.1.4:80"] {
        let mut flags = Flags {
            listen: Some(address.to_owned()),
            ..Flags::default()
        };
        let refused = load_from(&flags, &environment(&[]))
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("--allow-unauthenticated") && refused.contains(address),
            "{refused}"
        );
        flags.allow_unauthenticated = true;
        assert!(load_from(&flags, &environment(&[])).is_ok());
    }
    for address in ["127.0.0.2:1", "[::1]:1"] {
        let flags = Flags {
            listen: Some(address.to_owned()),
            ..Flags::default()
        };
        assert!(load_from(&flags, &environment(&[])).is_ok());
    }
}

#[test]
fn names_come_one_a_flag_or_in_a_list() {
    let flags = Flags {
        allowed_host: vec!["A.example".to_owned(), "b".to_owned()],
        ..Flags::default()
    };
    assert_eq!(
        load_from(&flags, &environment(&[]))
            .unwrap()
            .config
            .allowed_host,
        ["a.example", "b"]
    );
    let variables = environment(&[("PLIMSOLL_ALLOWED_HOST", "a, b.example")]);
    assert_eq!(
        load_from(&Flags::default(), &variables)
            .unwrap()
            .config
            .allowed_host,
        ["a", "b.example"]
    );
    let (_dir, flags) = in_file("allowed_host = [\"a\", \"::1\"]");
    assert_eq!(
        load_from(&flags, &environment(&[]))
            .unwrap()
            .config
            .allowed_host,
        ["a", "::1"]
    );
}

#[test]
fn a_duration_is_written_as_it_is_read() {
    for text in ["500ms", "1s", "90s", "5m", "24h"] {
        let read = value::duration(text, (Duration::ZERO, Duration::MAX)).unwrap();
        assert_eq!(value::written(read), text);
    }
}
