//! Arguments of `completions`.
//!
//! Owns their names and help. Must not do anything.

use clap::Args;
use clap_complete::Shell;

/// Arguments of `completions`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  portcullis completions bash >~/.local/share/bash-completion/completions/portcullis
  portcullis completions zsh >~/.zfunc/_portcullis       with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc
  portcullis completions fish >~/.config/fish/completions/portcullis.fish
  portcullis completions powershell >>$PROFILE
  portcullis completions elvish >>~/.config/elvish/rc.elv")]
pub struct CompletionsArguments {
    /// For which shell.
    #[arg(value_enum)]
    pub shell: Shell,
}
