#!/bin/sh
# Shows a coding agent what the gate finds in its work before it may stop. docs/hooks.md says where each agent takes it from.
#
#   agent-stop.sh exit      findings on standard error, exit code 2         Claude Code, Gemini CLI, Windsurf
#   agent-stop.sh decision  {"decision": "block", "reason": ...}            Codex, Copilot
#   agent-stop.sh followup  {"followup_message": ...}                       Cursor
#
# It is advice for the agent and holds nobody up for ever: once it has spoken in a turn, or where the gate is not
# installed or wrongly set up, the agent may stop. What must hold is held at the pull request.
set -u
how="${1:-exit}"

# The agent says on standard input whether it goes on because of this hook already.
if [ ! -t 0 ] && grep -q '"stop_hook_active"[[:space:]]*:[[:space:]]*true'; then
  exit 0
fi
if ! command -v portcullis >/dev/null 2>&1; then
  echo 'portcullis is not installed; nothing was checked' >&2
  exit 0
fi

code=0
findings="$(portcullis check --worktree --review report --format agent --budget 3000 2>&1)" || code=$?
case "$code" in
  1 | 4) ;;
  0) exit 0 ;;
  *)
    # Not for the agent to mend.
    printf 'portcullis ended with %s; nothing was checked\n' "$code" >&2
    exit 0
    ;;
esac

if [ "$how" = exit ]; then
  printf '%s\n' "$findings" >&2
  exit 2
fi
tab="$(printf '\t')"
text="$(printf '%s\n' "$findings" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$tab/\\\\t/g" |
  LC_ALL=C tr -d '\001-\011\013-\037' | awk '{ printf "%s\\n", $0 }')"
case "$how" in
  decision) printf '{"decision": "block", "reason": "%s"}\n' "$text" ;;
  followup) printf '{"followup_message": "%s"}\n' "$text" ;;
  *)
    echo 'agent-stop.sh: exit, decision or followup' >&2
    exit 0
    ;;
esac
