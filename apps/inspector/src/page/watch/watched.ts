import type { Readout } from "../app/readout.js";
import type { SequenceView } from "../trace/sequence-view.js";
import type { SequenceTrace } from "../trace/trace.js";
import type { Playback } from "./playback.js";

/** What the parts of the view have in common: the sequence, the place in it, and the slot that is followed. */
export interface Watched {
  readonly view: SequenceView;
  readonly trace: SequenceTrace;
  /** Slots in the order in which they are shown: by their first write. */
  readonly slotOrder: readonly number[];
  readonly playback: Playback;
  readonly readout: Readout;
  /** Follows a slot through time; undefined: none. */
  follow(slot: number | undefined): void;
}

/** A part of the view, which is made anew for each sequence. */
export interface Part {
  readonly element: HTMLElement;
  showStep?(step: number): void;
  /** Marks the slot that is followed; undefined: none. */
  showSlot?(slot: number | undefined): void;
}
