//! Names and addresses.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, Set,
};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::model::{IdentityPurpose, contact_address, identity, person};
use crate::clock;
use crate::error::{Faults, Reason, Result};
use crate::text;

/// Someone to be known from now on.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Given name, as the person writes it.
    pub given_name: String,
    /// Family name, as the person writes it.
    pub family_name: String,
    /// Where to write to.
    pub address: String,
    /// Whether others read that mailbox (a mairie's, say): it receives nothing personal.
    pub shared: bool,
}

impl NewPerson {
    /// Checks names and address.
    pub fn check(&self, faults: &mut Faults) {
        faults.check_text(&self.given_name, "/given_name", 100);
        faults.check_text(&self.family_name, "/family_name", 100);
        faults.check(
            is_address(&self.address),
            "/email",
            "adresse électronique attendue, par exemple prenom.nom@mairie.example",
            "an e-mail address is expected, for instance name@mairie.example",
        );
    }
}

/// Whether a text has the shape of a mail address: what a relay would at least try.
pub fn is_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c))
    };
    text.len() <= 254
        && text.rsplit_once('@').is_some_and(|(local, domain)| {
            plain(local)
                && !local.contains('@')
                && plain(domain)
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
        })
}

/// Adds a person with their current name and address; answers their id.
///
/// # Errors
/// When the database fails.
pub async fn create(tx: &DatabaseTransaction, new: &NewPerson, now: DateTime<Utc>) -> Result<Uuid> {
    let person_id = clock::new_id();
    person::ActiveModel { id: Set(person_id), recorded_at: Set(now) }.insert(tx).await?;
    add_identity(tx, person_id, IdentityPurpose::Current, new.name(), None, now).await?;
    contact_address::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(person_id),
        address: Set(text::sign_in_name(&new.address)),
        shared: Set(new.shared),
        valid_from: Set(now),
        valid_to: Set(None),
    }
    .insert(tx)
    .await?;
    Ok(person_id)
}

impl NewPerson {
    fn name(&self) -> (&str, &str) {
        (self.given_name.trim(), self.family_name.trim())
    }
}

/// How a person is addressed now.
///
/// # Errors
/// `not-found` when the identity has been erased.
pub async fn current(conn: &impl ConnectionTrait, person_id: Uuid) -> Result<identity::Model> {
    let row = current_of(conn, [person_id]).await?.remove(&person_id);
    row.ok_or_else(|| Reason::NotFound.into())
}

/// How each of several persons is addressed now: by the name recorded last. Those whose identity has
/// been erased are not in it.
///
/// # Errors
/// When the database fails.
pub async fn current_of(
    conn: &impl ConnectionTrait,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, identity::Model>> {
    let rows = identity::Entity::find()
        .filter(identity::Column::PersonId.is_in(people))
        .filter(identity::Column::Purpose.eq(IdentityPurpose::Current))
        .order_by_asc(identity::Column::ValidFrom)
        .order_by_asc(identity::Column::Id)
        .all(conn)
        .await?;
    // In the order of their dates: of several names, the last is the one that stays.
    Ok(rows.into_iter().map(|row| (row.person_id, row)).collect())
}

/// Freezes the person's current name for one document, in a row of its own bound to facts by a
/// salted digest: erasing the row erases the name, and moves no fact.
///
/// # Errors
/// `not-found` when the identity has been erased.
pub async fn freeze_for_document(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Frozen> {
    let name = current(tx, person_id).await?;
    let salt = text::hex(&clock::random::<16>());
    let digest = name_digest(&salt, &name.given_name, &name.family_name);
    let names = (name.given_name.as_str(), name.family_name.as_str());
    let purpose = IdentityPurpose::Document;
    let identity_id = add_identity(tx, person_id, purpose, names, Some(salt), now).await?;
    Ok(Frozen { identity_id, digest })
}

/// Erases the names and addresses of somebody of whom nothing is worth keeping.
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &DatabaseTransaction, person_id: Uuid) -> Result<()> {
    contact_address::Entity::delete_many()
        .filter(contact_address::COLUMN.person_id.eq(person_id))
        .exec(tx)
        .await?;
    identity::Entity::delete_many()
        .filter(identity::COLUMN.person_id.eq(person_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// A name frozen for a document.
#[derive(Clone, Debug)]
pub struct Frozen {
    /// The identity row that holds it, until erased.
    pub identity_id: Uuid,
    /// The salted digest that a fact may carry.
    pub digest: String,
}

/// SHA-256 of the salt and the name (NFC), in hexadecimal.
fn name_digest(salt: &str, given_name: &str, family_name: &str) -> String {
    let name: String = format!("{given_name} {family_name}").nfc().collect();
    text::hex(&Sha256::digest(format!("{salt}\n{name}")))
}

async fn add_identity(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    purpose: IdentityPurpose,
    (given, family): (&str, &str),
    salt: Option<String>,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let id = clock::new_id();
    identity::ActiveModel {
        id: Set(id),
        person_id: Set(person_id),
        purpose: Set(purpose),
        given_name: Set(given.to_owned()),
        family_name: Set(family.to_owned()),
        salt: Set(salt),
        valid_from: Set(now),
    }
    .insert(tx)
    .await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::roster;
    use crate::testing::database;

    #[tokio::test]
    async fn a_name_that_changed_is_the_new_one_wherever_it_is_read() {
        let (_folder, db) = database().await;
        let now = clock::Clock::default().now();
        let new = NewPerson {
            given_name: "Anne".to_owned(),
            family_name: "Avant".to_owned(),
            address: "anne@mairie.example".to_owned(),
            shared: false,
        };
        let tx = db.begin_write().await.expect("a transaction");
        let person = create(&tx, &new, now).await.expect("a person");
        let other = create(&tx, &new, now).await.expect("another");
        // Recorded first and valid later: the order of rows says nothing.
        for (name, days) in [("Aujourd'hui", 2), ("Hier", 1)] {
            let (since, purpose) = (now + chrono::Duration::days(days), IdentityPurpose::Current);
            add_identity(&tx, person, purpose, ("Anne", name), None, since).await.expect("a name");
        }
        let names = current_of(&tx, [person, other]).await.expect("names");
        assert_eq!(names[&person].family_name, "Aujourd'hui");
        assert_eq!(names[&other].family_name, "Avant");
        assert_eq!(current(&tx, person).await.expect("a name"), names[&person]);
        let organisation = crate::territory::ensure_local(
            &tx,
            "mairie",
            "Mairie",
            crate::territory::model::OrganisationKind::Other,
            now,
        );
        let organisation = organisation.await.expect("an organisation").id;
        let held = crate::people::capacity::NewCapacity {
            person_id: person,
            kind: crate::people::model::CapacityKind::Elu,
            organisation_id: organisation,
            detail: crate::people::capacity::Detail::default(),
            standing: crate::people::model::Standing::Confirmed,
            source: "test".to_owned(),
            valid_from: now.date_naive(),
            recorded_by: None,
        };
        crate::people::capacity::add(&tx, held, now).await.expect("a capacity");
        let lines = roster::of(&tx, organisation, now.date_naive(), 10, None).await.expect("lines");
        assert_eq!(lines[0].family_name, "Aujourd'hui");
    }

    #[test]
    fn an_address_has_one_at_sign_a_dotted_domain_and_no_room_for_headers() {
        assert!(is_address("camille.l'hôte@mairie.example"));
        for wrong in
            ["", "camille", "a@b", "a b@c.example", "a@c.example\nBcc: x@y.example", "a@@c.example"]
        {
            assert!(!is_address(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn the_same_name_composed_otherwise_has_the_same_digest() {
        assert_eq!(name_digest("s", "E\u{301}lodie", "X"), name_digest("s", "Élodie", "X"));
        assert_ne!(name_digest("s", "Élodie", "X"), name_digest("t", "Élodie", "X"));
    }
}
