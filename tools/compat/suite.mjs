/** Runs commands in a copy of the workspace, with a chosen Node, and counts their tests. */
import { delimiter, dirname, relative } from "node:path";
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { withVulkan } from "../testing/vulkan.mjs";

/** Exit statuses of a process after SIGINT or SIGTERM. */
const INTERRUPTED = [130, 143];

/** @typedef {{ passed: number, failed: number, skipped: number, output: string }} Outcome - `output` of what failed. */

/**
 * Runs scripts of the copy sequentially. A script that prints its test counts on its last line adds them; any other
 * counts as one test. After a failure the others still run.
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
    // It failed without counting a failure: it ended before its tests.
    if (status !== 0 && counts.failed === 0) counts.failed = 1;
    for (const key of ["passed", "failed", "skipped"]) total[key] += counts[key];
    if (counts.failed > 0) total.output += output;
  }
  return total;
}

/**
 * Parses the counts on the last line of a test run, and the skipped tests on the line before; undefined if there are
 * none.
 */
export function countsOf(output) {
  const [before = "", line] = ["", ...output.trimEnd().split("\n")].slice(-2);
  const [found, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(line) ?? [];
  if (found === undefined) return undefined;
  const [, skipped = "0"] = /^(\d+) skipped: /.exec(before) ?? [];
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}

/** Returns an environment in which child processes find this Node as `node`, and nothing of this clone. */
export function environment(node, env = process.env) {
  const path = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const elsewhere = (env[path] ?? "").split(delimiter).filter((folder) => relative(root, folder).startsWith(".."));
  const kept = Object.entries(env).filter(
    ([name]) => !/^(npm_(lifecycle|package|node)_\w+|NODE|INIT_CWD)$/i.test(name),
  );
  return withVulkan({ ...Object.fromEntries(kept), [path]: [dirname(node), ...elsewhere].join(delimiter) });
}
