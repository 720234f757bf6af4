//! The pure rules: what is asked, of whom, from which day on, and where an item stands.

mod due;
mod state;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::rules::{Citing, Text, Texts, Version};
use crate::content::{Grade, Reference};

/// Days from the first one of these tests.
fn day(days: u64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a date");
    first.checked_add_days(Days::new(days)).expect("a day")
}

/// A text that says something, with no date.
fn told(slug: &str, text: &str) -> Reference {
    Reference {
        id: slug.to_owned(),
        text: text.to_owned(),
        article: None,
        url: None,
        eli: None,
        celex: None,
        legifrance: None,
        grade: Grade::V,
        verified_on: day(0),
        in_force_from: None,
        in_force_to: None,
        superseded_by: None,
        check_by: None,
    }
}

/// A text from what it said, one telling after the other.
fn text(seed: u128, tellings: Vec<Reference>) -> Text {
    let version = |(number, told): (i32, Reference)| {
        let id = Uuid::from_u128(seed * 1_000 + u128::try_from(number).expect("a number"));
        Version { id, number, told }
    };
    Text::of((1..).zip(tellings).map(version).collect()).expect("a version")
}

/// Texts by slug.
fn texts(all: Vec<Text>) -> Texts {
    all.into_iter().map(|text| (text.latest().told.id.clone(), text)).collect()
}

/// A module that copies these texts, to be reviewed by that day.
fn module(seed: u128, review_by: NaiveDate, copies: Vec<Reference>) -> Citing {
    Citing {
        module_id: Uuid::from_u128(seed),
        provider_id: Uuid::nil(),
        code: format!("M{seed}"),
        title: "Un module".to_owned(),
        version_id: Uuid::from_u128(seed + 1_000_000),
        number: 1,
        review_by,
        copies,
    }
}
