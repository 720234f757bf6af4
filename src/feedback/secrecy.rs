//! What may be told of how many answered, version by version and in all: nothing that stands for fewer
//! persons than the threshold, nor anything from which that could be subtracted.

/// Which versions may be told, when the total may. `counts` are persons by version; a person counts in
/// one version only, so that the total is their sum. `candidates` may not be told anyway where false.
///
/// A version is told when it stands for `min` persons at least; and what is not told stands, together,
/// for none or for `min` at least: otherwise the smallest versions told are hidden with it, so that the
/// total less what is told gives no small group away.
pub(super) fn told(counts: &[u64], candidates: &[bool], min: u64) -> Vec<bool> {
    let min = min.max(1);
    let mut told: Vec<bool> =
        counts.iter().zip(candidates).map(|(count, may)| *may && *count >= min).collect();
    loop {
        let hidden: u64 =
            counts.iter().zip(&told).filter(|(_, told)| !**told).map(|(n, _)| n).sum();
        if hidden == 0 || hidden >= min {
            return told;
        }
        let shown = counts.iter().enumerate().filter(|(index, _)| told[*index]);
        match shown.min_by_key(|(_, count)| **count) {
            Some((smallest, _)) => told[smallest] = false,
            None => return told,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(counts: &[u64]) -> Vec<bool> {
        told(counts, &vec![true; counts.len()], 5)
    }

    #[test]
    fn a_small_version_takes_the_smallest_told_one_with_it() {
        assert_eq!(all(&[8, 3]), [false, false], "11 less 8 would be 3");
        assert_eq!(all(&[20, 8, 3]), [true, false, false]);
        assert_eq!(all(&[20, 8, 3, 2]), [true, true, false, false], "the two hidden are five");
        assert_eq!(all(&[20, 8, 0]), [true, true, false], "nobody is nobody's secret");
        assert_eq!(all(&[5, 5]), [true, true]);
        assert_eq!(all(&[4]), [false]);
    }

    #[test]
    fn what_may_not_be_told_anyway_is_hidden_and_protected() {
        assert_eq!(told(&[20, 8, 3], &[true, false, true], 5), [true, false, false]);
        assert_eq!(told(&[20, 3], &[true, false], 5), [false, false]);
    }

    proptest! {
        #[test]
        fn nothing_under_the_threshold_can_be_read_or_subtracted(
            counts in prop::collection::vec(0_u64..12, 0..8), min in 1_u64..9,
        ) {
            let may = vec![true; counts.len()];
            let told = told(&counts, &may, min);
            let sum = |wanted: bool| -> u64 {
                counts.iter().zip(&told).filter(|(_, told)| **told == wanted).map(|(n, _)| n).sum()
            };
            prop_assert!(counts.iter().zip(&told).all(|(n, told)| !told || *n >= min));
            let total = sum(true) + sum(false);
            // The total is told by itself where it reaches the threshold.
            prop_assert!(total < min || sum(false) == 0 || sum(false) >= min);
        }
    }
}
