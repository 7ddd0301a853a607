# METADATA
# custom: {scope: file}
package file

import input.file as f

deny contains "a" if input.files[_].path == "x"

deny contains "b" if f.symbolz[_].name == "x"

deny contains "ok" if {
	f.path == "x"
	input.change.totals.files > 3
}
