def read(text, stream):
    pickle.loads(text)  # fires
    pickle.Unpickler(stream)  # fires
    dill.load(stream)  # fires
    marshal.loads(text)  # fires
    jsonpickle.decode(text)  # fires
    yaml.load(text)  # fires
    yaml.load(text, Loader=yaml.FullLoader)  # fires
    yaml.load(text, yaml.Loader)  # fires
    yaml.unsafe_load(text)  # fires
    np.load(stream, allow_pickle=True)  # fires


def more(path):
    pd.read_pickle(path)  # fires
    shelve.open(path)  # fires
    torch.load(path, weights_only=False)  # fires
    return YAML(typ="unsafe")  # fires
