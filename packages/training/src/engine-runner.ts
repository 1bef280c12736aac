import type { Trainer, TrainStepResult } from "@dnc/core/engine";
import { type Batch, exactMatch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import type { RmsProp } from "./rms-prop.js";
import type { StepRunner } from "./step-runner.js";

/**
 * Runs training steps on an engine, and synchronizes the optimizer's variables with it.
 *
 * @param trainer - A new trainer; the runner disposes it.
 * @param optimizer - Optimizer of the network's variables.
 */
export async function engineRunner(trainer: Trainer, optimizer: RmsProp): Promise<StepRunner> {
  await readMeanSquares(trainer, optimizer);
  return {
    description: trainer.description,
    trainer,
    setLearningRate: (learningRate) => {
      optimizer.learningRate = learningRate;
      trainer.setLearningRate?.(learningRate);
    },
    step: async (batch) => {
      const result = trainer.step(batch);
      return result === undefined ? [] : [withExactMatch(result, trainer, batch)];
    },
    flush: () => trainer.flush(),
    writeToVariables: async () => {
      await trainer.writeToVariables();
      writeMeanSquares(trainer, optimizer);
    },
    dispose: () => trainer.dispose(),
  };
}

function withExactMatch(result: TrainStepResult, trainer: Trainer, batch: Batch): TrainStepResult {
  const logits = result.exactMatch === undefined && trainer.logits?.(batch.timeSteps, batch.batchSize);
  return logits ? { ...result, exactMatch: exactMatch(logits, batch).reduce((sum, value) => sum + value, 0) } : result;
}

/** The mean squares of a trainer of RMSProp. */
function meanSquaresOf({ optimizerState }: Trainer): Float32Array {
  if (!("meanSquares" in optimizerState)) throw new TypeError("trainer.optimizerState: expected that of RMSProp");
  return optimizerState.meanSquares;
}

async function readMeanSquares(trainer: Trainer, optimizer: RmsProp): Promise<void> {
  let at = 0;
  for (const { variable } of optimizer.variables) {
    meanSquaresOf(trainer).set(await variable.data<"float32">(), at);
    at += variable.size;
  }
  await trainer.readFromVariables();
}

function writeMeanSquares(trainer: Trainer, optimizer: RmsProp): void {
  let at = 0;
  for (const { variable } of optimizer.variables) {
    const values = meanSquaresOf(trainer).slice(at, at + variable.size);
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    at += variable.size;
  }
}
