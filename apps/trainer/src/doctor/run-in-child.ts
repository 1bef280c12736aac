import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Examination, Examined } from "./probe-backend.js";

const CHILD = fileURLToPath(new URL("./child.js", import.meta.url));
/** A graphics driver in software needs minutes for what a GPU does at once. */
const PATIENCE_SECONDS = 180;
/** So much of what a child that failed has said is passed on. */
const LAST_WORDS = 300;

/**
 * Examines a backend in a process of its own.
 *
 * @returns what it found; that it does not run, if the process ends without an answer or takes too long.
 */
export function askChild(examined: Examined, { patienceSeconds = PATIENCE_SECONDS } = {}): Promise<Examination> {
  return new Promise((resolve) => {
    const child = fork(CHILD, [examined], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
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
      failed(`it does not answer within ${patienceSeconds} s`);
    }, patienceSeconds * 1000);
    child.once("message", (answer) => resolve(answer as Examination));
    child.once("error", (error) => failed(error.message));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      failed(signal ? `it crashes the process (${signal})` : `it ends the process with status ${code}`);
    });
  });
}
