//! Where this tab left the table, so that going back finds it as it was.

use super::view::TableView;
use crate::{components::effect, state::query::Query};
use leptos::prelude::*;
use plimsoll_shared::{ContainerId, RowKey};
use std::collections::{HashMap, HashSet};

/// What the URL does not say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Left {
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
pub(crate) struct Places(StoredValue<HashMap<String, Left>>);

impl Places {
    /// Offers the tab's places to every page; called where the whole console begins, so that they outlive the pages.
    pub(crate) fn provide() {
        provide_context(Self(StoredValue::new(HashMap::new())));
    }

    /// The tab's places.
    pub(super) fn of_this_tab() -> Self {
        expect_context()
    }

    /// How the table was left at that address.
    pub(super) fn left(self, query: &Query) -> Left {
        self.0
            .with_value(|places| places.get(&query.url()).cloned())
            .unwrap_or_default()
    }

    /// Keeps the table's place from now on.
    pub(super) fn keep(self, view: TableView) {
        effect(move || {
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
