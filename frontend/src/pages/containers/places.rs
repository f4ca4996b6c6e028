//! Where this tab left the table, so that going back finds it as it was.

use super::view::TableView;
use crate::state::query::Query;
use leptos::prelude::*;
use plimsoll_shared::{ContainerId, RowKey};
use std::collections::{HashMap, HashSet};

/// What the URL does not say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Left {
    /// Pixels scrolled.
    pub(super) scrolled: f64,
    /// The row that keys act on.
    pub(super) cursor: Option<RowKey>,
    /// Selected rows.
    pub(super) selected: HashSet<ContainerId>,
    /// Groups whose rows are folded away.
    pub(super) folded: HashSet<Option<String>>,
}

/// The places of this tab by address.
#[derive(Clone, Copy)]
pub(super) struct Places(StoredValue<HashMap<String, Left>>);

impl Places {
    /// The tab's places; they outlive the page.
    pub(super) fn provide() -> Self {
        use_context().unwrap_or_else(|| {
            let places = Self(StoredValue::new(HashMap::new()));
            provide_context(places);
            places
        })
    }

    /// How the table was left at that address.
    pub(super) fn left(self, query: &Query) -> Left {
        self.0.with_value(|places| places.get(&query.url()).cloned()).unwrap_or_default()
    }

    /// Keeps the table's place from now on.
    pub(super) fn keep(self, view: TableView) {
        Effect::new(move || {
            let left = Left {
                scrolled: view.scrolled.get(),
                cursor: view.cursor.get(),
                selected: view.selected.get(),
                folded: view.folded.get(),
            };
            let url = view.query.with(Query::url);
            self.0.update_value(|places| {
                places.insert(url, left);
            });
        });
    }
}
