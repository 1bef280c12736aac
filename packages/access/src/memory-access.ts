import {
  assertShape,
  type CreateVariable,
  type LinkageState,
  memoryRetention,
  type NamedVariable,
  toFloat32,
  updateLinkage,
  updateUsage,
} from "@dnc/addressing";
import { checkBoolean, checkFunction, checkInteger, checkKeys, checkSeed } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import type { Access } from "./access.js";
import type { CompleteMemoryAccessConfig, MemoryAccessConfig } from "./config.js";
import { Interface, type InterfaceParameters, type InterfaceWeights } from "./interface.js";
import { readWeighting } from "./read.js";
import type { AccessState, AccessStep, AccessStepOptions } from "./step.js";
import { accessSizes, stepAsOp, warnOnce } from "./step-as-op.js";
import { type UnrollOpOwner, unrollOpOwner } from "./unroll-op/op.js";
import { completeVariants, VARIANT_KEYS } from "./variants.js";
import { writeMemory, writeWeighting } from "./write.js";

const CONFIG_KEYS = ["inputSize", "memorySize", "wordSize", "readHeads", "writeHeads", ...VARIANT_KEYS, "seed"];
const STEP_OPTION_KEYS = ["prepared", "trace"];

/** Standard deviation of a random initial memory. */
const RANDOM_MEMORY = 0.5;

/** Seed of a random initial memory: no interface layer has it. */
const randomMemorySeed = (seed: number) => 1 + seed * 64 + 63;

/**
 * An external memory with read and write heads, and the linear layers that turn the controller's output into interface
 * parameters.
 *
 *     const access = new MemoryAccess({ inputSize: 64, memorySize: 32 });
 *     const { output, state } = access.step(tf.zeros([16, 64]), access.initialState(16));
 *     const next = access.step(tf.zeros([16, 64]), state); // output is [16, 4, 16]: the words read
 *
 * Each step updates usage, writes (by content or allocation), updates the temporal links, and reads (by content or
 * along the links).
 *
 * Source: Graves et al. 2016, Methods; the order of operations is that of the reference's MemoryAccess.
 */
export class MemoryAccess implements Access<AccessState, InterfaceWeights> {
  /** The configuration with every default filled in. */
  readonly config: CompleteMemoryAccessConfig;
  readonly #interface: Interface;

  /**
   * @param config - sizes, variants and seed; see `MemoryAccessConfig`.
   * @param createVariable - creates each variable; default: new `tf.Variable`s.
   * @throws TypeError for an unknown key of `config` or a value of the wrong kind; RangeError for a number out of range.
   */
  constructor(config: MemoryAccessConfig, createVariable?: CreateVariable) {
    checkKeys("config", config, CONFIG_KEYS);
    const { inputSize, memorySize = 16, wordSize = 16, readHeads = 4, writeHeads = 1, seed = 0 } = config;
    const sizes = { inputSize, memorySize, wordSize, readHeads, writeHeads };
    for (const [name, size] of Object.entries(sizes)) checkInteger(name, size, 1);
    checkSeed(seed);
    checkFunction("createVariable", createVariable);
    this.config = { ...sizes, ...completeVariants(config), seed };
    this.#interface = new Interface(this.config, createVariable);
  }

  /** Width of the inputs. */
  get inputSize(): number {
    return this.config.inputSize;
  }

  /** Weights and biases of the interface layers: the reference's in their order, then those of the variants. */
  get variables(): readonly NamedVariable[] {
    return this.#interface.variables;
  }

  /**
   * Creates the state before the first step: a memory that was never written.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns zeros, but for a memory with another `initialMemory`; without links the linkage has 0 slots.
   * @throws RangeError or TypeError if `batchSize` is not a positive integer.
   */
  initialState(batchSize: number): AccessState {
    checkInteger("batchSize", batchSize, 1);
    const { memorySize: slots, readHeads, writeHeads } = this.config;
    const linked = this.#linkedSlots;
    return {
      memory: this.#initialMemory(batchSize),
      readWeights: tf.zeros([batchSize, readHeads, slots]),
      writeWeights: tf.zeros([batchSize, writeHeads, slots]),
      linkage: {
        link: tf.zeros([batchSize, writeHeads, linked, linked]),
        precedenceWeights: tf.zeros([batchSize, writeHeads, linked]),
      },
      usage: tf.zeros([batchSize, slots]),
    };
  }

  #initialMemory(batchSize: number): tf.Tensor3D {
    const { memorySize, wordSize, initialMemory, seed } = this.config;
    const shape: [number, number, number] = [batchSize, memorySize, wordSize];
    if (initialMemory === 0) return tf.zeros(shape); // which, unlike fill, runs no kernel
    if (initialMemory !== "random") return tf.fill(shape, initialMemory);
    return tf.tidy(() => {
      const one = tf.truncatedNormal([1, memorySize, wordSize], 0, RANDOM_MEMORY, "float32", randomMemorySeed(seed));
      return tf.tile(one as tf.Tensor3D, [batchSize, 1, 1]);
    });
  }

  /**
   * Computes the part of `step` that depends only on the variables, so that a sequence needs it only once.
   *
   * @returns new tensors, in the shapes of {@link InterfaceWeights}, which the caller disposes.
   */
  prepareWeights(): InterfaceWeights {
    return this.#interface.prepareWeights();
  }

  /**
   * Computes the interface parameters of an input.
   *
   * @param inputs - `[batch, inputSize]`, the controller's output.
   * @param prepared - from `prepareWeights`; default: prepared anew.
   * @returns new tensors, in the shapes of {@link InterfaceParameters}.
   * @throws RangeError if a shape does not fit; TypeError if an argument is not a tensor.
   */
  interfaceParameters(inputs: tf.Tensor2D, prepared?: InterfaceWeights): InterfaceParameters {
    assertShape("inputs", inputs, ["batch", this.config.inputSize]);
    if (prepared !== undefined) this.#interface.checkPrepared(prepared);
    return tf.tidy(() => this.#interface.interfaceParameters(toFloat32(inputs), prepared ?? this.prepareWeights()));
  }

  /**
   * Runs one step: one write, then one read.
   *
   * On a backend with an engine the step is one op, unless it is traced or shares prepared weights.
   *
   * @param inputs - `[batch, inputSize]`, the controller's output.
   * @param state - from `initialState` or the step before; belongs to the caller.
   * @param options - `prepared`: from `prepareWeights`; `trace`: whether to return the weightings and interface
   *   parameters of the step.
   * @returns the words read and the new state; with `trace` also an {@link AccessTrace}.
   * @throws RangeError if a shape does not fit; TypeError if an argument is not a tensor, for an unknown option or one of the
   *   wrong kind.
   */
  step(inputs: tf.Tensor2D, state: AccessState, options: AccessStepOptions = {}): AccessStep {
    checkKeys("option", options, STEP_OPTION_KEYS);
    const { prepared, trace = false } = options;
    checkBoolean("trace", trace);
    assertShape("inputs", inputs, ["batch", this.config.inputSize]);
    this.#checkState(state, inputs.shape[0]);
    if (prepared !== undefined) this.#interface.checkPrepared(prepared);
    return tf.tidy(() => this.#advance(toFloat32(inputs), stateAsFloat32(state), trace, prepared));
  }

  #advance(
    inputs: tf.Tensor2D,
    state: AccessState,
    trace: boolean,
    prepared: InterfaceWeights | undefined,
  ): AccessStep {
    if (!trace && !prepared && this.#runsAsOp()) return stepAsOp(this.config, this.variables, inputs, state);
    return tf.tidy(() => {
      const parameters = this.#interface.interfaceParameters(inputs, prepared ?? this.prepareWeights());
      const usage = updateUsage(state.usage, state.writeWeights, parameters.freeGate, state.readWeights);
      const { deallocation, links, masking } = this.config;
      const masks = masking === false ? {} : { maskMinimum: masking.minimum };
      const write = writeWeighting(parameters, state.memory, usage, masks);
      const freed = deallocation ? { retention: memoryRetention(parameters.freeGate, state.readWeights) } : {};
      const memory = writeMemory(state.memory, write.writeWeights, parameters, freed);
      const linkage = links ? updateLinkage(state.linkage, write.writeWeights) : cloneLinkage(state.linkage);
      const read = readWeighting(parameters, memory, linkage.link, state.readWeights, masks);
      const step = {
        output: tf.matMul(read.readWeights, memory) as tf.Tensor3D, // [batch, readHeads, wordSize]
        state: { memory, readWeights: read.readWeights, writeWeights: write.writeWeights, linkage, usage },
      };
      if (!trace) return step;
      const quantities = {
        ...parameters,
        writeContentWeights: write.contentWeights,
        allocationWeights: write.allocationWeights,
        readContentWeights: read.contentWeights,
        ...(links && { forwardWeights: read.forwardWeights, backwardWeights: read.backwardWeights }),
      };
      return { ...step, trace: quantities };
    });
  }

  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void {
    this.#interface.dispose();
  }

  /**
   * Whether the step may run as one op: the backend has it, its kernels support this memory, and no method or variable that
   * it uses is overridden or replaced. A reason against it is printed once.
   */
  #runsAsOp(): boolean {
    const owner = unrollOpOwner(tf.getBackend());
    if (owner === undefined) return false;
    const reason = this.#whyNotStock() ?? this.#whyNotSupported(owner);
    if (reason !== undefined) warnOnce(reason);
    return reason === undefined;
  }

  #whyNotStock(): string | undefined {
    const replaced =
      this.prepareWeights !== STOCK_PREPARE_WEIGHTS
        ? "prepareWeights"
        : this.variables !== this.#interface.variables
          ? "variables"
          : undefined;
    return replaced && `expected a stock MemoryAccess to run as one op, got one with replaced ${replaced}`;
  }

  #whyNotSupported(owner: UnrollOpOwner): string | undefined {
    const supported = owner.supportsSizes(accessSizes(this.config));
    return supported === true ? undefined : `engine ${owner.name} does not support this memory: ${supported}`;
  }

  /** Number of slots of the linkage. */
  get #linkedSlots(): number {
    return this.config.links ? this.config.memorySize : 0;
  }

  #checkState(state: AccessState, batch: number): void {
    const { memorySize: slots, wordSize, readHeads, writeHeads } = this.config;
    const linked = this.#linkedSlots;
    assertShape("state.memory", state?.memory, [batch, slots, wordSize]);
    assertShape("state.readWeights", state.readWeights, [batch, readHeads, slots]);
    assertShape("state.writeWeights", state.writeWeights, [batch, writeHeads, slots]);
    assertShape("state.linkage.link", state.linkage?.link, [batch, writeHeads, linked, linked]);
    assertShape("state.linkage.precedenceWeights", state.linkage.precedenceWeights, [batch, writeHeads, linked]);
    assertShape("state.usage", state.usage, [batch, slots]);
  }
}

/** The class's own method, recorded before it can be replaced. */
const STOCK_PREPARE_WEIGHTS = MemoryAccess.prototype.prepareWeights;

function cloneLinkage({ link, precedenceWeights }: LinkageState): LinkageState {
  return { link: tf.clone(link), precedenceWeights: tf.clone(precedenceWeights) };
}

function stateAsFloat32({ memory, readWeights, writeWeights, linkage, usage }: AccessState): AccessState {
  return {
    memory: toFloat32(memory),
    readWeights: toFloat32(readWeights),
    writeWeights: toFloat32(writeWeights),
    linkage: { link: toFloat32(linkage.link), precedenceWeights: toFloat32(linkage.precedenceWeights) },
    usage: toFloat32(usage),
  };
}
