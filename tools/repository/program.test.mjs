import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { cloneProgram } from "../program.mjs";

describe("the words that start the trainer from a clone", () => {
  it("are those of npm if npm has started it, in the clone or outside of it", () => {
    const started = (folder) => cloneProgram({ npm_lifecycle_event: "start", INIT_CWD: folder }, root);
    for (const folder of [undefined, root, join(root, "docs/guide")]) expect(started(folder)).toBe("npm run dnc --");
    for (const folder of [join(root, ".."), "/"]) expect(started(folder)).toMatch(/^npm --prefix=.*[^/\s] run dnc --$/);
  });

  it("are Node and the path of the script otherwise", () => {
    expect(cloneProgram({}, root)).toBe("node tools/dnc.mjs");
    expect(cloneProgram({}, join(root, "docs"))).toBe("node ../tools/dnc.mjs");
  });
});
