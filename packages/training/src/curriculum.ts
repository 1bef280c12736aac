import type { NestedState } from "@dnc/core";
import { type AnyTask, isEpisodeTask } from "@dnc/tasks";
import { LessonProgress } from "./lesson-progress.js";
import { type Lessons, lessons } from "./lessons.js";
import { lossOf } from "./loss-of.js";
import type { TrainOptions } from "./train-options.js";
import type { TrainingParts } from "./training-parts.js";

/** Where the batches of a run come from. */
export type CurriculumParts = Pick<TrainingParts, "pickTask"> & {
  /** The first task, whose loss all others have. */
  readonly first: AnyTask;
  /** How far the run is in its lessons; undefined without lessons. */
  readonly progress?: LessonProgress | undefined;
};

/**
 * Creates the curriculum of a run from its options: a single task is always picked, a function is called, and lessons follow their
 * progress.
 *
 * @throws TypeError or RangeError if lessons or their state are not valid.
 */
export function curriculumOf<State extends NestedState, Prepared>({
  task,
  state,
  carryState = false,
}: TrainOptions<State, Prepared>): CurriculumParts {
  if (typeof task !== "function" && "lessons" in task) {
    const plan = lessons(task);
    if (carryState) checkWholeBatches(plan);
    const progress = new LessonProgress(plan, state?.lessons, state?.step ?? 0);
    const pickTask: CurriculumParts["pickTask"] = (_, random) => {
      const lesson = progress.next(random);
      return { task: plan.lessons[lesson], lesson };
    };
    return { first: plan.lessons[0], progress, pickTask };
  }
  if (state?.lessons !== undefined) throw new TypeError("state.lessons: expected none without lessons, got some");
  if (typeof task !== "function") return { first: task, pickTask: () => ({ task, lesson: 0 }) };
  const first = task({ step: state?.step ?? 0, report: state?.report });
  return { first, pickTask: (progress) => ({ task: sameLoss(task(progress), first), lesson: 0 }) };
}

/** Throws a RangeError unless evaluations consist of whole batches, as those that carry the state must. */
function checkWholeBatches({ lessons, promotion: { sequences } }: Lessons): void {
  const other = sequences === undefined ? undefined : lessons.find(({ batchSize }) => sequences % batchSize !== 0);
  if (other === undefined) return;
  const expected = `expected a multiple of the batch size (${other.batchSize}) with carryState`;
  throw new RangeError(`promotion.sequences: ${expected}, got ${sequences}`);
}

/** Returns the task. Throws a TypeError if it is of another kind than the first task, or its loss differs. */
function sameLoss(task: AnyTask, first: AnyTask): AnyTask {
  const kinds = [first, task].map((each) => (isEpisodeTask(each) ? "episodes" : "sequences"));
  if (kinds[0] !== kinds[1]) throw new TypeError(`task: expected ${kinds[0]} as the first task has, got ${kinds[1]}`);
  const [firstLoss, taskLoss] = [lossOf(first), lossOf(task)];
  for (const name of ["loss", "groupSizes", "timeAverage", "logProbInBits"] as const) {
    const [expected, got] = [String(firstLoss[name]), String(taskLoss[name])];
    if (got !== expected) throw new TypeError(`task.${name}: expected ${expected} as in the first task, got ${got}`);
  }
  return task;
}
