//! The learner's own pages: what is due, what goes on, reading, tests, proofs, questions, one's data.
//!
//! A page calls the verbs that the API calls and decides nothing. Everything here is one's own: what is
//! another's does not exist. Each answer of a test is sent by its own form, so that all works without a
//! script; one script (`SCRIPT`) keeps answers while the network is away and says
//! that a lesson is being read. It runs on those pages alone, whose policy allows it.

mod ask;
mod attempt;
mod attestations;
mod course;
mod data;
mod day;
mod declare;
mod enrol;
mod export;
pub(super) mod fault;
mod follow;
mod followed;
mod leave;
mod lesson;
mod newer;
mod opinion;
mod ordering;
mod owed;
mod sitting;
mod threads;
pub(super) mod words;

use poem::http::Method;
use poem::{Route, get, post};

use super::kept;

/// The script of pages on which something may be lost with the network.
pub(crate) const SCRIPT: &str = include_str!("apprendre.js");

const GET: &[Method] = &[Method::GET];
const POST: &[Method] = &[Method::POST];
const BOTH: &[Method] = &[Method::GET, Method::POST];

/// The paths of learners, with their methods.
pub const PATHS: &[(&str, &[Method])] = &[
    ("/apprendre.js", GET),
    ("/mes-attestations", GET),
    ("/mes-attestations/{id}/attestation.pdf", GET),
    ("/mes-attestations/{id}/certificat.pdf", GET),
    ("/mes-attestations/{id}/justificatif.jwt", GET),
    ("/mes-donnees", GET),
    ("/mes-donnees/deconnecter", POST),
    ("/mes-donnees/export.json", GET),
    ("/mes-donnees/qualite", BOTH),
    ("/mes-formations/{id}", GET),
    ("/mes-formations/{id}/avis", BOTH),
    ("/mes-formations/{id}/lecons/{lecon}", BOTH),
    ("/mes-formations/{id}/lecons/{lecon}/presence", POST),
    ("/mes-formations/{id}/question", BOTH),
    ("/mes-formations/{id}/quitter", BOTH),
    ("/mes-formations/{id}/test", POST),
    ("/mes-formations/{id}/version", BOTH),
    ("/mes-obligations/{id}", GET),
    ("/mes-parcours/{id}", GET),
    ("/mes-parcours/{id}/modules/{code}", POST),
    ("/mes-parcours/{id}/quitter", BOTH),
    ("/mes-questions", GET),
    ("/mes-questions/reclamation", BOTH),
    ("/mes-questions/{id}", BOTH),
    ("/mes-tests/{id}", BOTH),
    ("/mes-tests/{id}/{rang}", BOTH),
    ("/modules/{code}/inscription", BOTH),
    ("/mon-espace", GET),
    ("/parcours/{code}/inscription", BOTH),
];

/// Adds the pages of learners to a router; each path is in [`PATHS`] as well.
pub(super) fn add_to(router: Route) -> Route {
    router
        .at("/apprendre.js", get(poem::endpoint::make_sync(|_| kept(SCRIPT_TYPE, SCRIPT))))
        .at("/mes-attestations", get(attestations::list))
        .at("/mes-attestations/:id/attestation.pdf", get(attestations::training))
        .at("/mes-attestations/:id/certificat.pdf", get(attestations::certificate))
        .at("/mes-attestations/:id/justificatif.jwt", get(attestations::credential))
        .at("/mes-donnees", get(data::show))
        .at("/mes-donnees/deconnecter", post(data::sign_out_everywhere))
        .at("/mes-donnees/export.json", get(export::export))
        .at("/mes-donnees/qualite", get(declare::ask).post(declare::declare))
        .at("/mes-formations/:id", get(course::show))
        .at("/mes-formations/:id/avis", get(opinion::ask).post(opinion::send))
        .at("/mes-formations/:id/lecons/:lecon", get(lesson::show).post(lesson::done))
        .at("/mes-formations/:id/lecons/:lecon/presence", post(lesson::presence))
        .at("/mes-formations/:id/question", get(ask::ask).post(ask::send))
        .at("/mes-formations/:id/quitter", get(leave::ask).post(leave::leave))
        .at("/mes-formations/:id/test", post(course::begin_test))
        .at("/mes-formations/:id/version", get(newer::ask).post(newer::go))
        .at("/mes-obligations/:id", get(owed::show))
        .at("/mes-parcours/:id", get(follow::show))
        .at("/mes-parcours/:id/modules/:code", post(follow::begin))
        .at("/mes-parcours/:id/quitter", get(leave::ask_path).post(leave::leave_path))
        .at("/mes-questions", get(threads::list))
        .at("/mes-questions/reclamation", get(ask::ask_complaint).post(ask::complain))
        .at("/mes-questions/:id", get(threads::show).post(threads::reply))
        .at("/mes-tests/:id", get(attempt::show).post(attempt::hand_in))
        .at("/mes-tests/:id/:rang", get(sitting::show).post(sitting::take))
        .at("/modules/:code/inscription", get(enrol::ask).post(enrol::enrol))
        .at("/mon-espace", get(day::show))
        .at("/parcours/:code/inscription", get(enrol::ask_path).post(enrol::enrol_path))
}

const SCRIPT_TYPE: &str = "text/javascript; charset=utf-8";

/// An id in an address; what is not one leads nowhere.
pub(super) fn id_of(text: &str) -> crate::error::Result<uuid::Uuid> {
    text.parse().map_err(|_| crate::error::Reason::NotFound.into())
}
