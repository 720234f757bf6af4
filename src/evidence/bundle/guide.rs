//! What an auditor reads first.

use chrono::{DateTime, Utc};

use super::Scope;
use crate::text::french_date;

/// The guide of a bundle, in French.
pub(in crate::evidence) fn guide(scope: &Scope, issuer: &str, at: DateTime<Utc>) -> String {
    let Scope { organisation, name, from, to } = scope;
    let (from, to, day) = (french_date(*from), french_date(*to), french_date(at.date_naive()));
    format!(
        "\
PREUVES DE FORMATION

Organisation : {name} ({organisation})
Formations achevées : du {from} au {to}
Établi le {day} par {issuer}

Ce dossier se vérifie sans connexion et sans nous.

CE QU'IL CONTIENT
  attestations.csv          la liste : code, nom, module, version, date, état
  attestations/<code>/      une attestation :
    credential.jwt            le justificatif signé (Open Badges 3.0)
    preuve.json               le contenu exact, ce qui a été fait et quand, l'obligation
                              satisfaite et le texte en vigueur à ce moment
  versions/<module>-v<n>.sha256
                            les empreintes des fichiers de la version suivie ;
                            l'empreinte de cette liste identifie la version
  listes/                   les attestations révoquées ou remplacées, à la date ci-dessus
  cles.json                 les clés publiques
  EMPREINTES.sha256         l'empreinte de chaque fichier
  SIGNATURE.jwt             la signature de cette liste

LE VÉRIFIER
  1. Que rien n'a été modifié, avec un outil standard :
       sha256sum --check EMPREINTES.sha256
  2. Que chaque pièce est authentique, avec le programme :
       maitrise verify --bundle <ce fichier .zip> --keys cles.json
     Prenez « cles.json » à l'adresse {issuer}/.well-known/attestation-keys.json
     et non dans ce dossier : c'est ce qui prouve que nous l'avons établi.

Les noms sont ceux que portaient les personnes le jour de la formation. Une personne qui a
demandé l'effacement de son nom figure sans nom et sans justificatif ; la preuve demeure.
Les réponses aux tests et leurs corrigés ne figurent pas dans ce dossier.
"
    )
}
