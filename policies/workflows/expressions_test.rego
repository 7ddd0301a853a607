package portcullis.workflows.expressions_test

import data.portcullis.workflows.expressions

carried(text) := [expressions.carried(found.plain) | some found in expressions.of(text)]

names(text) if {
	some left in carried(text)
	regex.match(expressions.untrusted, left)
}

test_writing_makes_no_difference if {
	every text in [
		"${{ github.head_ref }}",
		"${{github.HEAD_REF}}",
		"${{ GitHub['head_ref'] }}",
		"${{ github[ \"head_ref\" ] }}",
		"${{ github.event.pull_request['head']['ref'] }}",
		"${{ github.event.commits[0].message }}",
		"${{ github.event.commits[ * ].author.email }}",
	] {
		names(text)
	}
}

test_functions_and_alternatives_hand_it_on if {
	every text in [
		"${{ format('{0}', github.head_ref) }}",
		"${{ format('a {0}', join(fromJSON(toJSON(github.event.commits.*.message)), ',')) }}",
		"${{ github.head_ref || github.ref_name }}",
		"${{ github.event_name == 'push' && 'x' || github.head_ref }}",
		"${{ (github.head_ref) }}",
	] {
		names(text)
	}
}

test_what_is_only_true_or_false_or_a_digest_does_not if {
	every text in [
		"${{ github.head_ref == 'main' && 1 || 2 }}",
		"${{ 'main' != github.head_ref }}",
		"${{ !github.head_ref }}",
		"${{ contains(github.event.issue.title, 'x') }}",
		"${{ contains(format('{0}', github.head_ref), 'x') }}",
		"${{ hashFiles(github.head_ref) }}",
		"${{ 'github.head_ref' }}",
		"${{ github.head_reference }}",
		"github.head_ref",
	] {
		not names(text)
	}
}

test_the_line_is_that_of_the_opening if {
	lines := {found.line | some found in expressions.of("a\nb ${{ x }} ${{ y }}\n${{\n z }}")}
	lines == {1, 2}
}
