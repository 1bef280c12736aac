/** Which implementation computes the cases: TensorFlow.js ops, or the fused engine where it takes part. */

/** @type {{ name: "ops" | "wasm", threads: number }} */
export const engine = { name: "ops", threads: 1 };

/** Values of the program's options. */
export const ENGINE_OPTIONS = {
  engine: ["ops", "wasm"],
  "instruction-set": ["simd", "relaxed-simd"],
  threads: undefined,
};

/**
 * Makes the fused engine compute from now on, if that is asked for.
 *
 * @param {Record<string, string>} options - by the names of `ENGINE_OPTIONS`.
 * @returns {Promise<string | undefined>} what is wrong, if anything.
 */
export async function selectEngine({ engine: name = "ops", threads: count = "1", "instruction-set": instructionSet }) {
  const threads = Number(count);
  if (!Number.isInteger(threads) || threads < 1) return `--threads: expected a positive integer, got ${count}.`;
  if (name === "ops") return undefined;
  const wasm = await import("@dnc/engine-wasm");
  wasm.configureEngine({ threads, ...(instructionSet === undefined ? {} : { instructionSet }) });
  const ready = await wasm.startThreads(threads);
  if (ready < threads) return `--threads: ${threads} were asked for, this machine started ${ready}.`;
  Object.assign(engine, { name, threads });
  return undefined;
}
