//! The catalogue of refusals: a code that is never renamed, a kind from which the HTTP status follows,
//! and a title in French and English.

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
    /// The organisation has the part of provider, and has said who it is.
    ProviderExists, Conflict, "provider-exists", "Cet organisme de formation existe déjà", "This provider exists already";
    /// A module with this code exists.
    ModuleCodeTaken, Conflict, "module-code-taken", "Ce code de module existe déjà", "This module code is taken";
    /// The module is imported from files, and edited there.
    ModuleFromFiles, Conflict, "module-from-files", "Ce module est importé de fichiers", "This module is imported from files";
    /// A path or a module with this code exists.
    PathCodeTaken, Conflict, "path-code-taken", "Ce code est déjà pris", "This code is taken";
    /// The path is imported from files, and written there.
    PathFromFiles, Conflict, "path-from-files", "Ce parcours est importé de fichiers", "This path is imported from files";
    /// The module comes later in an ordered path.
    PathOrder, Conflict, "path-order", "Ce module vient plus loin dans le parcours", "This module comes later in the path";
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
    /// Whoever is asked to review must do so at another provider.
    NotAReviewer, Conflict, "not-a-reviewer", "Ce compte ne relit chez aucun autre fournisseur", "This account reviews at no other provider";
    /// A publication of the draft is scheduled.
    PublicationScheduled, Conflict, "publication-scheduled", "Une publication est programmée", "A publication is scheduled";
    /// The module has left the catalogue.
    ModuleRetired, Conflict, "module-retired", "Ce module est retiré du catalogue", "This module has left the catalogue";
    /// Reality has moved since the preview.
    PreviewOutdated, Conflict, "preview-outdated", "L'aperçu n'est plus à jour", "The preview is out of date";
    /// A legal reference with this id is known.
    ReferenceIdTaken, Conflict, "reference-id-taken", "Ce texte est déjà au registre", "This text is in the register already";
    /// A requirement with this code is known.
    RequirementCodeTaken, Conflict, "requirement-code-taken", "Ce code d'exigence existe déjà", "This requirement code is taken";
    /// Nobody, or everybody, is concerned: how many is to be confirmed.
    AudienceUnconfirmed, Conflict, "audience-unconfirmed", "La portée de l'exigence est à confirmer", "How many are concerned is to be confirmed";
    /// Nothing is owed: there is nothing to be exempted from.
    ObligationNotOwed, Conflict, "obligation-not-owed", "Cette obligation n'est pas due", "This obligation is not owed";
    /// Nothing is left to be reviewed there.
    ReviewClosed, Conflict, "review-closed", "Il n'y a plus rien à revoir à ce titre", "Nothing is left to review there";
    /// A required module has not been completed.
    PrerequisiteMissing, Conflict, "prerequisite-missing", "Un module préalable n'est pas achevé", "A required module is not completed";
    /// The person holds no capacity (élu, agent) in any organisation.
    NoCapacity, Conflict, "no-capacity", "Aucune qualité d'élu ou d'agent", "No capacity as élu or agent";
    /// The capacity has ended, or another replaces it.
    CapacityClosed, Conflict, "capacity-closed", "Cette qualité est close", "This capacity is closed";
    /// A claim is to be decided first, or too many wait.
    ClaimPending, Conflict, "claim-pending", "Une demande attend une décision", "A claim waits for a decision";
    /// The claim was decided otherwise.
    ClaimDecided, Conflict, "claim-decided", "La demande a déjà reçu une décision", "The claim has been decided already";
    /// The job has ended.
    JobOver, Conflict, "job-over", "Ce traitement est terminé", "This job is over";
    /// The invitation was answered otherwise.
    InvitationAnswered, Conflict, "invitation-answered", "Cette invitation a déjà reçu une réponse", "This invitation has been answered already";
    /// The enrolment is closed (withdrawn).
    EnrolmentClosed, Conflict, "enrolment-closed", "L'inscription est close", "The enrolment is closed";
    /// The module has already been completed.
    AlreadyCompleted, Conflict, "already-completed", "Module déjà achevé", "Module already completed";
    /// The version followed is the one published now.
    AlreadyCurrent, Conflict, "already-current", "Vous suivez déjà la version publiée", "You follow the published version already";
    /// The attempt has been submitted.
    AttemptSubmitted, Conflict, "attempt-submitted", "La tentative est déjà remise", "The attempt is already submitted";
    /// Every attempt allowed has been used.
    AttemptsExhausted, Conflict, "attempts-exhausted", "Plus de tentative possible", "No attempt left";
    /// The next attempt is not open yet.
    AttemptTooSoon, Conflict, "attempt-too-soon", "La prochaine tentative n'est pas encore ouverte", "The next attempt is not open yet";
    /// The time of the attempt is over.
    AttemptTimeOver, Conflict, "attempt-time-over", "Le temps de la tentative est écoulé", "The time of the attempt is over";
    /// The clock of the server is earlier than what was recorded.
    ClockBehind, Unavailable, "clock-behind", "L'horloge du serveur retarde", "The server's clock is behind";
    /// The module has no quiz.
    NoQuiz, Conflict, "no-quiz", "Ce module n'a pas de quiz", "This module has no quiz";
    /// The attempt has not been handed in.
    AttemptOpen, Conflict, "attempt-open", "La tentative n'est pas encore remise", "The attempt is not handed in yet";
    /// The training is still going on.
    EnrolmentOpen, Conflict, "enrolment-open", "La formation n'est pas terminée", "The training is not over";
    /// What was answered can no longer be changed.
    SatisfactionClosed, Conflict, "satisfaction-closed", "Votre avis ne peut plus être modifié", "Your answers can no longer be changed";
    /// An answer is due before that.
    AnswerMissing, Conflict, "answer-missing", "Une réponse est due d'abord", "An answer is due first";
    /// The session does not take registrations: a draft, closed or cancelled.
    SessionNotOpen, Conflict, "session-not-open", "Cette session n'est pas ouverte", "This session is not open";
    /// It is too early, or too late, to register.
    RegistrationClosed, Conflict, "registration-closed", "Les inscriptions à cette session sont closes", "Registration for this session is closed";
    /// The session has begun.
    SessionBegun, Conflict, "session-begun", "Cette session a commencé", "This session has begun";
    /// Élus attend on public funds, and the provider's agrément does not hold on every date.
    AgrementNotValid, Conflict, "agrement-not-valid", "Agrément non valable à toutes les dates", "The agrément is not valid on every date";
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
