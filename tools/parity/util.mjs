/** The kinds `util-*`: the batched helpers of @dnc/addressing. */
import { batchGather, invertPermutation, reduceProduct } from "@dnc/addressing";
import { configInteger, inputOfShape } from "./case-file.mjs";
import { exact } from "./compare.mjs";
import { evaluateWeighted } from "./evaluate.mjs";
import { productZeroFactors } from "./zero-factors.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./kinds.mjs").Computed} Computed */

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function batchInvertPermutation(file) {
  inputOfShape(file, "permutations", [configInteger(file, "batch"), configInteger(file, "length")]);
  const computed = await evaluateWeighted(file, ({ permutations }) => ({ inverse: invertPermutation(permutations) }));
  return { ...computed, rules: { outputs: { inverse: exact } } };
}

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function gather(file) {
  const shape = [configInteger(file, "batch"), configInteger(file, "length")];
  inputOfShape(file, "values", shape);
  const computed = await evaluateWeighted(file, ({ values, indices }) => ({ gathered: batchGather(values, indices) }));
  return { ...computed, rules: { outputs: { gathered: exact } } };
}

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function reduceProd(file) {
  const axis = configInteger(file, "axis");
  const computed = await evaluateWeighted(file, ({ x }) => ({ product: reduceProduct(x, axis) }));
  return { ...computed, ...productZeroFactors(file) };
}
