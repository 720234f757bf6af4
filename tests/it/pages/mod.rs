//! The pages that a mail or a document points at, as a browser receives them.

mod atelier;
pub mod browse;
mod forms;
mod home;
mod html;
mod link;
mod outside;
mod session;
mod verify;

use crate::support::Answer;
use html::elements;

/// What every page of ours owes to who reads it, with eyes or without, and to who is named in it.
#[track_caller]
fn assert_is_a_page_of_ours(page: &Answer) {
    let header = |name: &str| page.header(name).unwrap_or_default().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert!(["no-referrer", "same-origin"].contains(&header("referrer-policy").as_str()));
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("x-frame-options"), "DENY");
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("form-action 'self'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(page.header("set-cookie").is_none());

    let html = &page.body;
    assert_eq!(elements(html, "html")[0].get("lang").map(String::as_str), Some("fr"));
    assert!(html.contains("<title>") && !html.contains("<title> —"), "a title: {html}");
    assert_eq!(elements(html, "h1").len(), 1, "one heading: {html}");
    assert_eq!(elements(html, "main").len(), 1, "one main part: {html}");
    for forbidden in ["script", "style", "iframe", "object", "img"] {
        assert_eq!(elements(html, forbidden), [], "{forbidden}: {html}");
    }
    let labels = elements(html, "label");
    for input in elements(html, "input") {
        assert!(!input.contains_key("style") && !input.keys().any(|name| name.starts_with("on")));
        if input.get("type").is_some_and(|kind| kind == "hidden") {
            continue;
        }
        let id = input.get("id").expect("an input has an id");
        let bound = labels.iter().filter(|label| label.get("for") == Some(id)).count();
        assert_eq!(bound, 1, "one label for {id}: {html}");
    }
    assert_stays_here(html);
}

/// That nothing of a page is fetched from, or leads, elsewhere.
#[track_caller]
fn assert_stays_here(html: &str) {
    for tag in ["a", "base", "form", "iframe", "img", "input", "link", "meta", "script", "source"] {
        for element in elements(html, tag) {
            for name in ["src", "href", "action", "formaction", "srcset", "content"] {
                let value = element.get(name).map(String::as_str).unwrap_or_default();
                let away = value.contains("://") || value.starts_with("//");
                assert!(!away, "{tag} {name} leads to {value}");
            }
        }
    }
}
