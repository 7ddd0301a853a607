# METADATA
# custom: {scope: document}
package kube

deny contains "x" if input.kind == "Pod"
