export function run(text: string) {
  const found = /a+/.exec(text);
  return [found, eval(text)];
}
