//! What is known of a request before any handler sees it: its id, language, sender and operation.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

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
/// `X-Forwarded-For` that is not one of them; what stands before it is the client's own claim. An
/// entry that is no address ends the chain: the proxy that wrote it then stands for its clients.
fn sender(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical();
    let trusted = |ip: IpAddr| proxies.iter().any(|network| network.contains(ip));
    if !trusted(peer) {
        return peer;
    }
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().map(|v| v.to_str().unwrap_or_default()).collect();
    let mut nearest = peer;
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(ip) = hop_address(hop.trim()) else { return nearest };
        if !trusted(ip) {
            return ip;
        }
        nearest = ip;
    }
    nearest
}

/// An entry of `X-Forwarded-For`: an address, which some proxies write with its port.
fn hop_address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let with_port = || entry.parse::<SocketAddr>().map(|socket| socket.ip());
    bare.parse().or_else(|_| with_port()).ok().map(|ip: IpAddr| ip.to_canonical())
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
        assert_eq!(from("::ffff:127.0.0.1"), "198.51.100.7", "the same proxy over IPv6");
    }

    #[test]
    fn the_last_address_that_no_trusted_proxy_has_is_the_sender_however_it_is_written() {
        let networks = ["10.0.0.0/8", "2001:db8:ffff::/48"];
        let proxies = networks.map(|network| Network::parse(network).expect("a network"));
        let from = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().expect("ok"));
            }
            sender(Some("10.0.0.1".parse().expect("ip")), &headers, &proxies).to_string()
        };
        for (lines, sender) in [
            (&["203.0.113.9, 198.51.100.7, 10.0.0.9, 10.0.0.2"][..], "198.51.100.7"),
            (&["203.0.113.9", "198.51.100.7", "10.0.0.9"], "198.51.100.7"),
            (&["203.0.113.9, 2001:db8:1::7, 2001:db8:ffff::2"], "2001:db8:1::7"),
            (&["203.0.113.9, 198.51.100.7:4711"], "198.51.100.7"),
            (&["203.0.113.9, [2001:db8:1::7]:443"], "2001:db8:1::7"),
            (&["203.0.113.9, [2001:db8:1::7]"], "2001:db8:1::7"),
            (&["203.0.113.9, ::ffff:198.51.100.7"], "198.51.100.7"),
            (&["203.0.113.9, unknown, 10.0.0.9"], "10.0.0.9"),
            (&["203.0.113.9, _hidden"], "10.0.0.1"),
            (&["203.0.113.9, "], "10.0.0.1"),
            (&["10.0.0.8, 10.0.0.9"], "10.0.0.8"),
            (&[], "10.0.0.1"),
        ] {
            assert_eq!(from(lines), sender, "{lines:?}");
        }
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
