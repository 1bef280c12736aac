/** Checks whether a native backend works, by starting the trainer in a separate process. */
import { fileURLToPath } from "node:url";
import { run } from "../process.mjs";

/**
 * @param {"node" | "cuda"} name
 * @returns {Promise<{ works: boolean, what: string }>} description of the backend, or why it does not work.
 */
export async function check(name) {
  const { status, output } = await run([process.execPath, fileURLToPath(import.meta.url), name]);
  const result = output.split("\n").findLast((line) => line.startsWith("{"));
  if (result !== undefined) return JSON.parse(result);
  return { works: false, what: `it ends the process with status ${status}: ${output.trim().split("\n").at(-1)}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { probeBackend } = await import("../../apps/trainer/dist/backends/select-backend.js");
  const attempt = await probeBackend(process.argv[2]);
  const what = attempt.works ? attempt.description : `${attempt.reason}; ${attempt.fix}`;
  process.stdout.write(`${JSON.stringify({ works: attempt.works, what })}\n`, () => process.exit(0));
}
