//! Gives closures one type each kind.
//!
//! The framework compiles its machinery anew for every closure a view holds; a page of a few hundred closures would be a third
//! heavier for it. In a box, all closures that give the same kind of value share one copy.

use leptos::prelude::*;

/// A closure that gives a value to draw.
pub(crate) type Drawn<T> = Box<dyn FnMut() -> T + Send>;
/// A closure that acts on an event.
pub(crate) type Act<E> = Box<dyn FnMut(E)>;

/// Draws what `read` gives, and again when a signal that it read changes.
pub(crate) fn follow<T>(read: impl FnMut() -> T + Send + 'static) -> Drawn<T> {
    Box::new(read)
}

/// Acts on an event.
pub(crate) fn act<E>(on: impl FnMut(E) + 'static) -> Act<E> {
    Box::new(on)
}

/// A value that is worked out again when a signal that it read changes, and told only when it differs.
pub(crate) fn memo<T>(read: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    fn boxed<T>(read: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| read())
    }
    boxed(Box::new(read))
}

/// Does something now, and again when a signal that it read changes.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    fn boxed(run: Box<dyn FnMut()>) {
        Effect::new(run);
    }
    boxed(Box::new(run));
}

/// Draws `content` while `when` holds.
pub(crate) fn shown(
    when: impl Fn() -> bool + Send + Sync + 'static,
    content: impl Fn() -> AnyView + Send + 'static,
) -> Drawn<Option<AnyView>> {
    let when = memo(when);
    Box::new(move || when.get().then(&content))
}

/// Draws each of `items`.
pub(crate) fn each<I: IntoIterator>(
    items: I,
    mut draw: impl FnMut(I::Item) -> AnyView,
) -> Vec<AnyView> {
    items.into_iter().map(&mut draw).collect()
}
