use super::*;

fn around(root: &Path, variables: &[(&str, &str)]) -> Surroundings {
    Surroundings {
        environment: variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        uid: 1000,
        root: root.to_owned(),
    }
}

fn addresses(configured: Option<&str>, around: &Surroundings) -> Vec<String> {
    places(configured, around)
        .into_iter()
        .map(|place| match place {
            Ok(place) => format!("{} from {}", place.endpoint, place.source),
            Err(found) => format!("not {}: {}", found.endpoint, found.problem),
        })
        .collect()
}

/// Writes a docker configuration whose active context is `name` at `host`.
fn write_context(home: &Path, name: &str, host: &str) -> PathBuf {
    let docker = home.join(".docker");
    let hash: String = Sha256::digest(name.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let meta = docker.join("contexts/meta").join(&hash);
    std::fs::create_dir_all(&meta).unwrap();
    let current = format!(r#"{{"auths":{{}},"currentContext":"{name}"}}"#);
    std::fs::write(docker.join("config.json"), current).unwrap();
    let text = format!(
        r#"{{"Name":"{name}","Metadata":{{}},"Endpoints":{{"docker":{{"Host":"{host}","SkipTLSVerify":false}}}}}}"#
    );
    std::fs::write(meta.join("meta.json"), text).unwrap();
    docker.join("contexts/tls").join(hash).join("docker")
}

#[test]
fn with_nothing_set_the_usual_sockets_are_tried_docker_before_podman() {
    let root = tempfile::tempdir().unwrap();
    let around = around(
        root.path(),
        &[("HOME", "/home/ann"), ("XDG_RUNTIME_DIR", "/run/user/1000")],
    );
    assert_eq!(
        addresses(None, &around),
        [
            "unix:///var/run/docker.sock from default socket",
            "unix:///run/user/1000/docker.sock from rootless Docker",
            "unix:///home/ann/.docker/run/docker.sock from Docker in the home folder",
            "unix:///home/ann/.docker/desktop/docker.sock from Docker Desktop",
            "unix:///run/podman/podman.sock from Podman",
            "unix:///run/user/1000/podman/podman.sock from rootless Podman",
        ]
    );
}

#[test]
fn an_address_that_was_asked_for_is_the_only_place() {
    let root = tempfile::tempdir().unwrap();
    write_context(
        &root.path().join("home/ann"),
        "remote",
        "tcp://10.0.0.9:2375",
    );
    let set = [
        ("HOME", "/home/ann"),
        ("DOCKER_HOST", "unix:///tmp/other.sock"),
        ("DOCKER_CONTEXT", "remote"),
    ];
    let with_host = around(root.path(), &set);
    assert_eq!(
        addresses(Some("tcp://127.0.0.1:1234"), &with_host),
        ["tcp://127.0.0.1:1234 from configuration"]
    );
    assert_eq!(
        addresses(None, &with_host),
        ["unix:///tmp/other.sock from DOCKER_HOST"]
    );
    let without_host = around(root.path(), &set[..1]);
    assert_eq!(
        addresses(None, &without_host),
        ["tcp://10.0.0.9:2375 from docker context “remote”"]
    );
}

#[test]
fn the_variable_names_another_context_than_the_file() {
    let root = tempfile::tempdir().unwrap();
    let home = root.path().join("home/ann");
    write_context(
        &home,
        "desktop",
        "unix:///home/ann/.docker/desktop/docker.sock",
    );
    write_context(&home, "current", "unix:///tmp/current.sock");
    let around = around(
        root.path(),
        &[("HOME", "/home/ann"), ("DOCKER_CONTEXT", "desktop")],
    );
    assert_eq!(
        addresses(None, &around),
        ["unix:///home/ann/.docker/desktop/docker.sock from DOCKER_CONTEXT “desktop”"]
    );
}

#[test]
fn the_context_called_default_is_the_default_socket() {
    let root = tempfile::tempdir().unwrap();
    let around = around(
        root.path(),
        &[("HOME", "/home/ann"), ("DOCKER_CONTEXT", "default")],
    );
    assert!(addresses(None, &around)[0].starts_with("unix:///var/run/docker.sock"));
}

#[test]
fn a_context_that_is_gone_says_what_to_do() {
    let root = tempfile::tempdir().unwrap();
    let around = around(
        root.path(),
        &[("HOME", "/home/ann"), ("DOCKER_CONTEXT", "gone")],
    );
    let said = &addresses(None, &around)[0];
    assert!(
        said.contains("“gone” cannot be read") && said.contains("docker context use"),
        "{said}"
    );
}

#[test]
fn a_context_with_certificates_is_not_asked_in_plain_text() {
    let root = tempfile::tempdir().unwrap();
    let tls = write_context(&root.path().join("home/ann"), "prod", "tcp://prod:2376");
    std::fs::create_dir_all(tls).unwrap();
    let around = around(root.path(), &[("HOME", "/home/ann")]);
    let said = &addresses(None, &around)[0];
    assert!(
        said.starts_with("not tcp://prod:2376: not supported yet"),
        "{said}"
    );
}

#[test]
fn addresses_are_read_as_docker_writes_them() {
    let tcp = |text: &str| Ok(Endpoint::Tcp(text.to_owned()));
    assert_eq!(parse("tcp://localhost:2375"), tcp("localhost:2375"));
    assert_eq!(parse("tcp://localhost"), tcp("localhost:2375"));
    assert_eq!(parse("tcp://[::1]:2375/"), tcp("[::1]:2375"));
    assert_eq!(parse("tcp://[::1]"), tcp("[::1]:2375"));
    assert_eq!(
        parse("unix:///a b/c.sock"),
        Ok(Endpoint::Unix("/a b/c.sock".into()))
    );
    assert_eq!(
        parse("/var/run/docker.sock"),
        Ok(Endpoint::Unix("/var/run/docker.sock".into()))
    );
    for bad in [
        "tcp://",
        "tcp://:2375",
        "tcp://host:99999",
        "tcp://a b:1",
        "tcp://a/\r\nx:1",
        "docker.sock",
        "ftp://x",
        "",
    ] {
        assert!(parse(bad).is_err(), "{bad:?} was taken");
    }
    assert!(
        parse("ssh://root@host")
            .unwrap_err()
            .starts_with("not supported yet")
    );
}

#[test]
fn a_configuration_file_that_is_not_json_means_no_context() {
    let root = tempfile::tempdir().unwrap();
    let docker = root.path().join("home/ann/.docker");
    std::fs::create_dir_all(&docker).unwrap();
    std::fs::write(docker.join("config.json"), "<html>").unwrap();
    let around = around(root.path(), &[("HOME", "/home/ann")]);
    assert!(addresses(None, &around)[0].contains("default socket"));
}
