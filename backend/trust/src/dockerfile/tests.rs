use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Dockerfile {
    Dockerfile::read(text, &BTreeMap::new()).unwrap()
}

fn image(name: &str) -> Source {
    Source::Image(Reference::read(name).unwrap())
}

fn sources(text: &str) -> Vec<Source> {
    read(text)
        .uses
        .into_iter()
        .map(|used| used.source)
        .collect()
}

/// Whether everything a Dockerfile builds on is signed, when only `host/signed:1` is.
fn sound(text: &str) -> bool {
    let signed = Reference::read("host.example/signed:1").unwrap();
    read(text)
        .judge(|reference| match *reference == signed {
            true => State::Trusted,
            false => State::Unsigned,
        })
        .iter()
        .all(|judged| judged.sound)
}

#[test]
fn the_five_dockerfiles_that_content_trust_was_tried_with_are_judged_right() {
    assert!(!sound("FROM host.example/unsigned:1\n"));
    assert!(sound("FROM host.example/signed:1\n"));
    // docker 28 looks the alias up as an image and refuses.
    assert!(sound("FROM host.example/signed:1 AS one\nFROM one\n"));
    // docker 28 never looks here and lets it pass.
    assert!(!sound(
        "FROM host.example/signed:1\nCOPY --from=host.example/unsigned:1 /x /x\n"
    ));
    // docker 28 refuses `$B` itself, whatever it stands for.
    assert!(sound("ARG B=host.example/signed:1\nFROM $B\n"));
    assert!(!sound("ARG B=host.example/unsigned:1\nFROM $B\n"));
}

#[test]
fn a_stage_is_meant_by_name_or_number_and_only_after_it_began() {
    let text = "FROM a AS Build\nFROM b\nCOPY --from=build /x /x\nCOPY --from=0 /x /x\nCOPY --from=7 /x /x\nRUN --mount=type=bind,from=build,target=/y true";
    let found = sources(text);
    assert_eq!(
        found[..4],
        [image("a"), image("b"), Source::Stage(0), Source::Stage(0)]
    );
    assert!(matches!(found[4], Source::Unknown(_)));
    assert_eq!(found[5], Source::Stage(0));
    // Before a stage of that name begins, the name is an image's.
    assert_eq!(
        sources("FROM one\nFROM a AS one"),
        [image("one"), image("a")]
    );
}

#[test]
fn images_hide_in_copies_and_mounts_too() {
    let text = "FROM scratch\nCOPY --chown=1:1 --from=host.example/a:1 /x /x\nRUN --mount=type=cache,target=/c --mount=type=bind,from=host.example/b:1 true\nONBUILD COPY --from=host.example/c:1 /x /x";
    let expected = [
        Source::Scratch,
        image("host.example/a:1"),
        image("host.example/b:1"),
        image("host.example/c:1"),
    ];
    assert_eq!(sources(text), expected);
}

#[test]
fn arguments_take_defaults_and_given_values() {
    let text = "ARG V=1\nARG B=host.example/app:${V}\nFROM --platform=$TARGETPLATFORM ${B:-other} AS x\nARG B=inner\n";
    assert_eq!(sources(text), [image("host.example/app:1")]);
    let given = [("V".to_owned(), "2".to_owned())].into();
    let uses = Dockerfile::read(text, &given).unwrap().uses;
    assert_eq!(uses[0].source, image("host.example/app:2"));
    for (text, expected) in [
        ("ARG B\nFROM ${B:-c}", "c"),
        ("ARG B=\nFROM ${B:-c}", "c"),
        ("ARG B=b\nFROM x${B:+y}", "xy"),
        ("FROM ${B-d}", "d"),
        ("ARG B=\"q\"\nFROM $B", "q"),
    ] {
        assert_eq!(sources(text), [image(expected)], "{text}");
    }
}

#[test]
fn what_cannot_be_known_is_never_sound() {
    for text in [
        "ARG B\nFROM $B",
        "FROM $B",
        "FROM ${B",
        "FROM UPPER",
        "FROM host.example/signed:1\nCOPY --from=$X /x /x",
        "ARG B=b\nFROM ${B/b/c}",
    ] {
        assert!(!sound(text), "{text}");
        assert!(
            sources(text)
                .iter()
                .any(|source| matches!(source, Source::Unknown(_))),
            "{text}"
        );
    }
}

#[test]
fn lines_are_joined_and_what_is_no_instruction_is_passed_over() {
    let text = "# syntax=docker/dockerfile:1\n# escape=`\nFROM `\n  # a comment within\n\n  a\nRUN <<EOF\nFROM not-an-image\nEOF\nCOPY --from=b <<-'X' /x\n\tCOPY --from=c\n\tX\nFROM d";
    assert_eq!(sources(text), [image("a"), image("b"), image("d")]);
    assert_eq!(read(text).uses[1].line, 10);
}

#[test]
fn a_broken_dockerfile_is_refused_with_its_line() {
    for (text, line) in [
        ("", 1),
        ("RUN true", 1),
        ("\nFROM", 2),
        ("FROM a b", 1),
        ("FROM a\nRUN <<EOF\nnever ends", 2),
    ] {
        let refused = Dockerfile::read(text, &BTreeMap::new()).unwrap_err();
        assert_eq!(refused.line, line, "{text:?} {refused}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "([A-Z$\\\\{}a-z \n#=:<-]|FROM |ARG |COPY --from=){0,60}") {
        let _ = Dockerfile::read(&text, &BTreeMap::new());
    }
}
