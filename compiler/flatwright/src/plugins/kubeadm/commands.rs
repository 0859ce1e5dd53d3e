//! Lists of commands: what several have in common, and where new ones go.

/// The longest lists that are compared exactly; of longer ones, the beginning and the end that are alike.
const MOST_STEPS: usize = 4_000_000;

/// The commands that both lists have, in an order that both keep.
pub(super) fn in_common(a: &[String], b: &[String]) -> Vec<String> {
    let front = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a_rest, b_rest) = (&a[front..], &b[front..]);
    let back = a_rest.iter().rev().zip(b_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let middle = longest(&a_rest[..a_rest.len() - back], &b_rest[..b_rest.len() - back]);
    a[..front].iter().cloned().chain(middle).chain(a[a.len() - back..].iter().cloned()).collect()
}

/// The longest common subsequence.
fn longest(a: &[String], b: &[String]) -> Vec<String> {
    if a.is_empty() || b.is_empty() || a.len().saturating_mul(b.len()) > MOST_STEPS {
        return Vec::new();
    }
    let width = b.len() + 1;
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if a[i] == b[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut common) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            common.push(a[i].clone());
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    common
}

/// What an answer adds to the commands that were shown.
pub(super) struct Additions {
    /// New commands with the position of the shown one that they follow; `None` in front of all.
    new: Vec<(Option<usize>, String)>,
    /// How many were shown.
    shown: usize,
    /// Shown commands that the answer does not have.
    pub(super) left_out: Vec<String>,
}

impl Additions {
    pub(super) fn of(shown: &[String], answer: Vec<String>) -> Self {
        let mut is_met = vec![false; shown.len()];
        let (mut new, mut after) = (Vec::new(), None);
        for command in answer {
            let known = (0..shown.len()).find(|index| !is_met[*index] && shown[*index] == command);
            match known {
                Some(index) => {
                    is_met[index] = true;
                    after = Some(index);
                }
                None => new.push((after, command)),
            }
        }
        let left_out = shown.iter().zip(is_met).filter(|(_, is_met)| !is_met).map(|(command, _)| command.clone());
        Self { new, shown: shown.len(), left_out: left_out.collect() }
    }

    /// The new commands with their positions in a group's list, which has the shown ones in the same order among its own: from the last to the first, so that each can
    /// be inserted as it comes. What follows the last shown one goes to the end.
    pub(super) fn places(&self, shown: &[String], group: &[&str]) -> Vec<(usize, &String)> {
        let mut places = Vec::with_capacity(shown.len());
        for (index, command) in group.iter().enumerate() {
            if shown.get(places.len()).is_some_and(|shown| shown == command) {
                places.push(index);
            }
        }
        let place = |after: Option<usize>| match after {
            None if self.shown == 0 => group.len(),
            None => 0,
            Some(index) if index + 1 == self.shown => group.len(),
            Some(index) => places.get(index).map_or(group.len(), |place| place + 1),
        };
        let mut placed: Vec<(usize, &String)> =
            self.new.iter().map(|(after, command)| (place(*after), command)).collect();
        placed.sort_by_key(|(place, _)| *place);
        placed.reverse();
        placed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn what_two_lists_share_keeps_the_order_of_both() {
        for (a, b, common) in [
            ("a b c", "a b c", "a b c"),
            ("a x b c", "a b y c", "a b c"),
            ("c a b", "a b c", "a b"),
            ("a", "b", ""),
            ("a a", "a", "a"),
        ] {
            assert_eq!(in_common(&list(a), &list(b)), list(common), "{a} {b}");
        }
    }

    #[test]
    fn new_commands_keep_their_place_beside_the_shown_ones() {
        for (shown, answer, group, expected) in [
            ("a b", "a b n", "a own b own2", "a own b own2 n"),
            ("a b", "n a b", "own a b", "n own a b"),
            ("a b", "a n m b", "a own b", "a n m own b"),
            ("a b", "n", "a b", "n a b"),
            ("", "n m", "own", "own n m"),
            ("a", "a a", "a own", "a own a"),
        ] {
            let (shown, group) = (list(shown), list(group));
            let additions = Additions::of(&shown, list(answer));
            let mut result = group.clone();
            let places: Vec<&str> = group.iter().map(String::as_str).collect();
            for (place, command) in additions.places(&shown, &places) {
                result.insert(place, command.clone());
            }
            assert_eq!(result, list(expected), "{answer}");
        }
        assert_eq!(Additions::of(&list("a b"), list("b n")).left_out, list("a"));
    }
}
