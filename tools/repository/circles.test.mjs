import { describe, expect, it } from "vitest";
import { circles, importsOf, sourceTexts } from "./circles.mjs";

describe("the search for circles", () => {
  const file = (name) => `packages/example/src/${name}.ts`;
  const found = (texts) =>
    circles(importsOf(Object.fromEntries(Object.entries(texts).map(([name, text]) => [file(name), text]))));

  it("finds none among files that import in one direction", () => {
    expect(
      found({ a: 'import { b } from "./b.js";\nimport { c } from "./c.js";', b: 'export * from "./c.js";', c: "" }),
    ).toEqual([]);
  });

  it("finds two files that import each other, by a type, a re-export or at run time", () => {
    const others = ['import type { B } from "./b.js";', 'export { b } from "./b.js";', 'const b = import("./b.js");'];
    for (const text of [...others, 'export type B = import("./b.js").B;'])
      expect(found({ a: text, b: 'import "./a.js";' }), text).toEqual([[file("a"), file("b")]]);
  });

  it("finds each circle once, whatever imports it and is imported by it", () => {
    const texts = {
      a: 'import "./b.js";',
      b: 'import "./c.js";\nimport "./e.js";',
      c: 'import "./d.js";',
      d: 'import "./b.js";',
      e: 'import "./f.js";\nimport "./g.js";',
      f: 'import "./e.js";',
      g: "",
    };
    expect(found(texts)).toEqual([
      [file("b"), file("c"), file("d")],
      [file("e"), file("f")],
    ]);
  });

  it("follows imports from package to package", () => {
    const imports = importsOf({
      "packages/core/src/index.ts": 'import "@dnc/access";',
      "packages/access/src/index.ts": 'import "@dnc/core/layers";',
      "packages/core/src/layers/index.ts": 'import "../index.js";',
    });
    expect(circles(imports)).toHaveLength(1);
  });
});

describe("the sources of packages, apps and tools", () => {
  const imports = importsOf(sourceTexts());

  it("are all read, with what they import", () => {
    expect(Object.keys(imports).length).toBeGreaterThan(300);
    expect(imports["packages/core/src/dnc.ts"]).toContain("packages/core/src/dnc-state.ts");
    expect(imports["packages/core/src/layers/dnc-cell.ts"]).toContain("packages/core/src/config.ts");
    expect(imports["packages/core/src/config.ts"]).toContain("packages/controller/src/index.ts");
  });

  it("form no circle, type imports included", () => {
    const found = circles(imports);
    expect(found, found.map((group) => group.join("\n")).join("\n\n")).toEqual([]);
  });
});
