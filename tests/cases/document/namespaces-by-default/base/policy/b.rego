package docker.images

deny contains "docker.images"
