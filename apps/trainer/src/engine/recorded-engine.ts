import { visibleLine } from "@dnc/report";
import type { EngineName, EngineRecord } from "./engine-name.js";

/**
 * Reads from the state of a checkpoint which engine of the CPU backend computed it. Without the field `engine` it was
 * WebAssembly, the only engine that there was.
 */
export function recordedEngine({ engine, instruction_set: set }: Readonly<Record<string, unknown>>): EngineRecord {
  return {
    name: typeof engine === "string" ? engine : "wasm",
    instructionSet: typeof set === "string" ? set : null,
  };
}

/**
 * Explains why a resumed run rounds differently from here on.
 *
 * @param previous - the engine of its checkpoint.
 * @param selected - the engine from now on.
 * @param requested - the engine that was requested.
 * @returns a sentence; undefined if engine and instruction set are the same.
 */
export function whyOtherBits(
  previous: EngineRecord,
  selected: EngineRecord,
  requested: EngineName | "auto",
): string | undefined {
  const [name, set] = [previous.name, previous.instructionSet].map((text) => text && visibleLine(text));
  const continues = "numbers continue within tolerance, not to the last bit";
  if (requested !== "auto" && previous.name !== selected.name) return `the run was on engine ${name}: its ${continues}`;
  // A checkpoint without an instruction set does not say what its last bits depend on.
  if (set === null || (previous.name === selected.name && previous.instructionSet === selected.instructionSet))
    return undefined;
  return `this machine has no ${name === "wasm" ? set : `${name} engine with ${set}`}: the run's ${continues}`;
}
