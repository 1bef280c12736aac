/** Checks the packages' declarations with other compilers, as users have them: installed from tarballs. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../process.mjs";
import { installAlone, packPackages } from "../repository/packed.mjs";
import { engines, libraries } from "../repository/workspace.mjs";
import { CONSUMER } from "./consumer.mjs";
import { fetchPackage } from "./registry.mjs";
import { beginsWith, newestOf } from "./versions.mjs";

/** The oldest version that supports "moduleResolution": "bundler". */
const LOWEST = "5.0";

/** Module resolutions to test: that of Node, and that of bundlers. */
const KINDS = [
  { moduleResolution: "NodeNext", module: "NodeNext" },
  { moduleResolution: "NodeNext", module: "NodeNext", file: "consumer.cts" }, // a project of CommonJS: TS1479 before 5.8
  { moduleResolution: "Bundler", module: "ESNext" },
];

/**
 * @param {string} wanted - "lowest", "newest", or a version or prefix.
 * @param {string[]} versions - all existing versions.
 * @throws RangeError if there is none.
 */
export function resolveTypescript(wanted, versions) {
  const meant = { lowest: LOWEST, newest: "" }[wanted] ?? wanted;
  const found = newestOf(versions, (version) => meant === "" || beginsWith(version, meant));
  if (found === undefined) throw new RangeError(`--typescript: expected a version of TypeScript, got "${wanted}"`);
  return found;
}

/**
 * Compiles a program that uses every package, and checks declarations; each module resolution counts as one test.
 *
 * @returns {Promise<import("./suite.mjs").Outcome>}
 */
export async function compileConsumer(version) {
  const compiler = join(await fetchPackage("typescript", version), "bin/tsc");
  const place = mkdtempSync(join(tmpdir(), "dnc-types-"));
  try {
    const project = join(place, "project");
    const names = [...libraries, ...Object.keys(engines)];
    const tarballs = packPackages(names, place);
    const { others } = engines["engine-webgpu"];
    installAlone("engine-webgpu", project, tarballs, {
      ours: names.filter((name) => name !== "engine-webgpu"),
      others,
    });
    for (const file of ["consumer.ts", "consumer.cts"]) writeFileSync(join(project, file), CONSUMER);
    const total = { passed: 0, failed: 0, skipped: 0, output: "" };
    for (const { moduleResolution, module, file = "consumer.ts" } of KINDS) {
      const options = { module, moduleResolution, target: "ES2022", lib: ["ES2022", "DOM"] };
      const strict = { strict: true, skipLibCheck: false, noEmit: true, types: [] };
      const settings = { compilerOptions: { ...options, ...strict }, files: [file] };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify(settings));
      const { status, output } = await run([process.execPath, compiler, "-p", ".", "--pretty", "false"], {
        cwd: project,
      });
      const errors = ownErrors(output);
      const isRight = errors.length === 0 && (status === 0 || output.includes("error TS"));
      total[isRight ? "passed" : "failed"] += 1;
      if (!isRight)
        total.output += `${moduleResolution}, ${file}:\n${errors.length > 0 ? errors.join("\n") : output}\n`;
    }
    return total;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/**
 * Filters the errors in our declarations and in their uses. Errors of TensorFlow.js and of `@webgpu/types`, which most
 * users never see ("skipLibCheck"), are left out, and so are those of the compiler's libraries, which repeat the
 * latter.
 */
export function ownErrors(output) {
  const errors = output.split("\n").filter((line) => line.includes("error TS"));
  return errors.filter((line) => /node_modules\/@dnc\//.test(line) || !/^[^(]*(node_modules|lib\.dom)/.test(line));
}
