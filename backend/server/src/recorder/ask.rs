//! Questions about the past of many containers.

use super::{
    Archive, Recorder,
    past::{self, Range, Strand, Wish},
};
use crate::http::Refusal;
use futures_util::future::BoxFuture;
use plimsoll_history::{
    Life,
    query::{By, Piece, Selection},
    tier::Plan,
};
use plimsoll_shared::{
    ContainerEvent, HostId, UnixMs,
    lines::{Line, Subject},
};
use plimsoll_store::{Kin, StoreError};
use std::collections::BTreeSet;

impl Recorder {
    /// What each subject's line was, in the order given; one of which nothing was ever recorded is `None`. Without a store all are empty,
    /// for live numbers go on.
    pub(crate) async fn lines(
        &self,
        of: &[Subject],
        linked: bool,
        range: &Range,
        wish: &Wish,
    ) -> Result<Vec<Option<Line>>, Refusal> {
        let Some(store) = self.store() else {
            return Ok(vec![None; of.len()]);
        };
        let found: BoxFuture<'_, Result<_, StoreError>> =
            Box::pin(past::strands(&store, of, linked, range));
        let strands = found.await.map_err(|e| Refusal::history(&e))?;
        let known: Vec<bool> = strands.iter().map(Option::is_some).collect();
        let strands = strands.into_iter().flatten().collect();
        let mut lines = self.told(&store, strands, range, wish).await?.into_iter();
        Ok(known
            .into_iter()
            .map(|known| lines.next().filter(|_| known))
            .collect())
    }

    /// The lines of the `count` containers of these hosts that used most of the first metric, greatest first.
    pub(crate) async fn top(
        &self,
        hosts: &[HostId],
        (count, by): (usize, By),
        ranked: &Range,
        range: &Range,
        wish: &Wish,
    ) -> Result<Vec<Line>, Refusal> {
        let (Some(store), Some(metric)) = (self.store(), wish.metrics.first().copied()) else {
            return Ok(Vec::new());
        };
        let found: BoxFuture<'_, Result<_, StoreError>> = Box::pin(async {
            let mut all = Vec::new();
            for host in hosts {
                all.extend(past::all_strands(&store, host, ranked).await?);
            }
            past::top(&store, all, ranked, (count, metric, by)).await
        });
        let greatest = found.await.map_err(|e| Refusal::history(&e))?;
        let lines = self.lines(&greatest, true, range, wish).await?;
        Ok(lines.into_iter().flatten().collect())
    }

    async fn told(
        &self,
        store: &Archive,
        strands: Vec<past::Strand>,
        range: &Range,
        wish: &Wish,
    ) -> Result<Vec<Line>, Refusal> {
        let hosts: BTreeSet<HostId> = strands.iter().map(|s| s.of.host().clone()).collect();
        let lasting = hosts
            .into_iter()
            .filter_map(|host| Some((self.lasting_gap(&host)?, host)))
            .map(|(gap, host)| (host, gap))
            .collect();
        let told: BoxFuture<'_, Result<_, StoreError>> =
            Box::pin(past::lines(store, strands, range, &lasting, wish.clone()));
        told.await.map_err(|e| Refusal::history(&e))
    }

    /// A range as the recorder reads it.
    pub(crate) fn range(&self, plan: Plan, to: UnixMs) -> Range {
        Range {
            plan,
            to,
            max_gap_ms: self.0.max_gap_ms,
        }
    }

    /// The lines of all containers of these hosts, without what is in them.
    pub(crate) async fn strands(
        &self,
        hosts: &[HostId],
        range: &Range,
    ) -> Result<Vec<Strand>, Refusal> {
        let Some(store) = self.store() else {
            return Ok(Vec::new());
        };
        let found: BoxFuture<'_, Result<_, StoreError>> = Box::pin(async {
            let mut all = Vec::new();
            for host in hosts {
                all.extend(past::all_strands(&store, host, range).await?);
            }
            Ok(all)
        });
        found.await.map_err(|e| Refusal::history(&e))
    }

    /// What `fold` makes of what is `wanted` of each line's pieces, in the order given.
    pub(crate) async fn folded<R: Send + 'static>(
        &self,
        strands: Vec<Strand>,
        range: &Range,
        wanted: Selection,
        fold: impl Fn(&[(Life, Piece<'_>)]) -> R + Send + Sync + 'static,
    ) -> Result<Vec<R>, Refusal> {
        let Some(store) = self.store() else {
            return Ok(Vec::new());
        };
        let folded: BoxFuture<'_, Result<_, StoreError>> =
            Box::pin(past::folded(&store, strands, range, wanted, fold));
        folded.await.map_err(|e| Refusal::history(&e))
    }

    /// The containers of a host that lived from `from` to `to`, and what happened to them meanwhile, oldest first.
    pub(crate) async fn lived(
        &self,
        host: &HostId,
        from: UnixMs,
        to: UnixMs,
    ) -> Result<(Vec<Kin>, Vec<ContainerEvent>), Refusal> {
        let Some(store) = self.store() else {
            return Ok((Vec::new(), Vec::new()));
        };
        let found: BoxFuture<'_, Result<_, StoreError>> = Box::pin(async {
            let kin = store.lived_between(host, from, to).await?;
            Ok((kin, store.happened(host, from, to).await?))
        });
        found.await.map_err(|e| Refusal::history(&e))
    }
}
