//! From what a request says to what the room takes, and back.

use super::wishes::{Address, Contact, Identity, NewAgrement, Period, Reach, Regimes};
use crate::providers::rules;

impl From<Identity> for rules::Identity {
    fn from(wish: Identity) -> Self {
        Self {
            name: wish.name,
            legal_name: wish.legal_name,
            kind: wish.kind.into(),
            siret: wish.siret,
            activity_number: wish.activity_number,
            address: wish.address.map(Into::into),
        }
    }
}

impl From<Address> for rules::Address {
    fn from(wish: Address) -> Self {
        Self { lines: wish.lines, postcode: wish.postcode, city: wish.city, insee: wish.insee }
    }
}

impl From<rules::Address> for Address {
    fn from(said: rules::Address) -> Self {
        Self { lines: said.lines, postcode: said.postcode, city: said.city, insee: said.insee }
    }
}

impl From<Reach> for rules::Reach {
    fn from(wish: Reach) -> Self {
        let contact = |c: Contact| rules::Contact {
            kind: c.kind.into(),
            label: c.label,
            email: c.email,
            phone: c.phone,
        };
        Self {
            email: wish.email,
            phone: wish.phone,
            website: wish.website,
            contacts: wish.contacts.into_iter().map(contact).collect(),
        }
    }
}

impl From<Regimes> for Vec<rules::Declared> {
    fn from(wish: Regimes) -> Self {
        let period = |p: Period| rules::Declared {
            regime: p.regime.into(),
            from: p.declared_from,
            until: p.declared_until,
        };
        wish.regimes.into_iter().map(period).collect()
    }
}

impl From<NewAgrement> for rules::Granted {
    fn from(wish: NewAgrement) -> Self {
        Self {
            number: wish.number,
            granted_on: wish.granted_on,
            valid_from: wish.valid_from,
            valid_to: wish.valid_to,
        }
    }
}
