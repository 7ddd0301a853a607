//! The command line as types; one file a subcommand.
//!
//! Owns names, values and help texts. Must not do anything.

pub mod check;
pub mod completions;
pub mod decide;
pub mod demo;
pub mod doctor;
pub mod explain;
pub mod facts;
pub mod forge;
pub mod hook;
pub mod init;
pub mod man;
pub mod policy;
pub mod replay;
pub mod review;
pub mod schema;
pub mod spec;
mod values;

use clap::{Parser, Subcommand};

/// A gate at the pull request: facts and policies in, one verdict out.
#[derive(Debug, Parser)]
#[command(
    name = "portcullis",
    version,
    about,
    long_about = None,
    term_width = 100,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:
  portcullis demo                      the whole story on a sample, offline
  portcullis check                     what does the gate say about my branch?
  portcullis init                      begin to use it here
  portcullis explain size/too-many-files
  portcullis check --help              more about one command

Exit codes: 0 pass, 1 fail, 2 wrong command line or configuration, 3 review required, 4 undecided."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Decide on a change: the main job.
    ///
    /// Without --base and --head the change is what the CI system says (GitHub Actions, GitLab CI); at your desk it is
    /// everything since the merge base with origin/HEAD, else with the branch's upstream. Uncommitted files are not part
    /// of it unless --staged or --worktree asks for them. Rules are read from the merge base, never from the change.
    Check(check::CheckArguments),
    /// Print what a shell needs to complete the command line.
    Completions(completions::CompletionsArguments),
    /// Decide again from a saved input, offline.
    ///
    /// Gives the same bytes as the `check` that saved it, whatever the machine, the folder or the number of threads.
    Decide(decide::DecideArguments),
    /// Tell the whole story on a built-in sample, offline.
    ///
    /// Writes a shop of three services as a git repository into a temporary folder, with an AI-assisted change, and runs
    /// the real check on it.
    Demo(demo::DemoArguments),
    /// Name every way around the gate: the forge's settings, the files of CI, the token.
    ///
    /// Reads them and changes nothing; each way comes with its remedy. What cannot be read is not known, and never in
    /// order. With --self it starts the worker that reads the bytes of changes, and says what confines it.
    Doctor(doctor::DoctorArguments),
    /// Say why a rule exists, how to satisfy it, who to ask.
    ///
    /// Knows the rules of the specification, of the built-in packs and of the policies of this repository.
    Explain(explain::ExplainArguments),
    /// Print what policies can see of a change: the input document.
    ///
    /// The change is found as `check` finds it, or given as BASE..HEAD. With a path only the files at or below it are
    /// printed.
    Facts(facts::FactsArguments),
    /// Judge what you push before it leaves: a pre-push hook for this clone.
    ///
    /// It says what CI will say, and stops nothing that CI would not: people who are awaited are only named.
    Hook(hook::HookArguments),
    /// Begin to use portcullis: write a configuration, a first policy and the CI job that fit this repository.
    ///
    /// It looks at tracked files, CODEOWNERS, CI files, Conftest policies, decision records and the address of `origin`.
    /// The policy that it writes blocks nothing. With --spec it writes a small specification instead.
    Init(init::InitArguments),
    /// Print the manual, or write one page a command.
    Man(man::ManArguments),
    /// Write policies: scaffold, check and test them, and bring the ones you have from Conftest.
    ///
    /// These commands read the work tree and judge no change.
    Policy(policy::PolicyArguments),
    /// Say what policies would have said about each merged change of the past.
    ///
    /// Before a rule is switched on: how often it would have fired, where, and what it costs.
    Replay(replay::ReplayArguments),
    /// Judge the approvals of one pull or merge request again.
    ///
    /// Approvals, title and labels are asked from the forge. With --input, what was found in the change comes from a file
    /// that `check --save-input` wrote, and none of its files are read; without it the change is judged as a whole.
    Review(review::ReviewArguments),
    /// Print a JSON Schema.
    Schema(schema::SchemaArguments),
    /// Care for the specification: what must hold, and who answers for it.
    Spec(spec::SpecArguments),
    /// Judge the approvals of all open pull or merge requests again; for a scheduled job.
    ///
    /// A review that arrives starts no job on GitLab, and on GitHub none that may write: this is the catch-all.
    Sweep(review::SweepArguments),
    /// The process in which hostile bytes are read; started by the other subcommands.
    #[command(hide = true)]
    Worker,
}
