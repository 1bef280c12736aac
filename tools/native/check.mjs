/** Whether a native backend works, asked of the trainer in a process of its own. */
import { fileURLToPath } from "node:url";
import { run } from "../process.mjs";

/**
 * @param {"node" | "cuda"} name
 * @returns {Promise<{ works: boolean, what: string }>} what computes, or why nothing does.
 */
export async function check(name) {
  const { status, output } = await run([process.execPath, fileURLToPath(import.meta.url), name]);
  const answer = output.split("\n").findLast((line) => line.startsWith("{"));
  if (answer !== undefined) return JSON.parse(answer);
  return { works: false, what: `it ends the process with status ${status}: ${output.trim().split("\n").at(-1)}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { probeBackend } = await import("../../apps/trainer/dist/backends/select-backend.js");
  const attempt = await probeBackend(process.argv[2]);
  const what = attempt.works ? attempt.description : `${attempt.reason}; ${attempt.fix}`;
  process.stdout.write(`${JSON.stringify({ works: attempt.works, what })}\n`, () => process.exit(0));
}
