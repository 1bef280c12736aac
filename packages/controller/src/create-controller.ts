import type { CreateVariable } from "@dnc/addressing";
import { checkKeys, formatValue } from "@dnc/addressing/checks";
import type { Controller } from "./controller.js";
import { DeepLstm } from "./deep-lstm.js";
import { FeedForward } from "./feed-forward.js";
import { Gru } from "./gru.js";
import { Lstm } from "./lstm.js";

/** Names of the controllers that {@link createController} can make. */
export type ControllerType = "lstm" | "deep-lstm" | "gru" | "feed-forward";

const CONTROLLERS = {
  lstm: Lstm,
  "deep-lstm": DeepLstm,
  gru: Gru,
  "feed-forward": FeedForward,
} as const satisfies Record<ControllerType, unknown>;

/** Configuration of a controller: type, sizes and seed. */
export type ControllerConfig = {
  /** `lstm`, `deep-lstm`, `gru` or `feed-forward`. */
  readonly type: ControllerType;
  /** Positive integer, width of the inputs. */
  readonly inputSize: number;
  /** Positive integer, number of units per layer. */
  readonly hiddenSize: number;
  /** Integer from 1 to 32, number of layers; `deep-lstm` only, default: 2. */
  readonly layers?: number | undefined;
  /** Integer from 0 to 2^31, fixes the initial values; default: 0. */
  readonly seed?: number | undefined;
};

/**
 * Creates a controller from plain data, such as a configuration file.
 *
 *     const controller = createController({ type: "gru", inputSize: 6, hiddenSize: 32 });
 *     const { output, state } = controller.step(tf.zeros([16, 6]), controller.initialState(16));
 *
 * @param config - type, sizes and seed; `layers` is accepted only for `deep-lstm`.
 * @param createVariable - creates each variable; default: new trainable variables.
 * @returns a new {@link Lstm}, {@link DeepLstm}, {@link Gru} or {@link FeedForward}.
 * @throws TypeError for an unknown type or key or a value of the wrong kind; RangeError for a number out of range.
 */
export function createController(config: ControllerConfig, createVariable?: CreateVariable): Controller {
  checkKeys("config", config, ["type", "inputSize", "hiddenSize", "layers", "seed"]);
  const { type, ...rest } = config;
  const types = Object.keys(CONTROLLERS);
  if (!types.includes(type)) throw new TypeError(`type: expected one of ${types.join(", ")}, got ${formatValue(type)}`);
  if (type !== "deep-lstm") checkKeys("config", config, ["type", "inputSize", "hiddenSize", "seed"]);
  return new CONTROLLERS[type](rest, createVariable);
}
