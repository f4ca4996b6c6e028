//! Keeps lines where they are while someone is at them, so that what is under a finger or in focus stays what it is.

use plimsoll_shared::UnixMs;

/// A pointer that rests this long is not at the lines any more.
const RESTS_MS: i64 = 5_000;

/// Whether lines keep their places: something in them has the focus, or a pointer moved over them a moment ago.
pub(crate) fn holds(focused: bool, pointed: Option<UnixMs>, now: UnixMs) -> bool {
    focused || pointed.is_some_and(|at| now.since(at) < RESTS_MS)
}

/// `now`'s items, those that were in `before` at their old places; newcomers take the places that became free, and the rest follow.
pub(crate) fn held<T, K: PartialEq>(before: &[T], now: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut kept: Vec<Option<T>> = before.iter().map(|_| None).collect();
    let mut new = Vec::new();
    for item in now {
        let place = before
            .iter()
            .position(|other| key(other) == key(&item))
            .filter(|place| kept[*place].is_none());
        match place {
            Some(place) => kept[place] = Some(item),
            None => new.push(item),
        }
    }
    let mut new = new.into_iter();
    let mut all: Vec<T> = kept
        .into_iter()
        .filter_map(|item| item.or_else(|| new.next()))
        .collect();
    all.extend(new);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(before: &str, now: &str) -> String {
        let before: Vec<char> = before.chars().collect();
        held(&before, now.chars().collect(), |item| *item)
            .into_iter()
            .collect()
    }

    #[test]
    fn what_stays_keeps_its_place_and_newcomers_fill_the_holes() {
        assert_eq!(kept("abc", "cab"), "abc");
        assert_eq!(kept("abcde", "xecab"), "abcxe");
        assert_eq!(kept("abc", "xyabc"), "abcxy");
        assert_eq!(kept("abc", "c"), "c");
        assert_eq!(kept("", "ab"), "ab");
        assert_eq!(kept("ab", "aa"), "aa");
    }

    #[test]
    fn a_focus_holds_and_a_pointer_only_while_it_moves() {
        let now = UnixMs(100_000);
        assert!(holds(true, None, now));
        assert!(holds(false, Some(UnixMs(96_000)), now));
        assert!(!holds(false, Some(UnixMs(95_000)), now));
        assert!(!holds(false, None, now));
    }
}
