/**
 * The kinds of reference cases, and the functions that compute them.
 *
 * Modules are loaded when first needed: a package that does not load fails only its own cases. The engine has been
 * selected before, in engine.mjs.
 */

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./case-file.mjs").Values} Values */
/** @typedef {import("./compare.mjs").Rule} Rule */
/** @typedef {import("./compare.mjs").Finding} Finding */

/**
 * Result of computing a case. Quantities that the case does not list are ignored; listed quantities that are missing
 * fail.
 *
 * @typedef {object} Computed
 * @property {Record<string, Values | string>} outputs
 * @property {Record<string, Values>} [grads]
 * @property {number} [objective] - objective of the gradients, if the case records it.
 * @property {{ outputs?: Record<string, Rule>, grads?: Record<string, Rule> }} [rules] - rules that replace `close`.
 * @property {boolean} [sorted] - whether the computation sorts slots; see `close`; default: true.
 * @property {Record<string, (index: number) => number | undefined>} [alternatives] - second correct values of
 *   gradients.
 * @property {Finding[]} [checks] - other comparisons.
 * @property {string[]} [notes] - notes for the report.
 * @property {string[]} [extra] - names in `extra` that were used.
 */

const modules = {
  addressing: () => import("./addressing.mjs"),
  access: () => import("./access.mjs"),
  core: () => import("./core.mjs"),
  losses: () => import("./losses.mjs"),
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
  "addressing-masked-content": ["addressing", "maskedContent"],
  "addressing-sharpen": ["addressing", "sharpen"],
  "util-batch-invert-permutation": ["util", "batchInvertPermutation"],
  "util-batch-gather": ["util", "gather"],
  "util-reduce-prod": ["util", "reduceProd"],
  "access-step": ["access", "accessStep"],
  "core-dnc": ["core", "coreDnc"],
  "repeat-copy-cost": ["tasks", "repeatCopyCost"],
  "repeat-copy-data": ["tasks", "repeatCopyData"],
  "loss-softmax": ["losses", "lossSoftmax"],
  "loss-squared": ["losses", "lossSquared"],
  training: ["training", "training"],
};

/**
 * Finds the function that computes cases of a kind.
 *
 * @param {string} kind
 * @returns {Promise<(file: CaseFile) => Promise<Computed>>}
 * @throws Error if the kind is unknown, or its modules cannot be loaded.
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
