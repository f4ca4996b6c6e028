//! Every word the console says, in each of its languages. A language that lacks a word does not compile.

pub(crate) mod attention;
pub(crate) mod charts;
pub(crate) mod container;
pub(crate) mod hosts;
pub(crate) mod overview;
pub(crate) mod period;
pub(crate) mod settings;
pub(crate) mod shell;
pub(crate) mod states;
pub(crate) mod table;
pub(crate) mod time;

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

    /// The language's own name for itself.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Zh => "简体中文",
        }
    }

    /// The other language, for the switch in the top bar.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }
}

/// The words of one language, a field for each part of the console.
pub(crate) struct Words {
    /// Which language this is.
    pub(crate) lang: Lang,
    /// Frame around every page, and words that several pages use.
    pub(crate) shell: shell::Shell,
    /// Times.
    pub(crate) time: time::Time,
    /// States of containers and hosts.
    pub(crate) states: states::States,
    /// What needs a person.
    pub(crate) attention: attention::Attention,
    /// Overview.
    pub(crate) overview: overview::Overview,
    /// Containers table.
    pub(crate) table: table::Table,
    /// Charts.
    pub(crate) charts: charts::Charts,
    /// The time that charts show.
    pub(crate) period: period::Period,
    /// A container's own page.
    pub(crate) container: container::Container,
    /// Hosts.
    pub(crate) hosts: hosts::Hosts,
    /// Settings.
    pub(crate) settings: settings::Settings,
}

static EN: Words = Words {
    lang: Lang::En,
    shell: shell::EN,
    time: time::EN,
    states: states::EN,
    attention: attention::EN,
    overview: overview::EN,
    table: table::EN,
    charts: charts::EN,
    period: period::EN,
    container: container::EN,
    hosts: hosts::EN,
    settings: settings::EN,
};

static ZH: Words = Words {
    lang: Lang::Zh,
    shell: shell::ZH,
    time: time::ZH,
    states: states::ZH,
    attention: attention::ZH,
    overview: overview::ZH,
    table: table::ZH,
    charts: charts::ZH,
    period: period::ZH,
    container: container::ZH,
    hosts: hosts::ZH,
    settings: settings::ZH,
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

/// `1 container`, `2 containers`: a count with the English noun that fits it.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
