//! People whom the prepared database does not have: opened through the library, with whatever grants
//! a test needs, and signed in without the time that a password takes.

use chrono::{DateTime, Utc};
use maitrise::accounts::model::{Role, account};
use maitrise::accounts::principal::Scope;
use maitrise::accounts::token;
use maitrise::accounts::{grants, invite};
use maitrise::demo::cast;
use maitrise::people::identity::NewPerson;
use maitrise::people::model::CapacityKind;
use maitrise::providers;
use maitrise::territory;
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::world::World;

/// Someone with an account.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Their account.
    pub account_id: Uuid,
    /// Themselves.
    pub person_id: Uuid,
    /// An access token, good for fifteen minutes.
    pub token: String,
}

impl World {
    /// Opens an account under this sign-in name.
    pub async fn admit(&self, word: &str) -> Newcomer {
        let new = NewPerson {
            given_name: "Dominique".to_owned(),
            family_name: "Fictif".to_owned(),
            address: format!("{word}@essai.example"),
            shared: false,
        };
        let tx = self.app.db.begin_write().await.expect("a transaction");
        let account = invite::open(&tx, &new, None, self.app.clock.now()).await.expect("open");
        tx.commit().await.expect("a commit");
        self.signed_in(&account)
    }

    /// Opens an account and gives it a role for ever.
    pub async fn admit_as(&self, word: &str, role: Role, scope: Scope) -> Newcomer {
        let newcomer = self.admit(word).await;
        self.give(newcomer.account_id, role, scope, None).await;
        newcomer
    }

    /// Someone of the prepared database, by sign-in name.
    pub async fn known(&self, login: &str) -> Newcomer {
        let found = account::Entity::find()
            .filter(account::COLUMN.sign_in_name.eq(login))
            .one(self.app.db.read())
            .await
            .expect("accounts");
        self.signed_in(&found.expect(login))
    }

    /// Gives a role; answers the grant's id.
    pub async fn give(
        &self,
        account: Uuid,
        role: Role,
        scope: Scope,
        until: Option<DateTime<Utc>>,
    ) -> Uuid {
        let tx = self.app.db.begin_write().await.expect("a transaction");
        let now = self.app.clock.now();
        let grant = grants::record(&tx, account, role, scope, until, None, now).await;
        let grant = grant.expect("given");
        tx.commit().await.expect("a commit");
        grant.id
    }

    /// A token for an account, as sign-in would give it now.
    pub fn signed_in(&self, account: &account::Model) -> Newcomer {
        let (id, issuer) = (account.id, &self.app.settings.http.public_url);
        let who = (id, account.generation);
        let token = token::issue(&self.app.keys, issuer, who, 15, self.app.clock.now());
        let token = token.expect("a token");
        Newcomer { account_id: id, person_id: account.person_id, token }
    }

    /// Makes someone an élu of a commune.
    pub async fn elect(&self, who: &Newcomer, commune: &str) {
        let (tx, now) =
            (self.app.db.begin_write().await.expect("a transaction"), self.app.clock.now());
        let elu = CapacityKind::Elu;
        cast::add_capacity(&tx, who.person_id, commune, elu, now).await.expect("a capacity");
        tx.commit().await.expect("a commit");
    }

    /// The scope of a provider, made one if it is not yet.
    pub async fn provider(&self, reference: &str) -> Scope {
        let tx = self.app.db.begin_write().await.expect("a transaction");
        let found = providers::ensure(&tx, reference, self.app.clock.now()).await;
        tx.commit().await.expect("a commit");
        Scope::Provider(found.expect("a provider").id)
    }

    /// The scope of an organisation.
    pub async fn organisation(&self, reference: &str) -> Scope {
        let today = self.app.clock.now().date_naive();
        let reference = reference.parse().expect("a reference");
        let found = territory::by_ref(self.app.db.read(), &reference, today).await;
        Scope::Organisation(found.expect("an organisation").id)
    }

    /// The scope of a CDG.
    pub async fn perimeter(&self, reference: &str) -> Scope {
        let reference = reference.parse().expect("a reference");
        let found = territory::perimeter(self.app.db.read(), &reference).await;
        Scope::Perimeter(found.expect("a CDG").cdg_id)
    }
}
