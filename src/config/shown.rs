//! Showing the settings in force.

use super::Settings;

const REDACTED: &str = "<redacted>";

impl Settings {
    /// The settings as they are in force, secrets redacted, in the order of `default.toml`.
    ///
    /// # Panics
    /// Never: every setting has a form in TOML.
    pub fn shown(&self) -> String {
        let mut shown = self.clone();
        if self.sqlite_path().is_none() {
            redact(&mut shown.database.url);
        }
        redact(&mut shown.mail.smtp_password);
        let text = toml::to_string(&shown).expect("words, numbers and lists of them are TOML");
        text.trim_end().to_owned()
    }
}

fn redact(secret: &mut String) {
    if !secret.is_empty() {
        REDACTED.clone_into(secret);
    }
}
