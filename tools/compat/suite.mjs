/** Commands in a copy of the workspace, by a chosen Node, and what they count. */
import { delimiter, dirname, relative } from "node:path";
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { withVulkan } from "../testing/vulkan.mjs";

/** What a process that was told to end (SIGINT, SIGTERM) says. */
const INTERRUPTED = [130, 143];

/** @typedef {{ passed: number, failed: number, skipped: number, output: string }} Outcome - `output` of what failed. */

/**
 * Runs scripts of the copy, one after the other. One that counts its tests on its last line adds them; any other is one
 * that passed or failed. After a failure the rest still runs.
 *
 * @param {string} place - the copy.
 * @param {string} node - the program.
 * @param {string[][]} scripts - file and arguments.
 * @returns {Promise<Outcome>}
 * @throws Error if it is interrupted.
 */
export async function runScripts(place, node, scripts) {
  const total = { passed: 0, failed: 0, skipped: 0, output: "" };
  for (const script of scripts) {
    const { status, output } = await run([node, ...script], { cwd: place, env: environment(node) });
    if (INTERRUPTED.includes(status)) throw new Error("interrupted");
    const counts = countsOf(output) ?? { passed: status === 0 ? 1 : 0, failed: 0, skipped: 0 };
    // It counted no failure, and failed: it did not get that far.
    if (status !== 0 && counts.failed === 0) counts.failed = 1;
    for (const key of ["passed", "failed", "skipped"]) total[key] += counts[key];
    if (counts.failed > 0) total.output += output;
  }
  return total;
}

/** What a run of tests says on its last line, and of what it skipped on the line before; undefined if it says nothing. */
export function countsOf(output) {
  const [before = "", line] = ["", ...output.trimEnd().split("\n")].slice(-2);
  const [found, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(line) ?? [];
  if (found === undefined) return undefined;
  const [, skipped = "0"] = /^(\d+) skipped: /.exec(before) ?? [];
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}

/** The environment in which `node` is this Node for whatever starts it, and nothing is found in this clone. */
export function environment(node, env = process.env) {
  const path = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const elsewhere = (env[path] ?? "").split(delimiter).filter((folder) => relative(root, folder).startsWith(".."));
  const kept = Object.entries(env).filter(
    ([name]) => !/^(npm_(lifecycle|package|node)_\w+|NODE|INIT_CWD)$/i.test(name),
  );
  return withVulkan({ ...Object.fromEntries(kept), [path]: [dirname(node), ...elsewhere].join(delimiter) });
}
