import { planRun } from "../src/flags/plan.js";
import { readSettings } from "../src/flags/settings.js";
import { openSession } from "../src/run/session.js";

/** Opens a run to resume it, as `dnc train --resume` does, and closes it again; returns the notices for the user. */
export async function resume(run: string, words = {}): Promise<string[]> {
  const notices: string[] = [];
  const settings = readSettings({ resume: run, num_training_iterations: "8", ...words });
  const session = await openSession(await planRun(settings), "cpu", (text) => notices.push(text));
  await session.close();
  return notices;
}
