//! The learner's own pages, as browsers receive them.

mod access;
mod bounds;
mod browser;
mod declare;
mod lost;
mod said;
mod sessions;
mod statements;
mod way;

use maitrise::content::Kind;
use serde_json::Value;

use super::atelier::send;
use super::browse::Browser;
use super::html::elements;
use crate::deeds::{answer, published};
use crate::support::Answer;
use crate::world::World;

/// The élue of the demonstration.
const ELUE: &str = "elue@demonstration.example";

/// Enrols whoever has the browser in a module; answers the address of the training.
async fn enrol(browser: &mut Browser, code: &str) -> String {
    let sent = send(browser, &format!("/modules/{code}/inscription"), &[]).await;
    sent.expect(303).location()
}

/// The addresses of the lessons of a training, in their order.
fn lessons(page: &Answer, course: &str) -> Vec<String> {
    let start = format!("{course}/lecons/");
    let links = elements(&page.body, "a").into_iter().filter_map(|link| link.get("href").cloned());
    let mut found: Vec<String> = links.filter(|href| href.starts_with(&start)).collect();
    found.sort();
    found.dedup();
    found
}

/// Tells every lesson as read, by its page; answers where the last leads.
async fn read_all(browser: &mut Browser, course: &str) -> String {
    let page = browser.get(course).await.expect(200);
    let mut led = String::new();
    for lesson in lessons(&page, course) {
        browser.get(&lesson).await.expect(200);
        led = send(browser, &lesson, &[]).await.expect(303).location();
    }
    led
}

/// Begins, or goes on with, the test of a training; answers the address of the attempt.
async fn begin(browser: &mut Browser, course: &str) -> String {
    let at = send(browser, &format!("{course}/test"), &[]).await.expect(303).location();
    at.strip_suffix("/1").expect("the first question").to_owned()
}

/// An attempt of the élue's, as the API shows it.
async fn attempt(world: &World, at: &str) -> Value {
    let path = at.replace("/mes-tests/", "/api/v1/attempts/");
    let elue = world.known(ELUE).await.token;
    world.api.get(&path).bearer(&elue).await.expect(200).json()
}

/// What the form of a question sends for these choices.
fn fields(asked: &Value, choices: &[String]) -> Vec<(String, String)> {
    if asked["kind"] != Kind::Ordering.to_string() {
        return choices.iter().map(|id| ("choix".to_owned(), id.clone())).collect();
    }
    (1..).zip(choices).map(|(rank, id)| (format!("rang-{id}"), format!("{rank}"))).collect()
}

/// Sends the form of the n-th question of an attempt, from 1, with these fields.
async fn reply(browser: &mut Browser, at: &str, n: usize, more: &[(String, String)]) -> Answer {
    let more: Vec<(&str, &str)> = more.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    send(browser, &format!("{at}/{n}"), &more).await
}

/// Answers every question by its form, going on from one to the next.
async fn answer_all(world: &World, browser: &mut Browser, at: &str, code: &str, right: bool) {
    let (module, shown) = (published(world, code).await, attempt(world, at).await);
    let asked = shown["questions"].as_array().expect("questions");
    for (n, one) in (1..).zip(asked) {
        let mut sent = fields(one, &answer(&module, one, right));
        sent.push(("aller".to_owned(), "suivante".to_owned()));
        let led = reply(browser, at, n, &sent).await.expect(303).location();
        let next = if n == asked.len() { at.to_owned() } else { format!("{at}/{}", n + 1) };
        assert_eq!(led, next);
    }
}
