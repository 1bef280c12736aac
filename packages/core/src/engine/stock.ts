/**
 * Detects stock cores. A core is stock if none of its methods or parts was overridden or replaced, so that an op may
 * compute it.
 */
import { type Access, MemoryAccess } from "@dnc/access";
import { type Controller, DeepLstm, FeedForward, Gru, Lstm, type NamedVariable } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";
import { WHY_NOT_STOCK, type WhyNotStock } from "./why-not-stock.js";

/** The parts of a `Dnc`. */
export type Parts = {
  readonly controller: Controller;
  readonly access: Access;
  readonly output: { readonly weights: tf.Variable; readonly biases: tf.Variable };
};

/** The public fields of a core, as its constructor set them. */
type PublicFields = { readonly config: object; readonly variables: readonly NamedVariable[] };

/** Key of a core's parts. A wrapper inherits the parts of the core that it wraps, but is not stock. */
const PARTS = Symbol("parts");

/** The methods of a core and of its parts that a sequence uses. */
const METHODS = ["initialState", "prepareWeights", "step"] as const;

type Methods = { readonly [Method in (typeof METHODS)[number]]?: unknown };

const publicFields = new WeakMap<object, PublicFields>();
const controllers = [Lstm, DeepLstm, FeedForward, Gru].map(
  ({ prototype }) => [prototype as object, methodsOf(prototype)] as const,
);
const accessMethods = methodsOf(MemoryAccess.prototype);

/** Records the methods of a class of cores, before they can be replaced. */
export function declareStock(prototype: Methods): void {
  const methods = methodsOf(prototype);
  const value: WhyNotStock = (core) => {
    const own = overriddenMethod(core as Methods, methods);
    return own === undefined ? whyNotStockParts(core) : `one with ${own}`;
  };
  Object.defineProperty(prototype, WHY_NOT_STOCK, { value, configurable: true });
}

/** Records the parts of a core at the end of its constructor; a network without a memory has no `access`. */
export function declareParts(core: PublicFields, parts: Omit<Parts, "access"> & { readonly access?: Access }): void {
  Object.defineProperty(core, PARTS, { value: parts, configurable: true });
  publicFields.set(core, { config: core.config, variables: core.variables });
}

/** Finds the parts of a core, or of the core that it wraps. */
export function partsOf(core: object): Parts {
  return (core as { readonly [PARTS]: Parts })[PARTS];
}

/** Like `whyNotStock`, if `step` is known to be the class's own method. */
export function whyNotStockParts(core: object): string | undefined {
  const fields = publicFields.get(core);
  if (!fields) return "a wrapper of one";
  const { config, variables } = core as PublicFields;
  if (config !== fields.config) return "one with a replaced config";
  if (variables !== fields.variables) return "one with replaced variables";
  const { controller, access } = partsOf(core) as Partial<Parts> & Pick<Parts, "controller">;
  const known = controllers.find(([prototype]) => Object.getPrototypeOf(controller) === prototype);
  if (!known) return "one with a custom controller";
  const controllerOverride = overriddenMethod(controller as Methods, known[1]);
  if (controllerOverride !== undefined) return `one whose controller has ${controllerOverride}`;
  if (access === undefined) return undefined;
  if (Object.getPrototypeOf(access) !== MemoryAccess.prototype) return "one with a custom memory access";
  const own = overriddenMethod(access, accessMethods);
  return own === undefined ? undefined : `one whose memory access has ${own}`;
}

function methodsOf(source: Methods): Methods {
  return Object.fromEntries(METHODS.map((method) => [method, source[method]]));
}

/** Names the first method that is not the class's own, such as "a custom step". */
function overriddenMethod(source: Methods, expected: Methods): string | undefined {
  const found = METHODS.find((method) => source[method] !== expected[method]);
  return found === undefined ? undefined : `a custom ${found}`;
}
