function start(user) {
  const delay = Math.random() * 100;
  const token = crypto.randomUUID();
  const colour = pick(Math.floor(Math.random() * 10));
  user.sessionId = crypto.randomBytes(16).toString("hex");
  return { id: Math.random(), jitter: delay };
}
