//! `//go:linkname`: the one way of Go to use another package without an import of it.
//!
//! Owns the directive. `//go:embed` is none: what it names is data of the program and never compiled, whatever its ending.

use super::{ImportForm, ImportLine, TEXT_LIMIT};
use crate::facts::lines::{cut, line};

/// What begins the line; the compiler wants it at the very beginning.
const MARK: &str = "//go:linkname";

/// Returns the packages that a text links names of, each with its line.
///
/// A text between backquotes that holds such a line is taken for one; the compiler does not, and no such text is usual.
pub(crate) fn names(text: &str) -> Vec<ImportLine> {
    // Without this package the compiler refuses the directive.
    if !text.contains(MARK) || !text.contains("unsafe") {
        return Vec::new();
    }
    let rows = text.lines().enumerate().filter_map(|(row, of)| Some((row, of.strip_prefix(MARK)?)));
    let names = rows.filter_map(|(row, rest)| Some((row, package(rest.split_whitespace().nth(1)?)?)));
    names
        .map(|(row, raw)| ImportLine { raw, line: line(row), form: ImportForm::Inline, ..ImportLine::default() })
        .collect()
}

/// Of `example.com/a/b.Name` and `example.com/a/b.(*Type).Name` the package.
fn package(name: &str) -> Option<String> {
    let last = name.rfind('/').map_or(0, |at| at + 1);
    let dot = last + name.get(last..)?.find('.')?;
    let path = cut(name.get(..dot)?, TEXT_LIMIT);
    // Dots of the last part are written so.
    (!path.is_empty()).then(|| path.replace("%2e", "."))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_linked_name_imports_its_package() {
        let of = |text: &str| names(text).into_iter().map(|import| import.raw).collect::<Vec<_>>();
        let text = "package a\nimport _ \"unsafe\"\n//go:linkname f example.com/b.F\nfunc f()\n\
                    //go:linkname g example.com/b.v2/c%2ev3.(*T).g\n//go:linkname now runtime.nanotime\n";
        assert_eq!(of(text), ["example.com/b", "example.com/b.v2/c.v3", "runtime"]);
        assert_eq!(of("import _ \"unsafe\"\n//go:linkname f\n // go:linkname f b.F\n//go:embed b/c.go\n"), [""; 0]);
        assert_eq!(of("//go:linkname f b.F\n"), [""; 0]);
    }
}
