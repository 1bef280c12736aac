import type { NestedState, RecurrentCell } from "@dnc/core";
import { checkObject } from "@dnc/core/engine";
import { type AnyTask, isEpisodeTask } from "@dnc/tasks";
import { checkOptimizer, type Optimizer } from "./optimizer.js";

/** A network that is trained along with another one and estimates, at each time step of an episode, the rewards to come. */
export type ValueTraining = {
  /** The network: any recurrent cell with the interface of `Dnc`, as wide as the task's inputs, with one output. */
  readonly network: RecurrentCell<NestedState>;
  /** Optimizer of its variables. */
  readonly optimizer: Optimizer;
};

/** Throws a TypeError unless `value` is a network with its optimizer. */
export function checkValue(value: ValueTraining): void {
  checkObject("value", value);
  checkObject("value.network", value.network);
  checkObject("value.optimizer", value.optimizer);
  checkOptimizer(value.optimizer, value.network.variables, "value.optimizer");
}

/** Throws a TypeError unless there is a value network exactly if the task needs one. */
export function checkValueNeeded(task: AnyTask, value: object | undefined): void {
  const isNeeded = isEpisodeTask(task) && task.valueNetwork === true;
  if (isNeeded === (value !== undefined)) return;
  const [expected, got] = isNeeded ? ["a value network", "none"] : ["none", "one"];
  throw new TypeError(`value: expected ${expected} for task ${task.name}, got ${got}`);
}
