function read(text) {
  const first = serialize.unserialize(text); // fires
  const second = unserialize(text); // fires
  const third = funcster.deepDeserialize(text); // fires
  return yaml.load(text, {
    schema: yaml.DEFAULT_FULL_SCHEMA, // fires
  });
}
const other = serialize_to_js.deserialize(text); // fires
