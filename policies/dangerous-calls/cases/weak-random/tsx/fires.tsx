function generateToken() {
  return Math.random().toString(36); // fires
}
function start(user) {
  const sessionId = "s" + Math.random(); // fires
  user.password = Math.random().toString(36).slice(2); // fires
  return { nonce: Math.random() }; // fires
}
