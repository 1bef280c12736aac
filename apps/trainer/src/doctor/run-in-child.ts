import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ProbeResult, ProbeTarget } from "./probe-backend.js";

const CHILD = fileURLToPath(new URL("./child.js", import.meta.url));
/** Timeout in seconds: a software graphics driver may take minutes. */
const TIMEOUT_SECONDS = 180;
/** Maximum number of characters of a failed child's output in the result. */
const MAX_OUTPUT = 300;

/**
 * Probes a backend in a separate process.
 *
 * @param options - `timeoutSeconds`: longest time to wait; default: 180.
 * @returns the result. If the process ends without one or takes too long, the result is that the backend does not run.
 */
export function runInChild(target: ProbeTarget, { timeoutSeconds = TIMEOUT_SECONDS } = {}): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = fork(CHILD, [target], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let output = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-MAX_OUTPUT);
    });
    const fail = (what: string) => {
      const last = output.trim().split("\n").at(-1) ?? "";
      resolve({ runs: false, what: last ? `${what}: ${last}` : what, remedy: "use --backend cpu", facts: [] });
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail(`it does not answer within ${timeoutSeconds} s`);
    }, timeoutSeconds * 1000);
    child.once("message", (result) => resolve(result as ProbeResult));
    child.once("error", (error) => fail(error.message));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      fail(signal ? `it crashes the process (${signal})` : `it ends the process with status ${code}`);
    });
  });
}
