# METADATA
# title: Two names that some file systems take for one
# description: On a file system without case, or with one Unicode normal form, a checkout keeps one of the two files, so people and machines read different code under one name.
# related_resources:
#   - https://www.unicode.org/reports/tr36/
# custom:
#   id: hidden-code/path-collision
#   severity: error
#   status: enforced
#   scope: change
#   controls: ["SOC2 CC8.1"]
#   since: "0.1"
#   fix: Rename one of the two files.
#   examples:
#     bad: |
#       src/Cart.py beside src/cart.py
#     good: |
#       src/cart.py beside src/cart_view.py
package portcullis.hidden_code.collisions

deny_path_collision contains finding if {
	some twins in input.change.collisions
	finding := {
		"msg": sprintf("`%s` and `%s` are one file where names differ by case or Unicode form only", [twins.path, twins.twin]),
		"path": twins.path,
		"line": 1,
	}
}
