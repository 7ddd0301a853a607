export function save(path: any, cart: any) {
  fs.promises.writeFile(path, cart.text);
  fsPromises.mkdir(path);
  fs.writeFile(path, cart.text, () => {});
  fs.rename(path, cart.path, function (error: any) {});
}

export const Total = () => <b>0</b>;
