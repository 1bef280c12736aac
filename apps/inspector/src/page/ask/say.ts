/** What an answer is, in sentences. */
import { correctness } from "../trace/errors.js";
import type { SequenceView } from "../trace/sequence-view.js";
import { SequenceTrace } from "../trace/trace.js";

/** How many of the bits, symbols or words of an answer are wrong. */
export interface Tally {
  readonly wrong: number;
  readonly counted: number;
  /** What is counted, in the plural: `bits`. */
  readonly what: string;
}

/** Counts what is wrong in an answer; undefined: nothing in it is right or wrong. */
export function tallyOf(view: SequenceView): Tally | undefined {
  if (view.withoutTargets) return undefined;
  const [query] = view.graph?.queries ?? [];
  if (query) {
    const isWrong = ({ target, output }: (typeof query.answer)[number]) =>
      (["source", "edge", "destination"] as const).some((part) => output?.[part] !== target[part]);
    const all = view.graph?.queries.flatMap(({ answer }) => answer) ?? [];
    return { wrong: all.filter(isWrong).length, counted: all.length, what: "steps" };
  }
  const { wrong, counted } = correctness(new SequenceTrace(view.trace), view);
  const what =
    view.reading === "bits"
      ? "bits"
      : view.reading === "numbers"
        ? "numbers"
        : view.title === "Your story"
          ? "words"
          : "symbols";
  return { wrong: wrong.length, counted, what };
}

/** Says how much is wrong: `All 20 bits are right.`, `3 of 52 bits are wrong.` */
export function sayTally(tally: Tally): string {
  return `${sentenceCase(share(tally))}.`;
}

/** `all 20 bits are right`, `1 of 20 bits is wrong`. */
function share({ wrong, counted, what }: Tally): string {
  const one = what.replace(/s$/, "");
  if (wrong === 0) return counted === 1 ? `the ${one} is right` : `all ${counted} ${what} are right`;
  if (counted === 1) return `the ${one} is wrong`;
  return `${wrong} of ${counted} ${what} ${wrong === 1 ? "is" : "are"} wrong`;
}

/**
 * Says what an answer is with and without a part of the network: `With links all 20 bits are right, without 9 of 20 bits are wrong.`
 *
 * @param parts - what is missing, such as `links`.
 */
export function sayLesion(parts: readonly string[], intact: Tally, lesioned: Tally): string {
  const named = parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : (parts[0] ?? "");
  return `With ${named} ${share(intact)}, without ${share(lesioned)}.`;
}

/** Says what about a question is outside of the training; empty: nothing. */
export function sayOutside(outside: readonly string[]): string {
  return outside.length === 0 ? "" : `Outside of its training: ${outside.join("; ")}.`;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
