import { shellWord } from "../terminal/shell-word.js";
import { visibleLine } from "../terminal/visible.js";

/** A run failed for an unforeseen reason. */
export class RunFailedError extends Error {
  override readonly name = "RunFailedError";

  /** @param checkpoint - path of the last good one, if one was written. */
  constructor(
    cause: unknown,
    { step, run, checkpoint }: { step: number; run: string; checkpoint: string | undefined },
  ) {
    const what = (cause instanceof Error ? cause.message || cause.name : String(cause)).replaceAll(/\s+/g, " ");
    const lines = [
      `the run ended after iteration ${step}: ${what}`,
      `last good checkpoint: ${(checkpoint && visibleLine(checkpoint)) ?? "none was written; --checkpoint_interval says how often one is"}`,
      ...(checkpoint === undefined ? [] : [`dnc train --resume=${shellWord(run)} resumes from it`]),
    ];
    super(lines.join("\n"), { cause });
  }
}
