/** Which cores are stock: those that an op may stand for, because nothing of theirs was overridden or replaced. */
import { MemoryAccess } from "@dnc/access";
import { type Controller, DeepLstm, FeedForward, Gru, Lstm, type NamedVariable } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";
import { WHY_NOT_STOCK, type WhyNotStock } from "./why-not-stock.js";

/** What a core is made of. */
export type Parts = {
  readonly controller: Controller;
  readonly access: MemoryAccess;
  readonly output: { readonly weights: tf.Variable; readonly biases: tf.Variable };
};

/** What a core shows of itself, as its constructor made it. */
type PublicFields = { readonly config: object; readonly variables: readonly NamedVariable[] };

/** Wrappers find the parts of what they wrap under it; they are not stock all the same. */
const PARTS = Symbol("parts");

/** Of a core and of its parts: what a sequence is made of. */
const METHODS = ["initialState", "prepareWeights", "step"] as const;

type Methods = { readonly [Method in (typeof METHODS)[number]]?: unknown };

const publicFields = new WeakMap<object, PublicFields>();
const controllers = [Lstm, DeepLstm, FeedForward, Gru].map(
  ({ prototype }) => [prototype as object, methodsOf(prototype)] as const,
);
const ofAccess = methodsOf(MemoryAccess.prototype);
let ofCore: Methods = {};

/** Notes the methods of the class itself, before anyone can replace them. */
export function declareStock(prototype: Methods): void {
  ofCore = methodsOf(prototype);
  Object.defineProperty(prototype, WHY_NOT_STOCK, { value: whyNotStockDnc satisfies WhyNotStock, configurable: true });
}

/** Notes what a core is made of, once it is complete. */
export function declareParts(core: PublicFields, parts: Parts): void {
  Object.defineProperty(core, PARTS, { value: parts, configurable: true });
  publicFields.set(core, { config: core.config, variables: core.variables });
}

/** The parts of a core, or of the one that it wraps. */
export function partsOf(core: object): Parts {
  return (core as { readonly [PARTS]: Parts })[PARTS];
}

/**
 * Why a core is not stock, after the words "expected a stock Dnc, got".
 *
 * @returns undefined if it is.
 */
function whyNotStockDnc(core: object): string | undefined {
  const own = overriddenMethod(core as Methods, ofCore);
  return own === undefined ? whyNotStockParts(core) : `one with ${own} of its own`;
}

/** As `whyNotStock`, for a step that is known to be the class's own. */
export function whyNotStockParts(core: object): string | undefined {
  const fields = publicFields.get(core);
  if (!fields) return "a wrapper of one";
  const { config, variables } = core as PublicFields;
  if (config !== fields.config) return "one with another config than its own";
  if (variables !== fields.variables) return "one with other variables than its own";
  const { controller, access } = partsOf(core);
  const known = controllers.find(([prototype]) => Object.getPrototypeOf(controller) === prototype);
  if (!known) return "one with a custom controller";
  const ofController = overriddenMethod(controller as Methods, known[1]);
  if (ofController !== undefined) return `one whose controller has ${ofController} of its own`;
  const own = overriddenMethod(access, ofAccess);
  return own === undefined ? undefined : `one whose memory access has ${own} of its own`;
}

function methodsOf(source: Methods): Methods {
  return Object.fromEntries(METHODS.map((method) => [method, source[method]]));
}

/** The first method that is not the class's. */
function overriddenMethod(source: Methods, expected: Methods): string | undefined {
  const found = METHODS.find((method) => source[method] !== expected[method]);
  if (found === undefined) return undefined;
  return found === "initialState" ? `an ${found}` : `a ${found}`;
}
