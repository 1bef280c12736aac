import { DOCTOR_FLAGS, EVAL_FLAGS, REPORT_FLAGS, TRACE_FLAGS } from "./command-flags.js";
import type { Flag } from "./flag.js";
import { FLAGS } from "./train-flags.js";

/** Description of a command for the command line. */
export interface CommandEntry {
  readonly name: "train" | "eval" | "trace" | "report" | "doctor";
  /** A line in the list of commands. */
  readonly summary: string;
  /** A paragraph above the flags. */
  readonly description: string;
  readonly flags: readonly Flag[];
  /** Whether its first argument is the folder of a run; default: false. */
  readonly takesRun?: boolean;
}

/** Every command of `dnc`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "train",
    summary: "train a DNC on a task",
    description:
      "Trains a DNC on a task. --memory_size=64, --memory-size=64 and --memory-size 64 are one flag. Flags that are not listed go to the function that the file of --task exports.",
    flags: FLAGS,
  },
  {
    name: "eval",
    summary: "measure what a run has learned, also on longer sequences or with more memory",
    description:
      "Measures a trained network on new sequences. Lengths, repeats and memory may exceed those of the training.",
    flags: EVAL_FLAGS,
    takesRun: true,
  },
  {
    name: "trace",
    summary: "write everything that the network does over one sequence",
    description: "Writes everything that a trained network decides, reads and writes over one new sequence, as JSON.",
    flags: TRACE_FLAGS,
    takesRun: true,
  },
  {
    name: "report",
    summary: "show a run on a page: its curves, samples, accuracy and memory",
    description: "Makes one HTML page of a run, which needs nothing else: curves, samples, accuracy and memory.",
    flags: REPORT_FLAGS,
    takesRun: true,
  },
  {
    name: "doctor",
    summary: "check which backends work here, how fast they are, and what the others need",
    description:
      "Examines the backends: what each needs and has, whether a training step on it is right, and how fast.",
    flags: DOCTOR_FLAGS,
  },
];
