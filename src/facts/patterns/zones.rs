//! Which rules are in scope of a path: all globs of all rules in one automaton.
//!
//! Owns the lookup, so that the cost of a file grows with the rules in its scope and not with all rules.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder, escape};

/// The scopes of many rules, each under a number of the caller.
#[derive(Clone, Debug, Default)]
pub struct Zones {
    /// Zones that hold every path.
    everywhere: Vec<u32>,
    include: GlobSet,
    /// The zone of each glob of `include`.
    include_of: Vec<u32>,
    exclude: GlobSet,
    exclude_of: Vec<u32>,
    /// The rule of each zone; a zone is one rule below one root.
    rules: Vec<u32>,
}

/// Collects scopes.
#[derive(Debug)]
pub struct ZonesBuilder {
    everywhere: Vec<u32>,
    include: GlobSetBuilder,
    include_of: Vec<u32>,
    exclude: GlobSetBuilder,
    exclude_of: Vec<u32>,
    rules: Vec<u32>,
}

impl Default for ZonesBuilder {
    fn default() -> Self {
        let (include, exclude) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        let [everywhere, include_of, exclude_of, rules] = [const { Vec::new() }; 4];
        Self { everywhere, include, include_of, exclude, exclude_of, rules }
    }
}

impl ZonesBuilder {
    /// Adds where rule number `rule` holds below one root; no path means every path.
    ///
    /// # Errors
    /// When a glob is not one.
    pub fn add(&mut self, rule: u32, root: &str, paths: &[String], exclude: &[String]) -> Result<(), globset::Error> {
        let zone = u32::try_from(self.rules.len()).unwrap_or(u32::MAX);
        let below = if root.is_empty() { String::new() } else { format!("{}/", escape(root)) };
        let glob = |path: &str| {
            GlobBuilder::new(&format!("{below}{path}")).literal_separator(true).backslash_escape(true).build()
        };
        let include = match (paths.is_empty(), root.is_empty()) {
            (true, true) => Vec::new(),
            (true, false) => vec![glob("**")?],
            (false, _) => paths.iter().map(|path| glob(path)).collect::<Result<_, _>>()?,
        };
        let exclude = exclude.iter().map(|path| glob(path)).collect::<Result<Vec<_>, _>>()?;
        if include.is_empty() {
            self.everywhere.push(zone);
        }
        for glob in include {
            self.include.add(glob);
            self.include_of.push(zone);
        }
        for glob in exclude {
            self.exclude.add(glob);
            self.exclude_of.push(zone);
        }
        self.rules.push(rule);
        Ok(())
    }

    /// Compiles all globs at once.
    ///
    /// # Errors
    /// When they are too large together.
    pub fn build(self) -> Result<Zones, globset::Error> {
        let Self { everywhere, include, include_of, exclude, exclude_of, rules } = self;
        Ok(Zones { everywhere, include: include.build()?, include_of, exclude: exclude.build()?, exclude_of, rules })
    }
}

impl Zones {
    /// Returns the rules whose scope holds a path, sorted.
    #[must_use]
    pub fn of(&self, path: &str) -> Vec<u32> {
        let mut zones = self.everywhere.clone();
        zones.extend(owners(&self.include, &self.include_of, path));
        if zones.is_empty() {
            return zones;
        }
        let mut excluded: Vec<u32> = owners(&self.exclude, &self.exclude_of, path).collect();
        excluded.sort_unstable();
        zones.retain(|zone| excluded.binary_search(zone).is_err());
        let mut rules: Vec<u32> = zones.into_iter().filter_map(|zone| self.rules.get(zone as usize).copied()).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

fn owners<'a>(globs: &GlobSet, of: &'a [u32], path: &str) -> impl Iterator<Item = u32> + use<'a> {
    globs.matches(path).into_iter().filter_map(|index| of.get(index).copied())
}

#[cfg(test)]
mod tests {
    use super::ZonesBuilder;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_rule_holds_where_one_of_its_roots_includes_and_does_not_exclude() {
        let mut zones = ZonesBuilder::default();
        zones.add(0, "", &[], &[]).unwrap();
        zones.add(1, "", &texts(&["src/**/*.py"]), &texts(&["**/tests/**"])).unwrap();
        zones.add(2, "services/a[1]", &[], &texts(&["gen/**"])).unwrap();
        zones.add(2, "services/b", &texts(&["*.py"]), &[]).unwrap();
        let zones = zones.build().unwrap();
        assert_eq!(zones.of("src/a.py"), [0, 1]);
        assert_eq!(zones.of("src/tests/a.py"), [0]);
        assert_eq!(zones.of("services/a[1]/x/y"), [0, 2]);
        assert_eq!(zones.of("services/a[1]/gen/y"), [0]);
        assert_eq!(zones.of("services/a1/x"), [0]);
        assert_eq!(zones.of("services/b/x.py"), [0, 2]);
        assert_eq!(zones.of("services/b/x/x.py"), [0]);
        assert_eq!(zones.of("services/b"), [0]);
    }
}
