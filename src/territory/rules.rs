//! How organisations are named, which time zone they live in, and which CDG an EPCI is presumed to
//! belong to: pure decisions.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono_tz::Tz;

use super::model::Scheme;
use crate::error::{Error, Reason, Refusal};

/// How the world names an organisation: its SIREN where it has one, otherwise the code of the
/// register that knows it (`insee:97501`, `dep:974`, `reg:93`, `cdg:CIG-GC`, `local:<slug>`).
/// Codes are text: leading zeros and `2A` are kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrgRef {
    scheme: Scheme,
    value: String,
}

impl OrgRef {
    /// A reference in one register.
    ///
    /// # Errors
    /// `invalid-parameter` when the value does not have the shape of that register.
    pub fn new(scheme: Scheme, value: impl Into<String>) -> Result<Self, Error> {
        let value = value.into();
        if fits(scheme, &value) { Ok(Self { scheme, value }) } else { Err(malformed()) }
    }

    /// The register.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The code in that register.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl FromStr for OrgRef {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let Some((prefix, value)) = text.split_once(':') else {
            return Self::new(Scheme::Siren, text);
        };
        let scheme = PREFIXES.iter().find(|(p, _)| *p == prefix).ok_or_else(malformed)?.1;
        Self::new(scheme, value)
    }
}

impl fmt::Display for OrgRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match PREFIXES.iter().find(|(_, scheme)| *scheme == self.scheme) {
            Some((prefix, _)) => write!(f, "{prefix}:{}", self.value),
            None => f.write_str(&self.value),
        }
    }
}

/// Prefixes of the registers; a SIREN has none.
const PREFIXES: [(&str, Scheme); 5] = [
    ("insee", Scheme::Insee),
    ("dep", Scheme::Dep),
    ("reg", Scheme::Reg),
    ("cdg", Scheme::Cdg),
    ("local", Scheme::Local),
];

/// The order in which an organisation's identifiers are preferred to name it.
pub(crate) fn preference(scheme: Scheme) -> u8 {
    match scheme {
        Scheme::Siren => 0,
        Scheme::Insee => 1,
        Scheme::Dep => 2,
        Scheme::Reg => 3,
        Scheme::Cdg => 4,
        Scheme::Local => 5,
    }
}

/// Whether a value has the shape of its register's codes.
pub(crate) fn fits(scheme: Scheme, value: &str) -> bool {
    let bytes = value.as_bytes();
    let digits = |b: &[u8]| b.iter().all(u8::is_ascii_digit);
    // Corsica's départements are 2A and 2B; its communes' codes begin so.
    let code = |b: &[u8]| digits(&b[..1]) && matches!(b[1], b'0'..=b'9' | b'A' | b'B');
    match scheme {
        Scheme::Siren => bytes.len() == 9 && digits(bytes),
        Scheme::Insee => bytes.len() == 5 && code(bytes) && digits(&bytes[2..]),
        Scheme::Dep => matches!(bytes.len(), 2 | 3) && code(bytes) && digits(&bytes[2..]),
        Scheme::Reg => matches!(bytes.len(), 2 | 3) && digits(bytes),
        Scheme::Cdg => {
            (1..=24).contains(&bytes.len())
                && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-')
        }
        Scheme::Local => {
            (1..=64).contains(&bytes.len())
                && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
        }
    }
}

fn malformed() -> Error {
    Refusal::new(Reason::InvalidParameter)
        .because(
            "Une organisation se désigne par son SIREN (9 chiffres) ou par insee:, dep:, reg:, \
             cdg: ou local: suivi de son code.",
            "An organisation is named by its SIREN (9 digits), or by insee:, dep:, reg:, cdg: or \
             local: followed by its code.",
        )
        .into()
}

/// The civil time zone of a département or overseas collectivité, by its code; metropolitan France
/// lives in Europe/Paris.
pub fn time_zone_of_departement(code: &str) -> Tz {
    match code {
        "971" => Tz::America__Guadeloupe,
        "972" => Tz::America__Martinique,
        "973" => Tz::America__Cayenne,
        "974" => Tz::Indian__Reunion,
        "975" => Tz::America__Miquelon,
        "976" => Tz::Indian__Mayotte,
        "977" => Tz::America__St_Barthelemy,
        "978" => Tz::America__Marigot,
        "984" => Tz::Indian__Kerguelen,
        "986" => Tz::Pacific__Wallis,
        "987" => Tz::Pacific__Tahiti,
        "988" => Tz::Pacific__Noumea,
        // Clipperton has no inhabitant and no zone of its own in the tz database.
        "989" => Tz::Etc__GMTPlus8,
        _ => Tz::Europe__Paris,
    }
}

/// The civil time zone of a région, by its code.
pub fn time_zone_of_region(code: &str) -> Tz {
    time_zone_of_departement(match code {
        "01" => "971",
        "02" => "972",
        "03" => "973",
        "04" => "974",
        "06" => "976",
        other => other,
    })
}

/// Where an EPCI is presumed to be affiliated: the CDG under which most of its population lives.
/// `members` are `(CDG of the member commune's département, population)`; members without a CDG
/// weigh too, so that an EPCI that lives mostly in Paris has none. A tie goes to the CDG whose code
/// comes first, and to a CDG rather than to none.
pub fn cdg_of_epci<'a>(
    members: impl IntoIterator<Item = (Option<&'a str>, i64)>,
) -> Option<&'a str> {
    let mut population: BTreeMap<Option<&str>, i64> = BTreeMap::new();
    for (cdg, persons) in members {
        *population.entry(cdg).or_default() += persons;
    }
    let mut best: Option<(Option<&str>, i64)> = None;
    for (cdg, persons) in population {
        let better = best.is_none_or(|(held, most)| {
            persons > most || (persons == most && held.is_none() && cdg.is_some())
        });
        if better {
            best = Some((cdg, persons));
        }
    }
    best.and_then(|(cdg, _)| cdg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_and_writes_the_same() {
        for text in
            ["213502388", "insee:2A004", "dep:974", "dep:2A", "reg:01", "cdg:CIG-GC", "local:demo"]
        {
            assert_eq!(text.parse::<OrgRef>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_not_a_reference_is_refused_without_being_repeated() {
        for text in [
            "",
            "12345678",
            "1234567890",
            "insee:1",
            "dep:",
            "dep:é1",
            "siren:213502388",
            "cdg:cig",
            "local:A",
            "local:'; DROP TABLE organisation",
            "<script>",
            "insee:2C004",
            "reg:2A",
        ] {
            let error = text.parse::<OrgRef>().expect_err(text);
            assert!(error.to_string().starts_with("invalid-parameter"), "{text}: {error}");
            assert!(!error.to_string().contains("DROP"), "{error}");
        }
    }

    #[test]
    fn overseas_territories_have_their_own_time() {
        assert_eq!(time_zone_of_departement("35").name(), "Europe/Paris");
        assert_eq!(time_zone_of_departement("2A").name(), "Europe/Paris");
        assert_eq!(time_zone_of_departement("974").name(), "Indian/Reunion");
        assert_eq!(time_zone_of_departement("988").name(), "Pacific/Noumea");
        assert_eq!(time_zone_of_region("03").name(), "America/Cayenne");
        assert_eq!(time_zone_of_region("11").name(), "Europe/Paris");
        assert_eq!(time_zone_of_region("975").name(), "America/Miquelon");
    }

    #[test]
    fn an_epci_goes_where_most_of_its_population_is() {
        let (a, b) = (Some("CDG-A"), Some("CDG-B"));
        assert_eq!(cdg_of_epci([(a, 10), (b, 8), (b, 3)]), b);
        assert_eq!(cdg_of_epci([(b, 10), (a, 10)]), a, "a tie goes to the first code");
        assert_eq!(cdg_of_epci([(None, 10), (a, 9)]), None, "mostly where there is no CDG");
        assert_eq!(cdg_of_epci([(None, 10), (a, 10)]), a);
        assert_eq!(cdg_of_epci([]), None);
    }
}
