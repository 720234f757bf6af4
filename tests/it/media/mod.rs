//! Media and archives over HTTP: what is put, what is public, what is taken away.

mod archives;
mod drafts;
mod serving;

use crate::support::Call;
use crate::world::World;

/// A trainer of the demonstration's provider, by their token.
async fn trainer(world: &World) -> String {
    world.known("formatrice@demonstration.example").await.token
}

/// A PUT in a draft, quoting it as it stands.
async fn put(world: &World, token: &str, code: &str, rest: &str, kind: &str) -> Call {
    let draft = format!("/api/v1/modules/{code}/draft");
    let tag = world.api.get(&draft).bearer(token).await.expect(200).etag();
    let put = world.api.put(&format!("{draft}/{rest}")).bearer(token);
    put.header("If-Match", &tag).header("Content-Type", kind)
}

/// How many files the media folder holds, those not yet in place included.
fn files(world: &World) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("one").path());
        entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(&world.app.settings.media.directory)
}
