//! Recursion among rules and functions: the engine aborts the process on a recursive function.
//!
//! Owns finding the cycles of the graph of definitions. Must not build the graph.

use std::collections::BTreeSet;

/// Returns the groups of definitions that reach themselves, each sorted, the groups by their first member.
///
/// Tarjan's algorithm with an explicit stack: a chain of definitions may be as long as a file.
pub(crate) fn cycles(edges: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let count = edges.len();
    let mut state = Tarjan {
        order: vec![usize::MAX; count],
        low: vec![usize::MAX; count],
        on_stack: vec![false; count],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for start in 0..count {
        if state.order.get(start) == Some(&usize::MAX) {
            state.visit(start, edges);
        }
    }
    state.found.sort();
    state.found
}

struct Tarjan {
    order: Vec<usize>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Vec<usize>>,
}

#[expect(clippy::indexing_slicing, reason = "every index is a node number below the common length of the vectors")]
impl Tarjan {
    fn open(&mut self, node: usize) {
        self.order[node] = self.next;
        self.low[node] = self.next;
        self.on_stack[node] = true;
        self.next += 1;
        self.stack.push(node);
    }

    fn visit(&mut self, start: usize, edges: &[BTreeSet<usize>]) {
        self.open(start);
        let mut work = vec![(start, edges[start].iter())];
        while let Some((node, targets)) = work.last_mut() {
            let node = *node;
            if let Some(&target) = targets.next() {
                if self.order[target] == usize::MAX {
                    self.open(target);
                    work.push((target, edges[target].iter()));
                } else if self.on_stack[target] {
                    self.low[node] = self.low[node].min(self.order[target]);
                }
                continue;
            }
            work.pop();
            if let Some((parent, _)) = work.last() {
                self.low[*parent] = self.low[*parent].min(self.low[node]);
            }
            if self.low[node] == self.order[node] {
                self.close(node, edges);
            }
        }
    }

    /// Takes one strongly connected group off the stack.
    fn close(&mut self, node: usize, edges: &[BTreeSet<usize>]) {
        let mut group = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member] = false;
            group.push(member);
            if member == node {
                break;
            }
        }
        if group.len() > 1 || edges[node].contains(&node) {
            group.sort_unstable();
            self.found.push(group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cycles;
    use std::collections::BTreeSet;

    #[test]
    fn only_what_reaches_itself_is_a_cycle() {
        let edges: Vec<BTreeSet<usize>> =
            [vec![1], vec![2], vec![1, 3], vec![], vec![4]].into_iter().map(BTreeSet::from_iter).collect();
        assert_eq!(cycles(&edges), [vec![1, 2], vec![4]]);
        let chain: Vec<BTreeSet<usize>> =
            (0..100_000).map(|n| BTreeSet::from([(n + 1) % 200_000])).take(99_999).chain([BTreeSet::new()]).collect();
        assert!(cycles(&chain).is_empty());
    }
}
