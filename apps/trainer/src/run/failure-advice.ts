import { shellWord } from "@dnc/report";
import { type RunFailedError, RunWriteError } from "@dnc/runs";

/** Adds advice for the user to the message of a failed run. */
export function withAdvice(error: RunFailedError): RunFailedError {
  const { lastCheckpoint } = error;
  const hint = lastCheckpoint === undefined ? "; --checkpoint_interval says how often one is" : "";
  error.message = [`${error.message}${hint}`, ...advice(error)].join("\n");
  return error;
}

function advice({ record, cause, folder, lastCheckpoint }: RunFailedError): string[] {
  if (record) return ["a smaller --learning_rate or --max_grad_norm may help"];
  if (lastCheckpoint === undefined) return [];
  const resume = `dnc train --resume=${shellWord(folder)}`;
  return cause instanceof RunWriteError
    ? [`${resume} --checkpoint_dir=NEW_FOLDER resumes from it in another folder`]
    : [`${resume} resumes from it`];
}
