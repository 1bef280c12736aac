import { checkBoolean, checkKeys, formatValue } from "@dnc/addressing/checks";

/** What a memory holds before the first step: a number, in every component; or random numbers, the same for every sequence. */
export type InitialMemory = number | "random";

/**
 * What a memory does differently from the paper of 2016; by default nothing.
 *
 * Source: Csordas and Schmidhuber 2019, "Improving Differentiable Neural Computers Through Memory Masking, De-allocation,
 * and Link Distribution Sharpness Control"; without links: Franke et al. 2018, "Robust and Scalable Differentiable Neural
 * Computer for Question Answering"; initial memories: Collier and Beel 2018, "Implementing Neural Turing Machines".
 */
export interface MemoryVariants {
  /**
   * Whether each head masks the components of keys and words that it compares; `minimum`, in [0, 1): the smallest factor of a
   * component, default: 0. Adds the layers `write_masks` and `read_masks`. Default: false.
   */
  masking?:
    | boolean
    | {
        /** The smallest factor of a component, in [0, 1); default: 0. */
        minimum?: number | undefined;
      }
    | undefined;
  /** Whether slots that the free gates free are also erased; default: false. */
  deallocation?: boolean | undefined;
  /**
   * Whether each read head sharpens its forward and backward weights. Adds the layers `forward_sharpness` and
   * `backward_sharpness`. Needs links. Default: false.
   */
  sharpness?: boolean | undefined;
  /** Whether there are temporal links; without them each head reads by content alone; default: true. */
  links?: boolean | undefined;
  /**
   * What the memory holds before the first step: a number, in every component; or `"random"`, numbers of a normal distribution of standard
   * deviation 0.5, cut off at 1, which the seed decides and which are the same for every sequence. Default: 0.
   */
  initialMemory?: InitialMemory | undefined;
}

/** The variants of a memory with every default filled in. */
export type CompleteMemoryVariants = {
  /** The smallest factor of a component; false: nothing is masked. */
  readonly masking:
    | false
    | {
        /** The smallest factor of a component, in [0, 1). */
        readonly minimum: number;
      };
  /** Whether slots that the free gates free are also erased. */
  readonly deallocation: boolean;
  /** Whether forward and backward weights are sharpened. */
  readonly sharpness: boolean;
  /** Whether there are temporal links. */
  readonly links: boolean;
  /** What the memory holds before the first step. */
  readonly initialMemory: InitialMemory;
};

/** All keys of the variants. */
export const VARIANT_KEYS: readonly string[] = ["masking", "deallocation", "sharpness", "links", "initialMemory"];

/**
 * Fills in the defaults of a memory's variants and checks them.
 *
 * @param variants - such as `{ masking: true }`; other keys are ignored.
 * @param path - beginning of the names in messages, such as `memory.`; default: nothing.
 * @returns all variants.
 * @throws TypeError for a value of the wrong kind, an unknown key of `masking`, or sharpness without links; RangeError for a
 *   minimum or an initial memory out of range.
 */
export function completeVariants(variants: MemoryVariants, path = ""): CompleteMemoryVariants {
  const { masking = false, deallocation = false, sharpness = false, links = true, initialMemory = 0 } = variants;
  for (const [name, value] of Object.entries({ deallocation, sharpness, links })) checkBoolean(`${path}${name}`, value);
  if (sharpness && !links) throw new TypeError(`${path}sharpness: expected false without links, got true`);
  checkInitialMemory(initialMemory, `${path}initialMemory`);
  return { masking: completeMasking(masking, `${path}masking`), deallocation, sharpness, links, initialMemory };
}

/** Throws a TypeError or RangeError unless a value is an initial memory. */
function checkInitialMemory(value: unknown, name: string): void {
  if (value === "random") return;
  const message = `${name}: expected "random" or a number that is finite in float32, got ${formatValue(value)}`;
  if (typeof value !== "number") throw new TypeError(message);
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded)) throw new RangeError(message);
  if (rounded === 0 && value !== 0) throw new RangeError(`${message}, which is 0 there`);
}

function completeMasking(masking: MemoryVariants["masking"], name: string): CompleteMemoryVariants["masking"] {
  if (masking === false || masking === true) return masking && { minimum: 0 };
  if (typeof masking !== "object" || masking === null || Array.isArray(masking))
    throw new TypeError(`${name}: expected true, false or { minimum }, got ${formatValue(masking)}`);
  checkKeys(name, masking, ["minimum"]);
  const { minimum = 0 } = masking;
  const message = `${name}.minimum: expected a number in [0, 1), got ${formatValue(minimum)}`;
  if (typeof minimum !== "number") throw new TypeError(message);
  if (!(minimum >= 0 && minimum < 1)) throw new RangeError(message);
  const rounded = Math.fround(minimum);
  if (rounded === 1 || (rounded === 0 && minimum !== 0))
    throw new RangeError(`${message}, which is ${rounded} in float32`);
  return { minimum: minimum + 0 };
}
