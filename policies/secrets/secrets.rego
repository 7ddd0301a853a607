# METADATA
# title: Secrets that a change would publish
# description: What is committed is copied to every clone, cache and mirror, and stays in the history after it is deleted. A secret in it is no secret any more.
# related_resources:
#   - https://docs.github.com/en/code-security/secret-scanning/introduction/about-secret-scanning
#   - https://cwe.mitre.org/data/definitions/798.html
# custom:
#   scope: file
#   severity: error
#   status: enforced
#   since: "0.6"
package portcullis.secrets

# METADATA
# title: Token or key of a provider
# description: The text has the exact shape that a provider gives its tokens, and letters that were drawn by lot; where the shape holds a checksum, it fits. Whoever reads the repository, or any copy of it, can use it.
# related_resources:
#   - https://docs.github.com/en/code-security/secret-scanning/working-with-secret-scanning-and-push-protection/remediating-a-leaked-secret
#   - https://cwe.mitre.org/data/definitions/798.html
# custom:
#   id: secrets/token
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC6.1"]
#   since: "0.6"
#   fix: Revoke it at its provider first, for a pushed commit has been read. Then take it out of every commit of the change, and read it at run time from a secret store or the environment.
#   examples:
#     bad: |
#       client = Client(token="ghp_...")   # a real one
#     good: |
#       client = Client(token=os.environ["GITHUB_TOKEN"])
deny_token contains finding if {
	some secret in added("token")
	finding := at(secret, sprintf("%s stands here%s", [secret.title, consequence(secret)]))
}

# METADATA
# title: Private key
# description: A private key without a passphrase lets whoever has it sign, decrypt or log in as its owner.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/321.html
# custom:
#   id: secrets/private-key
#   severity: error
#   status: enforced
#   scope: file
#   controls: ["SOC2 CC6.1"]
#   since: "0.6"
#   fix: Replace the key wherever it is trusted, for a pushed commit has been read. Then take it out of every commit of the change. A key for tests is made by the test, or lies in a file of tests.
#   examples:
#     bad: |
#       deploy/id_ed25519, a private key
#     good: |
#       deploy/id_ed25519.pub, and the private key in a secret store
deny_private_key contains finding if {
	input.file.class != "test"
	some secret in added("private-key")
	finding := at(secret, sprintf("%s stands here, without a passphrase", [secret.title]))
}

# METADATA
# title: Private key in a file of tests
# description: Tests of encryption need keys, and most of these open nothing. One that was copied from a running system opens that.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/321.html
# custom:
#   id: secrets/test-key
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: Let the test make its key when it runs. If the key was ever used outside of tests, replace it there.
#   examples:
#     bad: |
#       tests/certs/server.key, copied from the staging server
#     good: |
#       key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
warn_test_key contains finding if {
	input.file.class == "test"
	some secret in added("private-key")
	finding := at(secret, sprintf("%s stands here; does it open anything outside of tests?", [secret.title]))
}

# METADATA
# title: What may be a secret
# description: It reads like a secret and may be none, or not by itself, like the id of a key without the key, an encrypted key, a signed token that may have ended, a password in an address.
# related_resources:
#   - https://cwe.mitre.org/data/definitions/798.html
# custom:
#   id: secrets/likely
#   severity: warning
#   status: advisory
#   scope: file
#   since: "0.6"
#   fix: If it opens anything, revoke it, take it out of every commit of the change, and read it at run time.
#   examples:
#     bad: |
#       postgres://app:<a password drawn by lot>@db.internal.net/orders
#     good: |
#       postgres://app:${DB_PASSWORD}@db.internal.net/orders
warn_likely contains finding if {
	some secret in added("likely")
	finding := at(secret, sprintf("%s stands here, by its looks", [secret.title]))
}

added(kind) := [secret |
	some secret in input.file.secrets
	secret.kind == kind
	secret.change == "added"
]

at(secret, message) := {
	"msg": message,
	"path": input.file.path,
	"line": secret.line,
	"column": secret.column,
	"end_line": secret.end_line,
	"end_column": secret.end_column,
}

consequence(secret) := "; whoever has a copy of the repository can use it" if not public_address(secret)

consequence(secret) := "; whoever knows it can post there" if public_address(secret)

public_address(secret) if endswith(secret.detector, "-webhook")
