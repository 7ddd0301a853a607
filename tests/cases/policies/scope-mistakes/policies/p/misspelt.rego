# METDATA
# custom: {scope: file}
package misspelt

deny contains "a" if input.file.path == "x"
