//! As much of HTML as the tests need: elements of a name, with their attributes.

use std::collections::BTreeMap;

/// The attributes of every element of that name, in order; values as they stand.
pub fn elements(html: &str, tag: &str) -> Vec<BTreeMap<String, String>> {
    let opening = format!("<{tag}");
    let mut found = Vec::new();
    for (at, _) in html.match_indices(&opening) {
        let rest = &html[at + opening.len()..];
        if rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/') {
            found.push(attributes(rest));
        }
    }
    found
}

fn attributes(mut rest: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || "=>/".contains(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return all;
        }
        let (value, after) = match after.strip_prefix('=') {
            None => ("", after),
            Some(after) => value(after),
        };
        all.insert(name.to_owned(), value.to_owned());
        rest = after;
    }
}

fn value(rest: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = rest.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
    rest.split_at(end)
}

#[test]
fn elements_are_found_with_their_attributes_and_not_by_the_beginning_of_their_name() {
    let html = r#"<link rel='x' href=/style.css><a  href="/b" hidden>c</a><article></article>"#;
    assert_eq!(elements(html, "link")[0]["href"], "/style.css");
    let links = elements(html, "a");
    assert_eq!(links.len(), 1);
    assert_eq!((links[0]["href"].as_str(), links[0]["hidden"].as_str()), ("/b", ""));
}
