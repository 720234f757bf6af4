//! One SMTP conversation per message, led step by step so that we always know how far it went.
//!
//! lettre's ready-made transport answers the same error whether the connection broke before or after
//! the message was handed over; the first may be tried again, the second may not. Hence its client
//! is driven here command by command, and the time-out holds for each half of the conversation.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::time::timeout;

use super::queue::Outcome;
use crate::config::{MailSettings, SmtpSecurity};

/// Where mail is handed over, and how.
#[derive(Clone)]
pub struct Smtp {
    host: String,
    port: u16,
    security: SmtpSecurity,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    hello: ClientId,
    limit: Duration,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Whose fault it is: the relay's or ours as its client, or the message's.
enum Trouble {
    Session(Error),
    Message(Error),
    NotAscii,
}

impl Smtp {
    /// Prepares conversations; none is begun.
    pub(super) fn new(settings: &MailSettings, own_host: &str) -> Result<Self, Error> {
        let tls = match settings.smtp_security {
            SmtpSecurity::None => None,
            _ => Some(TlsParameters::new(settings.smtp_host.clone())?),
        };
        let credentials = (!settings.smtp_username.is_empty()).then(|| {
            Credentials::new(settings.smtp_username.clone(), settings.smtp_password.clone())
        });
        Ok(Self {
            host: settings.smtp_host.clone(),
            port: settings.smtp_port,
            security: settings.smtp_security,
            tls,
            credentials,
            hello: hello(own_host),
            limit: Duration::from_secs(settings.timeout_seconds.max(1)),
        })
    }

    /// Hands one message over and says what is known of it.
    pub(super) async fn send(&self, envelope: &Envelope, message: &[u8]) -> Outcome {
        let mut connection = match timeout(self.limit, self.until_data(envelope)).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(Trouble::Message(error))) if error.is_permanent() => {
                return Outcome::Failed(describe(&error));
            }
            Ok(Err(Trouble::NotAscii)) => {
                return Outcome::Failed("the relay does not take this address (SMTPUTF8)".into());
            }
            Ok(Err(Trouble::Message(error))) if error.is_transient() => {
                return Outcome::Retry(describe(&error));
            }
            Ok(Err(Trouble::Message(error) | Trouble::Session(error))) => {
                return Outcome::Unreachable(describe(&error));
            }
            Err(_) => return Outcome::Unreachable("no answer in time".to_owned()),
        };
        match timeout(self.limit, connection.message(message)).await {
            Ok(Ok(_)) => {
                // Taken. Saying goodbye is courtesy: its failure changes nothing.
                let _ = timeout(Duration::from_secs(1), connection.quit()).await;
                Outcome::Sent
            }
            Ok(Err(error)) if error.is_permanent() => Outcome::Failed(describe(&error)),
            Ok(Err(error)) if error.is_transient() => Outcome::Retry(describe(&error)),
            Ok(Err(error)) => Outcome::Unknown(format!("after DATA: {}", describe(&error))),
            Err(_) => Outcome::Unknown("after DATA: no answer in time".to_owned()),
        }
    }

    /// Everything up to the relay's readiness to receive the message.
    async fn until_data(&self, envelope: &Envelope) -> Result<AsyncSmtpConnection, Trouble> {
        let mut connection = self.open().await.map_err(Trouble::Session)?;
        let mut options = Vec::new();
        let mut addresses = envelope.to().iter().chain(envelope.from());
        if addresses.any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Trouble::NotAscii);
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let from = Mail::new(envelope.from().cloned(), options);
        connection.command(from).await.map_err(Trouble::Message)?;
        for to in envelope.to() {
            let to = Rcpt::new(to.clone(), Vec::new());
            connection.command(to).await.map_err(Trouble::Message)?;
        }
        connection.command(Data).await.map_err(Trouble::Message)?;
        Ok(connection)
    }

    /// Connects, protects the connection as the settings say, signs in.
    async fn open(&self) -> Result<AsyncSmtpConnection, Error> {
        let server = (self.host.as_str(), self.port);
        let wrapped = if self.security == SmtpSecurity::Tls { self.tls.clone() } else { None };
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            server,
            Some(self.limit),
            &self.hello,
            wrapped,
            None,
        )
        .await?;
        if let (SmtpSecurity::Starttls, Some(tls)) = (self.security, &self.tls) {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

fn hello(own_host: &str) -> ClientId {
    let bare = own_host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse() {
        Ok(std::net::IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Ok(std::net::IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        Err(_) => ClientId::Domain(own_host.to_owned()),
    }
}

/// An error in words fit to be kept: codes only (RFC 5321, RFC 3463), because what a relay says
/// beside them often repeats the recipient's address.
fn describe(error: &Error) -> String {
    if let Some(code) = error.status() {
        let text = error.to_string();
        let enhanced = text.split([' ', ':', '\n']).find(|word| is_enhanced(word));
        return match enhanced {
            Some(enhanced) => format!("SMTP {code} {enhanced}"),
            None => format!("SMTP {code}"),
        };
    }
    let what = match () {
        () if error.is_tls() => "TLS failed",
        () if error.is_client() => "the relay lacks what the settings ask of it",
        () if error.is_response() => "the relay's answer was cut short or not understood",
        () if error.is_timeout() => "no answer in time",
        () => "the connection failed",
    };
    what.to_owned()
}

/// Whether a word is an enhanced status code, such as `5.1.1`.
fn is_enhanced(word: &str) -> bool {
    let mut parts = word.split('.');
    let digits = |part: Option<&str>, most: usize| {
        part.is_some_and(|p| (1..=most).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    let class = parts.next();
    matches!(class, Some("2" | "4" | "5"))
        && digits(parts.next(), 3)
        && digits(parts.next(), 3)
        && parts.next().is_none()
}
