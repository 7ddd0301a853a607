# METADATA
# title: Secrets in what is written about a change
# description: Messages of commits are part of the history, and the text of a request is sent to everybody who follows it. Nobody looks for secrets there.
# custom:
#   scope: change
#   severity: error
#   status: enforced
#   since: "0.6"
package portcullis.secrets_in_messages

# METADATA
# title: Secret in the message of a commit or in the request
# description: A secret in a message of a commit, or in the title or text of the request, is as public as one in a file. The message stays in the history, and the text has been sent by mail.
# related_resources:
#   - https://docs.github.com/en/code-security/secret-scanning/working-with-secret-scanning-and-push-protection/remediating-a-leaked-secret
# custom:
#   id: secrets/in-message
#   severity: error
#   status: enforced
#   scope: change
#   controls: ["SOC2 CC6.1"]
#   since: "0.6"
#   fix: Revoke it at its provider. Then reword the commit (`git rebase -i`, `reword`), or edit the request.
#   examples:
#     bad: |
#       Fix the login: it works with npm_... (a real token)
#     good: |
#       Fix the login: it works with the token of the release job
deny_in_message contains finding if {
	some secret in input.change.secrets
	secret.kind in {"token", "private-key"}
	finding := {"msg": sprintf("%s stands in %s, line %d", [secret.title, where(secret), secret.line])}
}

where(secret) := sprintf("the message of commit %s", [substring(secret.commit, 0, 12)]) if secret.place == "commit"

where(secret) := "the title of the request" if secret.place == "title"

where(secret) := "the text of the request" if secret.place == "body"
