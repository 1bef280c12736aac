import { encodeCheckpoint, parseCheckpoint, readTensors } from "@dnc/checkpoint";
import { Dnc } from "@dnc/core";
import { copy, createRandom } from "@dnc/tasks";
import { Adam, createTraining, type TrainingCheckpoint } from "@dnc/training";
import { expect, it } from "vitest";
import {
  checkpointContents,
  reportRecord,
  restoreCheckpoint,
  samplePath,
  validationLoss,
} from "../../src/contents/index.js";

const identity = {
  seed: 3,
  config: { task: "copy" },
  backend: "cpu",
  engine: null,
  instructionSet: null,
  versions: {},
};
const task = copy({ batchSize: 2, numBits: 2, maxLength: 2 });

function parts() {
  const network = new Dnc({
    inputSize: task.inputSize,
    outputSize: task.targetSize,
    hiddenSize: 4,
    memorySize: 3,
    seed: 1,
  });
  return { network, optimizer: new Adam(network.variables) };
}

it("a run that is encoded, parsed and restored continues as if it had not been", async () => {
  const whole = parts();
  const training = await createTraining({ ...whole, task, iterations: 6, reportInterval: 2, random: createRandom(3) });
  await training.run();

  const first = parts();
  const checkpoints: TrainingCheckpoint[] = [];
  const half = await createTraining({
    ...{ ...first, task, iterations: 3, reportInterval: 2, random: createRandom(3) },
    onCheckpoint: (checkpoint) => {
      checkpoints.push(checkpoint);
    },
  });
  await half.run();
  const loss = await validationLoss(first.network, task, 3);
  const details = { identity, network: first.network, task: task.name, loss, reported: 2 };
  const files = await encodeCheckpoint(await checkpointContents(details, checkpoints[0] as TrainingCheckpoint));

  const second = parts();
  const parsed = await parseCheckpoint(files);
  expect(parsed.state).toMatchObject({ step: 3, seed: 3, loss, reported: 2, config: { task: "copy" }, backend: "cpu" });
  const { training: state, reported } = restoreCheckpoint(parsed, second);
  expect(reported).toBe(2);
  const rest = await createTraining({ ...second, task, iterations: 6, reportInterval: 2, state });
  await rest.run();
  expect(await readTensors(second.network.variables)).toEqual(await readTensors(whole.network.variables));
  expect(rest.report).toMatchObject({ step: 6, loss: training.report?.loss });
});

it("a report becomes a line of metrics.jsonl with the path of its sample", () => {
  const report = {
    ...{ step: 100, iterations: 50, loss: 2, exactMatch: 0.25, gradientNorm: 3, iterationsPerSecond: 10, seconds: 5 },
    ...{ learningRate: 0.1, lesson: { number: 2, began: 40 } },
  };
  expect(Object.entries(reportRecord(report as Parameters<typeof reportRecord>[0], 0.5))).toEqual([
    ["step", 100],
    ["loss", 2],
    ["exact_match", 0.25],
    ["held_out_exact_match", 0.5],
    ["lesson", 2],
    ["lesson_began", 40],
    ["gradient_norm", 3],
    ["iterations", 50],
    ["iterations_per_second", 10],
    ["seconds", 5],
  ]);
  expect(samplePath(100)).toBe("samples/step-00000100.txt");
});
