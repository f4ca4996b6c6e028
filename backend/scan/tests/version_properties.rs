//! Every order is one: it never panics, turned round it is reversed, and three versions never form a ring.

use plimsoll_scan::version::{LONGEST, Scheme};
use proptest::prelude::*;
use std::cmp::Ordering;

/// Texts that look like versions of one family or another.
fn looks_like_a_version() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[0-9]{1,3}",
        3 => "[.]",
        1 => "[-_+~^:#]",
        1 => Just("0".to_owned()),
        1 => "[a-zA-Z]{1,2}",
        1 => prop::sample::select(vec![
            "alpha", "beta", "rc", "RC1", "dev", "post1", "pre", "-r1", "_p1", "snapshot", "final", "sp", "v", "1!", "patch", "p",
            ".el8", "+b1", "x-dev", "ga",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

/// What real artifacts of a family with a self-contradicting tool look like: numbers, then at most one word or release.
fn plain() -> impl Strategy<Value = String> {
    (
        "[1-9]([.][1-9]){0,2}",
        prop::sample::select(vec!["-1", "-2", "-10"]),
    )
        .prop_map(|(numbers, release)| format!("{numbers}{release}"))
}

fn is_a_ring(scheme: Scheme, texts: &[String; 3]) -> bool {
    let compare = |a: usize, b: usize| scheme.compare(&texts[a], &texts[b]);
    let (Some(first), Some(second), Some(across)) = (compare(0, 1), compare(1, 2), compare(0, 2))
    else {
        return false;
    };
    match (first, second) {
        (Ordering::Equal, other) | (other, Ordering::Equal) => across != other,
        (first, second) => first == second && across != first,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn turned_round_it_is_reversed(this in looks_like_a_version(), that in looks_like_a_version()) {
        for scheme in Scheme::ALL {
            prop_assert_eq!(
                scheme.compare(&this, &that),
                scheme.compare(&that, &this).map(Ordering::reverse),
                "{:?}", scheme
            );
            if scheme.parse(&this).is_some() {
                prop_assert_eq!(scheme.compare(&this, &this), Some(Ordering::Equal), "{:?}", scheme);
            }
        }
    }

    #[test]
    fn three_versions_never_form_a_ring(a in looks_like_a_version(), b in looks_like_a_version(), c in looks_like_a_version()) {
        let texts = [a, b, c];
        for scheme in Scheme::ALL {
            if ![Scheme::Maven, Scheme::Alpm].contains(scheme) {
                prop_assert!(!is_a_ring(*scheme, &texts), "{:?}: {:?}", scheme, texts);
            }
        }
    }

    #[test]
    fn nor_do_plain_ones_of_maven_and_arch(a in plain(), b in plain(), c in plain()) {
        let texts = [a, b, c];
        for scheme in [Scheme::Maven, Scheme::Alpm] {
            prop_assert!(!is_a_ring(scheme, &texts), "{:?}: {:?}", scheme, texts);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), other in "\\PC{0,40}") {
        for scheme in Scheme::ALL {
            let _ = scheme.compare(&text, &other);
            let _ = scheme.accepts(&text);
        }
    }
}

#[test]
fn a_text_past_the_limit_is_no_version() {
    let longest = "1".repeat(LONGEST);
    for scheme in Scheme::ALL {
        assert!(scheme.parse(&format!("{longest}1")).is_none(), "{scheme:?}");
    }
    assert_eq!(
        Scheme::Deb.compare(&longest, "2").unwrap(),
        Ordering::Greater
    );
}

#[test]
fn versions_of_two_families_have_no_order() {
    let (deb, rpm) = (
        Scheme::Deb.parse("1").unwrap(),
        Scheme::Rpm.parse("1").unwrap(),
    );
    assert_eq!(deb.compare(&rpm), None);
}
