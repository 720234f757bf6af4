//! What is known of a request before any handler sees it: its id, language, sender and operation.

use std::net::{IpAddr, Ipv4Addr};

use poem::Request;
use poem::http::{HeaderMap, header};
use uuid::Uuid;

use crate::clock;
use crate::config::Network;

/// The language of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The default.
    French,
    /// When asked for.
    English,
}

impl Language {
    /// The language that `Accept-Language` prefers among ours (RFC 9110, § 12.5.4).
    fn preferred(headers: &HeaderMap) -> Self {
        let accepted =
            headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let weight = |wanted: &str| {
            accepted
                .split(',')
                .filter_map(|item| {
                    let mut parts = item.split(';');
                    let tag = parts.next()?.trim().to_lowercase();
                    let q = parts.find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok());
                    (tag == wanted || tag.starts_with(&format!("{wanted}-")))
                        .then_some(q.unwrap_or(1.0))
                })
                .fold(0.0_f32, f32::max)
        };
        if weight("en") > weight("fr") { Language::English } else { Language::French }
    }

    /// Its tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Language::French => "fr",
            Language::English => "en",
        }
    }
}

/// What is known of a request.
#[derive(Clone, Debug)]
pub struct Context {
    /// The id that the log and the problem both carry.
    pub request_id: Uuid,
    /// The language of problems.
    pub language: Language,
    /// The sender's address.
    pub address: IpAddr,
}

impl Context {
    /// Reads a request; `proxies` are those whose `X-Forwarded-For` is believed.
    pub fn of(request: &Request, proxies: &[Network]) -> Self {
        let peer = request.remote_addr().as_socket_addr().map(std::net::SocketAddr::ip);
        Self {
            request_id: clock::new_id(),
            language: Language::preferred(request.headers()),
            address: sender(peer, request.headers(), proxies),
        }
    }
}

/// The address of the sender: the peer, or behind trusted proxies the last address of
/// `X-Forwarded-For` that is not one of them; what stands before it is the client's own claim.
fn sender(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical();
    let trusted = |ip: IpAddr| proxies.iter().any(|network| network.contains(ip));
    if !trusted(peer) {
        return peer;
    }
    let forwarded: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    forwarded.into_iter().rev().find(|ip| !trusted(*ip)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_addresses_are_believed_only_behind_a_trusted_proxy() {
        let proxies = [Network::parse("127.0.0.0/8").expect("a network")];
        let mut headers = HeaderMap::new();
        headers
            .insert("x-forwarded-for", "203.0.113.9, 198.51.100.7, 127.0.0.2".parse().expect("ok"));
        let from =
            |peer: &str| sender(Some(peer.parse().expect("ip")), &headers, &proxies).to_string();
        assert_eq!(from("192.0.2.1"), "192.0.2.1");
        assert_eq!(from("127.0.0.1"), "198.51.100.7");
    }

    #[test]
    fn french_is_the_default_and_english_comes_when_preferred() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, value.parse().expect("ok"));
            Language::preferred(&headers)
        };
        assert_eq!(of("de"), Language::French);
        assert_eq!(of("fr,en;q=0.5"), Language::French);
        assert_eq!(of("en-GB,fr;q=0.5"), Language::English);
    }
}
