function read(text) {
  const first = JSON.parse(text);
  const second = codec.deserialize(text);
  return yaml.load(text, { schema: yaml.JSON_SCHEMA });
}
const other = superjson.deserialize(text);
