# METADATA
# custom: {scope: change}
package main.change

deny contains "x" if count(input.files) > 1
