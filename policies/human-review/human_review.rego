# METADATA
# title: A person reads what a tool wrote
# description: Somebody who can be asked later has read every line that an AI tool wrote, before it counts.
# custom:
#   scope: review
#   status: enforced
#   since: "0.4"
package portcullis.human_review

# How many files a message names.
named := 3

# METADATA
# title: Lines made with AI
# description: Whoever merges what a tool wrote answers for it; a second person has to have read it. Where base configuration does not say that lines of unknown making are people's, they count.
# related_resources:
#   - https://owasp.org/www-project-top-10-for-large-language-model-applications/
# custom:
#   id: human-review/ai-lines
#   layer: 2
#   since: "0.4"
#   fix: Ask somebody of the team that owns the code to read it and approve.
#   examples:
#     bad: |
#       a commit with `Assisted-by: a-tool`, merged with nobody's approval but its author's
#     good: |
#       the same commit, approved by somebody of the team that owns the code
review_ai_lines contains request if {
	count(made) > 0
	request := {"msg": sprintf("lines made with AI in %s", [list(made)]), "layer": 2}
}

review_ai_lines contains request if {
	input.review.unknown == "ai"
	count(unknown) > 0
	request := {"msg": sprintf("lines of unknown making, which count as made with AI, in %s", [list(unknown)]), "layer": 2}
}

made contains file.path if {
	some file in input.files
	file.provenance.ai_lines > 0
}

unknown contains file.path if {
	some file in input.files
	file.provenance.ai_lines == 0
	file.provenance.unknown_lines > 0
}

list(paths) := concat(", ", sort(paths)) if count(paths) <= named

list(paths) := sprintf("%s and %d more", [concat(", ", array.slice(sort(paths), 0, named)), count(paths) - named]) if {
	count(paths) > named
}
