//! Every way to fail, with stable codes and no HTTP.
//!
//! The heart is [`Reason`], the catalogue of refusals: each has a kebab-case code that is never
//! renamed, a kind from which `http::problem` derives the status, and a title in French and English.
//! A [`Refusal`] adds what is particular to the case; an [`Error`] is a refusal, or a failure that is
//! not the caller's doing and of which they learn nothing but the request id.

use sea_orm::DbErr;

/// Why a request could not be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is understood and refused.
    #[error("{0}")]
    Refused(Refusal),
    /// The database failed.
    #[error("database: {0}")]
    Database(DbErr),
    /// Something that should not happen did.
    #[error("internal: {0:#}")]
    Internal(anyhow::Error),
}

/// The result of everything that may be refused or fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of refusal a reason is; one HTTP status each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request cannot be read (400).
    Unreadable,
    /// Nobody is signed in, or not any more (401).
    Unauthenticated,
    /// The role may not (403).
    Forbidden,
    /// It does not exist, or not for you (404).
    Absent,
    /// The method is not offered there (405).
    Method,
    /// The request took too long to arrive (408).
    Timeout,
    /// The state refuses (409).
    Conflict,
    /// What you edited has changed since (412).
    Stale,
    /// Too large (413).
    TooLarge,
    /// Not a content type that is read here (415).
    MediaType,
    /// No such bytes (416).
    Range,
    /// Readable, but it does not fit (422).
    Invalid,
    /// An `If-Match` is required (428).
    Precondition,
    /// Too many requests (429).
    TooMany,
    /// Our fault (500).
    Internal,
    /// Not able to serve now (503).
    Unavailable,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident, $kind:ident, $code:literal, $fr:literal, $en:literal;)*) => {
        /// The catalogue of refusals.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// Every reason, for the documentation and the tests.
            pub const ALL: &'static [Reason] = &[$(Reason::$name,)*];

            /// The stable code, never renamed.
            pub const fn code(self) -> &'static str {
                match self { $(Reason::$name => $code,)* }
            }

            /// The kind, from which the HTTP status follows.
            pub const fn kind(self) -> Kind {
                match self { $(Reason::$name => Kind::$kind,)* }
            }

            /// The title: `(French, English)`.
            pub const fn title(self) -> (&'static str, &'static str) {
                match self { $(Reason::$name => ($fr, $en),)* }
            }
        }
    };
}

reasons! {
    /// The body is not JSON, not UTF-8, or names a field twice.
    UnreadableBody, Unreadable, "unreadable-body", "Corps de requête illisible", "Unreadable request body";
    /// The request itself is malformed (path, header, query string).
    UnreadableRequest, Unreadable, "unreadable-request", "Requête illisible", "Unreadable request";
    /// No valid access token.
    Unauthenticated, Unauthenticated, "unauthenticated", "Connexion nécessaire", "Sign-in required";
    /// Unknown account or wrong password: the same answer for both.
    InvalidCredentials, Unauthenticated, "invalid-credentials", "Identifiant ou mot de passe incorrect", "Wrong sign-in name or password";
    /// The refresh token is unknown, spent, revoked or expired.
    InvalidRefreshToken, Unauthenticated, "invalid-refresh-token", "Session expirée", "Session expired";
    /// The role may not do this.
    Forbidden, Forbidden, "forbidden", "Action non permise", "Not permitted";
    /// It does not exist, or is outside the caller's perimeter.
    NotFound, Absent, "not-found", "Introuvable", "Not found";
    /// The path exists, not with this method.
    MethodNotAllowed, Method, "method-not-allowed", "Méthode non permise", "Method not allowed";
    /// The request did not arrive in time.
    Timeout, Timeout, "timeout", "Requête trop lente", "Request too slow";
    /// A module with this code exists.
    ModuleCodeTaken, Conflict, "module-code-taken", "Ce code de module existe déjà", "This module code is taken";
    /// The module is imported from files, and edited there.
    ModuleFromFiles, Conflict, "module-from-files", "Ce module est importé de fichiers", "This module is imported from files";
    /// The draft has been submitted: its files are frozen until the review.
    DraftFrozen, Conflict, "draft-frozen", "Le brouillon est soumis à relecture", "The draft is under review";
    /// The draft has not been submitted.
    DraftNotSubmitted, Conflict, "draft-not-submitted", "Le brouillon n'est pas soumis", "The draft is not submitted";
    /// The draft has not been reviewed as it stands.
    DraftNotReviewed, Conflict, "draft-not-reviewed", "Le brouillon n'est pas relu", "The draft is not reviewed";
    /// The author may not review their own draft.
    AuthorCannotReview, Conflict, "author-cannot-review", "L'auteur ne peut pas relire son brouillon", "The author may not review their own draft";
    /// The author may not publish their own draft.
    AuthorCannotPublish, Conflict, "author-cannot-publish", "L'auteur ne peut pas publier son brouillon", "The author may not publish their own draft";
    /// Reality has moved since the preview.
    PreviewOutdated, Conflict, "preview-outdated", "L'aperçu n'est plus à jour", "The preview is out of date";
    /// A required module has not been completed.
    PrerequisiteMissing, Conflict, "prerequisite-missing", "Un module préalable n'est pas achevé", "A required module is not completed";
    /// The person holds no capacity (élu, agent) in any organisation.
    NoCapacity, Conflict, "no-capacity", "Aucune qualité d'élu ou d'agent", "No capacity as élu or agent";
    /// The enrolment is closed (withdrawn).
    EnrolmentClosed, Conflict, "enrolment-closed", "L'inscription est close", "The enrolment is closed";
    /// The module has already been completed.
    AlreadyCompleted, Conflict, "already-completed", "Module déjà achevé", "Module already completed";
    /// The attempt has been submitted.
    AttemptSubmitted, Conflict, "attempt-submitted", "La tentative est déjà remise", "The attempt is already submitted";
    /// Every attempt allowed has been used.
    AttemptsExhausted, Conflict, "attempts-exhausted", "Plus de tentative possible", "No attempt left";
    /// The module has no quiz.
    NoQuiz, Conflict, "no-quiz", "Ce module n'a pas de quiz", "This module has no quiz";
    /// The sign-in name belongs to an account.
    AccountExists, Conflict, "account-exists", "Ce compte existe déjà", "This account exists already";
    /// The link has been used, has expired, or is not genuine.
    LinkSpent, Conflict, "link-spent", "Ce lien n'est plus valable", "This link is no longer good";
    /// A unique key was taken meanwhile.
    Conflict, Conflict, "conflict", "L'état a changé entre-temps", "The state has changed meanwhile";
    /// The grant exceeds the giver's own.
    GrantTooWide, Conflict, "grant-too-wide", "Droit plus large que le vôtre", "Wider than your own grant";
    /// What is edited has changed since it was read.
    Stale, Stale, "stale", "Version périmée", "Stale version";
    /// The body is larger than allowed.
    TooLarge, TooLarge, "too-large", "Corps de requête trop grand", "Request body too large";
    /// The content type is not read here.
    UnsupportedMediaType, MediaType, "unsupported-media-type", "Type de contenu non pris en charge", "Unsupported content type";
    /// The range of bytes asked for is beyond the end.
    RangeNotSatisfiable, Range, "range-not-satisfiable", "Plage d'octets hors du fichier", "Range not satisfiable";
    /// Valid JSON that does not have the expected shape.
    InvalidBody, Invalid, "invalid-body", "Le corps ne correspond pas au format attendu", "The body does not have the expected shape";
    /// Values outside their rules, all of them listed.
    InvalidValues, Invalid, "invalid-values", "Valeurs à corriger", "Values to mend";
    /// A query or path parameter that does not fit.
    InvalidParameter, Invalid, "invalid-parameter", "Paramètre invalide", "Invalid parameter";
    /// A query parameter that does not exist.
    UnknownParameter, Invalid, "unknown-parameter", "Paramètre inconnu", "Unknown parameter";
    /// The module's files have findings that forbid going on.
    ContentFindings, Invalid, "content-findings", "Le contenu est à corriger", "The content needs mending";
    /// The archive cannot be read, or holds what no module may.
    BadArchive, Invalid, "bad-archive", "Archive à refaire", "The archive needs mending";
    /// An answer names a question or choice that was not drawn.
    UnknownAnswer, Invalid, "unknown-answer", "Réponse à une question ou un choix inconnus", "Answer to an unknown question or choice";
    /// Editing requires `If-Match`.
    PreconditionRequired, Precondition, "precondition-required", "En-tête If-Match requis", "If-Match header required";
    /// Too many requests.
    TooManyRequests, TooMany, "too-many-requests", "Trop de demandes", "Too many requests";
    /// Our fault.
    Internal, Internal, "internal", "Erreur interne", "Internal error";
    /// Not able to serve now.
    Unavailable, Unavailable, "unavailable", "Service momentanément indisponible", "Service unavailable for a moment";
}

impl Reason {
    /// Why what a client was sending is refused, when it did not arrive whole.
    pub fn from_cut(cut: std::io::ErrorKind) -> Self {
        match cut {
            std::io::ErrorKind::FileTooLarge => Self::TooLarge,
            std::io::ErrorKind::TimedOut => Self::Timeout,
            _ => Self::UnreadableBody,
        }
    }
}

/// What was found, if anything was: its absence is an answer here, and no refusal.
///
/// # Errors
/// Everything but `not-found`.
pub fn found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Error::Refused(refusal)) if refusal.reason == Reason::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// One value at fault: where (JSON pointer, parameter or `file:line`) and what, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer into the body, name of a parameter, or `path:line` of a file.
    pub at: String,
    /// What is wrong and how to mend it, in French.
    pub fr: String,
    /// The same in English.
    pub en: String,
}

/// A refusal: its reason, and what is particular to this case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// One sentence about this case, `(French, English)`.
    pub detail: Option<(String, String)>,
    /// Every value at fault.
    pub faults: Vec<Fault>,
    /// Seconds after which trying again makes sense.
    pub retry_after_seconds: Option<u64>,
    /// How many bytes there are, when others were asked for.
    pub length: Option<u64>,
}

impl Fault {
    /// What is wrong somewhere and how to mend it, in both languages.
    pub fn new(at: impl Into<String>, fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self { at: at.into(), fr: fr.into(), en: en.into() }
    }
}

impl Refusal {
    /// A refusal with nothing more to say than its title.
    pub fn new(reason: Reason) -> Self {
        Self::naming(reason, Vec::new())
    }

    /// A refusal that names every value at fault.
    pub fn naming(reason: Reason, faults: Vec<Fault>) -> Self {
        Self { reason, detail: None, faults, retry_after_seconds: None, length: None }
    }

    /// Adds the sentence that says what happened in this case and how to mend it.
    #[must_use]
    pub fn because(mut self, fr: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some((fr.into(), en.into()));
        self
    }

    /// Says after how many seconds to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let en = self.detail.as_ref().map_or(self.reason.title().1, |(_, en)| en.as_str());
        write!(f, "{}: {en}", self.reason.code())?;
        self.faults.iter().try_for_each(|fault| write!(f, "; {}: {}", fault.at, fault.en))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::Refused(Refusal::new(reason))
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

/// Collects every value at fault before refusing, so that a form is mended once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Records a fault unless the value is fine.
    pub fn check(&mut self, fine: bool, at: &str, fr: impl Into<String>, en: impl Into<String>) {
        if !fine {
            self.0.push(Fault::new(at, fr, en));
        }
    }

    /// Checks a human text: printable, not blank, at most `max` characters.
    pub fn check_text(&mut self, text: &str, at: &str, max: usize) {
        let length = text.chars().count();
        self.check(
            !text.trim().is_empty() && length <= max && crate::text::is_printable(text),
            at,
            format!("entre 1 et {max} caractères imprimables"),
            format!("1 to {max} printable characters"),
        );
    }

    /// Refuses with everything collected, or goes on.
    ///
    /// # Errors
    /// `invalid-values` when anything was recorded.
    pub fn refuse(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Refusal::naming(Reason::InvalidValues, self.0).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn only_an_absence_is_an_answer_and_no_refusal() {
        assert!(matches!(found(Ok(7)), Ok(Some(7))));
        assert!(matches!(found::<()>(Err(Reason::NotFound.into())), Ok(None)));
        assert!(found::<()>(Err(Reason::Forbidden.into())).is_err());
        assert!(found::<()>(Err(anyhow::anyhow!("broken").into())).is_err());
    }

    #[test]
    fn every_code_is_unique_and_kebab_case() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(codes.iter().all(|c| c.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }
}
