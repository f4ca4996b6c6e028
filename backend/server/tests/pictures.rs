//! Pictures of lines through the real server.

mod common;

use common::{Server, past};

/// Where pictures are put to be looked at, if anyone wants to.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("PICTURES") {
        let path = std::path::Path::new(&folder).join(name);
        std::fs::write(path, bytes).expect("a folder that can be written");
    }
}

async fn picture(server: &Server, form: &str, query: &str) -> (String, Vec<u8>) {
    let request = format!(
        "GET /api/v1/chart.{form}?{query} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
        server.address
    );
    let (head, bytes) = server.ask_bytes(&request).await;
    assert!(
        head.starts_with("HTTP/1.1 200"),
        "{head}\n{}",
        String::from_utf8_lossy(&bytes)
    );
    (head.to_ascii_lowercase(), bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_shows_the_gap_with_its_reason_and_the_redeploy_with_its_image() {
    let data = tempfile::tempdir().unwrap();
    past::record(data.path()).await;
    let server = Server::start(data.path(), "unix:///nonexistent.sock").await;
    let web = format!("of=local/{}&from=-35m", past::id(2));
    for (name, query) in [
        ("cpu", format!("{web}&metric=cpu")),
        (
            "dark",
            format!("{web}&metric=memory,memory_cache&theme=dark&offset=60"),
        ),
        (
            "log",
            format!("{web}&of=local/{}&metric=cpu&scale=log", past::id(3)),
        ),
        (
            "stacked",
            format!(
                "of=local/{},local/{}&metric=memory&stacked=on&from=-35m",
                past::id(2),
                past::id(3)
            ),
        ),
        (
            "coarse",
            format!(
                "of=local/{}&metric=cpu&from=-35m&points=60&width=600&height=240&title=One%20busy%20second",
                past::id(3)
            ),
        ),
        ("network", format!("{web}&metric=net_received,net_sent")),
        (
            "days",
            format!("{web}&from=-3d&metric=cpu&to=now").replace("&from=-35m", ""),
        ),
        ("empty", "of=local&metric=load&from=-35m".to_owned()),
    ] {
        let (head, svg) = picture(&server, "svg", &query).await;
        assert!(head.contains("content-type: image/svg+xml"), "{head}");
        let (head, png) = picture(&server, "png", &query).await;
        assert!(head.contains("content-type: image/png"), "{head}");
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
        keep(&format!("{name}.svg"), &svg);
        keep(&format!("{name}.png"), &png);
    }
    let (_, svg) = picture(&server, "svg", &format!("{web}&metric=cpu")).await;
    let svg = String::from_utf8(svg).unwrap();
    for said in [
        "server did not run",
        "redeployed: shop:2",
        "web – CPU",
        "UTC",
        "max 30 %",
    ] {
        assert!(svg.contains(said), "{said} is missing:\n{svg}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_titles_are_text_in_a_picture() {
    let data = tempfile::tempdir().unwrap();
    past::record(data.path()).await;
    let server = Server::start(data.path(), "unix:///nonexistent.sock").await;
    let query = format!(
        "of=local/{},local/{}&metric=cpu&from=-35m&title=%3Cscript%3Ealert(1)%3C/script%3E%00%1b%22%3E",
        past::id(2),
        past::id(3)
    );
    let (_, svg) = picture(&server, "svg", &query).await;
    let svg = String::from_utf8(svg).unwrap();
    keep("nasty.svg", svg.as_bytes());
    assert!(
        svg.contains("&lt;script&gt;") && !svg.contains("<script"),
        "{svg}"
    );
    assert!(
        !svg.contains("<b onload") && !svg.contains('\u{202e}'),
        "{svg}"
    );
    assert!(svg.chars().all(|c| c == '\n' || !c.is_control()));
    // Were it not whole, no picture could be made of it.
    let (_, png) = picture(&server, "png", &query).await;
    keep("nasty.png", &png);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_cannot_be_is_refused_in_words() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "unix:///nonexistent.sock").await;
    for (query, said) in [
        (
            "svg?of=local&metric=cpu,memory",
            "cpu and memory have different units",
        ),
        ("svg?of=local&width=100000", "from 320 to 2400"),
        (
            "png?of=local&width=2400&height=1200&density=3",
            "at most 16000000",
        ),
        ("png?of=local&density=9", "from 1 to 3"),
        ("svg?of=local&format=csv", "in its path"),
        ("svg?of=local&theme=pink", "light or dark"),
        ("svg?", "of=HOST"),
    ] {
        let (status, body) = server.get(&format!("/api/v1/chart.{query}")).await;
        assert_eq!(status, 400, "{query}: {body}");
        assert!(body.contains(said), "{query}: {body}");
    }
}
