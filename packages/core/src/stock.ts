/** Which cores are stock: those that an op may stand for, because nothing of theirs was overridden or replaced. */
import { MemoryAccess } from "@dnc/access";
import { type Controller, DeepLstm, FeedForward, Gru, Lstm, type NamedVariable } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";

/** What a core is made of. */
export type Parts = {
  readonly controller: Controller;
  readonly access: MemoryAccess;
  readonly output: { readonly weights: tf.Variable; readonly biases: tf.Variable };
};

/** What a core shows of itself, as its constructor made it. */
type Face = { readonly config: object; readonly variables: readonly NamedVariable[] };

/**
 * Under this name a `Dnc` has `whyNotStock`, for engines, which do not see this package. It is asked about the object that
 * they were given, since what is found through a wrapper may belong to what it wraps.
 */
const WHY_NOT_STOCK = Symbol.for("@dnc/core/whyNotStock");

/** Wrappers find the parts of what they wrap under it; they are not stock all the same. */
const PARTS = Symbol("parts");

/** Of a core and of its parts: what a sequence is made of. */
const METHODS = ["initialState", "bind", "step"] as const;

type Methods = { readonly [Method in (typeof METHODS)[number]]?: unknown };

const faces = new WeakMap<object, Face>();
const controllers = [Lstm, DeepLstm, FeedForward, Gru].map(
  ({ prototype }) => [prototype as object, methodsOf(prototype)] as const,
);
const ofAccess = methodsOf(MemoryAccess.prototype);
let ofCore: Methods = {};

declare const console: { warn(message: string): void };

const warned = new Set<string>();

/** Notes the methods of the class itself, before anyone can replace them. */
export function declareStock(prototype: Methods): void {
  ofCore = methodsOf(prototype);
  Object.defineProperty(prototype, WHY_NOT_STOCK, { value: whyNotStock, configurable: true });
}

/** Notes what a core is made of, once it is complete. */
export function declareParts(core: Face, parts: Parts): void {
  Object.defineProperty(core, PARTS, { value: parts, configurable: true });
  faces.set(core, { config: core.config, variables: core.variables });
}

/** The parts of a core, or of the one that it wraps. */
export function partsOf(core: object): Parts {
  return (core as { readonly [PARTS]: Parts })[PARTS];
}

/** Whether a sequence of this core may be one op. If not, that is said once a reason. */
export function isStock(core: object): boolean {
  return saidOnce(whyNotStock(core));
}

/** Whether a step of this core, where it is that of the class, may be one op. */
export function hasStockParts(core: object): boolean {
  return saidOnce(whyNotStockParts(core));
}

/**
 * Why a core is not stock, after the words "expected a stock Dnc, got".
 *
 * @returns undefined if it is.
 */
function whyNotStock(core: object): string | undefined {
  const own = methodBeside(core as Methods, ofCore);
  return own === undefined ? whyNotStockParts(core) : `one with ${own} of its own`;
}

function whyNotStockParts(core: object): string | undefined {
  const face = faces.get(core);
  if (!face) return "a wrapper of one";
  const { config, variables } = core as Face;
  if (config !== face.config) return "one with another config than its own";
  if (variables !== face.variables) return "one with other variables than its own";
  const { controller, access } = partsOf(core);
  const known = controllers.find(([prototype]) => Object.getPrototypeOf(controller) === prototype);
  if (!known) return "one with a controller of one's own";
  const ofController = methodBeside(controller as Methods, known[1]);
  if (ofController !== undefined) return `one whose controller has ${ofController} of its own`;
  const own = methodBeside(access, ofAccess);
  return own === undefined ? undefined : `one whose memory access has ${own} of its own`;
}

function methodsOf(source: Methods): Methods {
  return Object.fromEntries(METHODS.map((method) => [method, source[method]]));
}

/** The first method that is not the class's. */
function methodBeside(source: Methods, expected: Methods): string | undefined {
  const found = METHODS.find((method) => source[method] !== expected[method]);
  if (found === undefined) return undefined;
  return found === "initialState" ? `an ${found}` : `a ${found}`;
}

function saidOnce(reason: string | undefined): boolean {
  if (reason === undefined) return true;
  if (!warned.has(reason))
    console.warn(`@dnc/core: expected a stock Dnc to run as one op, got ${reason}; such a core runs step by step.`);
  warned.add(reason);
  return false;
}
