from e:latest
