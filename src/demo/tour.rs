//! The guided tour: at most eight pastes that perform the story. A test pastes them.

use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};
use rust_embed::RustEmbed;
use sea_orm::DatabaseTransaction;

use super::cast::{CAST, CDGS, PROVIDER};
use crate::accounts::Principal;
use crate::app::App;
use crate::catalogue::draft;
use crate::content::ModuleCode;
use crate::error::{Reason, Result};

/// The module that the tour publishes.
const CODE: &str = "PREMIERS-PAS";

#[derive(RustEmbed)]
#[folder = "content/drafts/PREMIERS-PAS"]
struct DraftFiles;

/// Puts a finished draft on the trainer's desk, ready to be submitted.
///
/// # Errors
/// When the database fails.
pub async fn put_draft_on_desk(
    tx: &DatabaseTransaction,
    trainer: &Principal,
    now: DateTime<Utc>,
) -> Result<()> {
    let code = ModuleCode::parse(CODE).map_err(|_| Reason::Internal)?;
    let mut desk = draft::create_module(tx, trainer, &code, PROVIDER, now).await?;
    for path in DraftFiles::iter() {
        let file = DraftFiles::get(&path).ok_or(Reason::Internal)?;
        desk = draft::put_file(tx, trainer, desk, &path, file.data.into_owned(), now).await?;
    }
    Ok(())
}

/// What the demonstration prints once it is ready.
pub fn text(app: &App) -> String {
    let base = &app.settings.http.public_url;
    let mut out = format!(
        "\nmaitrise is ready. Everything here is invented but the communes, the CDG and the modules.\n\n\
         API            {base}/api/v1/modules\n\
         Documentation  {base}/docs\n\
         Verification   {base}/verifier\n\
         Mail           {}\n\n\
         Sign in as (POST /api/v1/sign-in, or with a browser {base}/connexion):\n",
        mail_place(app),
    );
    for part in CAST {
        let _ = writeln!(out, "  {:40} {}  {}", part.login(), part.password(app), part.about);
    }
    out.push_str(&pages(base));
    let _ = writeln!(
        out,
        "\nA tour in {} steps: paste each in another terminal of this machine.",
        steps(app).len()
    );
    for (number, (title, paste)) in steps(app).iter().enumerate() {
        let _ = write!(out, "\n# Step {}. {title}\n{paste}\n", number + 1);
    }
    out.push_str("\nStop with Ctrl-C; starting again finds everything as you left it.");
    out
}

/// The pages to open in a browser, and as whom.
fn pages(base: &str) -> String {
    let shown = [
        ("anyone", "/catalogue?q=ia".to_owned(), "what the catalogue finds"),
        ("anyone", "/parcours".to_owned(), "modules one after another"),
        ("formatrice", "/atelier".to_owned(), "her modules, and what each awaits"),
        ("formatrice", format!("/atelier/{CODE}"), "a draft: its files, its preview, its reviews"),
        ("relecteur", format!("/atelier/{CODE}/relecture"), "the review, once it is submitted"),
        (
            "editrice",
            format!("/atelier/{CODE}/publier"),
            "whom publishing would reach, then the act",
        ),
        ("elue", "/modules/E1".to_owned(), "a module and its lessons"),
    ];
    let mut out = "\nIn a browser, signed in as:\n".to_owned();
    for (who, path, what) in shown {
        let _ = writeln!(out, "  {who:12} {:50} {what}", format!("{base}{path}"));
    }
    out
}

fn mail_place(app: &App) -> String {
    match app.settings.mail.transport {
        crate::config::MailTransport::File => format!("{}/mail/", app.settings.data.dir.display()),
        crate::config::MailTransport::Smtp => {
            format!("{}:{}", app.settings.mail.smtp_host, app.settings.mail.smtp_port)
        }
    }
}

/// The steps: a title and a paste for any POSIX shell with `curl`.
fn steps(app: &App) -> Vec<(&'static str, String)> {
    let due =
        (app.clock.now().with_timezone(&chrono_tz::Europe::Paris) + Duration::days(7)).date_naive();
    let [near, far] = CDGS;
    vec![
        ("Everyone signs in; tokens go into variables", sign_in(app)),
        ("The trainer submits a module, a reviewer accepts it, a publisher publishes it", publish()),
        (
            "The administrator of the CDG of Ille-et-Vilaine reads the figure: remember \"completed\"",
            format!("call $CDG35 \"$B/statistics/completions?perimeter={near}\" | total\necho"),
        ),
        (
            "The élue enrols, to be done in seven days, and reads the lesson",
            format!(
                "E=$H$(call $ELUE $B/modules/{CODE}/enrolments -i -d '{{\"due_on\":\"{due}\"}}' | location)\n\
                 call $ELUE $E/lessons/01-trois-questions-avant-dessayer | field title\n\
                 call $ELUE $E/lessons/01-trois-questions-avant-dessayer/done -X POST; echo"
            ),
        ),
        ("The reminder arrives by mail: seven days before is now", reminder(app)),
        (
            "She takes the quiz, and the module is completed",
            "A=$H$(call $ELUE $E/attempts -i -X POST | location)\n\
             call $ELUE $A/submit -d '{\"answers\":{\"q1\":[\"b\"],\"q2\":[\"c\"],\"q3\":[\"a\"]}}' | grep -o '\"result\":{.*}'"
                .to_owned(),
        ),
        (
            "She has an attestation, which anyone may verify, here and with a browser",
            "V=$(call $ELUE $B/me/attestations | field code)\n\
             curl -s $B/verify/$V; echo; echo \"$H/verifier/$V\""
                .to_owned(),
        ),
        (
            "The figure of her CDG has moved at once; the CDG next door sees nothing of it",
            format!(
                "call $CDG35 \"$B/statistics/completions?perimeter={near}\" | total; echo\n\
                 call $CDG33 \"$B/statistics/completions?perimeter={far}\" | total; echo\n\
                 call $CDG33 \"$B/statistics/completions?perimeter={near}\" | field code"
            ),
        ),
    ]
}

fn sign_in(app: &App) -> String {
    let mut paste = format!(
        "H={}; B=$H/api/v1; J='content-type: application/json'\n\
         field() {{ grep -o \"\\\"$1\\\":\\\"[^\\\"]*\\\"\" | head -n 1 | cut -d '\"' -f 4; }}\n\
         total() {{ grep -o '\"total\":{{[^}}]*}}'; }}\n\
         location() {{ tr -d '\\r' | sed -n 's/^[Ll]ocation: //p'; }}\n\
         call() {{ t=$1; shift; curl -s \"$@\" -H \"authorization: Bearer $t\" -H \"$J\"; }}\n\
         sign_in() {{ curl -s $B/sign-in -H \"$J\" -d \"{{\\\"login\\\":\\\"$1@demonstration.example\\\",\\\"password\\\":\\\"$2\\\"}}\" | field access_token; }}\n",
        app.settings.http.public_url
    );
    for part in CAST {
        let name = match part.word {
            "elue" => "ELUE",
            "formatrice" => "TRAINER",
            "relecteur" => "REVIEWER",
            "editrice" => "PUBLISHER",
            "cdg35" => "CDG35",
            "cdg33" => "CDG33",
            _ => continue,
        };
        let _ = writeln!(paste, "{name}=$(sign_in {} {})", part.word, part.password(app));
    }
    paste.push_str("echo \"${ELUE:+signed in}\"");
    paste
}

fn publish() -> String {
    format!(
        "D=$B/modules/{CODE}/draft\n\
         DIGEST=$(call $TRAINER $D/submit -X POST | field digest)\n\
         call $REVIEWER $D/review -d \"{{\\\"digest\\\":\\\"$DIGEST\\\",\\\"verdict\\\":\\\"accepted\\\",\\\"comment\\\":\\\"Relu.\\\"}}\"; echo\n\
         P=$(call $PUBLISHER $D/publish/preview -d '{{\"change\":\"substantive\"}}' | field digest)\n\
         call $PUBLISHER $D/publish -d \"{{\\\"change\\\":\\\"substantive\\\",\\\"digest\\\":\\\"$P\\\"}}\"; echo\n\
         curl -s $B/modules/{CODE} | field title"
    )
}

fn reminder(app: &App) -> String {
    match app.settings.mail.transport {
        crate::config::MailTransport::Smtp => {
            "echo 'See the mailbox of elue@demonstration.example.'".to_owned()
        }
        crate::config::MailTransport::File => {
            let folder = std::path::absolute(app.settings.data.dir.join("mail"))
                .unwrap_or_else(|_| app.settings.data.dir.join("mail"));
            format!(
                "for i in 1 2 3 4 5 6 7 8 9 10; do ls {0}/*reminder*.eml >/dev/null 2>&1 && break; sleep 1; done\n\
                 cat {0}/*reminder*.eml",
                folder.display()
            )
        }
    }
}
