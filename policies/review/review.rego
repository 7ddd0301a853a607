# METADATA
# title: How deep the review of a change must be
# description: The default policy of three layers. Layer 1 is the gate alone, 2 asks the teams that own what changes, 3 asks the architects as well. Everything here asks for more and nothing takes back what another rule asked for.
# custom:
#   scope: review
#   status: enforced
#   since: "0.4"
package portcullis.review

# What one person still reads with care; more is not small. Generated and vendored files do not count.
small_files := 50

small_lines := 1500

# METADATA
# title: Shared code changes
# description: What modules of other teams depend on is theirs too; the team that owns it should see every change of it.
# related_resources:
#   - https://google.github.io/eng-practices/review/reviewer/standard.html
# custom:
#   id: review/shared-code
#   layer: 2
#   since: "0.4"
#   fix: Ask somebody of the team that owns the module; or move what only one team needs into a module of its own.
#   examples:
#     bad: |
#       a change to libs/money, which the modules of three other teams import, approved by nobody of the team that owns it
#     good: |
#       the same change, approved by somebody of the team that owns libs/money
review_shared_code contains request if {
	some module in shared
	request := {
		"msg": sprintf("module `%s` is used by %s", [module.id, concat(", ", module.used_by)]),
		"layer": 2,
	}
}

# METADATA
# title: A change across teams
# description: A change to code of several teams is local to none of them; each should see its part.
# related_resources:
#   - https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
# custom:
#   id: review/across-teams
#   layer: 2
#   since: "0.4"
#   fix: Ask one person of each team that is named, or split the change by team.
#   examples:
#     bad: |
#       one change to services/orders (team orders) and services/payments (team payments), approved by orders only
#     good: |
#       two changes, one a team; or one change, approved by one person of each
review_across_teams contains request if {
	across_teams
	request := {
		"msg": sprintf("it changes code of %d teams: %s", [count(input.review.teams), concat(", ", input.review.teams)]),
		"layer": 2,
	}
}

# METADATA
# title: A large change
# description: Past a sitting's worth of lines people approve without reading; somebody of the team should say that it was read.
# related_resources:
#   - https://google.github.io/eng-practices/review/developer/small-cls.html
# custom:
#   id: review/large
#   layer: 2
#   since: "0.4"
#   fix: Split the change by purpose, or ask somebody of the team to read it.
#   examples:
#     bad: |
#       60 files and 2,400 lines at once, approved by nobody
#     good: |
#       the move as one change, and the new behaviour as a second, small one
review_large contains request if {
	count(governed) > small_files
	request := {"msg": sprintf("it changes %d files; up to %d is small", [count(governed), small_files]), "layer": 2}
}

review_large contains request if {
	lines := sum([changed_lines(file) | some file in governed])
	lines > small_lines
	request := {"msg": sprintf("it adds and removes %d lines; up to %d is small", [lines, small_lines]), "layer": 2}
}

# METADATA
# title: A module uses another one for the first time
# description: A new edge between modules is how coupling begins; it is cheap to question on the day it is drawn.
# related_resources:
#   - https://martinfowler.com/ieeeSoftware/coupling.pdf
# custom:
#   id: review/new-edge
#   layer: 2
#   since: "0.4"
#   fix: Ask the team that owns both modules, or use what the module may use already.
#   examples:
#     bad: |
#       services/orders imports services/catalogue for the first time, and nobody was asked
#     good: |
#       services/orders uses the client for the catalogue that it imports already
review_new_edge contains request if {
	some edge in input.impact.new_edges
	not crosses(edge)
	request := {"msg": sprintf("new between modules: %s", [edge]), "layer": 2}
}

# METADATA
# title: A new dependency between systems
# description: Where one system begins to use another, two teams begin to depend on each other; that is a decision about the architecture.
# related_resources:
#   - https://c4model.com/diagrams/container
# custom:
#   id: review/boundary
#   layer: 3
#   since: "0.4"
#   fix: Ask the architects, or go through the interface that the other system publishes.
#   examples:
#     bad: |
#       from warehouse.internal.stock import reserve   # in the system `orders`
#     good: |
#       from orders.clients.warehouse import reserve   # over the interface that `warehouse` publishes
review_boundary contains request if {
	some edge in crossing
	request := {"msg": sprintf("new between systems: %s", [edge]), "layer": 3}
}

review_boundary contains request if {
	some crossed in input.impact.layers_crossed
	request := {"msg": sprintf("it crosses layers: %s", [crossed]), "layer": 3}
}

# METADATA
# title: A new module
# description: A module that was not there before is a new part of the architecture, and somebody will have to own it.
# related_resources:
#   - https://c4model.com/diagrams/component
# custom:
#   id: review/new-module
#   layer: 3
#   since: "0.4"
#   fix: Ask the architects whether it should be a part of its own, and who owns it.
#   examples:
#     bad: |
#       services/discounts/ appears, and belongs to nobody
#     good: |
#       services/discounts/ appears, approved by the architects, with a line in CODEOWNERS
review_new_module contains request if {
	some module in input.impact.new_modules
	request := {"msg": sprintf("`%s` is a new module", [module]), "layer": 3}
}

# METADATA
# title: A contract breaks
# description: Those who rely on a published interface deploy on their own day; a breaking change reaches them whether they are ready or not.
# related_resources:
#   - https://semver.org/
# custom:
#   id: review/broken-contract
#   layer: 3
#   since: "0.4"
#   fix: Ask the architects and the owners of all consumers; or keep the old form beside the new one.
#   examples:
#     bad: |
#       # openapi.yaml
#       -        amount: {type: integer}
#       +        total: {type: integer}
#     good: |
#       # openapi.yaml
#                amount: {type: integer, deprecated: true}
#       +        total: {type: integer}
review_broken_contract contains request if {
	some contract in broken
	request := {
		"msg": sprintf("%s no longer keeps what it promised to %s", [contract.id, consumers(contract)]),
		"layer": 3,
	}
}

# METADATA
# title: Shared code made with AI, across teams
# description: What a tool wrote into code that several teams rely on is read by nobody who knows all of its uses, unless somebody is asked. Where base configuration does not say that lines of unknown making are people's, they count.
# related_resources:
#   - https://owasp.org/www-project-top-10-for-large-language-model-applications/
# custom:
#   id: review/shared-ai
#   layer: 3
#   since: "0.4"
#   fix: Ask the architects; or make the change to the shared code one of its own, by its own team.
#   examples:
#     bad: |
#       one change by a coding agent to libs/money and to the services of two teams that use it
#     good: |
#       a change to libs/money alone, approved by its team; then one change for each service
review_shared_ai contains request if {
	across_teams
	some module in shared
	some file in governed
	file.module == module.id
	with_ai(file)
	request := {
		"msg": sprintf("`%s` in the shared module `%s` has lines %s", [file.path, module.id, making(file)]),
		"path": file.path,
		"layer": 3,
	}
}

# METADATA
# title: An architectural change cites its decision
# description: A change that needs the architects is a decision; whoever meets it next year should find why it was taken.
# related_resources:
#   - https://adr.github.io/madr/
# custom:
#   id: review/decision-record
#   layer: 3
#   since: "0.4"
#   fix: Write or find the decision record, and name it (`ADR-0012`) in a commit message or in the text of the pull request.
#   examples:
#     bad: |
#       a new module, and no word about why
#     good: |
#       Add a service for discounts
#
#       Decided in ADR-0012.
review_decision_record contains request if {
	deep
	request := {"msg": "a change of layer 3 names the decision behind it", "layer": 3, "record": true}
}

deep if input.review.layer == 3

deep if some _ in review_boundary

deep if some _ in review_new_module

deep if some _ in review_broken_contract

deep if some _ in review_shared_ai

across_teams if count(input.review.teams) > 1

shared contains module if {
	some module in input.impact.modules
	count(module.used_by) > 0
}

crossing contains edge if {
	some edge in input.impact.new_edges
	crosses(edge)
}

# Where a repository holds several systems, a module is named `<system>/<module>`.
crosses(edge) if {
	[from, to] := split(edge, " -> ")
	system(from) != system(to)
}

system(module) := split(module, "/")[0] if contains(module, "/")

system(module) := "" if not contains(module, "/")

broken contains contract if {
	some contract in input.contracts
	contract.verdict == "breaking"
}

consumers(contract) := "its consumers" if count(contract.consumers) == 0

consumers(contract) := concat(", ", contract.consumers) if count(contract.consumers) > 0

changed_lines(file) := file.added + file.removed

governed contains file if {
	some file in input.files
	not file.class in {"generated", "vendored"}
}

with_ai(file) if file.provenance.ai_lines > 0

with_ai(file) if {
	input.review.unknown == "ai"
	file.provenance.unknown_lines > 0
}

making(file) := "made with AI" if file.provenance.ai_lines > 0

making(file) := "of unknown making, which count as made with AI" if file.provenance.ai_lines == 0
