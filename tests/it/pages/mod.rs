//! The pages that a mail or a document points at, as a browser receives them.

mod account_request;
mod atelier;
pub mod browse;
pub mod browser;
mod catalogue;
mod copies;
mod espace;
mod forgotten;
mod forms;
mod home;
mod html;
mod letters;
mod link;
mod outside;
mod parcours;
mod session;
mod statements;
mod verify;

use crate::support::Answer;
use html::elements;

/// What every page of ours owes to who reads it, with eyes or without, and to who is named in it.
#[track_caller]
fn assert_is_a_page_of_ours(page: &Answer) {
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_is_a_page(page);
}

/// The same of a page that anybody may keep, as long as it asks again.
#[track_caller]
fn assert_is_keepable(page: &Answer) {
    assert_eq!(page.header("cache-control"), Some("public, no-cache"));
    assert_eq!(page.header("vary"), Some("Cookie"));
    assert!(page.header("set-cookie").is_none());
    page.etag();
    assert_is_a_page(page);
}

#[track_caller]
fn assert_is_a_page(page: &Answer) {
    let header = |name: &str| page.header(name).unwrap_or_default().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert!(["no-referrer", "same-origin"].contains(&header("referrer-policy").as_str()));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("x-frame-options"), "DENY");
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("form-action 'self'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");

    let html = &page.body;
    assert_eq!(elements(html, "html")[0].get("lang").map(String::as_str), Some("fr"));
    assert!(html.contains("<title>") && !html.contains("<title> —"), "a title: {html}");
    assert_eq!(elements(html, "h1").len(), 1, "one heading: {html}");
    assert_eq!(elements(html, "main").len(), 1, "one main part: {html}");
    for forbidden in ["style", "iframe", "object", "img"] {
        assert_eq!(elements(html, forbidden), [], "{forbidden}: {html}");
    }
    // A script is a file of ours, on a page whose policy says so.
    for script in elements(html, "script") {
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert!(script["src"].starts_with("/verifier.js?v="), "{script:?}");
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

/// That nothing of a page is fetched from elsewhere, and no form sent there. A link may lead away:
/// texts of law are read where they are published.
#[track_caller]
fn assert_stays_here(html: &str) {
    for tag in
        ["base", "form", "iframe", "img", "input", "link", "meta", "script", "source", "video"]
    {
        for element in elements(html, tag) {
            for name in ["src", "href", "action", "formaction", "srcset", "content", "poster"] {
                let value = element.get(name).map(String::as_str).unwrap_or_default();
                let away = value.contains("://") || value.starts_with("//");
                assert!(!away, "{tag} {name} leads to {value}");
            }
        }
    }
    for link in elements(html, "a") {
        let href = link.get("href").map(String::as_str).unwrap_or_default();
        let here = !href.starts_with("//") && !href.contains(':');
        let known = ["https:", "mailto:"].iter().any(|scheme| href.starts_with(scheme));
        assert!(here || known, "a link leads to {href}");
    }
}
