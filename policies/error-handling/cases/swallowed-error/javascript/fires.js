export async function total(cart) {
  try {
    await cart.save();
  } catch {}
  try {
    await cart.save();
  } catch (error) {   }
  await cart.save().catch(() => {});
  cart.load().then(show).catch((error) => {});
  cart.load().catch(function () {});
  cart.load().catch(noop);
}
