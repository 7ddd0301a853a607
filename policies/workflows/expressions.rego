# Expressions of GitHub, `${{ ... }}`: what of an expression becomes part of the text around it.
#
# An expression is brought into one form by replacing, without a parser: lower case, no blanks, `['x']` as `.x`, an index
# as `.*`, texts emptied. What only becomes true or false cannot carry anybody's words and is taken out. What is left of
# an expression that nests deeper than this looks is still searched, so depth hides nothing.
package portcullis.workflows.expressions

# The expressions of a text, with the line each begins at.
of(text) := {{"line": line, "shown": shown, "plain": plain} |
	some line, part in split(text, "\n")
	some [shown, inner] in regex.find_all_string_submatch_n(`\$\{\{(.*?)\}\}`, part, -1)
	plain := normal(inner)
} | {{"line": line, "shown": shown, "plain": plain} |
	# Over several lines.
	some [shown, inner] in regex.find_all_string_submatch_n(`(?s)\$\{\{(.*?)\}\}`, text, -1)
	contains(inner, "\n")
	line := count(split(split(text, shown)[0], "\n")) - 1
	plain := normal(inner)
}

# The expression in one form.
normal(inner) := texts_emptied if {
	small := lower(inner)
	tight := regex.replace(small, `\s+`, "")
	dotted := regex.replace(tight, `\[['"]([a-z0-9_-]+)['"]\]`, ".$1")
	starred := regex.replace(dotted, `\[(\*|[0-9]+)\]`, ".*")
	texts_emptied := regex.replace(starred, `'[^']*'`, "''")
}

# The expression without what only becomes true, false, a number or a digest, as deep as three calls in each other.
carried(plain) := third if {
	first := without(plain)
	second := without(first)
	third := without(second)
}

# One round, from the inside: what holds no bracket any more stands in braces for the next one.
without(plain) := braced if {
	called := regex.replace(plain, `\b(contains|startswith|endswith|hashfiles)\([^()]*\)`, "''")
	left := regex.replace(called, `[a-z0-9_.*-]+(==|!=|<=|>=|<|>)`, "''$1")
	right := regex.replace(left, `(==|!=|<=|>=|<|>)[a-z0-9_.*-]+`, "$1''")
	negated := regex.replace(right, `!+[a-z0-9_.*-]+`, "''")
	braced := regex.replace(negated, `\(([^()]*)\)`, "{$1}")
}

# What anybody on the internet can write: titles, texts, names of branches and of authors.
untrusted := concat("", [
	`\bgithub\.(head_ref\b|event\.(`,
	`(issue|pull_request|discussion)\.(title|body)\b`,
	`|(comment|review|review_comment)\.body\b`,
	`|pull_request\.head\.(ref|label)\b`,
	`|pull_request\.head\.repo\.(default_branch|description|homepage)\b`,
	`|pages(\.\*)?\.page_name\b`,
	`|(commits(\.\*)?|head_commit)\.(message\b|(author|committer)\.(email|name)\b)`,
	`|workflow_run\.(head_branch|display_title)\b`,
	`|workflow_run\.head_commit\.(message\b|(author|committer)\.(email|name)\b)`,
	`|workflow_run\.head_repository\.description\b`,
	`|workflow_run\.pull_requests(\.\*)?\.head\.ref\b))`,
])
