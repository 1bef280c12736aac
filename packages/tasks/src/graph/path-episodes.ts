import { assertBoolean, assertFloatsOfShape, assertKeys } from "../checks.js";
import type { EpisodeInputs, EpisodeResults, Episodes } from "../episodes.js";
import type { RenderOptions } from "../task.js";
import { encodeInput, tripleSize } from "./encoding.js";
import type { PathEpisode } from "./path-episode.js";
import type { PathPresentation } from "./path-presentation.js";
import { pathText } from "./path-text.js";
import type { GraphSequence } from "./read-graph.js";

/** A batch of walks of shortest path under way. */
export type PathEpisodes = Episodes & {
  /**
   * Reads the graphs, each with one query: the moves so far, for those who draw them. A move is right if its edge begins a shortest path;
   * otherwise `target` is the planner's edge.
   *
   * @returns One for each episode of the batch.
   */
  readGraphs(): readonly GraphSequence[];
};

/** Starts a batch of walks. */
export function pathEpisodes(episodes: readonly PathEpisode[], presentation: PathPresentation): PathEpisodes {
  return new Walks(episodes, presentation);
}

class Walks implements PathEpisodes {
  readonly batchSize: number;
  readonly #episodes: readonly PathEpisode[];
  readonly #presentation: PathPresentation;
  readonly #gradients: Float32Array[] = [];
  #open: EpisodeInputs | undefined;
  #isStarted = false;

  constructor(episodes: readonly PathEpisode[], presentation: PathPresentation) {
    this.batchSize = episodes.length;
    this.#episodes = episodes;
    this.#presentation = presentation;
  }

  nextInputs(): EpisodeInputs | undefined {
    if (this.#open) throw new Error("respond: expected a call before the next nextInputs, got none");
    if (this.#isStarted && this.#episodes.every(({ isOver }) => isOver)) return undefined;
    this.#open = this.#stack(this.#episodes.map((episode) => this.#rowsOf(episode)));
    this.#isStarted = true;
    return this.#open;
  }

  respond(outputs: Float32Array): void {
    if (!this.#open) throw new Error("nextInputs: expected a call before respond, got none");
    const { timeSteps } = this.#open;
    const { digits } = this.#presentation;
    const size = tripleSize(digits);
    assertFloatsOfShape("outputs", outputs, [timeSteps, this.batchSize, size]);
    this.#open = undefined;
    const gradient = new Float32Array(outputs.length);
    const first = (timeSteps - 1) * this.batchSize; // the last of these time steps is that of the answer
    for (const [index, episode] of this.#episodes.entries())
      if (!episode.isOver) episode.move({ values: outputs, start: (first + index) * size, digits }, gradient);
    this.#gradients.push(gradient);
  }

  results(): EpisodeResults {
    const episodes = this.#episodes;
    if (!this.#isStarted || this.#open || episodes.some(({ isOver }) => !isOver))
      throw new Error("results: expected episodes that have all ended, got some that have not");
    const wrong = episodes.map(({ moves }) => moves.filter(({ isRight }) => !isRight).length);
    const isNear = ({ isAtGoal, moves, shortest }: PathEpisode) => isAtGoal && moves.length <= shortest + 1;
    return {
      losses: Float64Array.from(episodes, ({ loss }) => loss),
      gradients: joined(this.#gradients),
      decisions: Uint32Array.from(episodes, ({ choices }) => choices),
      wrongDecisions: Uint32Array.from(wrong),
      exactMatch: Uint8Array.from(wrong, (count) => (count === 0 ? 1 : 0)),
      metrics: {
        "within one step": Float64Array.from(episodes, (episode) => (isNear(episode) ? 1 : 0)),
        "random edges": Float64Array.from(episodes, ({ randomSuccess }) => randomSuccess),
      },
    };
  }

  render(options: RenderOptions = {}): string {
    assertKeys("option", options, ["wholeBatch"]);
    const { wholeBatch = false } = options;
    assertBoolean("wholeBatch", wholeBatch);
    const shown = wholeBatch ? this.#episodes : this.#episodes.slice(0, 1);
    const texts = shown.map((episode) => pathText(episode, this.#planningSteps(episode), this.#presentation));
    return `\n${texts.join("\n\n\n\n")}`;
  }

  readGraphs(): readonly GraphSequence[] {
    return this.#episodes.map(({ query: { graph, goal }, moves }) => {
      const answer = moves.map(({ preferred, planned, isRight }) => ({
        target: isRight ? preferred : planned,
        output: preferred,
      }));
      const { digits, naming } = this.#presentation;
      const names = naming?.(graph);
      const walk = answer.map(({ target }) => target);
      return { edges: graph, queries: [{ goal, walk, answer }], digits, ...(names && { names }) };
    });
  }

  /** The next inputs of an episode: everything up to the first step of the answer, or the edge that was taken. */
  #rowsOf(episode: PathEpisode): readonly (readonly number[])[] {
    if (this.#isStarted && episode.isOver) return [];
    const { digits } = this.#presentation;
    if (this.#isStarted) return [encodeInput(episode.moves.at(-1)?.taken ?? {}, { answers: true, digits })];
    const { graph, start, goal } = episode.query;
    const blank = { length: this.#planningSteps(episode) };
    return [
      ...graph.map((edge, at) => encodeInput(edge, { starts: at === 0, digits })),
      encodeInput({ source: start, destination: goal }, { starts: true, digits }),
      ...Array.from(blank, (_, at) => encodeInput({}, { starts: at === 0, digits })),
      encodeInput({}, { starts: true, answers: true, digits }),
    ];
  }

  #planningSteps({ query: { graph } }: PathEpisode): number {
    const { planningSteps } = this.#presentation;
    return planningSteps === "edges" ? graph.length : planningSteps;
  }

  /** Stacks rows so that all end in the last time step: shorter ones begin later. */
  #stack(sequences: readonly (readonly (readonly number[])[])[]): EpisodeInputs {
    const { batchSize } = this;
    const timeSteps = Math.max(...sequences.map(({ length }) => length));
    const inputSize = tripleSize(this.#presentation.digits) + 2;
    const inputs = new Float32Array(timeSteps * batchSize * inputSize);
    const inputMask = new Float32Array(timeSteps * batchSize);
    for (const [sequence, rows] of sequences.entries())
      for (const [at, row] of rows.entries()) {
        const index = (timeSteps - rows.length + at) * batchSize + sequence;
        inputs.set(row, index * inputSize);
        inputMask[index] = 1;
      }
    return { timeSteps, inputs, inputMask };
  }
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
