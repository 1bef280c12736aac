import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { MAX_THREADS, PLAN_FIELDS } from "../src/index.js";

const header = readFileSync(new URL("../source/plan.h", import.meta.url), "utf8");

it("lists numbers and arrays of the plan in the order of the header", () => {
  expect(PLAN_FIELDS[0]).toEqual({ name: "batchSize", kind: "int", count: 1 });
  expect(PLAN_FIELDS.at(-1)).toEqual({ name: "barrier", kind: "ints", count: 1 });
  for (const field of [
    { name: "clip", kind: "float", count: 1 },
    { name: "logits", kind: "floats", count: 1 },
    { name: "order", kind: "ints", count: 1 },
    { name: "scratch", kind: "floats", count: MAX_THREADS },
  ])
    expect(PLAN_FIELDS).toContainEqual(field);
  const struct = header.slice(0, header.indexOf("} Plan;")).replace(/\/\/.*$/gm, "");
  const places = PLAN_FIELDS.map(({ name }) => struct.search(new RegExp(`[\\s*]${name}[[,;]`)));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});
