import type { Dnc, TraceData } from "@dnc/core";
import type { Random } from "@dnc/tasks";
import { traceSequence as traceBatch } from "@dnc/training";
import type { Settings } from "../flags/train-flags.js";
import { createTask } from "./model.js";

/**
 * Traces all that a network does over one new sequence, with the sequence itself.
 *
 * @param settings - say what the sequence is like.
 */
export async function traceSequence(core: Dnc, settings: Settings, random: Random): Promise<TraceData> {
  return traceBatch(core, createTask(settings, 1).sampleBatch(random));
}
