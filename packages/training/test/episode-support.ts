/** Episodes for tests, with a loss whose gradient is known. */
import type { EpisodeResults, EpisodeTask, Random } from "@dnc/tasks";

/** Outputs of the network. */
const WIDTH = 2;

type Episode = { readonly bits: readonly number[]; readonly start: number; answered: number; wrong: number };

/**
 * Echo: the network sees bits, first two at once, then one by one with its own last output rounded to a bit, and outputs each
 * bit. An episode ends after its last bit, or when its output has the wrong sign; later ones start one time step later. Loss of a step: half the
 * squared difference of output 0 and a sign.
 */
export function echoTask(options: { readonly batchSize?: number; readonly neverEnds?: boolean } = {}): EpisodeTask {
  const { batchSize: usual = 3, neverEnds = false } = options;
  return {
    name: "echo",
    inputSize: 3,
    targetSize: WIDTH,
    batchSize: usual,
    startEpisodes: (random, { batchSize = usual } = {}) =>
      start(
        Array.from({ length: batchSize }, () => sampleEpisode(random)),
        neverEnds,
      ),
  };
}

function sampleEpisode(random: Random): Episode {
  const bits = Array.from({ length: random.integer(1, 4) }, () => random.integer(0, 1));
  return { bits, start: random.integer(0, 1), answered: 0, wrong: 0 };
}

function start(episodes: readonly Episode[], neverEnds: boolean) {
  const batchSize = episodes.length;
  const losses = new Float64Array(batchSize);
  const gradients: number[] = [];
  let last: readonly number[] = episodes.map(() => 0);
  let isFirst = true;
  const isOver = ({ bits, answered, wrong }: Episode) => answered === bits.length || (wrong > 0 && !neverEnds);
  return {
    batchSize,
    nextInputs() {
      const timeSteps = isFirst ? 2 : 1;
      if (!isFirst && episodes.every(isOver)) return undefined;
      const inputs = new Float32Array(timeSteps * batchSize * 3);
      const inputMask = new Float32Array(timeSteps * batchSize);
      for (let t = 0; t < timeSteps; t++)
        for (const [b, episode] of episodes.entries()) {
          const row = t * batchSize + b;
          if (isOver(episode) || (isFirst && t < episode.start)) continue;
          inputMask[row] = 1;
          inputs.set([episode.bits[episode.answered] ?? 0, last[b] ?? 0, isFirst ? 1 : 0], row * 3);
        }
      return { timeSteps, inputs, inputMask };
    },
    respond(outputs: Float32Array) {
      const timeSteps = outputs.length / (batchSize * WIDTH);
      for (let t = 0; t < timeSteps; t++)
        for (const [b, episode] of episodes.entries()) {
          const isJudged = t === timeSteps - 1 && !isOver(episode);
          if (!isJudged) {
            gradients.push(0, 0);
            continue;
          }
          const value = outputs[(t * batchSize + b) * WIDTH] as number;
          const difference = value - (episode.bits[episode.answered] === 1 ? 1 : -1);
          losses[b] = (losses[b] as number) + difference ** 2 / 2;
          gradients.push(difference, 0);
          if (!(Math.abs(difference) < 1)) episode.wrong++;
          episode.answered++;
          last = last.map((before, at) => (at === b ? (value > 0 ? 1 : 0) : before));
        }
      isFirst = false;
    },
    results: (): EpisodeResults => ({
      losses,
      gradients: Float32Array.from(gradients),
      decisions: Uint32Array.from(episodes, ({ answered }) => answered),
      wrongDecisions: Uint32Array.from(episodes, ({ wrong }) => wrong),
      exactMatch: Uint8Array.from(episodes, ({ wrong }) => (wrong === 0 ? 1 : 0)),
      metrics: { length: Float64Array.from(episodes, ({ bits }) => bits.length) },
    }),
    render: () => `\n${episodes.map(({ bits }) => bits.join("")).join("\n")}`,
  };
}
