package use

deny contains data.lib.name(file) if some file in input.files

warn contains data.lib.nam(file) if some file in input.files
