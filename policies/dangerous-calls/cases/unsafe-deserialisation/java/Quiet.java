class Quiet {
    Object read(InputStream stream, String text) {
        Object first = new ObjectOutputStream(stream);
        Object second = new Yaml(new SafeConstructor()).load(text);
        mapper.activateDefaultTyping(validator);
        return mapper.readValue(text, User.class);
    }
    Object filtered(InputStream stream) {
        ObjectInputStream in = new ObjectInputStream(stream);
        in.setObjectInputFilter(FILTER);
        return in.readObject();
    }
    private void readObject(ObjectInputStream in) {
        in.defaultReadObject();
        this.value = in.readObject();
    }
}
class Later {
    Object read(String text) {
        Yaml yaml = new Yaml(new SafeConstructor());
        return yaml.load(text);
    }
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    Object named;
}
