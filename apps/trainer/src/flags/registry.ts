import { FLAGS, type Flag } from "@dnc/settings/flags";
import {
  COMPARE_FLAGS,
  DOCTOR_FLAGS,
  EVAL_FLAGS,
  GRADE_FLAGS,
  INSPECT_FLAGS,
  PRESETS_FLAGS,
  REPORT_FLAGS,
  SWEEP_FLAGS,
  TRACE_FLAGS,
} from "./command-flags.js";

/** An example for a help: its purpose, and the words after the name of the program. */
export type Example = readonly [purpose: string, words: string];

/** Description of a command for the command line. */
export interface CommandEntry {
  readonly name:
    | "train"
    | "presets"
    | "compare"
    | "sweep"
    | "eval"
    | "grade"
    | "trace"
    | "report"
    | "inspect"
    | "doctor";
  /** A line in the list of commands. */
  readonly summary: string;
  /** A paragraph above the flags. */
  readonly description: string;
  readonly flags: readonly Flag[];
  /** Examples below the flags. */
  readonly examples: readonly Example[];
  /** Whether its first argument is the folder of a run; default: false. */
  readonly takesRun?: boolean;
  /** Whether its first argument is the name of a preset; default: false. */
  readonly takesPreset?: boolean;
  /** Whether its first argument is the file of a sweep; default: false. */
  readonly takesSweep?: boolean;
  /** Whether folders of further runs may follow the first; default: false. */
  readonly takesMoreRuns?: boolean;
}

/** Examples in the help of the program. */
export const EXAMPLES: readonly Example[] = [
  ["Trains the reference's network; Ctrl-C ends it and keeps everything", "train"],
  ["Shows a run on one page, with its curves, samples, accuracy and memory", "report RUN"],
  ["Measures what the network has learned, on new sequences", "eval RUN"],
  ["Explains a command and its flags", "train --help"],
];

/** Every command of `dnc`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "train",
    summary: "train a DNC on a task",
    description:
      "Trains a DNC on a task. --memory_size=64, --memory-size=64 and --memory-size 64 are one flag. Flags that are not listed go to the function that the file of --task exports.",
    flags: FLAGS,
    examples: [
      ["Trains the reference's network on repeat copy", "train"],
      [
        "Trains a larger memory on longer patterns, the same each time",
        "train --memory_size=32 --max_length=6 --seed=3",
      ],
      ["Resumes a run where it stopped", "train --resume=RUN"],
      ["Repeats a run", "train --config=RUN/config.json"],
      ["Trains a task of the literature", "train --preset=associative-recall"],
    ],
  },
  {
    name: "presets",
    summary: "list the tasks of the literature that `dnc train --preset` trains",
    description: "Lists the presets: what each trains, how long that takes on two cores, and its grade.",
    flags: PRESETS_FLAGS,
    examples: [
      ["Lists all presets", "presets"],
      ["Shows one with all its settings", "presets --show=associative-recall"],
    ],
  },
  {
    name: "compare",
    summary: "train variants of a preset with several seeds, grade them, and show them on one page",
    description:
      "Trains a preset in every combination of the settings that vary, with every seed, one thread for each run; grades the runs and writes a page that compares them. Started again, it goes on where it stopped.",
    flags: COMPARE_FLAGS,
    examples: [
      [
        "Compares a network with masking and without, with three seeds",
        "compare key-value --vary=masking=true,false --seeds=1,2,3",
      ],
      ["Compares sizes of the memory", "compare copy --vary=memory_size=32,64"],
    ],
    takesPreset: true,
  },
  {
    name: "sweep",
    summary: "train many runs that a file plans, on this machine or on a Ray cluster",
    description:
      "Trains every combination of what varies in FILE with every seed, on this machine or on a Ray cluster; runs that are worse than others can end early. Started again, it goes on where it was.",
    flags: SWEEP_FLAGS,
    examples: [
      ["Prints the runs and an estimate of the time", "sweep sweep.json --plan"],
      ["Trains them here", "sweep sweep.json --results=runs/sweep"],
      ["Trains them on a cluster", "sweep sweep.json --on=http://127.0.0.1:8265 --results=DIR"],
    ],
    takesSweep: true,
  },
  {
    name: "eval",
    summary: "measure what a run has learned, also on longer sequences or with more memory",
    description:
      "Measures a trained network on new sequences. Lengths, repeats and memory may exceed those of the training.",
    flags: EVAL_FLAGS,
    examples: [
      ["Measures the newest checkpoint on sequences like those of the training", "eval RUN"],
      ["Measures longer patterns, with more memory", "eval RUN --min_length=5 --max_length=10 --memory_size=64"],
      ["Measures the best checkpoint, for a program", "eval RUN --checkpoint=best --json"],
      ["Measures a published network, on longer patterns", "eval --pretrained=copy --max_length=40"],
    ],
    takesRun: true,
  },
  {
    name: "grade",
    summary: "say whether a run has reached what its preset asks for",
    description:
      "Measures a trained network on new sequences by the grade of its preset: the figure, its standard error, the bound, and what was published. The status is 0 if it has passed, otherwise 1.",
    flags: GRADE_FLAGS,
    examples: [
      ["Grades the newest checkpoint", "grade RUN"],
      ["Grades the best one, for a program", "grade RUN --checkpoint=best --json"],
      ["Grades a published network", "grade --pretrained=associative-recall"],
    ],
    takesRun: true,
  },
  {
    name: "trace",
    summary: "write everything that the network does over one sequence",
    description: "Writes everything that a trained network decides, reads and writes over one new sequence, as JSON.",
    flags: TRACE_FLAGS,
    examples: [
      ["Writes a trace to a file", "trace RUN --out=trace.json"],
      ["Traces a longer pattern", "trace RUN --length=8 --out=trace.json"],
      ["Traces a published network", "trace --pretrained=copy --seed=3 --out=trace.json"],
    ],
    takesRun: true,
  },
  {
    name: "report",
    summary: "show a run on a page: its curves, samples, accuracy and memory; or compare several",
    description:
      "Makes one HTML page of a run, which needs nothing else: curves, samples, accuracy and memory. Of several runs it makes a page that compares them, with mean and deviation over seeds; of the results of `dnc sweep` one with settings and metric.",
    flags: REPORT_FLAGS,
    examples: [
      ["Writes RUN/report.html", "report RUN"],
      ["Compares runs, for example seeds", "report RUN OTHER --out=comparison.html"],
      ["Writes RESULTS/report.html of a sweep, and its figures", "report RESULTS --svg=figures"],
      ["Writes another file, with a larger map of accuracy", "report RUN --max_length=10 --out=page.html"],
      ["Writes copy.html, of a published network", "report --pretrained=copy"],
    ],
    takesRun: true,
    takesMoreRuns: true,
  },
  {
    name: "inspect",
    summary: "watch the memory at work on a page in the browser, also while a run trains",
    description:
      "Serves the inspector to this machine alone, on an address with a token: a page that shows the memory step by step, answers the sequences that one draws, and follows a run that trains. Ctrl-C ends it.",
    flags: INSPECT_FLAGS,
    examples: [
      ["Opens a run", "inspect RUN"],
      ["Opens a published network", "inspect --pretrained=repeat-copy-small"],
      ["Prints the address, for another browser", "inspect RUN --no_open --port=8080"],
    ],
    takesRun: true,
  },
  {
    name: "doctor",
    summary: "check which backends work here, how fast they are, and what the others need",
    description:
      "Examines the backends: what each needs and has, whether a training step on it is right, and how fast.",
    flags: DOCTOR_FLAGS,
    examples: [
      ["Examines every backend", "doctor"],
      ["Examines one", "doctor --backend=webgpu"],
    ],
  },
];
