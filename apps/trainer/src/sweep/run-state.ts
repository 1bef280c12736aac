import type { SweepEvent } from "./events.js";

/** Where a run of a sweep stands. */
export type RunStatus = "waiting" | "running" | "paused" | "finished" | "stopped" | "failed";

/** State of a run of a sweep: what its events add up to. */
export interface RunState {
  readonly status: RunStatus;
  /** How often it was given to the machine or the cluster. */
  readonly submission: number;
  /** How often it failed. */
  readonly failures: number;
  /** Iteration at which it ended; undefined before. */
  readonly step?: number | undefined;
  /** Value of the metric there; null if there is none. */
  readonly value?: number | null | undefined;
  /** Why it failed, or the rule that stopped it. */
  readonly reason?: string | undefined;
}

/** State of a run without events. */
export const INITIAL: RunState = { status: "waiting", submission: 0, failures: 0 };

/** Returns the state of a run after an event. */
export function afterEvent(state: RunState, event: SweepEvent): RunState {
  switch (event.event) {
    case "started":
    case "resumed":
      return { ...state, status: "running", submission: event.submission };
    case "paused":
      return { ...state, status: "paused" };
    case "interrupted":
      return { ...state, status: "waiting" };
    case "finished":
      return { ...state, status: "finished", step: event.step, value: event.value };
    case "stopped":
      return { ...state, status: "stopped", step: event.step, value: event.value, reason: event.rule };
    case "tried":
      return { ...state, status: "waiting", failures: event.failures, reason: event.reason };
    case "failed":
      return { ...state, status: "failed", failures: event.failures, reason: event.reason };
  }
}
