import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ProbeResult, ProbeTarget } from "./probe-backend.js";

const CHILD = fileURLToPath(new URL("./child.js", import.meta.url));
/** Timeout, in seconds: a software graphics driver may need minutes. */
const TIMEOUT_SECONDS = 180;
/** Maximum number of characters of a failed child's output in the result. */
const LAST_WORDS = 300;

/**
 * Probes a backend in a separate process.
 *
 * @returns the result; that the backend does not run, if the process ends without one or takes too long.
 */
export function runInChild(target: ProbeTarget, { timeoutSeconds = TIMEOUT_SECONDS } = {}): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = fork(CHILD, [target], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let words = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-LAST_WORDS);
    });
    const failed = (what: string) => {
      const last = words.trim().split("\n").at(-1) ?? "";
      resolve({ runs: false, what: last ? `${what}: ${last}` : what, remedy: "use --backend cpu", facts: [] });
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      failed(`it does not answer within ${timeoutSeconds} s`);
    }, timeoutSeconds * 1000);
    child.once("message", (answer) => resolve(answer as ProbeResult));
    child.once("error", (error) => failed(error.message));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      failed(signal ? `it crashes the process (${signal})` : `it ends the process with status ${code}`);
    });
  });
}
