//! The links of mails: each leads to a page that the router knows.
//!
//! The letters asked are the snapshots of `src/mail/render`, which its own tests compare with what every
//! template makes of a sample.

use std::collections::BTreeSet;
use std::path::Path;

use maitrise::mail::model::Template;
use sea_orm::{ActiveEnum as _, Iterable as _};

use crate::world::World;

/// The origin under which the samples are rendered.
const ORIGIN: &str = "https://formation.example";

/// The paths of ours in a letter.
fn links(letter: &str) -> BTreeSet<String> {
    let ends = |c: char| c.is_whitespace() || "<>\"»".contains(c);
    let after = letter.match_indices(ORIGIN).map(|(at, _)| &letter[at + ORIGIN.len()..]);
    after.map(|rest| rest.split(ends).next().unwrap_or_default().to_owned()).collect()
}

/// Every letter, by the name of its file.
fn letters() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mail/render/snapshots");
    let files = std::fs::read_dir(folder).expect("the snapshots").map(|file| {
        let path = file.expect("a snapshot").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let name = name.rsplit("__").next().expect("a name").to_owned();
        (name, std::fs::read_to_string(&path).expect("a letter"))
    });
    files.collect()
}

#[tokio::test]
async fn every_link_of_every_mail_leads_to_a_page_that_there_is() {
    let world = World::new().await;
    let letters = letters();
    for template in Template::iter() {
        let name = template.to_value();
        let own = letters.iter().find(|(known, _)| known.starts_with(&name));
        let (_, letter) = own.unwrap_or_else(|| panic!("no sample of {name}"));
        assert!(!links(letter).is_empty(), "{name} leads nowhere: {letter}");
    }
    let mut asked = BTreeSet::new();
    for (name, letter) in &letters {
        for link in links(letter) {
            if !asked.insert(link.clone()) {
                continue;
            }
            let path = if link.is_empty() { "/" } else { &link };
            // Nobody is signed in: a page that there is says so, or sends to the one that signs in.
            let answer = world.api.get(path).header("accept", "text/html").await;
            assert!([200, 303, 410].contains(&answer.status), "{name}: {path}: {}", answer.status);
        }
    }
    assert!(asked.contains("/atelier/E1/relecture") && asked.len() >= 5, "{asked:?}");
}
