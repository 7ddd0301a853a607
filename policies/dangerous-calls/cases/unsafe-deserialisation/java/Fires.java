class Fires {
    Object read(InputStream stream, String text) {
        Object first = new ObjectInputStream(stream).readObject(); // fires
        Object second = new XMLDecoder(stream).readObject(); // fires
        Object third = new Yaml().load(text); // fires
        mapper.enableDefaultTyping(); // fires
        mapper.activateDefaultTyping(LaissezFaireSubTypeValidator.instance); // fires
        return first;
    }
}
class Later {
    Object read(String text) {
        Yaml yaml = new Yaml();
        return yaml.load(text); // fires
    }
    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) // fires
    Object any;
}
