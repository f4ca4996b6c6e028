//! Every word the console says, in each of its languages. A language that lacks a word does not compile.

pub(crate) mod container;
pub(crate) mod shell;

use leptos::prelude::*;
use std::fmt;

/// A language of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// The language tag for `lang` attributes (BCP 47).
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}

/// The words of one language, a field for each part of the console.
pub(crate) struct Words {
    /// Which language this is.
    pub(crate) lang: Lang,
    /// Frame around every page, and words that several pages use.
    pub(crate) shell: shell::Shell,
    /// A container's own page.
    pub(crate) container: container::Container,
}

static EN: Words = Words {
    lang: Lang::En,
    shell: shell::EN,
    container: container::EN,
};

static ZH: Words = Words {
    lang: Lang::Zh,
    shell: shell::ZH,
    container: container::ZH,
};

impl Words {
    /// The words of that language.
    pub(crate) fn of(lang: Lang) -> &'static Words {
        match lang {
            Lang::En => &EN,
            Lang::Zh => &ZH,
        }
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Words").field(&self.lang).finish()
    }
}

/// Offers the words to all components below.
pub(crate) fn provide(words: &'static Words) {
    provide_context(words);
}

/// The words of the language the page is drawn in. They never change under a component: another language draws the page anew.
pub(crate) fn words() -> &'static Words {
    expect_context()
}
