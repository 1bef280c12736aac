/**
 * The kinds of reference cases and who computes them.
 *
 * Loaded when first needed: a package that does not load fails its own cases only. Which engine computes has been
 * decided by then, in engine.mjs.
 */

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./case-file.mjs").Values} Values */
/** @typedef {import("./compare.mjs").Rule} Rule */
/** @typedef {import("./compare.mjs").Finding} Finding */

/**
 * What a kind computes. Quantities that the case does not list are ignored; ones that it lists and that are not here fail.
 *
 * @typedef {object} Computed
 * @property {Record<string, Values | string>} outputs
 * @property {Record<string, Values>} [grads]
 * @property {number} [objective] - of the gradients, where the case records it.
 * @property {{ outputs?: Record<string, Rule>, grads?: Record<string, Rule> }} [rules] - other than the usual closeness.
 * @property {boolean} [sorted] - false: no slots are sorted on the way; see `close`.
 * @property {Record<string, (index: number) => number | undefined>} [alternatives] - gradients that are as good.
 * @property {Finding[]} [checks] - whatever else was compared.
 * @property {string[]} [notes] - what a reader of the report should know.
 * @property {string[]} [extra] - names in `extra` that were used.
 */

const modules = {
  addressing: () => import("./addressing.mjs"),
  access: () => import("./access.mjs"),
  core: () => import("./core.mjs"),
  tasks: () => import("./tasks.mjs"),
  training: () => import("./training.mjs"),
  util: () => import("./util.mjs"),
};

const kinds = {
  "addressing-cosine-weights": ["addressing", "cosineWeights"],
  "addressing-weighted-softmax": ["addressing", "softmaxWeights"],
  "addressing-temporal-linkage": ["addressing", "temporalLinkage"],
  "addressing-freeness-usage": ["addressing", "freenessUsage"],
  "addressing-freeness-allocation": ["addressing", "freenessAllocation"],
  "addressing-write-allocation-weights": ["addressing", "writeAllocation"],
  "util-batch-invert-permutation": ["util", "batchInvertPermutation"],
  "util-batch-gather": ["util", "gather"],
  "util-reduce-prod": ["util", "reduceProd"],
  "access-step": ["access", "accessStep"],
  "core-dnc": ["core", "coreDnc"],
  "repeat-copy-cost": ["tasks", "repeatCopyCost"],
  "repeat-copy-data": ["tasks", "repeatCopyData"],
  training: ["training", "training"],
};

/**
 * The function that computes cases of a kind.
 *
 * @param {string} kind
 * @returns {Promise<(file: CaseFile) => Promise<Computed>>}
 * @throws Error if there is no such kind, or if what it needs cannot be loaded.
 */
export async function computerOf(kind) {
  if (!Object.hasOwn(kinds, kind))
    throw new Error(`unknown kind "${kind}"; expected one of ${Object.keys(kinds).join(", ")}`);
  const [module, name] = kinds[kind];
  try {
    return (await modules[module]())[name];
  } catch (error) {
    throw new Error(`cannot load what it needs (has everything been built?): ${error.message}`);
  }
}
