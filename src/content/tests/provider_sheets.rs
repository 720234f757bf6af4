//! `providers.toml`: what it says, and what it may not.

use super::super::provider_sheets::{RegimeWord, read_providers};

const SOUND: &str = r#"
[[provider]]
ref = "local:atelier"
name = "Atelier (exemple)"
kind = "training_body"
siret = "99999999800001"
activity_number = "99999999901"
address = ["1 place de l’Exemple"]
postcode = "35133"
city = "Beaucé"

[[provider.regime]]
regime = "qualiopi"
declared_from = 2026-01-01

[[provider.contact]]
kind = "disability"
label = "Référent handicap"
email = "handicap@atelier.example"

[[provider.agrement]]
number = "EXEMPLE-1"
granted_on = 2026-01-02
valid_from = 2026-02-01
valid_to = 2028-02-01
"#;

fn findings(text: &str) -> Vec<String> {
    read_providers(text.as_bytes()).1.iter().map(ToString::to_string).collect()
}

#[test]
fn a_provider_is_read_with_its_regimes_contacts_and_agrements() {
    let (read, findings) = read_providers(SOUND.as_bytes());
    assert_eq!(findings, []);
    let [provider] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!(provider.legal_name, provider.name);
    assert_eq!(provider.regimes[0].0, RegimeWord::Qualiopi);
    assert_eq!(provider.contacts[0].label, "Référent handicap");
    assert_eq!(provider.agrements[0].valid_to.to_string(), "2028-02-01");
    assert_eq!(provider.address.as_ref().expect("an address").2, "Beaucé");
}

#[test]
fn each_thing_that_cannot_be_is_told_on_its_line() {
    for (from, to, told) in [
        ("99999999800001", "99999999800002", "SIRET"),
        ("99999999901", "9999999990", "11 chiffres"),
        ("local:atelier", "cdg:CDG-35", "local:atelier"),
        ("\"qualiopi\"", "\"qualiopia\"", "qualiopi"),
        ("2028-02-01", "2026-02-01", "n’est pas après"),
        ("postcode = \"35133\"\n", "", "n’est pas entière"),
        ("email = \"handicap@atelier.example\"\n", "", "ne se joint pas"),
        ("kind = \"training_body\"", "kind = \"school\"", "training_body"),
        ("siret =", "siert =", "siret"),
    ] {
        assert!(SOUND.contains(from), "{from}");
        let found = findings(&SOUND.replacen(from, to, 1));
        assert_eq!(found.len(), 1, "{to}: {found:?}");
        assert!(found[0].contains(told), "{to}: {found:?}");
    }
    let twice = format!("{SOUND}{SOUND}");
    assert!(findings(&twice).iter().any(|f| f.contains("deux fois")), "{:?}", findings(&twice));
    assert!(findings("").iter().any(|f| f.contains("aucun fournisseur")));
}

#[test]
fn the_providers_of_this_repository_are_sound() {
    for bytes in [
        include_bytes!("../../../content/providers.toml").as_slice(),
        include_bytes!("../../../content/drafts/providers.toml"),
    ] {
        let (read, findings) = read_providers(bytes);
        assert_eq!(findings, []);
        assert!(!read.is_empty());
    }
}
