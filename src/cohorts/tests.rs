//! What rows and tables say, and what is wrong in them.

use super::csv;
use super::rows::{MOST_ROWS, Named};
use crate::error::{Error, Refusal};

fn mail(address: &str, given: &str, family: &str) -> Named {
    Named::Mail { address: address.into(), given: given.into(), family: family.into() }
}

fn refused(text: &str) -> Refusal {
    match csv::read(text) {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{text:.60}: {other:?}"),
    }
}

#[test]
fn a_table_is_read_whatever_its_separator_its_mark_and_the_order_of_its_columns() {
    let expected = [
        mail("a@mairie.example", "Noëlla", "Le Goff"),
        mail("b@mairie.example", "Jean; dit « Jo »", "D'Hervé"),
    ];
    for text in [
        "\u{feff}email;nom;prénom\r\na@mairie.example;Le Goff;Noëlla\r\n;;\r\nb@mairie.example;D'Hervé;\"Jean; dit « Jo »\"\r\n",
        "Prénom,Nom,Courriel,Service\nNoëlla,Le Goff,a@mairie.example,État civil\n\nJean; dit « Jo »,D'Hervé, b@mairie.example ,\n",
    ] {
        assert_eq!(csv::read(text).expect(text), expected);
    }
    let logins = csv::read("identifiant\nx@mairie.example\n").expect("logins");
    assert_eq!(logins, [Named::Login("x@mairie.example".into())]);
}

#[test]
fn what_is_wrong_in_a_table_is_told_by_line_and_column_all_at_once() {
    let refusal = refused("email;nom;prénom\na@mairie.example;Le Goff;Noëlla\nsans-arobase;;Jo\n");
    let at: Vec<&str> = refusal.faults.iter().map(|fault| fault.at.as_str()).collect();
    assert_eq!(at, ["line 3, column email", "line 3, column nom"]);
    assert!(refusal.faults[0].fr.contains("prenom.nom@"), "{refusal:?}");
    for (text, at) in [
        ("", "line 1"),
        ("nom;prénom\nA;B\n", "line 1"),
        ("email;nom;prénom\n", "lines"),
        ("email;nom;prénom\na@mairie.example;\"Le Goff;Noëlla\n", "line 2, column prénom"),
    ] {
        assert!(refused(text).faults.iter().any(|fault| fault.at == at), "{text}");
    }
    let many = "x@mairie.example\n".repeat(MOST_ROWS + 1);
    let refusal = refused(&format!("identifiant\n{many}"));
    assert!(refusal.faults[0].en.contains("10001"), "{refusal:?}");
    let all_wrong = "x\n".repeat(5_000);
    assert!(refused(&format!("email;nom;prénom\n{all_wrong}")).faults.len() < 60);
}

#[test]
fn what_a_job_keeps_of_a_row_reads_back_the_same() {
    for named in [
        Named::Person(uuid::Uuid::from_u128(7)),
        Named::Login("a".into()),
        mail("a@mairie.example", "Noëlla", "Le Goff"),
    ] {
        assert_eq!(Named::of(named.kept()).expect("the same"), named);
    }
    assert!(Named::of(serde_json::json!({ "siret": 1 })).is_err());
}
