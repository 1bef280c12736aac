/** Training by the definition, step by step on the CPU backend; losses and optimizers in plain numbers. */
import { type LstmNetwork, unroll } from "@dnc/core";
import { type BatchArrays, completeTrainerOptions, type TrainerOptions, type TrainStepResult } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import type { Dnc } from "./support.js";

/** A loss of one row of logits: its value, its gradient, and whether the row is right. */
type RowLoss = (logits: number[], targets: number[]) => { loss: number; gradient: number[]; isRight: boolean };

const elementwise =
  (each: (x: number, target: number) => readonly [loss: number, gradient: number, isRight: boolean]): RowLoss =>
  (logits, targets) => {
    const found = logits.map((x, index) => each(x, targets[index]));
    return {
      loss: found.reduce((sum, [loss]) => sum + loss, 0),
      gradient: found.map(([, gradient]) => gradient),
      isRight: found.every(([, , isRight]) => isRight),
    };
  };

const sigmoid = elementwise((x, target) => [
  Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) - x * target,
  1 / (1 + Math.exp(-x)) - target,
  x > 2 ** -23 === (target === 1),
]);
const squared = elementwise((x, target) => [0.5 * (x - target) ** 2, x - target, Math.abs(x - target) < 0.5]);
const linear = elementwise((x, target) => [x * target, target, true]);

function softmax(groupSizes: readonly number[]): RowLoss {
  return (logits, targets) => {
    let [at, loss, isRight] = [0, 0, true];
    const gradient: number[] = [];
    for (const size of groupSizes) {
      const [x, y] = [logits.slice(at, at + size), targets.slice(at, at + size)];
      const largest = Math.max(...x);
      const total = x.reduce((sum, value) => sum + Math.exp(value - largest), 0);
      const weight = y.reduce((sum, value) => sum + value, 0);
      for (const [index, value] of x.entries()) {
        loss -= y[index] * (value - largest - Math.log(total));
        gradient.push((weight * Math.exp(value - largest)) / total - y[index]);
      }
      isRight &&= x.indexOf(largest) === y.indexOf(Math.max(...y));
      at += size;
    }
    return { loss, gradient, isRight };
  };
}

/** Results of each step, and the parameters and the optimizer's quantities after the last. */
export type PlainTraining = {
  readonly steps: readonly TrainStepResult[];
  readonly parameters: Float32Array;
  readonly moments: readonly Float64Array[];
};

/**
 * Trains a core on the CPU backend.
 *
 * @param learningRates - one for each batch; default: that of the options.
 */
export async function plainTraining(
  core: Dnc | LstmNetwork,
  batches: readonly BatchArrays[],
  options: TrainerOptions,
  learningRates: readonly number[] = [],
): Promise<PlainTraining> {
  await tf.setBackend("cpu");
  const { loss, groupSizes, optimizer, maxGradNorm, carryState } = completeTrainerOptions(options);
  const { outputSize } = core.config;
  const rowLoss = { sigmoid, squared, linear, softmax: softmax(groupSizes ?? [outputSize]) }[loss];
  const variables = core.variables.map(({ variable }) => variable);
  const size = variables.reduce((sum, variable) => sum + variable.size, 0);
  const [first, second] = [new Float64Array(size).fill(optimizer.type === "adam" ? 0 : 1), new Float64Array(size)];
  let state: ReturnType<typeof core.initialState> | undefined;
  const steps: TrainStepResult[] = [];
  for (const [iteration, batch] of batches.entries()) {
    const { batchSize, timeSteps, inputs, lengths, inputMask } = batch;
    const found = { loss: 0, wrong: new Set<number>(), state };
    const { grads } = tf.variableGrads(() => {
      const { outputs, finalState } = unroll(
        core as Dnc,
        tf.tensor3d(inputs, [timeSteps, batchSize, core.config.inputSize]),
        (carryState && !batch.newSequences ? state : undefined) as never,
        {
          ...(lengths && { lengths }),
          ...(inputMask && { inputMask: tf.tensor2d(inputMask, [timeSteps, batchSize]) }),
        },
      );
      if (carryState) found.state = keepState(finalState) as never;
      const logits = outputs.dataSync();
      const gradient = new Float32Array(logits.length);
      for (let row = 0; row < timeSteps * batchSize; row++) {
        if (batch.mask[row] === 0) continue;
        const at = row * outputSize;
        const one = rowLoss(
          Array.from(logits.subarray(at, at + outputSize)),
          Array.from(batch.targets.subarray(at, at + outputSize)),
        );
        found.loss += one.loss / batchSize;
        gradient.set(
          one.gradient.map((value) => value / batchSize),
          at,
        );
        if (!one.isRight) found.wrong.add(row % batchSize);
      }
      return tf.sum(tf.mul(outputs, tf.tensor(gradient, outputs.shape))) as tf.Scalar;
    }, variables);
    state = found.state;
    const gradients = variables.map((variable) => (grads[variable.name] ?? tf.zerosLike(variable)).dataSync());
    const globalNorm = Math.sqrt(gradients.flatMap((g) => Array.from(g)).reduce((sum, g) => sum + g * g, 0));
    const exactMatch = batchSize - found.wrong.size;
    steps.push({ loss: found.loss, globalNorm, exactMatch, applied: true });
    const rate = learningRates[iteration] ?? optimizer.learningRate;
    let at = 0;
    for (const [index, variable] of variables.entries()) {
      const values = variable.dataSync().slice();
      for (let e = 0; e < values.length; e++, at++) {
        const g = gradients[index][e] * Math.min(1, maxGradNorm / globalNorm);
        if (optimizer.type === "adam") {
          const { beta1, beta2, epsilon } = optimizer;
          first[at] = beta1 * first[at] + (1 - beta1) * g;
          second[at] = beta2 * second[at] + (1 - beta2) * g * g;
          const [mean, square] = [
            first[at] / (1 - beta1 ** (iteration + 1)),
            second[at] / (1 - beta2 ** (iteration + 1)),
          ];
          values[e] -= (rate * mean) / (Math.sqrt(square) + epsilon);
        } else {
          first[at] += (g * g - first[at]) * (1 - optimizer.decay);
          second[at] = optimizer.momentum * second[at] + (rate * g) / Math.sqrt(first[at] + optimizer.epsilon);
          values[e] -= second[at];
        }
      }
      variable.assign(tf.tensor(values, variable.shape));
    }
  }
  const parameters = Float32Array.from(variables.flatMap((variable) => Array.from(variable.dataSync())));
  const hasTwo = optimizer.type === "adam" || optimizer.momentum > 0;
  return { steps, parameters, moments: hasTwo ? [first, second] : [first] };
}

/** Keeps the tensors of a state, so that the next batch can start from it. */
function keepState(state: object): object {
  if (state instanceof tf.Tensor) return tf.keep(state.clone());
  return Object.fromEntries(Object.entries(state).map(([name, child]) => [name, keepState(child as object)]));
}
