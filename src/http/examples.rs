//! Examples of parameters: one for each name, which means the same everywhere.

use chrono::NaiveDate;
use uuid::Uuid;

/// Rows of a page.
pub fn limit() -> Option<u64> {
    Some(20)
}

/// A cursor of ours: that of an identifier.
pub fn after() -> Option<String> {
    Some(super::page::cursor("0198c0de-7a3b-7c51-9d3e-5b1f0c2a4e6d"))
}

/// An identifier.
pub fn id() -> Uuid {
    Uuid::from_u128(0x0198_c0de_7a3b_7c51_9d3e_5b1f_0c2a_4e6d)
}

/// The code of a module.
pub fn module() -> String {
    "E1".to_owned()
}

/// The code of a learning path.
pub fn learning_path() -> String {
    "ELUS".to_owned()
}

/// The number of a version.
pub fn number() -> i32 {
    1
}

/// The reference of an organisation: the commune of Beaucé.
pub fn organisation() -> String {
    "insee:35021".to_owned()
}

/// The id of a legal reference.
pub fn reference() -> String {
    "ria-5".to_owned()
}

/// The code of a requirement.
pub fn requirement() -> String {
    "elus-delegation".to_owned()
}

/// The slug of a lesson.
pub fn lesson() -> String {
    "01-trois-histoires".to_owned()
}

/// The identifier of a question.
pub fn question() -> String {
    "q1".to_owned()
}

/// The path of a file of a draft.
pub fn path() -> String {
    "lessons/01-introduction.md".to_owned()
}

/// A verification code.
pub fn code() -> String {
    "7K3M9P2QX4W8RT6A5BC7DEF1G2".to_owned()
}

/// The entity tag of what is edited.
pub fn if_match() -> Option<String> {
    Some(super::etag::quoted(7))
}

/// The entity tag of what is already known.
pub fn if_none_match() -> Option<String> {
    Some(super::etag::representation(7))
}

/// The SHA-256 of a file.
pub fn digest() -> String {
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned()
}

/// The first bytes.
pub fn range() -> Option<String> {
    Some("bytes=0-1023".to_owned())
}

/// Words to look for.
pub fn words() -> Option<String> {
    Some("données personnelles".to_owned())
}

/// The name of a commune to look for.
pub fn commune() -> Option<String> {
    Some("beaucé".to_owned())
}

/// A perimeter: a CDG.
pub fn perimeter() -> String {
    "cdg:CDG-35".to_owned()
}

/// A day of statistics.
pub fn day() -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2026, 11, 1)
}

/// The code of a module, to count it alone.
pub fn one_module() -> Option<String> {
    Some(module())
}

/// The code of a path, to list what is of it alone.
pub fn one_path() -> Option<String> {
    Some(learning_path())
}

/// The secret of a calendar's address.
pub fn calendar() -> String {
    "4t6oC2nSxgT3lV8bXQ0sB1uQmR7yZk5eWcJ9hDpFaLM.ics".to_owned()
}

/// A theme.
pub fn theme() -> Option<String> {
    Some("ia".to_owned())
}

/// The reference of a provider.
pub fn provider() -> Option<String> {
    Some("local:maitrise".to_owned())
}

/// The longest announced duration.
pub fn minutes() -> Option<u32> {
    Some(45)
}

/// A language.
pub fn language() -> Option<String> {
    Some("fr".to_owned())
}

/// The reference of a provider, where one must be named.
pub fn provider_ref() -> String {
    "local:maitrise".to_owned()
}

/// The first day of a period.
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default()
}

/// The last day of a period.
pub fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 31).unwrap_or_default()
}

/// An outcome of a row of a job.
pub fn outcome() -> Option<String> {
    Some("enrolled".to_owned())
}

/// The cursor of a list of rows: the number of the last one seen.
pub fn after_row() -> Option<String> {
    Some(super::page::cursor("50"))
}

/// A civil date by which something is due.
pub fn due_on() -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2027, 3, 31)
}
