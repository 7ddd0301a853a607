export async function save(path, cart) {
  await fs.promises.writeFile(path, cart.text);
  fs.promises.mkdir(path).catch(report);
  const written = fs.promises.writeFile(path, cart.text);
  fs.writeFile(path, cart.text, (error) => report(error));
  fs.writeFile(path, cart.text, () => { /* written again at check-out */ });
  fs.unlink(path, () => {});
  // Written again at check-out.
  fs.promises.writeFile(path, cart.text);

  return written;
}
