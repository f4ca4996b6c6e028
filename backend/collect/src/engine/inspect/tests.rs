use super::*;
use plimsoll_shared::{Compose, Network};

const COMPOSE_SERVICE: &str = include_str!("../../../fixtures/inspect/compose-service.json");

fn inspected(text: &str) -> Inspected {
    Inspected::read(super::super::lenient::read(text.as_bytes()).unwrap()).unwrap()
}

#[test]
fn a_running_compose_service_tells_everything() {
    let facts = inspected(COMPOSE_SERVICE).into_facts();
    assert_eq!(facts.name, "shop-web-1");
    assert_eq!(facts.state, ContainerState::Running);
    assert_eq!(facts.health, Health::Unhealthy);
    assert_eq!(facts.image.reference, "shop/web:1.4");
    assert_eq!(facts.image.digest.unwrap().short(), "aaaaaaaaaaaa");
    assert_eq!(facts.command, ["/entry.sh", "serve", "--port=80"]);
    assert_eq!(facts.restart_policy.as_deref(), Some("on-failure:5"));
    assert_eq!(facts.restarts, Some(3));
    assert_eq!(
        facts.compose,
        Some(Compose {
            project: "shop".to_owned(),
            service: Some("web".to_owned())
        })
    );
    assert_eq!(facts.network, Network::Own);
    assert_eq!(
        facts.networks["shop_default"].as_deref(),
        Some("172.20.0.2")
    );
    assert_eq!(facts.networks["empty"], None);
    let mounts: Vec<_> = facts
        .mounts
        .iter()
        .map(|m| (m.source.as_str(), m.writable))
        .collect();
    assert_eq!(mounts, [("shop_data", true), ("/etc/shop", false)]);
}

#[test]
fn a_life_that_goes_on_has_no_end_although_the_engine_remembers_the_last_one() {
    let facts = inspected(COMPOSE_SERVICE).into_facts();
    assert_eq!(facts.started_at, Some(UnixMs(1_795_534_711_123)));
    assert_eq!((facts.finished_at, facts.exit_code), (None, None));
}

#[test]
fn ports_are_published_exposed_or_both_families() {
    let facts = inspected(COMPOSE_SERVICE).into_facts();
    let ports: Vec<_> = facts
        .ports
        .iter()
        .map(|port| format!("{:?} {}/{}", port.host, port.container, port.protocol))
        .collect();
    assert_eq!(
        ports,
        [
            "None 53/udp",
            "Some((\"0.0.0.0\", 8080)) 80/tcp",
            "Some((\"::\", 8080)) 80/tcp",
            "None 443/tcp",
        ]
    );
}

#[test]
fn limits_of_zero_and_minus_one_are_no_limits() {
    let limits = inspected(COMPOSE_SERVICE).into_facts().limits.unwrap();
    assert_eq!(limits.memory, Some(67_108_864));
    assert_eq!(
        limits.cpus,
        Some(1.5),
        "quota over period where there are no nano-CPUs"
    );
    assert_eq!(limits.pids, None);
}

#[test]
fn a_life_knows_the_interfaces_that_were_given_names() {
    let life = inspected(COMPOSE_SERVICE).life().unwrap();
    assert_eq!(life.pid, Some(4242));
    assert!(life.interfaces.count("front") && life.interfaces.count("eth0"));
}

#[test]
fn an_ended_container_has_no_life_but_an_end() {
    let ended = COMPOSE_SERVICE
        .replace(r#""Status":"running""#, r#""Status":"exited""#)
        .replace(r#""ExitCode":0"#, r#""ExitCode":137"#)
        .replace(r#""OOMKilled":false"#, r#""OOMKilled":true"#);
    let ended = inspected(&ended);
    assert_eq!(ended.life(), None);
    let facts = ended.into_facts();
    assert_eq!(facts.exit_code, Some(137));
    assert!(facts.oom_killed && facts.finished_at.is_some());
}

#[test]
fn a_container_that_never_ran_has_no_exit_code() {
    let created = COMPOSE_SERVICE
        .replace(r#""Status":"running""#, r#""Status":"created""#)
        .replace("2026-11-24T15:38:31.123456789Z", "0001-01-01T00:00:00Z");
    let facts = inspected(&created).into_facts();
    assert_eq!(
        (facts.started_at, facts.finished_at, facts.exit_code),
        (None, None, None)
    );
}

#[test]
fn an_answer_with_hardly_anything_in_it_is_still_a_container() {
    let id = "a".repeat(64);
    let facts = inspected(&format!(
        r#"{{"Id":"{id}","State":{{}},"Mounts":null,"Args":null}}"#
    ))
    .into_facts();
    assert_eq!(facts.state, ContainerState::Unknown);
    assert_eq!(facts.limits, None);
}
