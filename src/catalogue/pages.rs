//! Lessons as pages, rendered once and kept while there is room: a popular lesson costs nothing, and
//! somebody who reads a thousand modules does not fill the memory of the process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::Edition;
use crate::content;

/// Most bytes of pages that are kept (16 MiB): some six hundred lessons.
const ROOM: usize = 16 << 20;

/// A lesson of a version.
type Key = (Uuid, String);

/// The pages kept, the oldest arrival leaving first.
#[derive(Debug, Default)]
pub(super) struct Pages(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    by_lesson: HashMap<Key, Arc<str>>,
    arrivals: VecDeque<Key>,
    bytes: usize,
}

impl Pages {
    /// A lesson that was rendered already.
    pub(super) fn at_hand(&self, edition: &Edition, slug: &str) -> Option<Arc<str>> {
        let key = (edition.version.id, slug.to_owned());
        self.kept(|kept| kept.by_lesson.get(&key).cloned())
    }

    /// Renders a lesson as sanitised HTML and keeps it; none for an unknown slug. It takes a core for
    /// some milliseconds. Two readers at once may both do it, and get the same.
    pub(super) fn render(&self, edition: &Edition, slug: &str) -> Option<Arc<str>> {
        let key = (edition.version.id, slug.to_owned());
        let page: Arc<str> = content::render_lesson(&edition.content, slug)?.into();
        self.kept(|kept| kept.put(key, page.clone()));
        Some(page)
    }

    fn kept<T>(&self, look: impl FnOnce(&mut Kept) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    fn put(&mut self, key: Key, page: Arc<str>) {
        if page.len() > ROOM || self.by_lesson.contains_key(&key) {
            return;
        }
        self.bytes += page.len();
        self.arrivals.push_back(key.clone());
        self.by_lesson.insert(key, page);
        while self.bytes > ROOM {
            let Some(oldest) = self.arrivals.pop_front() else { break };
            self.bytes -= self.by_lesson.remove(&oldest).map_or(0, |page| page.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_leave_in_the_order_they_came_once_there_is_no_room() {
        let mut kept = Kept::default();
        let key = |n: usize| (Uuid::from_u128(n as u128), "01-un".to_owned());
        let page: Arc<str> = "x".repeat(ROOM / 4).into();
        (0..4).for_each(|n| kept.put(key(n), page.clone()));
        assert_eq!((kept.by_lesson.len(), kept.bytes), (4, ROOM));
        kept.put(key(1), page.clone());
        assert_eq!(kept.bytes, ROOM, "the same again takes no room");
        kept.put(key(4), page.clone());
        assert!(!kept.by_lesson.contains_key(&key(0)) && kept.by_lesson.contains_key(&key(1)));
        assert_eq!((kept.by_lesson.len(), kept.bytes, kept.arrivals.len()), (4, ROOM, 4));
        kept.put(key(5), "x".repeat(ROOM + 1).into());
        assert!(!kept.by_lesson.contains_key(&key(5)), "larger than all the room there is");
    }
}
