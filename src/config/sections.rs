//! The shape of the settings, section by section; `config/default.toml` says what each key means.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize, Serializer};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        #[serde(try_from = "String")]
        pub enum $name { $($(#[$word_doc])* $variant,)* }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(word: String) -> Result<Self, String> {
                match word.as_str() {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(format!("{word:?} is none of {}", [$($word),*].join(", "))),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(match self { $(Self::$variant => $word,)* })
            }
        }
    };
}

words! {
    /// Whether the program is trusted with real people.
    Mode {
        /// Real people: unsafe conveniences are refused.
        Production = "production",
        /// A developer's machine.
        Development = "development",
    }
}

words! {
    /// How credentials are signed.
    CredentialAlgorithm {
        /// Ed25519.
        EdDsa = "EdDSA",
        /// ECDSA on P-256.
        Es256 = "ES256",
        /// RSA.
        Rs256 = "RS256",
    }
}

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $ty,)* }
    };
}

section! {
    /// Everything that can be set; `config/default.toml` says what each key means.
    Settings {
        /// Production or development.
        mode: Mode,
        /// Where files live.
        data: DataSettings,
        /// The listener and its bounds.
        http: HttpSettings,
        /// The database.
        database: DatabaseSettings,
        /// Signing keys.
        keys: KeySettings,
        /// Media of modules.
        media: MediaSettings,
        /// Lifetimes of tokens and links.
        tokens: TokenSettings,
        /// Limits on sign-in attempts.
        sign_in: SignInSettings,
        /// How mail goes out.
        mail: MailSettings,
        /// The worker loop.
        worker: WorkerSettings,
        /// Statistical secrecy.
        statistics: StatisticsSettings,
        /// Who runs the site.
        operator: OperatorSettings,
        /// Logging.
        log: LogSettings,
    }
}
section! {
    /// `[data]`
    DataSettings {
        /// The data folder.
        dir: PathBuf,
    }
}
section! {
    /// `[http]`
    HttpSettings {
        /// Listening address.
        listen: SocketAddr,
        /// Public address, without a trailing slash.
        public_url: String,
        /// Proxies whose `X-Forwarded-For` is believed.
        trusted_proxies: Vec<String>,
        /// Origins allowed by CORS.
        cors_origins: Vec<String>,
        /// Seconds a request may take to arrive.
        request_timeout_seconds: u64,
        /// Bytes a body may hold.
        body_limit_bytes: usize,
        /// Seconds of grace on shutdown.
        shutdown_grace_seconds: u64,
        /// Separate metrics address; empty for none.
        metrics_listen: String,
    }
}
section! {
    /// `[database]`
    DatabaseSettings {
        /// Address of the database.
        url: String,
        /// File that holds the address.
        url_file: String,
        /// Connections in the pool.
        max_connections: u32,
        /// Seconds to wait for a connection.
        acquire_timeout_seconds: u64,
    }
}
section! {
    /// `[keys]`
    KeySettings {
        /// Folder of the keys.
        directory: PathBuf,
        /// How credentials are signed.
        credential_algorithm: CredentialAlgorithm,
    }
}
section! {
    /// `[media]`
    MediaSettings {
        /// Folder of the media.
        directory: PathBuf,
    }
}
section! {
    /// `[tokens]`
    TokenSettings {
        /// Minutes of an access token.
        access_minutes: i64,
        /// Days of a refresh token.
        refresh_days: i64,
        /// Days of an invitation.
        invitation_days: i64,
        /// Minutes of a password reset.
        reset_minutes: i64,
    }
}
section! {
    /// `[sign_in]`
    SignInSettings {
        /// Attempts per minute for an account from one address.
        per_account_and_address: u32,
        /// Attempts per minute for one address.
        per_address: u32,
    }
}
section! {
    /// `[mail]`
    MailSettings {
        /// File or SMTP.
        transport: MailTransport,
        /// Name of the sender.
        from_name: String,
        /// Address of the sender.
        from_address: String,
        /// SMTP server.
        smtp_host: String,
        /// SMTP port.
        smtp_port: u16,
        /// TLS of the SMTP connection.
        smtp_security: SmtpSecurity,
        /// SMTP account; empty for none.
        smtp_username: String,
        /// SMTP password.
        smtp_password: String,
        /// File that holds the SMTP password.
        smtp_password_file: String,
        /// Seconds of an SMTP conversation.
        timeout_seconds: u64,
        /// Attempts before giving up.
        max_attempts: i32,
    }
}
section! {
    /// `[worker]`
    WorkerSettings {
        /// Whether the loop runs here.
        enabled: bool,
        /// Seconds between rounds.
        tick_seconds: u64,
        /// Seconds between two plannings of reminders, at least.
        plan_seconds: u64,
    }
}
section! {
    /// `[statistics]`
    StatisticsSettings {
        /// Persons below which a line is not shown.
        min_persons: i64,
    }
}
section! {
    /// `[operator]`
    OperatorSettings {
        /// Who runs the site; empty when it is not said.
        name: String,
        /// Postal address.
        address: String,
        /// Telephone or address to write to.
        contact: String,
        /// Who answers for what is published.
        publication_director: String,
        /// Who hosts the site.
        host: String,
    }
}
section! {
    /// `[log]`
    LogSettings {
        /// Text or JSON.
        format: LogFormat,
        /// Filter.
        level: String,
    }
}

words! {
    /// How mail leaves.
    MailTransport {
        /// As files in the data folder.
        File = "file",
        /// Through an SMTP server.
        Smtp = "smtp",
    }
}

words! {
    /// How the SMTP connection is protected.
    SmtpSecurity {
        /// TLS from the first byte.
        Tls = "tls",
        /// TLS after STARTTLS, required.
        Starttls = "starttls",
        /// None: a relay on this machine.
        None = "none",
    }
}

words! {
    /// How logs are written.
    LogFormat {
        /// For people.
        Text = "text",
        /// For machines.
        Json = "json",
    }
}
