def read(text, stream, value):
    json.loads(text)
    pickle.dumps(value)
    pickle.loads(pickle.dumps(value))
    yaml.safe_load(text)
    yaml.load(text, Loader=yaml.SafeLoader)
    yaml.load(text, Loader=CSafeLoader)
    yaml.load(text, yaml.CSafeLoader)
    yaml.load(stream, Loader=AnsibleLoader)
    np.load(stream)
    return settings.load(stream)


def more(path):
    pd.read_csv(path)
    torch.load(path, weights_only=True)
    return YAML(typ="safe")
