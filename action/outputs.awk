# The verdict document -> outputs of the action, one a line. It is written with two blanks a level and one key a line.
/^  "findings": \[/ { findings = 1 }
/^  \],?$/ { findings = 0 }
findings && /^    \{$/ { severity = ""; status = ""; waived = 0 }
findings && /^      "severity": / { severity = $2 }
findings && /^      "status": / { status = $2 }
findings && /^      "waived_by": / { waived = ($2 != "null") }
findings && /^    \},?$/ {
  if (status == "\"enforced\"," && !waived) {
    if (severity == "\"error\",") errors++
    if (severity == "\"warning\",") warnings++
  }
}
/^  "change": \{$/ { change = 1 }
/^  \},?$/ { change = 0; review = 0; inputs = 0 }
change && /^    "files": / { files = $2; sub(/,$/, "", files) }
/^  "review": \{$/ { review = 1 }
review && /^    "layer": / { layer = $2; sub(/,$/, "", layer) }
review && /^    "requirements": \[/ { required = 1; text = "" }
review && required { line = $0; sub(/^ +/, "", line); text = text line }
review && required && /^    "requirements": \[\],?$/ { required = 0 }
review && required && /^    \],?$/ { required = 0 }
/^  "inputs": \{$/ { inputs = 1 }
inputs && /^    "policies_digest": / { digest = $2; gsub(/[",]/, "", digest) }
END {
  sub(/^"requirements": */, "", text)
  sub(/,$/, "", text)
  print "errors=" errors + 0
  print "warnings=" warnings + 0
  print "changed-files=" files + 0
  print "layer=" layer + 0
  print "required-reviews=" (text == "" ? "[]" : text)
  print "policies-digest=" digest
}
