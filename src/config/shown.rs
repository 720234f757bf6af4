//! Showing the settings in force.

use super::Settings;

const REDACTED: &str = "<redacted>";

impl Settings {
    /// The settings as they are in force, secrets redacted, in the order of `default.toml`.
    pub fn shown(&self) -> String {
        let mut lines = Vec::new();
        let d = |v: &dyn std::fmt::Debug| format!("{v:?}");
        let secret = |v: &str| format!("{:?}", if v.is_empty() { "" } else { REDACTED });
        let word = |v: &dyn std::fmt::Debug| format!("\"{v:?}\"").to_lowercase();
        let url = if self.sqlite_path().is_some() {
            d(&self.database.url)
        } else {
            secret(&self.database.url)
        };
        let h = &self.http;
        let m = &self.mail;
        let sections: Vec<(&str, Vec<(&str, String)>)> = vec![
            ("", vec![("mode", word(&self.mode))]),
            ("data", vec![("dir", d(&self.data.dir))]),
            (
                "http",
                vec![
                    ("listen", d(&h.listen.to_string())),
                    ("public_url", d(&h.public_url)),
                    ("trusted_proxies", d(&h.trusted_proxies)),
                    ("cors_origins", d(&h.cors_origins)),
                    ("request_timeout_seconds", d(&h.request_timeout_seconds)),
                    ("body_limit_bytes", d(&h.body_limit_bytes)),
                    ("shutdown_grace_seconds", d(&h.shutdown_grace_seconds)),
                    ("metrics_listen", d(&h.metrics_listen)),
                ],
            ),
            (
                "database",
                vec![
                    ("url", url),
                    ("url_file", d(&self.database.url_file)),
                    ("max_connections", d(&self.database.max_connections)),
                    ("acquire_timeout_seconds", d(&self.database.acquire_timeout_seconds)),
                ],
            ),
            ("keys", vec![("directory", d(&self.keys.directory))]),
            (
                "tokens",
                vec![
                    ("access_minutes", d(&self.tokens.access_minutes)),
                    ("refresh_days", d(&self.tokens.refresh_days)),
                    ("invitation_days", d(&self.tokens.invitation_days)),
                    ("reset_minutes", d(&self.tokens.reset_minutes)),
                ],
            ),
            (
                "sign_in",
                vec![
                    ("per_account_and_address", d(&self.sign_in.per_account_and_address)),
                    ("per_address", d(&self.sign_in.per_address)),
                ],
            ),
            (
                "mail",
                vec![
                    ("transport", word(&m.transport)),
                    ("from_name", d(&m.from_name)),
                    ("from_address", d(&m.from_address)),
                    ("smtp_host", d(&m.smtp_host)),
                    ("smtp_port", d(&m.smtp_port)),
                    ("smtp_security", word(&m.smtp_security)),
                    ("smtp_username", d(&m.smtp_username)),
                    ("smtp_password", secret(&m.smtp_password)),
                    ("smtp_password_file", d(&m.smtp_password_file)),
                    ("timeout_seconds", d(&m.timeout_seconds)),
                    ("max_attempts", d(&m.max_attempts)),
                ],
            ),
            (
                "worker",
                vec![
                    ("enabled", d(&self.worker.enabled)),
                    ("tick_seconds", d(&self.worker.tick_seconds)),
                ],
            ),
            ("statistics", vec![("min_persons", d(&self.statistics.min_persons))]),
            ("log", vec![("format", word(&self.log.format)), ("level", d(&self.log.level))]),
        ];
        for (section, keys) in sections {
            if !section.is_empty() {
                lines.push(format!("\n[{section}]"));
            }
            lines.extend(keys.into_iter().map(|(key, value)| format!("{key} = {value}")));
        }
        lines.join("\n")
    }
}
