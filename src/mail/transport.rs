//! The two ways a message leaves: to an SMTP relay, or as a file beside the database.

use std::path::{Path, PathBuf};

use lettre::message::header::ContentTransferEncoding;

use super::letter::{Letter, host};
use super::queue::Outcome;
use super::render;
use super::smtp::Smtp;
use crate::config::{ConfigError, MailSettings, MailTransport};
use crate::files;

/// How mail leaves this process.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Each message becomes a readable `.eml` file in this folder.
    File {
        /// The folder; made at the first message.
        dir: PathBuf,
    },
    /// To a relay.
    Smtp(Smtp),
}

impl Transport {
    /// The transport that the settings name; nothing is contacted yet.
    ///
    /// # Errors
    /// When the settings of an SMTP relay cannot be used.
    pub fn new(
        settings: &MailSettings,
        data_dir: &Path,
        public_url: &str,
    ) -> Result<Self, ConfigError> {
        if settings.transport == MailTransport::File {
            return Ok(Self::File { dir: data_dir.join("mail") });
        }
        if settings.smtp_host.is_empty() {
            return Err(ConfigError::Value("mail.smtp_host: name the SMTP relay".to_owned()));
        }
        let smtp = Smtp::new(settings, host(public_url))
            .map_err(|error| ConfigError::Value(format!("mail.smtp_host: {error}")))?;
        Ok(Self::Smtp(smtp))
    }

    pub(super) async fn send(&self, letter: &Letter) -> Outcome {
        // Quoted-printable passes any relay; a file is for people, who read plain UTF-8.
        let encoding = match self {
            Self::File { .. } => ContentTransferEncoding::EightBit,
            Self::Smtp(_) => ContentTransferEncoding::QuotedPrintable,
        };
        let message = match letter.build(encoding) {
            Ok(message) => message,
            Err(why) => return Outcome::Failed(why),
        };
        match self {
            Self::Smtp(smtp) => smtp.send(message.envelope(), &message.formatted()).await,
            Self::File { dir } => {
                let (dir, name) = (dir.clone(), file_name(letter));
                let bytes = message.formatted();
                match tokio::task::spawn_blocking(move || write(&dir, &name, &bytes)).await {
                    Ok(Ok(())) => Outcome::Sent,
                    Ok(Err(error)) => Outcome::Unreachable(format!("the mail folder: {error}")),
                    Err(_) => Outcome::Unknown("writing the file was interrupted".to_owned()),
                }
            }
        }
    }
}

/// Sorts by creation: `20261122T081500.000000Z-reminder-<id>.eml`.
fn file_name(letter: &Letter) -> String {
    let created = letter.created_at.format("%Y%m%dT%H%M%S%.6fZ");
    format!("{created}-{}-{}.eml", render::name(letter.template), letter.id)
}

/// Writes a file at once or not at all, readable by its owner only: it holds names and links. Lines
/// end in LF, so that a link copied by a shell carries no carriage return.
fn write(dir: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    files::make_private_folder(dir)?;
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    files::write_at_once(&dir.join(name), text.as_bytes(), 0o600)
}
