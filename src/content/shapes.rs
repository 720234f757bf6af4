//! Small shapes of text that several files of a module share.

/// `[a-z0-9-]+`, without a dash at either end.
pub(super) fn is_slug(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && !text.starts_with('-') && !text.ends_with('-') && text.bytes().all(inner)
}

/// `NN-slug`: two digits, a dash, a slug. The slug of a lesson and the stem of a quiz file.
pub(super) fn is_numbered_slug(text: &str) -> bool {
    text.split_once('-').is_some_and(|(number, slug)| {
        number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit()) && is_slug(slug)
    })
}

/// `[A-Za-z0-9-]{1,40}`: the identifier of a question.
pub(super) fn is_question_id(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// An `https://` address with a host and nothing that a browser could read two ways.
#[must_use]
pub fn is_https(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':');
    host.starts_with(char::is_alphanumeric) && host.chars().all(inner) && is_clean(rest)
}

/// `mailto:` followed by an address.
pub(super) fn is_mailto(url: &str) -> bool {
    url.strip_prefix("mailto:")
        .is_some_and(|address| is_email(address.split('?').next().unwrap_or_default()))
        && is_clean(url)
}

/// Something before and after a single `@`: enough to catch a slip, not a proof that mail arrives.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '\'');
    !name.is_empty()
        && name.chars().all(plain)
        && host.contains('.')
        && host.starts_with(char::is_alphanumeric)
        && host.ends_with(char::is_alphanumeric)
        && host.chars().all(inner)
}

/// The reference of an organisation: `scheme:value`, or a bare SIREN of nine digits.
pub(super) fn is_organisation_ref(text: &str) -> bool {
    if text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        return true;
    }
    let value = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    text.split_once(':').is_some_and(|(scheme, rest)| {
        is_slug(scheme) && !rest.is_empty() && rest.bytes().all(value)
    })
}

/// A path inside the site: no scheme, no host, no way up, nothing to decode.
pub(super) fn is_local_path(url: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b"._~/?=&-".contains(&b);
    !url.is_empty() && !url.contains("//") && !url.contains("..") && url.bytes().all(inner)
}

fn is_clean(url: &str) -> bool {
    !url.contains(|c: char| c.is_control() || c.is_whitespace() || "\\\"<>`".contains(c))
}
