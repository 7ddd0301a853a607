//! Which changes can touch the graph.
