import { visibleLine } from "@dnc/report";
import type { Task } from "@dnc/tasks";
import type { Prediction } from "@dnc/training";
import { wrongChannels } from "./wrong-channels.js";

/** What is known about a task when one of its samples is shown. */
export type SampleTask = Pick<Task, "inputSize" | "targetSize" | "loss"> &
  Partial<Pick<Task, "groupSizes" | "channelLabels" | "formatInput">>;

/** A number of a sample. */
export type Cell = {
  /** The number as text; empty for an exact 0. */
  readonly text: string;
  /** Whether the number counts: inputs all do, targets and outputs in some time steps. */
  readonly counts: boolean;
  /** Whether it counts and is not the target. */
  readonly isWrong: boolean;
};

/** The inputs, targets or outputs of a sequence. */
export type Panel = {
  readonly title: string;
  /** One for each channel: its label, and a cell for each time step. */
  readonly rows: readonly { readonly label: string; readonly cells: readonly Cell[] }[];
  /** Time steps that have something to show: the first, and the one after the last. */
  readonly active: readonly [start: number, end: number];
};

/** Converts the first sequence of a prediction to panels: its inputs, targets and outputs. */
export function panelsOf(
  { batch, output }: Prediction,
  task: SampleTask,
): [input: Panel, target: Panel, output: Panel] {
  const { timeSteps, batchSize, inputs, targets, mask } = batch;
  const { inputSize, targetSize, formatInput = (value) => value } = task;
  const labels = task.channelLabels?.();
  const isCounted = (t: number) => mask[t * batchSize] !== 0;
  const at = (t: number, channel: number, size: number) => t * batchSize * size + channel;
  const stepOf = (values: Float32Array, t: number) =>
    values.subarray(at(t, 0, targetSize), at(t, targetSize, targetSize));
  const wrong = Array.from({ length: timeSteps }, (_, t) =>
    isCounted(t) ? wrongChannels(stepOf(output, t), stepOf(targets, t), task) : Array<boolean>(targetSize).fill(false),
  );
  const panel = (title: string, names: readonly string[] | undefined, size: number, cell: CellAt): Panel => {
    const rows = Array.from({ length: size }, (_, channel) => ({
      label: visibleLine(names?.[channel] ?? String(channel)),
      cells: Array.from({ length: timeSteps }, (_, t) => cell(t, channel)),
    }));
    const isShown = (t: number) =>
      (title !== "input" && isCounted(t)) || rows.some(({ cells }) => cells[t].text !== "");
    return { title, rows, active: rangeOf(timeSteps, isShown) };
  };
  return [
    panel("input", labels?.inputs, inputSize, (t, channel) => {
      const value = inputs[at(t, channel, inputSize)];
      return { text: cellText(formatInput(value, channel)), counts: true, isWrong: false };
    }),
    panel("target", labels?.targets, targetSize, (t, channel) => {
      const value = targets[at(t, channel, targetSize)];
      return { text: cellText(value), counts: isCounted(t), isWrong: false };
    }),
    panel("output", labels?.targets, targetSize, (t, channel) => {
      const value = output[at(t, channel, targetSize)];
      return { text: cellText(value), counts: isCounted(t), isWrong: wrong[t][channel] };
    }),
  ];
}

type CellAt = (t: number, channel: number) => Cell;

/** Finds the first time step of those with something to show, and the one after the last; all if there are none. */
function rangeOf(timeSteps: number, isShown: (t: number) => boolean): [start: number, end: number] {
  const shown = Array.from({ length: timeSteps }, (_, t) => t).filter(isShown);
  return shown.length === 0 ? [0, timeSteps] : [shown[0], (shown.at(-1) as number) + 1];
}

/** Formats a number in at most six characters: `2`, `.37`, `-1.5`, `1e+9`; an exact 0 is empty. */
function cellText(value: number): string {
  if (value === 0) return "";
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf");
  const size = Math.abs(value);
  const text = Number.isInteger(value)
    ? String(value)
    : value.toFixed(size < 1 ? 2 : size < 10 ? 1 : 0).replace(/^(-?)0\./, "$1.");
  return text.length > 6 ? value.toExponential(0) : text;
}
