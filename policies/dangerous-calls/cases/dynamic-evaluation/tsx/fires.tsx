function run(code, name) {
  eval(code); // fires
  window.eval("run" + code); // fires
  (0, eval)(code); // fires
  (eval)((code)); // fires
  const body = new Function("a", code); // fires
  const other = Function(`return ${name}`); // fires
  setTimeout("run(" + name + ")", 10); // fires
  setInterval(`run(${name})`, 10); // fires
  vm.runInNewContext(code, {}); // fires
  return new vm.Script(code); // fires
}
const { VM } = require("vm2");
function later(code, name) {
  new VM().run(code); // fires
  pug.compile(`p Hello ${name}`); // fires
}
