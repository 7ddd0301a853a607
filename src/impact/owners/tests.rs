//! What the two forges document, in our own words.

use super::{Dialect, MOST_BYTES, Owners};

fn of(text: &str, path: &str) -> Vec<String> {
    Owners::parse(text.as_bytes()).of(path)
}

const NONE: &[&str] = &[];

/// A file of GitHub's form with each kind of line that its documentation explains.
const GITHUB: &str = "\
# Everything that no later line names.
*       @all @org/core

*.js    @scripts # the last line that matches wins
*.go go@example.com
/build/logs/ @logs
docs/*  @docs
apps/   @apps
/docs/  @root-docs
/scripts/ @s1 @s2
**/cache @cache
/data/  @data
/data/open
/a\\ b/ @spaces
";

#[test]
fn github_the_last_matching_line_wins() {
    assert_eq!(of(GITHUB, "README.md"), ["@all", "@org/core"]);
    assert_eq!(of(GITHUB, "src/a.js"), ["@scripts"]);
    assert_eq!(of(GITHUB, "deep/er/x.go"), ["go@example.com"]);
    assert_eq!(of(GITHUB, "scripts/x.js"), ["@s1", "@s2"]);
    assert_eq!(of(GITHUB, "src/a.jsx"), ["@all", "@org/core"]);
}

#[test]
fn github_anchors_at_a_slash_and_folders_cover_what_they_hold() {
    assert_eq!(of(GITHUB, "build/logs/a/b"), ["@logs"]);
    assert_eq!(of(GITHUB, "x/build/logs/a"), ["@all", "@org/core"]);
    assert_eq!(of(GITHUB, "x/apps/y/z"), ["@apps"]);
    assert_eq!(of(GITHUB, "docs/deep/a.md"), ["@root-docs"]);
    assert_eq!(of(GITHUB, "x/cache/y"), ["@cache"]);
    assert_eq!(of(GITHUB, "cache"), ["@cache"]);
    assert_eq!(of(GITHUB, "cached"), ["@all", "@org/core"]);
    assert_eq!(of("docs/* @d", "docs/a.md"), ["@d"]);
    assert_eq!(of("docs/* @d", "docs/deep/a.md"), NONE);
    assert_eq!(of("docs @d", "x/docs/deep/a.md"), ["@d"]);
    assert_eq!(of("/* @root", "a.md"), ["@root"]);
    assert_eq!(of("/* @root", "x/a.md"), NONE);
}

#[test]
fn a_line_without_owners_takes_them_away_and_its_neighbour_keeps_them() {
    assert_eq!(of(GITHUB, "data/open/a"), NONE);
    assert_eq!(of(GITHUB, "data/closed/a"), ["@data"]);
    assert_eq!(of(GITHUB, "a b/c"), ["@spaces"]);
}

#[test]
fn a_malformed_line_costs_only_itself() {
    let owners = Owners::parse(b"* @all\n[a-z] @x\n!x @y\nb.rs not-an-owner\nc.rs @c\nx[ @d\n\\");
    assert_eq!(owners.of("a"), ["@all"], "after an exclusion the file is GitLab's, whose ranges work");
    let owners = Owners::parse_as(b"* @all\n[a-z] @x\n!x @y\nb.rs not-an-owner\nc.rs @c\n", Dialect::GitHub);
    assert_eq!(owners.faults(), 3);
    assert_eq!(owners.of("b.rs"), ["@all"]);
    assert_eq!(owners.of("c.rs"), ["@c"]);
}

/// A file of GitLab's form.
const GITLAB: &str = "\
* @default

[Documentation][2] @docs-team
docs/
README.md @docs-team @readme
!docs/generated/

^[Database] @dba
model/db/
db.md @dba @docs-db

[DOCUMENTATION]
/LICENSE legal @legal
";

#[test]
fn gitlab_each_section_has_its_own_last_line() {
    assert_eq!(of(GITLAB, "main.rb"), ["@default"]);
    assert_eq!(of(GITLAB, "docs/a.md"), ["@default", "@docs-team"]);
    assert_eq!(of(GITLAB, "docs/db.md"), ["@dba", "@default", "@docs-db", "@docs-team"]);
    assert_eq!(of(GITLAB, "x/README.md"), ["@default", "@docs-team", "@readme"]);
    assert_eq!(of(GITLAB, "x/model/db/a.rb"), ["@dba", "@default"]);
    assert_eq!(of(GITLAB, "LICENSE"), ["@default", "@legal"]);
    assert_eq!(Owners::parse(GITLAB.as_bytes()).faults(), 1, "`legal` is no owner");
}

#[test]
fn gitlab_an_excluded_path_does_not_come_back_in_its_section() {
    assert_eq!(of(GITLAB, "docs/generated/a.md"), ["@default"]);
    assert_eq!(of("* @a\n!*.rb\n/x.rb @b\n[S]\n*.rb @c\n", "x.rb"), ["@c"]);
    assert_eq!(of("* @a\n!*.rb\n", "x.rbi"), ["@a"]);
}

#[test]
fn gitlab_names_a_file_unless_a_slash_ends_the_pattern() {
    let of = |text: &str, path: &str| Owners::parse_as(text.as_bytes(), Dialect::GitLab).of(path);
    assert_eq!(of("/docs @d", "docs/a.md"), NONE);
    assert_eq!(of("/docs/ @d", "docs/deep/a.md"), ["@d"]);
    assert_eq!(of("/docs/*.md @d", "docs/a.md"), ["@d"]);
    assert_eq!(of("/docs/*.md @d", "docs/deep/a.md"), NONE);
    assert_eq!(of("/docs/**/*.md @d", "docs/deep/er/a.md"), ["@d"]);
    assert_eq!(of("internal/a.md @d", "x/internal/a.md"), ["@d"]);
    assert_eq!(of("* @@developer", "x/y"), ["@@developer"]);
    assert_eq!(of("\\#a @d", "#a"), ["@d"]);
    assert_eq!(of("a.{rs,go} @d", "a.rs"), NONE);
}

#[test]
fn an_unclosed_heading_is_a_fault_and_an_optional_one_is_not() {
    let owners = Owners::parse(b"* @a\n[Section @b\n^[Other] @c\nx/\n");
    assert_eq!((owners.faults(), owners.of("x/y")), (1, vec!["@a".to_owned(), "@c".to_owned()]));
}

#[test]
fn hostile_files_are_bounded() {
    assert_eq!(Owners::parse(&vec![b'\n'; MOST_BYTES + 1]).faults(), 1);
    assert_eq!(Owners::parse(&vec![b'\n'; MOST_BYTES]).faults(), 0);
    let owners = Owners::parse(b"\xFF\xFE\x00 @a\n* @b\n");
    assert_eq!(owners.of("x"), ["@b"]);
    let long = format!("{} @a\n* @b\n{}x @c\n", "*a".repeat(900), "*?/**/".repeat(100));
    assert_eq!(Owners::parse(long.as_bytes()).of("a"), ["@b"]);
    let many: String = (0..3_000).map(|n| format!("a{n}*b?c/*/x{n} @t{n}\n")).collect();
    assert_eq!(Owners::parse(many.as_bytes()).of("a2999.b.c/y/x2999"), ["@t2999"]);
}
