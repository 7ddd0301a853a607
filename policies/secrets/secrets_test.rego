package portcullis.secrets_test

secret(patch) := object.union(
	{
		"detector": "github-token",
		"title": "a GitHub token",
		"kind": "token",
		"line": 3,
		"column": 9,
		"end_line": 3,
		"end_column": 49,
		"change": "added",
	},
	patch,
)

file(class, secrets) := {"file": {"path": "src/a.py", "class": class, "secrets": secrets}, "change": {}}

test_a_new_token_is_denied_at_its_place if {
	found := data.portcullis.secrets.deny_token with input as file("source", [secret({})])
	found == {{
		"msg": "a GitHub token stands here; whoever has a copy of the repository can use it",
		"path": "src/a.py",
		"line": 3,
		"column": 9,
		"end_line": 3,
		"end_column": 49,
	}}
}

test_whoever_knows_a_webhook_can_post_there if {
	webhook := secret({"detector": "slack-webhook", "title": "the address of a Slack webhook"})
	found := data.portcullis.secrets.deny_token with input as file("source", [webhook])
	some finding in found
	contains(finding.msg, "can post there")
}

test_tokens_are_denied_in_every_class_of_file if {
	every class in ["source", "test", "generated", "vendored", "config", "docs"] {
		count(data.portcullis.secrets.deny_token) == 1 with input as file(class, [secret({})])
	}
}

test_what_was_there_before_or_only_moved_is_old if {
	every change in ["kept", "moved", "removed"] {
		count(data.portcullis.secrets.deny_token) == 0 with input as file("source", [secret({"change": change})])
	}
}

key := secret({"detector": "private-key", "title": "a private key", "kind": "private-key"})

test_a_key_is_denied_outside_of_tests_only if {
	every class in ["source", "generated", "vendored", "config", "docs"] {
		count(data.portcullis.secrets.deny_private_key) == 1 with input as file(class, [key])
		count(data.portcullis.secrets.warn_test_key) == 0 with input as file(class, [key])
	}
	count(data.portcullis.secrets.deny_private_key) == 0 with input as file("test", [key])
	count(data.portcullis.secrets.warn_test_key) == 1 with input as file("test", [key])
}

test_what_is_only_likely_is_said_and_denies_nothing if {
	likely := secret({"detector": "jwt", "title": "a signed token of a session (JWT)", "kind": "likely"})
	count(data.portcullis.secrets.warn_likely) == 1 with input as file("source", [likely])
	count(data.portcullis.secrets.deny_token) == 0 with input as file("source", [likely])
	count(data.portcullis.secrets.warn_likely) == 0 with input as file("source", [secret({})])
}
