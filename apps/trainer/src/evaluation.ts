import { type Dnc, unroll } from "@dnc/core";
import { type Batch, createRandom, type Random } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import type { Settings } from "./flags.js";
import { createTask } from "./model.js";

/** What was counted over some sequences. */
export interface Score {
  readonly sequences: number;
  /** Sum over the sequences, nats. */
  readonly loss: number;
  /** Bits that count. */
  readonly bits: number;
  /** Of these, the wrong ones. */
  readonly wrongBits: number;
  /** Sequences without a wrong bit. */
  readonly solved: number;
}

/**
 * Scores a network on sequences, `settings.batch_size` at a time. Which sequences, the generator alone decides.
 *
 * @param settings - say what the sequences are like.
 * @param onBatch - told after each batch how many sequences have been scored.
 */
export async function evaluate(
  core: Dnc,
  settings: Settings,
  random: Random,
  sequences: number,
  onBatch: (sequences: number) => void = () => {},
): Promise<Score> {
  let total: Score = { sequences: 0, loss: 0, bits: 0, wrongBits: 0, solved: 0 };
  while (total.sequences < sequences) {
    const size = Math.min(settings.batch_size, sequences - total.sequences);
    const score = await scoreBatch(core, createTask(settings, size).sample(random));
    total = {
      sequences: total.sequences + score.sequences,
      loss: total.loss + score.loss,
      bits: total.bits + score.bits,
      wrongBits: total.wrongBits + score.wrongBits,
      solved: total.solved + score.solved,
    };
    onBatch(total.sequences);
  }
  return total;
}

/** The generator of an evaluation: training draws from those with seeds below 2^31, so never from this one. */
export function evaluationRandom(seed: number): Random {
  return createRandom(2 ** 31 + seed);
}

/**
 * Scores a network on a batch, in plain numbers.
 *
 * @param batch - is disposed.
 */
export async function scoreBatch(core: Dnc, batch: Batch): Promise<Score> {
  const logits = tf.tidy(() => unroll(core, batch.observations).outputs);
  const answers = tf.tidy(() => tf.round(tf.sigmoid(logits)));
  try {
    const [x, answer, target, mask] = await Promise.all(
      [logits, answers, batch.target, batch.mask].map((tensor: tf.Tensor) => tensor.data()),
    );
    return scoreNumbers({ x, answer, target, mask }, logits.shape[1], logits.shape[2]);
  } finally {
    tf.dispose([logits, answers, batch]);
  }
}

interface Numbers {
  /** `[time, batch, width]`, logits. */
  readonly x: ArrayLike<number>;
  /** `[time, batch, width]`, 0 or 1. */
  readonly answer: ArrayLike<number>;
  /** `[time, batch, width]`, 0 or 1. */
  readonly target: ArrayLike<number>;
  /** `[time, batch]`, 0 where an answer does not count. */
  readonly mask: ArrayLike<number>;
}

function scoreNumbers({ x, answer, target, mask }: Numbers, sequences: number, width: number): Score {
  let [loss, bits] = [0, 0];
  const wrong = new Array<number>(sequences).fill(0);
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    bits += width;
    for (let i = row * width; i < (row + 1) * width; i++) {
      loss += Math.max(x[i], 0) - x[i] * target[i] + Math.log1p(Math.exp(-Math.abs(x[i])));
      if (answer[i] !== target[i]) wrong[row % sequences]++;
    }
  }
  return {
    sequences,
    loss,
    bits,
    wrongBits: wrong.reduce((sum, count) => sum + count, 0),
    solved: wrong.filter((count) => count === 0).length,
  };
}
