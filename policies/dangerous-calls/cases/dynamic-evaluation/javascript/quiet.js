function run(model, page, text, name) {
  model.eval();
  page.eval(name);
  /re/.exec(text);
  eval("1 + 1");
  const global = new Function("return this")();
  const made = new Function("a", "b", "return a + " + "b");
  setTimeout(() => run(model), 10);
  setTimeout(name, 10);
  page.evaluate(name);
  return new vm.Script("1 + 1");
}
function later(job, name) {
  job.run(name);
  pug.compile(name);
  pug.compile("p Hello");
}
