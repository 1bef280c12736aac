import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { typeErrors } from "../release/examples.mjs";

/**
 * Installed packages at pnpm's paths, with type errors: in our package, and in another package, which must be ignored.
 */
const FILES = {
  "node_modules/@dnc/thing/package.json": '{ "name": "@dnc/thing", "type": "module", "types": "index.d.ts" }',
  "node_modules/@dnc/thing/index.d.ts": 'import { Other } from "other";\nexport declare const thing: Other;\n',
  "node_modules/@dnc/faulty/package.json": '{ "name": "@dnc/faulty", "type": "module", "types": "index.d.ts" }',
  "node_modules/@dnc/faulty/index.d.ts": "export declare const thing: Missing;\n",
  "node_modules/other/package.json": '{ "name": "other", "type": "module", "types": "index.d.ts" }',
  "node_modules/other/index.d.ts": "export interface Other { a: number; b: Missing }\n",
  "right.mts": 'import { thing } from "@dnc/thing";\nexport const a: number = thing.a;\n',
  "wrong.mts": 'import { thing } from "@dnc/thing";\nexport const a: string = thing.a;\n',
  "uses-faulty.mts": 'import { thing } from "@dnc/faulty";\nexport const used = thing;\n',
  "no-program.mts": "const = ;\n",
};

let project;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "dnc-examples-"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("the type check of examples", () => {
  const errorsIn = (...names) =>
    typeErrors(
      project,
      "NodeNext",
      names.map((name) => ({ name })),
    );

  it("finds errors in them and in our declarations, and none in others'", async () => {
    const errors = await errorsIn("right", "wrong", "uses-faulty");
    expect(errors.sort()).toEqual([
      "node_modules/@dnc/faulty/index.d.ts(1,29): error TS2304: Cannot find name 'Missing'.",
      "wrong.mts(2,14): error TS2322: Type 'number' is not assignable to type 'string'.",
    ]);
  });

  it("finds what is no program", async () => {
    expect(await errorsIn("right", "no-program")).toEqual([
      "no-program.mts(1,7): error TS1134: Variable declaration expected.",
    ]);
  });

  it("reports a missing example", async () => {
    const errors = await typeErrors(project, "NodeNext", [{ name: "absent" }]);
    expect(errors).toEqual([expect.stringMatching(/^error TS6053: File '.*absent\.mts' not found\.$/)]);
  });
});
