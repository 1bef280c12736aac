/** Writes src/generated/plan.ts: the fields and limits of the plan, read from source/plan.h. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const here = (path) => new URL(path, import.meta.url);
const KINDS = { int: "int", float: "float", "int*": "ints", "float*": "floats" };

mkdirSync(here("src/generated/"), { recursive: true });
writeFileSync(here("src/generated/plan.ts"), planModule(readFileSync(here("source/plan.h"), "utf8")));

/** Generates the list of the fields of `Plan`, and the types of their names. */
function planModule(header) {
  const constants = Object.fromEntries([...header.matchAll(/(\w+) = (\d+)/g)].map(([, name, value]) => [name, +value]));
  const body = header.slice(header.indexOf("typedef struct {"), header.indexOf("} Plan;")).replace(/\/\/.*$/gm, "");
  const fields = [];
  const declarations = body.slice(body.indexOf("{") + 1).split(";");
  for (const declaration of declarations.map((text) => text.trim()).filter((text) => text !== "")) {
    const [, type, names] = declaration.match(/^(int|float)\s+(.+)$/s) ?? [];
    if (type === undefined) throw new Error(`plan.h: expected fields of int or float, got ${declaration}`);
    for (const declared of names.split(",")) {
      const [, pointer, name, size = "1"] = declared.trim().match(/^(\*?)(\w+)(?:\[(\w+)\])?$/);
      fields.push({ name, kind: KINDS[type + pointer], count: constants[size] ?? Number(size) });
    }
  }
  const union = (kinds) =>
    fields
      .filter(({ kind, count }) => kinds.includes(kind) && count === 1)
      .map(({ name }) => `\n  | "${name}"`)
      .join("");
  return `/** Name of a number in the kernel's plan. */
export type NumberField =${union(["int", "float"])};

/** Name of an array that the kernel's plan points to. */
export type ArrayField =${union(["ints", "floats"])};

/** A field of the kernel's plan, the struct \`Plan\` in C. */
export interface PlanField {
  /** Its name in source/plan.h. */
  readonly name: string;
  /** \`int\` and \`float\` are numbers of 4 bytes; \`ints\` and \`floats\` are pointers to arrays of them. */
  readonly kind: "int" | "float" | "ints" | "floats";
  /** Number of elements: above 1 for an array of numbers or pointers inside the plan. */
  readonly count: number;
}

/** The fields of the kernel's plan, in the order of source/plan.h. */
export const PLAN_FIELDS: readonly PlanField[] = [
${fields.map((field) => `  ${JSON.stringify(field)},`).join("\n")}
];

/** Largest number of threads that run a network. */
export const MAX_THREADS = ${constants.MAX_THREADS};
`;
}
