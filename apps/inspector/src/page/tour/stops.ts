import { formatNumber } from "../trace/describe-step.js";
import type { SequenceTrace } from "../trace/trace.js";
import type { RepeatFacts } from "./repeat-facts.js";

/** A stop of the tour: what is said, and what is looked at. */
export interface Stop {
  readonly title: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  readonly step: number;
  /** Class names of the panels that are looked at. */
  readonly panels: readonly string[];
  /** The slot that is followed. */
  readonly slot?: number | undefined;
}

/** From which weight or gate on the tour says that something happens. */
const CLEAR = 0.5;

/**
 * The stops of the tour through a sequence of repeat copy. Each is there only if what it says is true of this sequence; every number in it is read
 * from the trace.
 */
export function stopsOf(trace: SequenceTrace, facts: RepeatFacts): readonly Stop[] {
  const all = [task, writing, movingOn, linking, findingTheStart, followingLinks, startingOver, freeing];
  return all.flatMap((stop) => stop(trace, facts) ?? []);
}

type StopMaker = (trace: SequenceTrace, facts: RepeatFacts) => Stop | undefined;

const task: StopMaker = (_, { patternSteps, repeats, bits }) => ({
  title: "What the network does",
  text: [
    `This network has learned to repeat. It sees ${patternSteps.length} columns of ${bits} bits, one per time step, then a number that says how often: ${times(repeats)}. Then the input ends, and it has to give the columns again, ${times(repeats)}.`,
    "For that it has a memory, to which it can write and from which it can read. It was never told how to use it. Watch what it does.",
  ],
  step: patternSteps[0] ?? 0,
  panels: ["sequence"],
});

const writing: StopMaker = (trace, { writes }) => {
  const [first] = writes;
  if (!first || first.weight < CLEAR) return undefined;
  return {
    title: "It writes",
    text: [
      `The memory has ${trace.slots} slots, each a row of ${trace.wordSize} numbers. The first column is written to slot ${first.slot}, with a weight of ${formatNumber(first.weight)}: nearly all of it goes to this one slot.`,
      `The write gate is ${formatNumber(gate(trace, "writeGate", first.step))}. At 0 nothing would be written.`,
    ],
    step: first.step,
    panels: ["memory"],
    slot: first.slot,
  };
};

const movingOn: StopMaker = (trace, { writes }) => {
  const [first, second] = writes;
  if (!first || !second || !areDifferent(writes) || writes.some(({ weight }) => weight < CLEAR)) return undefined;
  const usage = trace.at("usage", second.step)[first.slot] ?? 0;
  const allocation = gate(trace, "allocationGate", second.step);
  if (usage < CLEAR || allocation < CLEAR) return undefined;
  return {
    title: "Why the write head moves on",
    text: [
      `One step later the usage of slot ${first.slot} is ${formatNumber(usage)}: it is taken. The allocation gate is ${formatNumber(allocation)}, so the head writes where the memory is free, and that is slot ${second.slot} now.`,
      `So each column gets a slot of its own: ${list(writes.map(({ slot }) => String(slot)))}. Usage keeps them from being overwritten.`,
    ],
    step: second.step,
    panels: ["memory", "heads"],
    slot: second.slot,
  };
};

const linking: StopMaker = (trace, { writes }) => {
  const step = writes.at(-1)?.step ?? 0;
  const links = writes.slice(1).map(({ slot }, index) => {
    const before = writes[index]?.slot ?? 0;
    return { slot, before, strength: trace.at("link", step, 0)[slot * trace.slots + before] ?? 0 };
  });
  const [first] = links;
  if (!first || links.some(({ strength }) => strength < CLEAR)) return undefined;
  return {
    title: "Links remember the order",
    text: [
      `The link matrix notes which slot was written after which. The cell in the row of slot ${first.slot} and the column of slot ${first.before} is ${formatNumber(first.strength)}: slot ${first.slot} was written right after slot ${first.before}.`,
      `Together the bright cells form a chain: ${[first.before, ...links.map(({ slot }) => slot)].join(" → ")}.`,
    ],
    step,
    panels: ["links"],
  };
};

const findingTheStart: StopMaker = (trace, { writes, reads }) => {
  const [written, read] = [writes[0], reads[0]];
  if (!written || !read || read.slot !== written.slot || read.by !== "content" || read.weight < CLEAR) return undefined;
  return {
    title: "It finds the beginning by content",
    text: [
      `The input has ended, and the read head has to find the first column. It looks for a slot whose content matches a key: the share of its content mode is ${formatNumber(mode(trace, read.step, "content"))}.`,
      `It finds slot ${read.slot}, to which the first column was written${isRight(trace, read.step) ? ", and the output is right" : ""}.`,
    ],
    step: read.step,
    panels: ["heads", "memory"],
    slot: read.slot,
  };
};

const followingLinks: StopMaker = (trace, { writes, reads }) => {
  const followed = reads.slice(1, writes.length);
  const isChain = followed.every(
    ({ slot, by, weight }, index) => slot === writes[index + 1]?.slot && by === "forward" && weight >= CLEAR,
  );
  const [second] = followed;
  if (!second || !isChain) return undefined;
  return {
    title: "It follows the links",
    text: [
      `Now the forward mode has a share of ${formatNumber(mode(trace, second.step, "forward"))}. The head goes from the slot that it read before to the one that was written after it: from ${reads[0]?.slot} to ${second.slot}. It does not have to know what is there.`,
      `The next reads go on in this way, through ${list(followed.map(({ slot }) => String(slot)))}: the order in which they were written. In the link matrix the cell that it follows is outlined.`,
    ],
    step: second.step,
    panels: ["links", "heads"],
  };
};

const startingOver: StopMaker = (trace, { writes, reads, repeats }) => {
  const [first, last] = [writes[0], writes.at(-1)];
  const again = reads[writes.length];
  if (!first || !last || !again || repeats < 2 || again.slot !== first.slot || again.by !== "content") return undefined;
  const back = trace.at("link", again.step, 0)[first.slot * trace.slots + last.slot] ?? 0;
  return {
    title: "It starts over",
    text: [
      `The pattern has been given once, and has to be given ${times(repeats)}. The link from slot ${last.slot} back to slot ${first.slot} is ${formatNumber(back)}, so the head finds slot ${again.slot} by its content again, with a share of ${formatNumber(mode(trace, again.step, "content"))}, and begins once more.`,
    ],
    step: again.step,
    panels: ["sequence", "heads"],
    slot: again.slot,
  };
};

const freeing: StopMaker = (trace, { writes, reads }) => {
  const falls = reads.flatMap(({ step, slot }) => {
    const isWritten = writes.some((write) => write.slot === slot);
    if (!isWritten || step + 1 >= trace.timeSteps) return [];
    const [before, after] = [usageOf(trace, slot, step), usageOf(trace, slot, step + 1)];
    return [{ slot, step: step + 1, before, after, fall: before - after }];
  });
  const [most] = [...falls].sort((a, b) => b.fall - a.fall);
  if (!most || most.fall < CLEAR) return undefined;
  const { slot, step, before, after } = most;
  const later = reads.find((read) => read.slot === slot && read.step > step && read.weight >= CLEAR);
  const isKept = later !== undefined && isUnchanged(trace, slot, step - 1, later.step);
  return {
    title: "It lets go",
    text: [
      `The read head has a free gate, here at ${formatNumber(gate(trace, "freeGate", step))}: the slot that it has just read may be used again. The usage of slot ${slot} falls from ${formatNumber(before)} to ${formatNumber(after)}.`,
      ...(isKept
        ? [
            `Freeing does not erase: nothing was written there, so slot ${slot} can still be read at step ${later.step}.`,
          ]
        : []),
    ],
    step,
    panels: ["memory", "slot"],
    slot,
  };
};

function usageOf(trace: SequenceTrace, slot: number, step: number): number {
  return trace.at("usage", step)[slot] ?? 0;
}

/** Whether the word of a slot stays about the same from a step to a later one. */
function isUnchanged(trace: SequenceTrace, slot: number, from: number, to: number): boolean {
  const [before, after] = [trace.at("memory", from, slot), trace.at("memory", to, slot)];
  const size = Math.hypot(...before);
  return Math.hypot(...before.map((value, index) => value - (after[index] as number))) < 0.1 * size;
}

/** Whether every bit of the output is right at a step. */
function isRight(trace: SequenceTrace, step: number): boolean {
  const target = trace.at("target", step);
  return trace.at("output", step).every((value, channel) => Number(value > 0.5) === target[channel]);
}

function gate(trace: SequenceTrace, name: string, step: number): number {
  return trace.at(name, step)[0] ?? 0;
}

/** The share of a mode of the first read head; with several write heads, of all of them together. */
function mode(trace: SequenceTrace, step: number, name: "backward" | "forward" | "content"): number {
  const modes = trace.at("readMode", step, 0);
  const writeHeads = (modes.length - 1) / 2;
  const [from, to] = {
    backward: [0, writeHeads],
    forward: [writeHeads, 2 * writeHeads],
    content: [2 * writeHeads, modes.length],
  }[name] as [number, number];
  return modes.subarray(from, to).reduce((sum, share) => sum + share, 0);
}

function areDifferent(visits: readonly { readonly slot: number }[]): boolean {
  return new Set(visits.map(({ slot }) => slot)).size === visits.length;
}

function times(count: number): string {
  return ["never", "once", "twice"][count] ?? `${count} times`;
}

/** Joins words: `1, 2 and 3`. */
function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
