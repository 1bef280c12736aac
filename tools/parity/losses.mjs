/** The kinds `loss-*`: the losses of @dnc/training with their gradients, and the same losses of @dnc/tasks on arrays. */
import { meanLoss } from "@dnc/tasks";
import { lossFunction } from "@dnc/training";
import { configInteger, inputOfShape, lossOf } from "./case-file.mjs";
import { compare, failed } from "./compare.mjs";
import { evaluate } from "./evaluate.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./kinds.mjs").Computed} Computed */

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function lossSoftmax(file) {
  return computed(file, lossOf({ config: { ...file.config, loss: "softmax" } }));
}

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function lossSquared(file) {
  return computed(file, { loss: "squared" });
}

async function computed(file, loss) {
  const shape = [configInteger(file, "time"), configInteger(file, "batch")];
  inputOfShape(file, "mask", shape);
  for (const name of ["logits", "target"]) inputOfShape(file, name, [...shape, configInteger(file, "output_size")]);
  const lossOfTensors = lossFunction({ ...loss, timeAverage: false, logProbInBits: false });
  const compute = ({ logits, target, mask }) => ({ loss: lossOfTensors(logits, target, mask) });
  const gradient = { objective: (outputs) => outputs.loss, of: Object.keys(file.grads) };
  const { outputs, grads } = await evaluate(file.inputs, compute, gradient.of.length > 0 ? gradient : undefined);
  return { outputs, grads, sorted: false, checks: [compareOnArrays(file, loss)] };
}

/** Compares the loss of @dnc/tasks, which is computed on plain arrays in float64. */
function compareOnArrays({ inputs, outputs }, loss) {
  const what = "outputs/loss on arrays";
  if (!outputs.loss) return failed(what, "missing");
  const [timeSteps, batchSize] = inputs.mask.shape;
  const [logits, targets, mask] = [inputs.logits, inputs.target, inputs.mask].map(({ data }) =>
    Float32Array.from(data),
  );
  const value = meanLoss(logits, { timeSteps, batchSize, targets, mask }, loss);
  const tolerance = Math.max(1e-6, 1e-6 * Math.abs(outputs.loss.data[0]));
  return compare(what, outputs.loss, { shape: [], dtype: "float32", data: [value] }, () => () => tolerance);
}
