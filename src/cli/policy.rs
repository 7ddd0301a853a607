//! Arguments of `policy` and its subcommands.
//!
//! Owns their names and help. Must not do anything.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::spec::TextFormat;
use super::values;
use crate::policies::Scope;

/// Arguments of `policy`.
#[derive(Args, Clone, Debug)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  \
                  portcullis policy new no-debug-print\n  \
                  portcullis policy check\n  \
                  portcullis policy test --watch\n  \
                  portcullis policy import ../infra-checks\n\n\
                  Policies are Rego files in the folders that `policies:` of .portcullis.yaml names; without it, in `policies`.\n\
                  docs/policies.md has the reference.\n\n\
                  Exit codes: 0 fine, 1 a fault was found or a test failed, 2 it could not run, 4 the worker was lost."
)]
pub struct PolicyArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: PolicyCommand,
}

/// The subcommands of `policy`.
#[derive(Clone, Debug, Subcommand)]
pub enum PolicyCommand {
    /// Write a small complete policy: a rule, its tests, a case that fires and a near miss.
    ///
    /// Nothing is overwritten, and what is written passes `policy check` and `policy test` as it is.
    New(NewArguments),
    /// Say everything that is wrong with policies, and what deserves a second look.
    ///
    /// One run reports all faults of all files. No rule is run on code; a bad rule does not hide the others.
    Check(CheckArguments),
    /// Run the tests of policies: `test_` rules and case folders.
    ///
    /// Each test runs by itself, within the limits of a real run; one that fails or never ends stops no other.
    Test(TestArguments),
    /// Make a pack out of a Conftest folder: policies, tests, data and conftest.toml.
    ///
    /// The policies are copied with METADATA above their rules; conftest.toml becomes lines for .portcullis.yaml, which
    /// are printed. What cannot be carried over is named. A folder with policies runs without this too: name it under
    /// `policies:` with `scope: document`.
    Import(ImportArguments),
}

/// Arguments of `policy new`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis policy new no-debug-print                   a rule about each changed file
  portcullis policy new tests-with-code --scope change   a rule about the change as a whole
  portcullis policy new pinned-images --scope document   a rule about YAML, JSON, HCL, ...
  portcullis policy new ask-dba --scope review           a rule that asks people

Exit codes: 0 written, 2 it could not be written, or is there already.")]
pub struct NewArguments {
    /// What to call it: small letters, digits and `-`.
    #[arg(value_name = "NAME", value_parser = values::policy_name)]
    pub name: String,
    /// What the rule looks at.
    #[arg(long, value_enum, default_value_t = NewScope::File)]
    pub scope: NewScope,
    /// The policy folder to write into [default: the first of `policies:` in .portcullis.yaml, else `policies`].
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// Arguments of `policy check`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis policy check                  the policy folders of this repository
  portcullis policy check policies/size    one of them, or a part of one
  portcullis policy check --strict         for CI: warnings count as faults
  portcullis policy check --format json

Exit codes: 0 no fault, 1 a fault was found, 2 it could not run.")]
pub struct CheckArguments {
    /// Folders; a file stands for the folder around it [default: those of `policies:` in .portcullis.yaml, else `policies`].
    #[arg(value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Exit with 1 for warnings too.
    #[arg(long)]
    pub strict: bool,
    /// Report for people or for programs.
    #[arg(long, value_enum, default_value_t = TextFormat::Human)]
    pub format: TextFormat,
}

/// Arguments of `policy test`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis policy test
  portcullis policy test policies/size --run too_many
  portcullis policy test --watch                         again whenever a file changes; end it with Ctrl-C
  portcullis policy test --threshold 90 --format junit   for CI

A case is a folder `cases/<rule>/<name>/` with `base/` and `head/`, or only new files; a line of head that ends in
` fires`, or a line `<rule> <path>:<line>` in expect.txt, is what must be found.

Exit codes: 0 passed, 1 a test failed or too few rules ran, 2 it could not run, 4 the worker was lost.")]
pub struct TestArguments {
    /// Folders; a file stands for the folder around it [default: those of `policies:` in .portcullis.yaml, else `policies`].
    #[arg(value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Run only tests whose name matches: `<package>.<test>`, or the folder of a case.
    #[arg(long, value_name = "REGEX", value_parser = values::pattern)]
    pub run: Option<regex::Regex>,
    /// Fail when fewer than N of a hundred rules ran to their end in some test.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub threshold: Option<u8>,
    /// Run again whenever a file changes.
    #[arg(long, conflicts_with = "format")]
    pub watch: bool,
    /// Report for people, for programs, or for CI systems.
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub format: TestFormat,
}

/// What a new rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NewScope {
    /// The change as a whole, once.
    Change,
    /// Each changed configuration document by itself, as Conftest has it.
    Document,
    /// Each changed file by itself.
    File,
    /// Everything that was found: the rule asks people.
    Review,
}

impl From<NewScope> for Scope {
    fn from(scope: NewScope) -> Self {
        match scope {
            NewScope::Change => Self::Change,
            NewScope::Document => Self::Document,
            NewScope::File => Self::File,
            NewScope::Review => Self::Review,
        }
    }
}

/// For whom the report of tests is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// People.
    Human,
    /// Programs.
    Json,
    /// CI systems, as JUnit XML.
    Junit,
}

/// Arguments of `policy import`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:
  portcullis policy import ../infra-checks

Nothing that exists is overwritten. Exit code 1 says that something could not be carried over.")]
pub struct ImportArguments {
    /// The folder: one with a conftest.toml or a folder `policy`, or the folder of the policies themselves.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Where the pack goes, from the root of the repository [default: policies/NAME].
    #[arg(long, value_name = "FOLDER")]
    pub into: Option<PathBuf>,
    /// A folder of the repository.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub repo: PathBuf,
}
