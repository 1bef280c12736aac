import { repeatCopy, type Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { createTraining } from "../src/create-training.js";
import type { PassedLesson } from "../src/lesson-progress.js";
import { type Lessons, type LessonsOptions, lessons } from "../src/lessons.js";
import { train } from "../src/train.js";
import type { TrainOptions } from "../src/train-options.js";
import type { TrainingReport, TrainingState } from "../src/training-report.js";
import { optimizerOf, smallNetwork, smallTask, valuesOf } from "./support.js";

const ITERATIONS = 13;
const [short, longer, longest] = [1, 2, 3].map((maxLength) => repeatCopy({ batchSize: 2, numBits: 2, maxLength }));

/** Lessons of which some are passed at once and some are not within the test. */
const plan = (options: Partial<LessonsOptions> = {}): Lessons =>
  lessons({
    lessons: [short, longer, longest],
    promotion: { metric: "loss", atMost: 6, every: 3 },
    ...{ earlier: 0.2, all: 0.2, ...options },
  });

/** Everything that a run says, without times, and what it ends with. */
type Said = {
  reports: Omit<TrainingReport, "seconds" | "iterationsPerSecond">[];
  passed: PassedLesson[];
  state: Omit<TrainingState, "seconds" | "report">;
  values: number[][][];
};

/** Trains a new network, or one that resumes, and returns what it says after `first`. */
async function run(options: Omit<Partial<TrainOptions>, "network" | "optimizer">, before?: Interrupted): Promise<Said> {
  const [network, optimizer] = restored(before);
  const said: Pick<Said, "reports" | "passed"> = { reports: [], passed: [] };
  const { state } = await train({
    ...{ network, optimizer, task: smallTask, iterations: ITERATIONS, reportInterval: 5, state: before?.state },
    onReport: ({ seconds: _, iterationsPerSecond: __, ...report }) => void said.reports.push(report),
    onLessonPassed: (lesson) => void said.passed.push(lesson),
    ...options,
  });
  const { seconds: _, report: __, ...rest } = state;
  return { ...said, state: rest, values: [valuesOf(network), valuesOf(optimizer)] };
}

type Interrupted = { state: TrainingState; values: number[][][] };

function restored(before?: Interrupted) {
  const network = smallNetwork();
  const optimizer = optimizerOf(network);
  [network, optimizer].forEach(({ variables }, part) => {
    variables.forEach(({ variable }, index) => {
      const values = before?.values[part][index];
      if (values) variable.assign(tf.tensor(values, variable.shape));
    });
  });
  return [network, optimizer] as const;
}

describe("train with lessons", () => {
  it("goes on to the next lesson where the current one is passed, and says so", async () => {
    const { reports, passed, state } = await run({ task: plan() });
    expect(passed.length).toBeGreaterThan(0);
    expect(passed.length).toBeLessThan(3);
    expect(state.lessons?.passed).toEqual(passed.map(({ step }) => step));
    for (const { number, count, step, metric, value } of passed) {
      expect([count, step % 3, metric]).toEqual([3, 0, "loss"]);
      expect(value).toBeLessThanOrEqual(6);
      expect(reports.find((report) => report.step > step)?.lesson?.number).toBeGreaterThan(number);
    }
    expect(reports[0].lesson).toMatchObject({ count: 3, finished: false });
  });

  it("with one lesson is a run of its task, to the last bit", async () => {
    const { values } = await run({ task: lessons({ lessons: [smallTask], promotion: { atLeast: 1 } }) });
    expect(values).toEqual((await run({ task: smallTask })).values);
  });

  it.each<[string, Partial<LessonsOptions>]>([
    ["measured on the batches", {}],
    ["measured on new sequences", { promotion: { metric: "loss", atMost: 5.8, every: 4, sequences: 3 } }],
  ])("resumes bit-identically wherever it was interrupted: %s", async (_, options) => {
    const task = plan(options);
    const whole = await run({ task });
    expect(whole.passed.length).toBeGreaterThan(0);
    expect(whole.passed.length).toBeLessThan(3);
    for (let step = 1; step < ITERATIONS; step++) {
      const [network, optimizer] = restored();
      const { state } = await train({ network, optimizer, task, iterations: step, reportInterval: 5 });
      const before = { state: JSON.parse(JSON.stringify(state)), values: [valuesOf(network), valuesOf(optimizer)] };
      const rest = await run({ task }, before);
      expect(rest.values).toEqual(whole.values);
      expect(rest.state).toEqual(whole.state);
      expect(rest.reports).toEqual(whole.reports.filter((report) => report.step > step));
      expect(rest.passed).toEqual(whole.passed.filter((lesson) => lesson.step > step));
    }
  });

  it("makes a decision that has failed when it resumes", async () => {
    const task = plan({ promotion: { metric: "loss", atMost: 6, every: 3, sequences: 4 } });
    const whole = await run({ task });
    const [network, optimizer] = restored();
    let states: TrainingState[] = [];
    let evaluations = 0;
    const failing = (task.lessons as readonly Task[]).map(
      (lesson): Task => ({
        ...lesson,
        sampleBatch: (random, given) => {
          // Only evaluations ask for a number of sequences.
          if (given && ++evaluations === 4) throw new Error("no memory");
          return lesson.sampleBatch(random, given);
        },
      }),
    );
    const options = { network, optimizer, task: { ...task, lessons: failing }, iterations: ITERATIONS };
    const training = await createTraining({ ...options, reportInterval: 5 });
    const onCheckpoint = ({ state }: { state: TrainingState }) => void states.push(state);
    await expect(training.run({ onCheckpoint })).rejects.toThrow("no memory");
    expect([training.step, states]).toEqual([6, []]);
    await training.saveRest();
    states = JSON.parse(JSON.stringify(states));
    const rest = await run({ task }, { state: states[0], values: [valuesOf(network), valuesOf(optimizer)] });
    expect([rest.values, rest.state]).toEqual([whole.values, whole.state]);
    expect(rest.passed).toEqual(whole.passed.filter((lesson) => lesson.step >= 6));
    training.dispose();
  });

  it("begins with the first lesson in a run that had none, and needs them in one that had some", async () => {
    const [network, optimizer] = restored();
    const { state } = await train({ network, optimizer, task: smallTask, iterations: 4 });
    const values = [valuesOf(network), valuesOf(optimizer)];
    const { state: after, passed } = await run({ task: plan() }, { state, values });
    expect(after.lessons?.decided).toBe(13);
    for (const lesson of passed) expect((lesson.step - 4) % 3).toBe(0);
    await expect(run({ task: smallTask }, { state: { ...state, lessons: after.lessons }, values })).rejects.toThrow(
      "state.lessons: expected none without lessons, got some",
    );
  });

  it("with carryState evaluates whole batches only", async () => {
    const task = plan({ earlier: 0, promotion: { atLeast: 1, every: 3, sequences: 3 } });
    await expect(run({ task, carryState: true })).rejects.toThrow(
      "promotion.sequences: expected a multiple of the batch size (2) with carryState, got 3",
    );
    const whole = plan({ promotion: { atLeast: 1, every: 3, sequences: 4 } });
    expect((await run({ task: whole, carryState: true })).state.lessons?.decided).toBe(12);
  });
});
