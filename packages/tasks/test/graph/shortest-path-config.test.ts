import { describe, expect, it } from "vitest";
import { createRandom, shortestPath } from "../../src/index.js";
import { follow, planner } from "./path-network.js";

const MINI = { digits: 2, minNodes: 4, maxNodes: 6, minPath: 2, maxPath: 3, planningSteps: 5 } as const;

describe("shortestPath", () => {
  it("renders the first episode, or all, as far as they have come", () => {
    const task = shortestPath({ digits: 1, minNodes: 3, maxNodes: 3, planningSteps: 2, batchSize: 2 });
    const episodes = task.startEpisodes(createRandom(2));
    expect(episodes.render()).not.toContain("move");
    follow(episodes, 1, planner());
    expect(episodes.render()).toMatchInlineSnapshot(`
      "
      2 3 9
      9 6 8
      8 6 9
      9 3 2
      2 - 8  query
      - - -  2 steps
      2 3 9  move
      9 6 8  move
      goal after 2 moves, the shortest path has 2"
    `);
    expect(episodes.render({ wholeBatch: true }).split("\n\n\n\n")).toHaveLength(2);
    const failed = task.startEpisodes(createRandom(3), { batchSize: 1 });
    follow(failed, 1, planner(true));
    expect(failed.render()).toMatchInlineSnapshot(`
      "
      8 8 6
      1 8 6
      8 6 1
      6 8 1
      1 6 8
      6 - 8  query
      - - -  2 steps
      6 8 1  move
      1 8 6  move  wrong
      6 8 1  move
      1 8 6  move  wrong
      6 8 1  move
      1 8 6  move  wrong
      goal not reached in 6 moves, the shortest path has 2"
    `);
  });

  it("names the stations of the Underground", () => {
    const episodes = shortestPath({ graph: "underground", maxPath: 4, batchSize: 1 }).startEpisodes(createRandom(1));
    expect(episodes.render()).toContain("Oxford Circus, Victoria N, Warren St");
  });

  it("has facts that fit its sizes", () => {
    const task = shortestPath({ ...MINI, planningSteps: "edges" });
    const { inputs, targets } = task.channelLabels();
    expect([task.name, task.description]).toEqual(["shortest-path", "4-6 nodes, shortest paths of 2-3"]);
    expect([inputs.length, targets.length]).toEqual([task.inputSize, task.targetSize]);
    expect([task.inputSize, task.targetSize, task.maxTimeSteps, task.meanCountedSteps]).toEqual([62, 60, 33, 2.5]);
    expect([inputs[0], inputs[59], inputs[60], inputs[61]]).toEqual([
      "source 1: 0",
      "destination 2: 9",
      "start of phase",
      "answer",
    ]);
    const next = task.startEpisodes(createRandom(1), { batchSize: 1 }).nextInputs();
    const rows = Array.from({ length: next?.timeSteps ?? 0 }, (_, at) =>
      Array.from(next?.inputs.subarray(at * 62, at * 62 + 62) ?? []),
    );
    const phases = task.phases({ inputs: rows, counts: rows.map(() => false) });
    expect([...new Set(phases)]).toEqual(["graph", "query", "planning", "answer"]);
  });

  it.each<[object, new (message: string) => Error, string]>([
    [{ digits: 4 }, RangeError, "digits: expected an integer from 1 to 3, got 4"],
    [{ digits: 1, maxNodes: 10 }, RangeError, "maxNodes: expected at most 9 nodes with labels of 1 digits, got 10"],
    [{ graph: "underground", digits: 2 }, RangeError, "digits: expected 3 on the Underground, got 2"],
    [{ graph: "metro" }, TypeError, 'graph: expected one of random, underground, got "metro"'],
    [{ planningSteps: -1 }, RangeError, 'planningSteps: expected an integer of at least 0 or "edges", got -1'],
    [{ planningSteps: "all" }, TypeError, 'planningSteps: expected an integer of at least 0 or "edges", got "all"'],
    [{ plannerProbability: 1.5 }, RangeError, "plannerProbability: expected a number from 0 to 1, got 1.5"],
    [{ plannerProbability: "1" }, TypeError, 'plannerProbability: expected a number from 0 to 1, got "1"'],
    [{ maxPath: 900 }, RangeError, "maxPath: expected less than maxNodes (10), got 900"],
    [{ minPath: 3 }, RangeError, "minPath: expected at most maxPath (2), got 3"],
    [{ batchSize: 0 }, RangeError, "batchSize: expected a positive integer, got 0"],
    [
      { minNodes: 5, maxNodes: 5, minDegree: 4, maxDegree: 4, maxPath: 3 },
      RangeError,
      "maxPath: expected lengths that occur in the graphs, got 2, which none of 1000 has",
    ],
    [
      { loss: "sigmoid" },
      TypeError,
      'unknown config key "loss"; expected one of minNodes, maxNodes, minDegree, maxDegree, minPath, maxPath, batchSize, digits, planningSteps, plannerProbability, graph',
    ],
  ])("refuses %j", (config, Kind, message) => {
    expect(() => shortestPath(config)).toThrow(new Kind(message));
  });

  it("refuses what is out of turn", () => {
    const task = shortestPath(MINI);
    const episodes = task.startEpisodes(createRandom(1));
    expect(() => episodes.respond(new Float32Array(0))).toThrow(
      new Error("nextInputs: expected a call before respond, got none"),
    );
    expect(() => episodes.results()).toThrow(
      new Error("results: expected episodes that have all ended, got some that have not"),
    );
    const { timeSteps = 0 } = episodes.nextInputs() ?? {};
    expect(() => episodes.nextInputs()).toThrow(
      new Error("respond: expected a call before the next nextInputs, got none"),
    );
    expect(() => episodes.respond(new Float32Array(3))).toThrow(
      new RangeError(`outputs: expected [${timeSteps}, 16, 60], ${timeSteps * 16 * 60} numbers, got 3`),
    );
    expect(() => task.startEpisodes(createRandom(1), { batchSize: 0 })).toThrow(
      new RangeError("batchSize: expected a positive integer, got 0"),
    );
    expect(() => task.startEpisodes(createRandom(1), { training: 1 as never })).toThrow(
      new TypeError("training: expected true or false, got 1"),
    );
    expect(() => task.startEpisodes({} as never)).toThrow(TypeError);
  });
});
