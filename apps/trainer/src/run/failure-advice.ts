import { shellWord } from "@dnc/report";
import { type RunFailedError, RunWriteError } from "@dnc/runs";

/**
 * Adds advice for the user to the message of a failed run.
 *
 * @param program - the words that start this program; default: `dnc`.
 */
export function withAdvice(error: RunFailedError, program = "dnc"): RunFailedError {
  const { lastCheckpoint } = error;
  const hint = lastCheckpoint === undefined ? "; --checkpoint_interval says how often one is" : "";
  error.message = [`${error.message}${hint}`, ...advice(error, program)].join("\n");
  return error;
}

function advice({ record, cause, folder, lastCheckpoint }: RunFailedError, program: string): string[] {
  if (record) return ["a smaller --learning_rate or --max_grad_norm may help"];
  if (lastCheckpoint === undefined) return [];
  const resume = `${program} train --resume=${shellWord(folder)}`;
  return cause instanceof RunWriteError
    ? [`${resume} --checkpoint_dir=NEW_FOLDER resumes from it in another folder`]
    : [`${resume} resumes from it`];
}
