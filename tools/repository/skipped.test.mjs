/** Tests that conditional tests have a reason in their names, and that skipped tests are reported. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { root } from "../pnpm.mjs";
import CountReporter from "../testing/count-reporter.mjs";
import { skippedLine } from "../testing/skipped.mjs";

const FOLDERS = ["apps", "packages", "tools", "docs", "bench"];
const NOT_OURS = ["node_modules", "dist"];
/** Matches conditional groups and tests, and their names: the first string after the condition. */
const CONDITIONAL =
  /\.(?:skipIf|runIf)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\(\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|'([^']*)')/g;

/** Lists the test files of a folder; what is installed and built is not looked at. */
function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.includes(entry.name) ? [] : testFiles(path);
    return /\.test\.m?[jt]s$/.test(entry.name) ? [path] : [];
  });
}

/** Lists conditional tests of a file without a reason. */
function silentSkips(text) {
  const names = [...text.matchAll(CONDITIONAL)].map(([, ...name]) => name.find((each) => each !== undefined));
  const conditions = text.match(/\.(skipIf|runIf)\(/g)?.length ?? 0;
  return [
    ...names.filter((name) => !/\(needs [^();$]+(; [^()$]+)?\)$/.test(name)),
    ...(conditions === names.length ? [] : [`${conditions - names.length} conditional skips without a name`]),
    ...(text.match(/(?:\b(?:it|test|describe)\.(?:skip|todo)\b|\b\w+\.skip\().*/g) ?? []),
  ];
}

describe("a conditional test", () => {
  it("states in its name what it needs, in every file of the repository", () => {
    const files = FOLDERS.flatMap((folder) => testFiles(join(root, folder)));
    expect(files.length).toBeGreaterThan(100);
    const own = join(root, "tools", "repository", "skipped.test.mjs");
    const silent = files
      .filter((file) => file !== own)
      .map((file) => [file, silentSkips(readFileSync(file, "utf8"))])
      .filter(([, skips]) => skips.length > 0);
    expect(silent).toEqual([]);
  });

  it.each([
    [`it.skipIf(!there)("is right", () => {})`, ["is right"]],
    [`it.runIf(f(g(1)))(\n  "is right (needs luck)",\n  () => {})`, []],
    [
      `describe.skipIf(!there)(\`is right\${there ? "" : " (needs luck)"}\`, () => {})`,
      expect.arrayContaining([expect.any(String)]),
    ],
    [`it.skipIf(a)(name, () => {})`, ["1 conditional skips without a name"]],
    [`it.skip("is right", () => {})`, [`it.skip("is right", () => {})`]],
    [`it("is right", (context) => context.skip())`, ["context.skip())"]],
  ])("is detected if it does not: %s", (text, found) => {
    expect(silentSkips(text)).toEqual(found);
  });
});

describe("skipped tests", () => {
  const browser = "a page (needs a browser; apt-get install chromium)";

  it("are counted by what they need, the most frequent first, with what brings it", () => {
    const names = [
      "a disk (needs root) > is full",
      `${browser} > loads`,
      `${browser} > computes (twice)`,
      "is not asked for",
    ];
    expect(skippedLine(names)).toBe(
      "4 skipped: 2 need a browser (apt-get install chromium), 1 needs root, 1 says no reason",
    );
  });

  it("are listed before the last line, which is plain", () => {
    const test = (state, fullName = "") => ({ fullName, result: () => ({ state }) });
    const tests = [test("passed"), test("failed"), test("passed"), test("skipped", `${browser} > loads`)];
    const modules = [{ errors: () => [new Error("no file")], children: { allTests: () => tests } }];
    const once = vi.spyOn(process, "once").mockReturnValue(process);
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      new CountReporter().onTestRunEnd(modules, []);
      once.mock.calls[0][1]();
      expect(write.mock.calls).toEqual([
        ["1 skipped: 1 needs a browser (apt-get install chromium)\n2 passed, 2 failed\n"],
      ]);
    } finally {
      vi.restoreAllMocks();
    }
  });
});
