//! Which edges to cut so that no ring is left.
//!
//! Owns the search: exact for few members, by trying every set of members as the beginning of an order and keeping the
//! cheapest; else greedy (Eades, Lin and Smyth, 1993), which is good and not always the best. Weights are numbers of
//! imports. Neither depends on anything but the numbers given.

/// Members up to which the exact search is made: 2^14 sets, 14 steps each.
const EXACT: usize = 14;

/// Members above which no cut is offered.
const GREEDY: usize = 5_000;

/// Edges to cut.
pub(super) struct Cut {
    /// Indexes into the edges given, sorted.
    pub(super) edges: Vec<usize>,
    /// True when no cheaper set would do.
    pub(super) smallest: bool,
}

/// Finds edges to cut among `members` nodes with edges (from, to, weight), sorted.
pub(super) fn cut(members: usize, edges: &[(usize, usize, u64)]) -> Cut {
    let order = match members {
        0..=EXACT => exact(members, edges),
        _ if members <= GREEDY => greedy(members, edges),
        _ => return Cut { edges: Vec::new(), smallest: false },
    };
    let mut place = vec![0; members];
    for (at, node) in order.iter().enumerate() {
        if let Some(slot) = place.get_mut(*node) {
            *slot = at;
        }
    }
    let at = |node: usize| place.get(node).copied().unwrap_or(0);
    let backward = |edge: &(usize, usize, u64)| at(edge.0) > at(edge.1);
    let edges = edges.iter().enumerate().filter(|(_, edge)| backward(edge)).map(|(index, _)| index).collect();
    Cut { edges, smallest: members <= EXACT }
}

/// Returns the order of nodes whose edges that lead backward weigh least.
fn exact(members: usize, edges: &[(usize, usize, u64)]) -> Vec<usize> {
    let mut weight = vec![vec![0_u64; members]; members];
    for (from, to, weighs) in edges {
        if let Some(slot) = weight.get_mut(*from).and_then(|row| row.get_mut(*to)) {
            *slot = slot.saturating_add(*weighs);
        }
    }
    let sets = 1_usize << members;
    // For each set of nodes that stand first: what they cost among themselves and towards the rest, and the last of them.
    let mut best: Vec<(u64, usize)> = vec![(u64::MAX, 0); sets];
    if let Some(empty) = best.get_mut(0) {
        *empty = (0, 0);
    }
    for set in 0..sets {
        let Some((cost, _)) = best.get(set).copied() else { continue };
        for next in (0..members).filter(|next| set >> next & 1 == 0) {
            // Edges from what comes later back to what stands: those from `next` into the set.
            let row = weight.get(next).map_or(&[][..], Vec::as_slice);
            let back: u64 = row.iter().enumerate().filter(|(node, _)| set >> node & 1 == 1).map(|(_, w)| *w).sum();
            let total = cost.saturating_add(back);
            if let Some(slot) = best.get_mut(set | 1 << next).filter(|slot| total < slot.0) {
                *slot = (total, next);
            }
        }
    }
    let (mut order, mut set) = (Vec::with_capacity(members), sets - 1);
    while set != 0 {
        let last = best.get(set).map_or(0, |row| row.1);
        order.push(last);
        set &= !(1 << last);
    }
    order.reverse();
    order
}

/// Takes nodes that nothing leads into to the front and those that lead nowhere to the end; where there is neither, the
/// one with the most weight going out against coming in goes to the front.
fn greedy(members: usize, edges: &[(usize, usize, u64)]) -> Vec<usize> {
    let mut out: Vec<i128> = vec![0; members];
    let mut into: Vec<i128> = vec![0; members];
    let mut beside: Vec<Vec<usize>> = vec![Vec::new(); members];
    for (index, (from, to, weight)) in edges.iter().enumerate() {
        add(&mut out, *from, i128::from(*weight));
        add(&mut into, *to, i128::from(*weight));
        for end in [from, to] {
            if let Some(list) = beside.get_mut(*end) {
                list.push(index);
            }
        }
    }
    let mut left: std::collections::BTreeSet<usize> = (0..members).collect();
    let (mut front, mut back) = (Vec::new(), Vec::new());
    while !left.is_empty() {
        let of = |list: &[i128], node: usize| list.get(node).copied().unwrap_or(0);
        let sink = left.iter().copied().find(|node| of(&out, *node) == 0);
        let source = || left.iter().copied().find(|node| of(&into, *node) == 0);
        let heaviest =
            || left.iter().copied().max_by_key(|node| (of(&out, *node) - of(&into, *node), usize::MAX - node));
        let Some(node) = sink.or_else(source).or_else(heaviest) else { break };
        if sink.is_some() {
            back.push(node);
        } else {
            front.push(node);
        }
        left.remove(&node);
        for (from, to, weight) in beside.get(node).into_iter().flatten().filter_map(|index| edges.get(*index)) {
            add(&mut out, *from, -i128::from(*weight));
            add(&mut into, *to, -i128::from(*weight));
        }
    }
    back.reverse();
    front.append(&mut back);
    front
}

fn add(list: &mut [i128], at: usize, weight: i128) {
    if let Some(slot) = list.get_mut(at) {
        *slot += weight;
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, exact, greedy};

    #[test]
    fn the_cheapest_edge_of_a_ring_is_cut() {
        let edges = [(0, 1, 5), (1, 2, 1), (2, 0, 5)];
        let found = cut(3, &edges);
        assert_eq!((found.edges, found.smallest), (vec![1], true));
    }

    #[test]
    fn two_rings_that_share_an_edge_are_cut_once_and_a_near_miss_twice() {
        let shared = [(0, 1, 1), (1, 2, 1), (1, 3, 1), (2, 0, 1), (3, 0, 1)];
        assert_eq!(cut(4, &shared).edges, [0]);
        let apart = [(0, 1, 1), (1, 0, 1), (1, 2, 1), (2, 1, 1)];
        assert_eq!(cut(3, &apart).edges.len(), 2);
    }

    #[test]
    fn every_order_leaves_no_ring_and_greedy_is_near_exact() {
        // A small generator of its own, so that the test is the same everywhere.
        let mut state = 7_u64;
        let mut next = |bound: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        for _ in 0..50 {
            let edges: Vec<(usize, usize, u64)> = (0..20)
                .map(|_| (next(8) as usize, next(8) as usize, 1 + next(3)))
                .filter(|(from, to, _)| from != to)
                .collect();
            let cost = |order: &[usize]| -> u64 {
                let at = |node| order.iter().position(|other| *other == node).unwrap();
                edges.iter().filter(|(from, to, _)| at(*from) > at(*to)).map(|edge| edge.2).sum()
            };
            let (best, good) = (exact(8, &edges), greedy(8, &edges));
            assert_eq!((best.len(), good.len()), (8, 8));
            assert!(cost(&best) <= cost(&good));
            assert!(cost(&good) <= cost(&best) * 2 + 2);
        }
    }
}
