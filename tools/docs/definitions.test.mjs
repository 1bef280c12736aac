import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defines } from "./definitions.mjs";

let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dnc-definitions-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Returns the names that a file with this text defines. */
function found(file, text, names) {
  const path = join(folder, file);
  writeFileSync(path, text);
  return names.filter((name) => defines(path, name));
}

describe("defines", () => {
  it("finds functions, constants, classes, methods and WGSL functions in TypeScript, and no uses or mentions", () => {
    const text = `import { used } from "./used.js";
// function mentioned() {}
export function first(): void { used(); function inner() {} }
const second = wrap(() => used());
export class Third { fourth(): void { this.fifth(); } get sixth() { return 1; } }
const CODE = \`fn seventh(x: f32) -> f32 { return eighth(x); }\`;`;
    const names = ["first", "second", "Third", "Third.fourth", "Third.sixth", "seventh"];
    const others = ["used", "mentioned", "inner", "fourth", "Third.fifth", "Third.first", "eighth", "fir"];
    expect(found("a.ts", text, [...names, ...others])).toEqual(names);
  });

  it("finds functions in C, and no calls, macros or declarations", () => {
    const text = `#define MACRO(x) other(x)
static float *first(const float *x,
                    int n) {
  called(x);
}
INLINE f4 second(f4 a) { return called(a); }
static Step third(int t) {
}
void EXPORT(fourth)(int share) {
}
void declared(int n);
`;
    const names = ["first", "second", "third", "fourth"];
    expect(found("a.h", text, [...names, "called", "declared", "MACRO", "other", "EXPORT"])).toEqual(names);
  });
});
