/** Writes src/generated/plan.ts: the fields of the plan, read from source/plan.h. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const here = (path) => new URL(path, import.meta.url);
const KINDS = { int: "int", float: "float", "int*": "ints", "float*": "floats" };

mkdirSync(here("src/generated/"), { recursive: true });
writeFileSync(here("src/generated/plan.ts"), planModule(readFileSync(here("source/plan.h"), "utf8")));

/** Generates the list of the fields of `Plan`. */
function planModule(header) {
  const constants = Object.fromEntries([...header.matchAll(/(\w+) = (\d+)/g)].map(([, name, value]) => [name, +value]));
  const body = header.slice(header.indexOf("typedef struct {"), header.indexOf("} Plan;")).replace(/\/\/.*$/gm, "");
  const fields = [];
  for (const [, type, names] of body.matchAll(/(int|float)\s+([^;]+);/g)) {
    for (const declared of names.split(",")) {
      const [, pointer, name, size = "1"] = declared.trim().match(/^(\*?)(\w+)(?:\[(\w+)\])?$/);
      fields.push({ name, kind: KINDS[type + pointer], count: constants[size] ?? Number(size) });
    }
  }
  const rows = fields.map((field) => `  ${JSON.stringify(field)},`).join("\n");
  return `/** The fields of the kernel's plan, in the order of source/plan.h. */
export const PLAN_FIELDS = [
${rows}
] as const;
`;
}
