//! People in a spreadsheet: one line each, `email;nom;prénom` or `identifiant`, semicolons or commas, in
//! UTF-8, with or without its mark.

use ::csv::{ReaderBuilder, StringRecord, Trim};

use super::rows::{Named, check_count, is_enough};
use crate::error::{Faults, Result};
use crate::text::folded;

/// Which column holds what.
#[derive(Debug, Default)]
struct Columns {
    email: Option<usize>,
    family: Option<usize>,
    given: Option<usize>,
    login: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Self {
        let mut columns = Self::default();
        for (at, title) in header.iter().enumerate() {
            let column = match folded(title).as_str() {
                "email" | "e mail" | "mail" | "courriel" | "adresse" => &mut columns.email,
                "nom" | "nom de famille" | "family name" => &mut columns.family,
                "prenom" | "given name" => &mut columns.given,
                "identifiant" | "login" => &mut columns.login,
                _ => continue,
            };
            *column = column.or(Some(at));
        }
        columns
    }

    /// Whether somebody can be named by these columns.
    const fn suffice(&self) -> bool {
        let by_mail = self.email.is_some() && self.family.is_some() && self.given.is_some();
        by_mail || self.login.is_some()
    }

    /// Who a line names: by sign-in name where it has one, otherwise by address and name.
    fn named(&self, line: &StringRecord) -> Named {
        let cell = |at: Option<usize>| at.and_then(|at| line.get(at)).unwrap_or_default();
        match cell(self.login) {
            "" if self.email.is_some() => Named::Mail {
                address: cell(self.email).to_owned(),
                given: cell(self.given).to_owned(),
                family: cell(self.family).to_owned(),
            },
            login => Named::Login(login.to_owned()),
        }
    }
}

/// Reads a table. Blank lines are passed over; a fault names its line and its column.
///
/// # Errors
/// `invalid-values`: a header that names nobody, a line that cannot be read, cells to be mended, no
/// line or too many.
pub fn read(text: &str) -> Result<Vec<Named>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.contains(';') || !first.contains(',') { b';' } else { b',' };
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut faults = Faults::default();
    let columns = reader.headers().map(Columns::of).unwrap_or_default();
    faults.check(
        columns.suffice(),
        "line 1",
        "première ligne attendue : email;nom;prénom (ou identifiant)",
        "the first line is expected to be: email;nom;prénom (or identifiant)",
    );
    faults.refuse()?;
    let (mut rows, mut faults) = (Vec::new(), Faults::default());
    for record in reader.records() {
        let Ok(record) = record else {
            unreadable(rows.len() + 2, &mut faults);
            break;
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        let line = record.position().map_or(0, ::csv::Position::line);
        let named = columns.named(&record);
        named.check(|field| format!("line {line}, column {}", title(field)), &mut faults);
        rows.push(named);
        if is_enough(&faults) {
            break;
        }
    }
    check_count(rows.len(), "lines", &mut faults);
    faults.refuse()?;
    Ok(rows)
}

fn unreadable(line: usize, faults: &mut Faults) {
    faults.check(
        false,
        &format!("line {line}"),
        "ligne illisible : un guillemet reste ouvert, ou le texte n'est pas en UTF-8",
        "a line that cannot be read: a quote is left open, or the text is not UTF-8",
    );
}

/// The title of a column, as it is expected.
fn title(field: &str) -> &str {
    match field {
        "given_name" => "prénom",
        "family_name" => "nom",
        "login" => "identifiant",
        other => other,
    }
}
