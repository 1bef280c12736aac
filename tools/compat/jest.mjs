/** Whether jest loads the packages as docs/guide/compatibility.md says, without any configuration of transforms. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../process.mjs";
import { installAlone, packPackages } from "../repository/packed.mjs";
import { siblings } from "../repository/workspace.mjs";
import { fetchNode } from "./node.mjs";
import { fetchPackage } from "./registry.mjs";
import { environment } from "./suite.mjs";
import { beginsWith, newestOf } from "./versions.mjs";

const FLAG = "--experimental-vm-modules";

const BODY = `
    const core = new Dnc({ inputSize: 3, outputSize: 2, memorySize: 4, wordSize: 3, readHeads: 1, hiddenSize: 5, seed: 1 });
    await tf.setBackend("cpu");
    expect(unroll(core, tf.zeros([4, 2, 3])).outputs.shape).toEqual([4, 2, 2]);
`;

const REQUIRE = `const tf = require("@tensorflow/tfjs");
test("require gives a network", async () => {
    const { Dnc, unroll } = require("@dnc/core");${BODY}});
`;

const IMPORT = `import * as tf from "@tensorflow/tfjs";
import { Dnc, unroll } from "@dnc/core";
test("import gives a network", async () => {${BODY}});
`;

/**
 * @param {string} wanted - "newest", or a version or its beginning.
 * @param {string[]} versions - all that there are.
 * @throws RangeError if there is none.
 */
export function resolveJest(wanted, versions) {
  const found = newestOf(versions, (version) => wanted === "newest" || beginsWith(version, wanted));
  if (found === undefined) throw new RangeError(`--jest: expected a version of jest, got "${wanted}"`);
  return found;
}

/**
 * Runs tests of jest in a project that has the packages from their tarballs; each line of the page's table counts as one.
 *
 * @param {string} version - of jest.
 * @param {string} newestNode - a version from 24.9 on, whose flag lets jest require ES modules.
 * @returns {Promise<import("./suite.mjs").Outcome>}
 */
export async function tryJest(version, newestNode) {
  const jest = join(await fetchPackage("jest", version), "bin/jest.js");
  const { program } = await fetchNode(newestNode);
  const place = mkdtempSync(join(tmpdir(), "dnc-jest-"));
  try {
    const project = join(place, "project");
    const names = ["core", ...siblings("core").map((sibling) => sibling.slice("@dnc/".length))];
    installAlone("core", project, packPackages(names, place));
    writeFileSync(join(project, "require.test.cjs"), REQUIRE);
    writeFileSync(join(project, "import.test.mjs"), IMPORT);
    const cases = [
      { what: "require, with the flag, in the newest Node", node: program, file: "require.test.cjs", flag: FLAG },
      { what: "import, with the flag", node: process.execPath, file: "import.test.mjs", flag: FLAG },
      { what: "import, with the flag, in the newest Node", node: program, file: "import.test.mjs", flag: FLAG },
      { what: "require, without the flag", node: process.execPath, file: "require.test.cjs", error: REFUSAL },
    ];
    const total = { passed: 0, failed: 0, skipped: 0, output: "" };
    for (const { what, node, file, flag, error } of cases) {
      const command = [node, jest, "--rootDir", project, "--config", JSON.stringify({}), "--runInBand", file];
      const env = { ...environment(node), NODE_OPTIONS: flag ?? "", CI: "1" };
      const { status, output } = await run(command, { cwd: project, env });
      const isRight = error === undefined ? status === 0 : status !== 0 && output.includes(error);
      total[isRight ? "passed" : "failed"] += 1;
      if (!isRight) total.output += `${what}:\n${output}\n`;
    }
    return total;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** What jest says of an ES module that it is not to transform. */
const REFUSAL = "Must use import to load ES Module";
