//! Finds what a person types a few letters of.

use super::sorting::sort;

/// How well `text` fits what was typed, the best first; `None` when it does not. Every word must be in it: at its beginning is best,
/// then at the beginning of a word in it, then anywhere, then only its letters in order.
pub(crate) fn fit(typed: &str, text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let mut worst = 0;
    for word in typed.to_lowercase().split_whitespace() {
        worst = worst.max(fit_word(word, &text)?);
    }
    Some(worst)
}

fn fit_word(word: &str, text: &str) -> Option<u32> {
    if text.starts_with(word) {
        return Some(0);
    }
    if let Some(at) = text.find(word) {
        let before = text[..at].chars().next_back();
        return Some(if before.is_some_and(char::is_alphanumeric) {
            2
        } else {
            1
        });
    }
    let mut letters = text.chars();
    word.chars()
        .all(|letter| letters.any(|other| other == letter))
        .then_some(3)
}

/// The `most` best of `items` for what was typed, in their own order where they fit alike.
pub(crate) fn best<'a, T>(
    typed: &str,
    items: impl IntoIterator<Item = &'a T>,
    text: impl Fn(&T) -> &str,
    most: usize,
) -> Vec<&'a T> {
    let mut found: Vec<(u32, &T)> = items
        .into_iter()
        .filter_map(|item| Some((fit(typed, text(item))?, item)))
        .collect();
    sort(&mut found, |a, b| a.0.cmp(&b.0));
    found.into_iter().take(most).map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_fits_better_than_a_middle_and_scattered_letters_last() {
        assert_eq!(fit("pay", "payments-api"), Some(0));
        assert_eq!(fit("api", "payments-api"), Some(1));
        assert_eq!(fit("ment", "payments-api"), Some(2));
        assert_eq!(fit("pmapi", "payments-api"), Some(3));
        assert_eq!(fit("api pay", "payments-api"), Some(1));
        assert_eq!(fit("xyz", "payments-api"), None);
        assert_eq!(fit("", "anything"), Some(0));
        assert_eq!(fit("容", "容器"), Some(0));
    }

    #[test]
    fn the_best_come_first_and_equals_keep_their_order() {
        let all = ["db-web", "web-1", "web-2", "cache"];
        assert_eq!(best("web", &all, |item| item, 2), [&"web-1", &"web-2"]);
    }
}
