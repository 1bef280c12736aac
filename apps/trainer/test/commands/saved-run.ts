import type { CommandLineWords } from "@dnc/settings";
import { vi } from "vitest";
import { main } from "../../src/main.js";
import { train } from "../../src/run/train.js";
import { createRun, smallSettings } from "../support.js";

/** Creates the folder of a small run of six iterations, with checkpoints at 2, 4 and 6; removed after the test. */
export async function savedRun(words: CommandLineWords = {}): Promise<string> {
  const iterations = { num_training_iterations: "6", report_interval: "1", checkpoint_interval: "2" };
  const parts = await createRun(smallSettings({ ...iterations, ...words }));
  await train(parts);
  await parts.run.close();
  return parts.run.folder;
}

/**
 * Runs a command in this process: another process would take a second to start. The README's commands and those on task
 * files are tested in processes.
 *
 * @param args - arguments as on the command line.
 * @returns the exit status and what was printed.
 */
export async function dnc(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  const writers = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation(((text: string, done?: () => void) => {
      said[name] += text;
      done?.();
      return true;
    }) as typeof process.stdout.write),
  );
  try {
    const status = await main(args, { program: "dnc" });
    return { status, ...said };
  } finally {
    for (const writer of writers) writer.mockRestore();
  }
}
