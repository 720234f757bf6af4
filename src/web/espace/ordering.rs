//! Putting things in order without a script: each is given its rank.

use poem::http::StatusCode;

use super::fault::Fault;

/// The ids in the order that their ranks give; none when no rank was given.
///
/// # Errors
/// When some have a rank and others none, or two have the same: what each must have.
pub(super) fn ordered(ids: &[&str], ranks: &[String]) -> Result<Vec<String>, Fault> {
    if ranks.iter().all(String::is_empty) {
        return Ok(Vec::new());
    }
    let mut order = vec![None; ids.len()];
    for (id, rank) in ids.iter().zip(ranks) {
        let place = rank.parse::<usize>().ok().and_then(|rank| rank.checked_sub(1));
        if let Some(place) = place.and_then(|place| order.get_mut(place)) {
            *place = Some((*id).to_owned());
        }
    }
    order.into_iter().collect::<Option<Vec<_>>>().ok_or_else(|| Fault {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        title: "Chaque élément a son rang".to_owned(),
        sentences: vec![format!(
            "Donnez à chaque élément un rang différent, de 1 à {}, ou n’en donnez aucun.",
            ids.len()
        )],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ranks: [&str; 3]) -> Option<Vec<String>> {
        ordered(&["a", "b", "c"], &ranks.map(str::to_owned)).ok()
    }

    #[test]
    fn ranks_make_an_order_when_each_is_given_once() {
        assert_eq!(of(["2", "3", "1"]).as_deref(), Some(&["c", "a", "b"].map(str::to_owned)[..]));
        assert_eq!(of(["", "", ""]), Some(Vec::new()));
        for wrong in
            [["1", "1", "2"], ["1", "2", ""], ["0", "1", "2"], ["1", "2", "4"], ["x", "", ""]]
        {
            assert_eq!(of(wrong), None, "{wrong:?}");
        }
    }
}
