//! A reader of HTML that shares nothing with what made it: it goes through a page tag by tag, and
//! panics at whatever is not on its own lists. Property and hostile tests look through it.

/// Elements of a lesson, and where each of its attributes may be.
const HTML: &str = "h2 h3 h4 h5 h6 p br hr strong em code pre blockquote ul ol li a sup section div abbr \
                    dl dt dd figure figcaption img video audio track details summary table thead tbody \
                    tr th td";
const HTML_ATTRIBUTES: &str = "id href title aria-label src alt start align class rel scope role loading \
                               controls preload kind srclang label";
const SVG: &str = "svg g defs title desc path rect circle ellipse line polyline polygon text tspan marker \
                   linearGradient radialGradient stop clipPath";
/// Without content, hence without an end tag.
const VOID: &str = "br hr img track";

/// A start tag: its name, and its attributes with their values (decoded no further).
pub(super) type Tag = (String, Vec<(String, String)>);

fn among(list: &str, name: &str) -> bool {
    list.split_whitespace().any(|known| known == name)
}

/// Every start tag of a page that holds to the lists; `Err` says what does not.
pub(super) fn inspect(html: &str) -> Result<Vec<Tag>, String> {
    let (mut found, mut open) = (Vec::new(), Vec::<String>::new());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let mut quoted = false;
        let end = rest.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let inside = &rest[..end.ok_or("a tag that does not end")?];
        rest = &rest[inside.len() + 1..];
        if let Some(name) = inside.strip_prefix('/') {
            let opened = open.pop();
            if opened.as_deref() != Some(name) {
                return Err(format!("</{name}> closes {opened:?}"));
            }
            continue;
        }
        let (name, attributes) = read(inside)?;
        let drawn = name == "svg" || open.iter().any(|above| above == "svg");
        check(&name, &attributes, drawn)?;
        if !among(VOID, &name) {
            open.push(name.clone());
        }
        found.push((name, attributes));
    }
    if open.is_empty() { Ok(found) } else { Err(format!("never closed: {open:?}")) }
}

fn read(inside: &str) -> Result<Tag, String> {
    let (name, mut text) = inside.split_once(' ').unwrap_or((inside, ""));
    let mut attributes: Vec<(String, String)> = Vec::new();
    while !text.is_empty() {
        let Some((attribute, value)) = text.split_once("=\"") else {
            let Some(rest) = text.strip_prefix("controls").filter(|_| !text.contains('<')) else {
                return Err(format!("an attribute without value: {text}"));
            };
            attributes.push(("controls".to_owned(), String::new()));
            text = rest.trim_start();
            continue;
        };
        if let Some(rest) = attribute.strip_prefix("controls ") {
            attributes.push(("controls".to_owned(), String::new()));
            text = &text[text.len() - rest.len() - value.len() - 2..];
            continue;
        }
        let (value, tail) = value.split_once('"').ok_or("a quote that does not close")?;
        if attributes.iter().any(|(known, _)| known == attribute) {
            return Err(format!("twice the attribute {attribute}"));
        }
        attributes.push((attribute.to_owned(), value.to_owned()));
        text = tail.strip_prefix(' ').unwrap_or(tail);
    }
    Ok((name.to_owned(), attributes))
}

fn check(name: &str, attributes: &[(String, String)], drawn: bool) -> Result<(), String> {
    if !among(if drawn { SVG } else { HTML }, name) {
        return Err(format!("the element {name}"));
    }
    for (attribute, value) in attributes {
        let fault = || Err(format!("<{name} {attribute}=\"{value}\">"));
        let lowered = value.to_lowercase();
        if attribute.starts_with("on") || !drawn && !among(HTML_ATTRIBUTES, attribute) {
            return fault();
        }
        let sound = match attribute.as_str() {
            "href" if drawn => false,
            "href" => {
                let inside = value.starts_with('#')
                    || value.starts_with("/media/")
                    || value.starts_with(|c: char| c.is_ascii_digit());
                // Another host is named before the fragment, or nowhere.
                let path = lowered.split('#').next().unwrap_or_default();
                inside && !path.contains("//")
                    || lowered.starts_with("https://")
                    || lowered.starts_with("mailto:")
            }
            "src" => {
                value.strip_prefix("/media/").is_some_and(|hex| {
                    hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit())
                }) && !drawn
            }
            "xmlns" => value == "http://www.w3.org/2000/svg",
            "style" | "class" => !drawn,
            _ if drawn => {
                let own = value.starts_with("url(#f") && value.ends_with(')');
                !value.contains(':') && (own || !lowered.contains("url"))
            }
            _ => true,
        };
        if !sound {
            return fault();
        }
    }
    Ok(())
}

/// The ids of a page, and a complaint when one is there twice.
pub(super) fn ids(tags: &[Tag]) -> Result<std::collections::BTreeSet<&str>, String> {
    let mut ids = std::collections::BTreeSet::new();
    for (name, value) in tags.iter().flat_map(|(_, attributes)| attributes) {
        if name == "id" && !ids.insert(value.as_str()) {
            return Err(format!("the id {value} is there twice"));
        }
    }
    Ok(ids)
}
