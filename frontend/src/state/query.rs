//! What the containers table shows, as its URL says it.

use super::{
    columns::{Column, usual},
    fleet::Kind,
};
use plimsoll_shared::HostId;

/// One step of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sort {
    /// By this column.
    pub(crate) by: Column,
    /// Largest first.
    pub(crate) down: bool,
}

/// What rows are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Group {
    /// Compose project.
    Compose,
    /// Image reference.
    Image,
    /// Host.
    Host,
}

impl Group {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Compose, Self::Image, Self::Host];

    /// Its word in URLs.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Image => "image",
            Self::Host => "host",
        }
    }
}

/// How high a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Density {
    /// As many rows as can be read.
    Compact,
    /// As drawn.
    Usual,
    /// For fingers.
    Roomy,
}

impl Density {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Compact, Self::Usual, Self::Roomy];

    /// Its word in URLs and class names.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Usual => "usual",
            Self::Roomy => "roomy",
        }
    }

    /// A row's height in CSS pixels; the style sheet says the same.
    pub(crate) fn row_height(self) -> f64 {
        match self {
            Self::Compact => 24.0,
            Self::Usual => 30.0,
            Self::Roomy => 44.0,
        }
    }
}

/// What the containers table shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    /// Searched for; empty for all.
    pub(crate) q: String,
    /// Only that host.
    pub(crate) host: Option<HostId>,
    /// Only these kinds; empty for all that live.
    pub(crate) kinds: Vec<Kind>,
    /// Whether stopped containers are unfolded.
    pub(crate) stopped: bool,
    /// How it is sorted; never empty.
    pub(crate) sort: Vec<Sort>,
    /// The columns, in table order; `None` for the usual ones.
    pub(crate) columns: Option<Vec<Column>>,
    /// Whether rows change places as their numbers change.
    pub(crate) live: bool,
    /// What rows are grouped by.
    pub(crate) group: Option<Group>,
    /// How high a row is.
    pub(crate) density: Density,
}

const USUAL_SORT: Sort = Sort {
    by: Column::Cpu,
    down: true,
};

impl Default for Query {
    fn default() -> Self {
        Self {
            q: String::new(),
            host: None,
            kinds: Vec::new(),
            stopped: false,
            sort: vec![USUAL_SORT],
            columns: None,
            live: true,
            group: None,
            density: Density::Usual,
        }
    }
}

impl Query {
    /// Reads decoded parameters of a URL; what it does not understand, it leaves at the usual.
    pub(crate) fn read<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        for (name, value) in parameters {
            match name {
                "q" => query.q = value.to_owned(),
                "host" => query.host = value.parse().ok(),
                "state" => query.kinds = list(value, kind_from),
                "stopped" => query.stopped = value == "1",
                "sort" => {
                    let sort = list(value, sort_from);
                    query.sort = if sort.is_empty() {
                        vec![USUAL_SORT]
                    } else {
                        sort
                    };
                }
                "cols" => {
                    let chosen = list(value, Column::from_slug);
                    query.choose(|column| chosen.contains(&column));
                }
                "live" => query.live = value != "0",
                "group" => query.group = Group::ALL.into_iter().find(|group| group.slug() == value),
                "density" => {
                    let known = Density::ALL
                        .into_iter()
                        .find(|density| density.slug() == value);
                    query.density = known.unwrap_or(Density::Usual);
                }
                _ => {}
            }
        }
        query
    }

    /// The parameters of the URL, not yet encoded; what is as usual is left out, so that a URL is as short as it can be.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        if !self.q.is_empty() {
            all.push(("q", self.q.clone()));
        }
        if let Some(host) = &self.host {
            all.push(("host", host.to_string()));
        }
        if !self.kinds.is_empty() {
            all.push((
                "state",
                join(self.kinds.iter().map(|kind| kind_slug(*kind).to_owned())),
            ));
        }
        if self.stopped {
            all.push(("stopped", "1".to_owned()));
        }
        if self.sort != [USUAL_SORT] {
            all.push(("sort", join(self.sort.iter().map(|sort| sort_word(*sort)))));
        }
        if let Some(columns) = &self.columns {
            let slugs = columns.iter().filter(|column| column.is_optional());
            all.push(("cols", join(slugs.map(|column| column.slug().to_owned()))));
        }
        if !self.live {
            all.push(("live", "0".to_owned()));
        }
        if let Some(group) = self.group {
            all.push(("group", group.slug().to_owned()));
        }
        if self.density != Density::Usual {
            all.push(("density", self.density.slug().to_owned()));
        }
        all
    }

    /// The address of the table that shows this.
    pub(crate) fn url(&self) -> String {
        let mut url = "/containers".to_owned();
        for (at, (name, value)) in self.parameters().into_iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            encode(&value, &mut url);
        }
        url
    }

    /// The columns on the table.
    pub(crate) fn shown(&self) -> Vec<Column> {
        self.columns.clone().unwrap_or_else(usual)
    }

    /// Puts exactly those optional columns on the table for which `wanted` holds.
    pub(crate) fn choose(&mut self, wanted: impl Fn(Column) -> bool) {
        let chosen: Vec<Column> = Column::ALL
            .into_iter()
            .filter(|column| !column.is_optional() || wanted(*column))
            .collect();
        self.columns = (chosen != usual()).then_some(chosen);
    }

    /// Puts a column on the table or takes it off.
    pub(crate) fn toggle_column(&mut self, column: Column) {
        let shown = self.shown();
        self.choose(|other| shown.contains(&other) != (other == column));
    }

    /// Selects a kind or takes it back.
    pub(crate) fn toggle_kind(&mut self, kind: Kind) {
        if let Some(at) = self.kinds.iter().position(|other| *other == kind) {
            self.kinds.remove(at);
        } else {
            self.kinds.push(kind);
            self.kinds.sort();
        }
    }

    /// Sorts by a column: the other way round if it was sorted by it already. With `also`, the sorts before keep their say.
    pub(crate) fn sort_by(&mut self, by: Column, also: bool) {
        let known = self.sort.iter().position(|sort| sort.by == by);
        let down = known.map_or(by.is_number(), |at| !self.sort[at].down);
        match known {
            Some(at) if also => self.sort[at].down = down,
            None if also => self.sort.push(Sort { by, down }),
            _ => self.sort = vec![Sort { by, down }],
        }
    }

    /// Whether anything keeps rows off the table.
    pub(crate) fn filters(&self) -> bool {
        !self.q.is_empty() || self.host.is_some() || !self.kinds.is_empty()
    }

    /// Lets all rows back on the table.
    pub(crate) fn clear_filters(&mut self) {
        self.q.clear();
        self.host = None;
        self.kinds.clear();
    }
}

/// A kind's word in URLs.
fn kind_slug(kind: Kind) -> &'static str {
    match kind {
        Kind::Running => "running",
        Kind::Unhealthy => "unhealthy",
        Kind::Paused => "paused",
        Kind::Restarting => "restarting",
        Kind::Stopped => "stopped",
    }
}

fn kind_from(slug: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind_slug(*kind) == slug)
}

fn sort_word(sort: Sort) -> String {
    format!("{}{}", if sort.down { "-" } else { "" }, sort.by.slug())
}

fn sort_from(word: &str) -> Option<Sort> {
    let slug = word.strip_prefix('-');
    let by = Column::from_slug(slug.unwrap_or(word)).filter(|column| column.is_sortable())?;
    Some(Sort {
        by,
        down: slug.is_some(),
    })
}

/// Percent-encodes what a query may not hold (RFC 3986); the comma may stay.
pub(super) fn encode(value: &str, into: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,:/".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push_str(&format!("%{byte:02X}"));
        }
    }
}

pub(super) fn list<T: PartialEq>(value: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let mut all = Vec::new();
    for item in value.split(',').filter_map(read) {
        if !all.contains(&item) {
            all.push(item);
        }
    }
    all
}

pub(super) fn join(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests;
