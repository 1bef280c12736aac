/** A host without a kernel: networks keep their arrays in plain memory, and `run` does what a test says. */
import type { NetworkSizes } from "@dnc/core/engine";
import type { ArrayField, Command, KernelHost, KernelNetwork, NumberField, RunShape } from "../src/index.js";
import { sizeFields } from "../src/index.js";

/** Length of each array. Numbers that were never written are NaN. */
const LENGTH = 20_000;

/** A network whose rows are padded by unusual strides. */
export class FakeNetwork implements KernelNetwork {
  readonly sizes: NetworkSizes;
  readonly plan: Partial<Record<NumberField, number>>;
  readonly arrays = new Map<ArrayField, Float32Array>();
  shape: RunShape | undefined;
  threadsUsed = 0;
  isDisposed = false;
  runAsync?: (command: Command) => Promise<void>;
  /** What a command does; the default is nothing. */
  onRun: (command: Command, network: FakeNetwork) => void = () => {};

  constructor(sizes: NetworkSizes) {
    this.sizes = sizes;
    const hiddenAt = sizes.inputSize + sizes.readHeads * sizes.wordSize;
    const carryPad = hiddenAt + sizes.layers * sizes.hiddenSize + 3;
    this.plan = { ...sizeFields(sizes), outPad: sizes.outputSize + 2, hiddenAt, carryPad };
  }

  set(values: Partial<Record<NumberField, number>>): void {
    Object.assign(this.plan, values);
  }

  get(field: NumberField): number {
    return this.plan[field] ?? Number.NaN;
  }

  prepare(shape: RunShape): void {
    this.shape = shape;
  }

  array(field: ArrayField): Float32Array {
    const array = this.arrays.get(field) ?? new Float32Array(LENGTH).fill(Number.NaN);
    this.arrays.set(field, array);
    return array;
  }

  read(field: ArrayField, offset: number, into: Float32Array): void {
    if (offset + into.length > LENGTH) throw new RangeError(`${field}: read beyond its end`);
    into.set(this.array(field).subarray(offset, offset + into.length));
  }

  write(field: ArrayField, offset: number, from: Float32Array | Int32Array): void {
    const Expected = field === "groupSizes" ? Int32Array : Float32Array;
    if (!(from instanceof Expected)) throw new TypeError(`${field}: expected ${Expected.name}`);
    this.array(field).set(from, offset);
  }

  run(command: Command): void {
    this.onRun(command, this);
  }

  clearGradients(): void {}

  dispose(): void {
    this.isDisposed = true;
  }
}

/** A host that remembers its networks and how many threads were started. */
export class FakeHost implements KernelHost {
  readonly instructionSet = "paper";
  readonly networks: FakeNetwork[] = [];
  threads = 0;

  createNetwork(sizes: NetworkSizes): FakeNetwork {
    const network = new FakeNetwork(sizes);
    this.networks.push(network);
    return network;
  }

  startThreads(count: number): void {
    this.threads = Math.max(this.threads, count);
  }
}
