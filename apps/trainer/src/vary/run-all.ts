/** Runs the commands of a comparison in processes of their own. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));

/** What a process of `dnc` said. */
export interface Said {
  /** Its exit status; null if a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `dnc` in a process of its own. */
export function runDnc(args: readonly string[]): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        said[name] += text;
      });
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, ...said }));
  });
}

/**
 * Does work for each item, several at a time, until all is done or a signal asks to end: then what is running is waited for.
 *
 * @returns whether a signal asked to end.
 */
export async function forAll<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<boolean> {
  let isAsked = false;
  // The processes receive the signal of a terminal too, and save what they have.
  const ask = () => {
    isAsked = true;
  };
  process.on("SIGINT", ask);
  process.on("SIGTERM", ask);
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined && !isAsked; item = left.shift()) await work(item);
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } finally {
    process.off("SIGINT", ask);
    process.off("SIGTERM", ask);
  }
  return isAsked;
}
