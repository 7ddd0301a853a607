//! Modules: named parts of the repository, by glob.
//!
//! Owns which module a file belongs to: at most one. Where globs of two modules match, the one with the longer literal
//! beginning wins, then the first by name, so that `src/a/b/**` is cut out of `src/a/**`. `*` never crosses `/`.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Index of a module; modules are sorted by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(u32);

impl ModuleId {
    /// Returns the index as one into [`Modules::names`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(super) fn of(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// A glob that does not compile, or too many of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("module `{module}`: `{glob}` is no glob: {why}")]
pub struct ModuleFault {
    /// The module.
    pub module: String,
    /// The glob.
    pub glob: String,
    /// What is wrong.
    pub why: String,
}

/// The modules of one repository.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    names: Vec<String>,
    globs: GlobSet,
    /// The module of each glob; globs are sorted by precedence.
    of_glob: Vec<ModuleId>,
}

impl Modules {
    /// Compiles the globs of each module.
    ///
    /// # Errors
    /// With the first glob that does not compile.
    pub fn new<G: AsRef<str>>(globs: &BTreeMap<String, Vec<G>>) -> Result<Self, ModuleFault> {
        let fault = |module: &str, glob: &str, error: &globset::Error| ModuleFault {
            module: module.to_owned(),
            glob: glob.to_owned(),
            why: error.kind().to_string(),
        };
        let names: Vec<String> = globs.keys().cloned().collect();
        let mut rows: Vec<(usize, usize, &str)> = Vec::new();
        for (index, list) in globs.values().enumerate() {
            rows.extend(list.iter().map(|glob| (literal_length(glob.as_ref()), index, glob.as_ref())));
        }
        rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        let mut builder = GlobSetBuilder::new();
        let mut of_glob = Vec::with_capacity(rows.len());
        for (_, index, text) in rows {
            let name = names.get(index).map_or("", String::as_str);
            let glob = GlobBuilder::new(text).literal_separator(true).backslash_escape(true).build();
            builder.add(glob.map_err(|error| fault(name, text, &error))?);
            of_glob.push(ModuleId::of(index));
        }
        let globs = builder.build().map_err(|error| fault("", error.glob().unwrap_or_default(), &error))?;
        Ok(Self { names, globs, of_glob })
    }

    /// Returns the names, sorted.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the name of a module.
    #[must_use]
    pub fn name(&self, module: ModuleId) -> &str {
        self.names.get(module.index()).map_or("", String::as_str)
    }

    /// Returns the module of that name.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<ModuleId> {
        self.names.binary_search_by(|probe| probe.as_str().cmp(name)).ok().map(ModuleId::of)
    }

    /// Returns the module that a path belongs to.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<ModuleId> {
        let first = self.globs.matches(path).into_iter().min()?;
        self.of_glob.get(first).copied()
    }

    /// Returns the set of all modules.
    #[must_use]
    pub fn all(&self) -> ModuleSet {
        ModuleSet(vec![true; self.names.len()])
    }

    /// Returns the set of the modules of those names.
    ///
    /// # Errors
    /// With the first name that no module has.
    pub fn set<N: AsRef<str>>(&self, names: impl IntoIterator<Item = N>) -> Result<ModuleSet, String> {
        let mut set = ModuleSet(vec![false; self.names.len()]);
        for name in names {
            let id = self.id(name.as_ref()).ok_or_else(|| name.as_ref().to_owned())?;
            set.insert(id);
        }
        Ok(set)
    }
}

/// Characters before the first wildcard.
fn literal_length(glob: &str) -> usize {
    glob.find(['*', '?', '[', '{', '\\']).unwrap_or(glob.len())
}

/// A set of modules. A file without a module is in no set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleSet(Vec<bool>);

impl ModuleSet {
    /// Adds a module.
    pub fn insert(&mut self, module: ModuleId) {
        if self.0.len() <= module.index() {
            self.0.resize(module.index().saturating_add(1), false);
        }
        if let Some(slot) = self.0.get_mut(module.index()) {
            *slot = true;
        }
    }

    /// Says whether the set holds that module.
    #[must_use]
    pub fn contains(&self, module: Option<ModuleId>) -> bool {
        module.is_some_and(|module| self.0.get(module.index()).copied().unwrap_or(false))
    }

    /// Returns the modules, sorted.
    pub fn iter(&self) -> impl Iterator<Item = ModuleId> + '_ {
        self.0.iter().enumerate().filter(|(_, held)| **held).map(|(index, _)| ModuleId::of(index))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{ModuleSet, Modules};

    fn modules(rows: &[(&str, &str)]) -> Modules {
        let mut globs: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (name, glob) in rows {
            globs.entry((*name).to_owned()).or_default().push(glob);
        }
        Modules::new(&globs).unwrap()
    }

    fn name_of<'a>(modules: &'a Modules, path: &str) -> Option<&'a str> {
        modules.of(path).map(|module| modules.name(module))
    }

    #[test]
    fn the_longer_literal_beginning_wins_and_then_the_name() {
        let modules = modules(&[("all", "src/**"), ("cart", "src/cart/**"), ("b", "lib/*.py"), ("a", "lib/?.py")]);
        assert_eq!(name_of(&modules, "src/cart/x/y.py"), Some("cart"));
        assert_eq!(name_of(&modules, "src/cart.py"), Some("all"));
        assert_eq!(name_of(&modules, "lib/x.py"), Some("a"));
        assert_eq!(name_of(&modules, "lib/xy.py"), Some("b"));
        assert_eq!(name_of(&modules, "lib/x/y.py"), None, "a star never crosses a slash");
    }

    #[test]
    fn sets_know_their_names_and_a_file_without_module_is_in_none() {
        let modules = modules(&[("a", "a/**"), ("b", "b/**")]);
        let set = modules.set(["b"]).unwrap();
        assert!(set.contains(modules.id("b")) && !set.contains(modules.id("a")) && !set.contains(None));
        assert_eq!(modules.set(["b", "c"]), Err("c".to_owned()));
        assert!(!ModuleSet::default().contains(modules.id("a")));
    }

    #[test]
    fn a_malformed_glob_names_its_module() {
        let globs = BTreeMap::from([("a".to_owned(), vec!["src/[", "b"])]);
        let fault = Modules::new(&globs).unwrap_err();
        assert_eq!((fault.module.as_str(), fault.glob.as_str()), ("a", "src/["));
    }
}
