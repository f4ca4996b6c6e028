//! Text from outside, made safe to read.

use std::borrow::Cow;

/// The text with every character that does not show, or that turns the reading direction, replaced by a visible sign, so that a name
/// cannot pose as another one. Control characters become their pictures (`␊`), the rest `⟨U+202E⟩`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\0'..='\x1f' => shown.extend(char::from_u32(0x2400 + u32::from(letter))),
            '\x7f' => shown.push('␡'),
            hidden if hides(hidden) => {
                shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(hidden)));
            }
            plain => shown.push(plain),
        }
    }
    Cow::Owned(shown)
}

/// Controls, bidirectional formatting, zero-width and invisible characters (Unicode UAX 9, UTR 36).
fn hides(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_in_any_script_stay_as_they_are() {
        for name in ["web", "shop_api-2.1", "数据库", "سجل", "bücher", "🐳", ""] {
            assert!(matches!(visible(name), Cow::Borrowed(same) if same == name));
        }
    }

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(visible("a\nb\0\x7f"), "a␊b␀␡");
        assert_eq!(visible("exe\u{202e}gpj"), "exe⟨U+202E⟩gpj");
        assert_eq!(visible("we\u{200b}b\u{feff}"), "we⟨U+200B⟩b⟨U+FEFF⟩");
        assert_eq!(visible("\u{85}"), "⟨U+0085⟩");
    }

    #[test]
    fn markup_is_only_text() {
        assert_eq!(
            visible("<img src=x onerror=alert(1)>"),
            "<img src=x onerror=alert(1)>"
        );
    }
}
