//! Dated sessions on pages: the list and the page of each, for anyone; one's own seats and calendar.
//!
//! A page calls the verbs that the API calls and decides nothing: who gets a seat, who waits, and who
//! is promoted are matters of the room `sessions`. The address of a video meeting is shown to who has a
//! seat; the address of a calendar once, when it is made.

mod agenda;
mod leave;
mod list;
mod mine;
mod register;
mod show;
mod told;

use poem::http::Method;
use poem::{Route, get, post};

pub(super) use list::are_open;

/// The paths of sessions, with their methods.
pub const PATHS: &[(&str, &[Method])] = &[
    ("/mes-sessions", &[Method::GET]),
    ("/mes-sessions/{id}/quitter", &[Method::GET, Method::POST]),
    ("/mon-agenda", &[Method::POST]),
    ("/mon-agenda/fin", &[Method::POST]),
    ("/sessions", &[Method::GET]),
    ("/sessions/{id}", &[Method::GET]),
    ("/sessions/{id}/inscription", &[Method::POST]),
];

/// Adds the pages of sessions to a router; each path is in [`PATHS`] as well.
pub(super) fn add_to(router: Route) -> Route {
    router
        .at("/mes-sessions", get(mine::list))
        .at("/mes-sessions/:id/quitter", get(leave::ask).post(leave::leave))
        .at("/mon-agenda", post(agenda::make))
        .at("/mon-agenda/fin", post(agenda::end))
        .at("/sessions", get(list::list))
        .at("/sessions/:id", get(show::show))
        .at("/sessions/:id/inscription", post(register::register))
}
