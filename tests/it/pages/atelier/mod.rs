//! The trainer's workbench, as browsers receive it.

mod access;
mod browser;
mod editor;
mod fiche;
mod files;
mod legal;
mod statements;
mod way;
mod work;

use maitrise::accounts::model::account;
use maitrise::accounts::web_session;
use sea_orm::EntityTrait as _;

use super::browse::Browser;
use super::html::elements;
use crate::deeds::draft_files;
use crate::newcomers::Newcomer;
use crate::support::Answer;
use crate::world::World;

const PROVIDER: &str = "local:demonstration";
const LESSON: &str = "lessons/01-trois-questions-avant-dessayer.md";

/// The browser of a newcomer, signed in.
pub(super) async fn browser_of(world: &World, who: &Newcomer) -> Browser {
    let mut browser = Browser::new(world);
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let account = account::Entity::find_by_id(who.account_id).one(&tx).await.expect("accounts");
    let account = account.expect("an account");
    let secret = web_session::open(&tx, &account, world.app.clock.now()).await.expect("a session");
    tx.commit().await.expect("committed");
    browser.cookies.insert("session".to_owned(), secret);
    browser
}

/// The value of the first field of that name on a page.
#[track_caller]
pub(super) fn field(page: &Answer, name: &str) -> String {
    let inputs = elements(&page.body, "input");
    let input = inputs.iter().find(|input| input.get("name").is_some_and(|known| known == name));
    input.unwrap_or_else(|| panic!("no field {name}: {}", page.body))["value"].clone()
}

/// Sends the form of a page, with the fields given beside its token.
pub(super) async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.token().await;
    let fields: Vec<_> = [("jeton", token.as_str())].iter().chain(fields).copied().collect();
    browser.post(path, &fields).await
}

/// What a page after a form says once.
pub(super) async fn said(browser: &mut Browser, sent: Answer) -> String {
    let page = browser.get(&sent.expect(303).location()).await.expect(200);
    page.body
}

/// The address of the editor of a file.
fn editor(code: &str, path: &str) -> String {
    format!("/atelier/{code}/fichiers?path={path}")
}

/// Writes a text in a file that is there, as the editor does.
async fn write(browser: &mut Browser, code: &str, path: &str, text: &str) -> Answer {
    let page = browser.get(&editor(code, path)).await.expect(200);
    let digest = field(&page, "empreinte");
    let at = format!("/atelier/{code}/fichiers");
    send(browser, &at, &[("path", path), ("empreinte", &digest), ("texte", text)]).await
}

/// A new module whose draft is the demonstration's own, written in the editor.
async fn written(browser: &mut Browser, code: &str) {
    let new = [("code", code), ("fournisseur", PROVIDER), ("titre", "Premiers pas")];
    send(browser, "/atelier/nouveau", &new).await.expect(303);
    for path in ["lessons/01-premiere-lecon.md", "lessons/02-en-pratique.md"] {
        let at = format!("/atelier/{code}/supprimer");
        send(browser, &at, &[("path", path)]).await.expect(303);
    }
    for (path, text) in draft_files(code, PROVIDER, "") {
        let at = format!("/atelier/{code}/fichiers");
        let page = browser.get(&editor(code, path)).await;
        let digest = if page.status == 200 { field(&page, "empreinte") } else { String::new() };
        let typed = text.replace('\n', "\r\n");
        let fields = [("path", path), ("empreinte", digest.as_str()), ("texte", typed.as_str())];
        send(browser, &at, &fields).await.expect(303);
    }
}
