import type { RenderOptions } from "./task.js";

/** The next time steps of a batch of episodes: several where their inputs do not depend on the outputs between them. */
export type EpisodeInputs = {
  /** Number of time steps, 1 or more. */
  readonly timeSteps: number;
  /** `[timeSteps, batchSize, inputSize]`: inputs of the network. */
  readonly inputs: Float32Array;
  /**
   * `[timeSteps, batchSize]`: 1 where the network runs the time step for the episode, otherwise 0: there its state stays as it
   * is, and its outputs are zeros. 0 where an episode has ended, or has fewer time steps than others. Default: all are run.
   */
  readonly inputMask?: Float32Array | undefined;
};

/** What a value network should have output at each time step. */
export type ValueTargets = {
  /** `[timeSteps, batchSize, 1]`: the sum of the rewards to come. */
  readonly targets: Float32Array;
  /** `[timeSteps, batchSize]`: 1 where it counts, otherwise 0. */
  readonly mask: Float32Array;
};

/** What came of a batch of episodes that have ended. */
export type EpisodeResults = {
  /** `[batchSize]`: the loss of each episode. */
  readonly losses: Float64Array;
  /**
   * `[timeSteps, batchSize, targetSize]`, over all time steps: the gradient of an episode's loss with respect to its outputs,
   * or an estimate of it where decisions are sampled; 0 where a time step is not run.
   */
  readonly gradients: Float32Array;
  /** What a value network should have output, if the task has one. */
  readonly valueTargets?: ValueTargets | undefined;
  /** `[batchSize]`: number of decisions that are judged. */
  readonly decisions: Uint32Array;
  /** `[batchSize]`: number of those that are wrong. */
  readonly wrongDecisions: Uint32Array;
  /** `[batchSize]`: 1 for an episode that succeeded, otherwise 0. */
  readonly exactMatch: Uint8Array;
  /** `[batchSize]` each: other quantities of an episode, by name; their mean is what a task reports. */
  readonly metrics?: { readonly [name: string]: Float64Array } | undefined;
};

/**
 * A batch of episodes under way, on plain arrays. Call `nextInputs` and `respond` in turn until `nextInputs` returns undefined:
 *
 *     for (let next = episodes.nextInputs(); next !== undefined; next = episodes.nextInputs())
 *       episodes.respond(outputsOfNetwork(next));
 *     const { losses, exactMatch } = episodes.results();
 */
export type Episodes = {
  /** Number of episodes. */
  readonly batchSize: number;

  /**
   * Returns the inputs of the next time steps, of every episode that has not ended.
   *
   * @returns New arrays; undefined if all episodes have ended.
   * @throws Error if the last inputs have had no response.
   */
  nextInputs(): EpisodeInputs | undefined;

  /**
   * Continues the episodes by the network's outputs.
   *
   * @param outputs - `[timeSteps, batchSize, targetSize]`: the outputs for the last inputs; may be NaN.
   * @throws RangeError if their number is not right; TypeError if they are no Float32Array; Error if no inputs are open.
   */
  respond(outputs: Float32Array): void;

  /**
   * Returns what came of the episodes.
   *
   * @param values - `[timeSteps, batchSize, 1]`, over all time steps: the outputs of a value network for the same inputs, if the task
   *   has one; default: zeros.
   * @returns New arrays.
   * @throws Error if an episode has not ended; RangeError if the number of values is not right.
   */
  results(values?: Float32Array): EpisodeResults;

  /**
   * Renders the episodes, as far as they have come, as text for people.
   *
   * @param options - `wholeBatch`: every episode instead of only the first; default: false.
   * @returns The text; it starts with a line break.
   */
  render(options?: RenderOptions): string;
};
