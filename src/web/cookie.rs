//! Cookies of ours: never read by a script, never sent along by another site's form.

use poem::http::{HeaderMap, HeaderValue, header};

/// The name of a cookie. Over https it has the prefix by which a browser keeps it to this very host,
/// whole site, and encrypted (RFC 6265bis, § 4.1.3.2).
fn name(word: &str, secure: bool) -> String {
    if secure { format!("__Host-{word}") } else { word.to_owned() }
}

/// The value of a cookie in a request; the first, if it was sent twice.
pub(super) fn read<'h>(headers: &'h HeaderMap, word: &str, secure: bool) -> Option<&'h str> {
    let name = name(word, secure);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
}

/// Adds a cookie to an answer, for so many seconds; none at all takes it back.
pub(super) fn set(headers: &mut HeaderMap, word: &str, value: &str, seconds: i64, secure: bool) {
    let name = name(word, secure);
    let only = if secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{only}");
    // What is put in a cookie here is base64url and dots.
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.append(header::SET_COOKIE, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name_and_over_https_by_its_prefixed_one() {
        let mut headers = HeaderMap::new();
        let line = "asession=no; session=plain;  __Host-session=kept ; session=twice";
        headers.insert(header::COOKIE, line.parse().expect("a header"));
        assert_eq!(read(&headers, "session", false), Some("plain"));
        assert_eq!(read(&headers, "session", true), Some("kept"));
        assert_eq!(read(&headers, "flash", false), None);
    }

    #[test]
    fn a_cookie_is_for_this_site_alone_and_for_no_script() {
        let mut headers = HeaderMap::new();
        set(&mut headers, "session", "x", 60, true);
        set(&mut headers, "session", "", 0, false);
        let lines: Vec<_> = headers.get_all(header::SET_COOKIE).iter().collect();
        let secure = "__Host-session=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure";
        assert_eq!(lines, [secure, "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"]);
    }
}
