/** The record of what a sweep did, from which it goes on when it is started again. */
import { appendFileSync, closeSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Verdict } from "./decide.js";

/** What happened to a run of a sweep. */
export type SweepAction =
  | { readonly event: "started" | "resumed"; readonly submission: number }
  | { readonly event: "paused"; readonly step: number }
  | { readonly event: "finished"; readonly step: number; readonly value: number | null; readonly minutes?: number }
  | ({ readonly event: "stopped" } & Verdict)
  | { readonly event: "interrupted"; readonly reason: string }
  | { readonly event: "tried" | "failed"; readonly reason: string; readonly failures: number };

/** An event of a sweep: a line of events.jsonl. */
export type SweepEvent = { readonly run: string } & SweepAction;

/** Name of the file. */
export const EVENTS_FILE = "events.jsonl";

/** Writes events; each is on the disk before what it announces is done. */
export class EventLog {
  readonly #path: string;
  readonly #now: () => Date;

  /**
   * @param results - the folder of the sweep.
   * @param now - clock.
   */
  constructor(results: string, now: () => Date = () => new Date()) {
    this.#path = join(results, EVENTS_FILE);
    this.#now = now;
  }

  /** Reads all events. A line that is not complete is skipped, and ended. */
  read(): readonly SweepEvent[] {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
    if (text !== "" && !text.endsWith("\n")) appendFileSync(this.#path, "\n");
    return text.split("\n").flatMap((line) => {
      try {
        const event = JSON.parse(line);
        return typeof event?.run === "string" && typeof event.event === "string" ? [event] : [];
      } catch {
        return [];
      }
    });
  }

  append(event: SweepEvent): void {
    const file = openSync(this.#path, "a");
    try {
      appendFileSync(file, `${JSON.stringify({ at: this.#now().toISOString(), ...event })}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}
