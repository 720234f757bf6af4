//! The form of documents: PDF/A, PDF/UA, tags.

use maitrise::documents::model::Relation;
use maitrise::documents::{Attachment, Kind, render};

use super::subject;
use super::tools::Kept;

#[test]
fn both_documents_are_archives_and_accessible_with_a_logo_and_with_a_file_attached() {
    let attachment = Attachment {
        name: "attestation.json".to_owned(),
        media_type: "application/json".to_owned(),
        description: "La même attestation, signée".to_owned(),
        relation: Relation::Alternative,
        bytes: br#"{"a":1}"#.to_vec(),
    };
    for kind in Kind::ALL {
        for (attached, standards) in [(None, "2a,ua1"), (Some(&attachment), "3a,ua1")] {
            let bytes = render(kind, &subject(), attached).expect("a document");
            let kept = Kept::new(&bytes);
            assert!(kept.is_sound());
            assert_eq!(kept.departures(standards), "");
        }
    }
}

/// A validator that finds nothing wrong anywhere would find these right too.
#[test]
fn the_validator_tells_an_archive_from_another_and_an_altered_file_from_a_sound_one() {
    let bytes = render(Kind::Certificat, &subject(), None).expect("a document");
    assert_ne!(Kept::new(&bytes).departures("3a"), "", "part 2 is not part 3");
    let spoilt = |from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).position(|part| part == from).expect("there");
        let mut bytes = bytes.clone();
        bytes[at..at + to.len()].copy_from_slice(to);
        Kept::new(&bytes)
    };
    assert_ne!(spoilt(b"/Marked true", b"/Marked null").departures("ua1"), "");
}

#[test]
fn titles_tables_lists_and_pictures_are_told_as_such_to_whoever_listens() {
    let kept = Kept::new(&render(Kind::Attestation, &subject(), None).expect("a document"));
    let objects = kept.objects();
    for told in [
        "\"/S\": \"/H1\"",
        "\"/S\": \"/H2\"",
        "\"/S\": \"/P\"",
        "\"/S\": \"/Table\"",
        "\"/S\": \"/TH\"",
        "\"/S\": \"/L\"",
        "\"/S\": \"/LBody\"",
        "\"/S\": \"/Figure\"",
        "\"/S\": \"/Link\"",
        "\"/Lang\": \"u:fr-FR\"",
        "Logo : Association des maires",
        "Code QR de l'adresse",
    ] {
        assert!(objects.contains(told), "{told}");
    }
}
