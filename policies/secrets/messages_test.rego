package portcullis.secrets_in_messages_test

spoken(patch) := {"change": {"secrets": [object.union(
	{
		"place": "commit",
		"commit": "08c6903cd8c0fde910a37f88322edcfb5dd907a8",
		"line": 3,
		"detector": "npm-token",
		"title": "an npm token",
		"kind": "token",
	},
	patch,
)]}}

messages(document) := {finding.msg |
	some finding in found
} if {
	found := data.portcullis.secrets_in_messages.deny_in_message with input as document
}

test_a_secret_in_a_commit_names_the_commit_and_the_line if {
	messages(spoken({})) == {"an npm token stands in the message of commit 08c6903cd8c0, line 3"}
}

test_the_request_has_a_title_and_a_text if {
	messages(spoken({"place": "title", "commit": "", "line": 1})) == {"an npm token stands in the title of the request, line 1"}
	messages(spoken({"place": "body", "commit": ""})) == {"an npm token stands in the text of the request, line 3"}
}

test_a_private_key_counts_and_what_is_only_likely_does_not if {
	count(messages(spoken({"kind": "private-key"}))) == 1
	count(messages(spoken({"kind": "likely"}))) == 0
}
