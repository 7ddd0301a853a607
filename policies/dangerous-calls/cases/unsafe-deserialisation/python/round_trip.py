from ruamel.yaml import YAML

yaml = YAML()


def read(stream):
    return yaml.load(stream)
