export async function total(cart: any) {
  try {
    await cart.save();
  } catch {
    // Saved again at check-out.
  }
  try {
    await cart.save();
  } catch (error) {
    report(error);
  }
  const saved = await cart.load().catch(() => null);
  await cart.save().catch(() => { /* saved again at check-out */ });
  await cart.save().catch((error: any) => report(error));
  await cart.close().catch(() => {});
  await within(cart, () => cart.lines.stop()).catch(() => {});
  registry.catch(() => {}, cart);
  try {
    cart.dispose();
  } catch {}
  try {
    fs.rmSync(cart.path, { recursive: true });
  } catch {}
  try {
    if (cart.known) return cart.sum;
  } catch {}
  await cart.save().catch(() => {}); // Saved again at check-out.
  await cart.load();
  // The next line tells whether it worked.
  await cart.save().catch(() => {});
  return saved;
}
