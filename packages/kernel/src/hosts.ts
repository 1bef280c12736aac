import { checkObject, formatValue } from "@dnc/core/engine";
import { MAX_THREADS } from "./generated/plan.js";
import type { KernelHost } from "./host.js";

/** More threads do not make these networks faster. */
const MOST_THREADS_BY_DEFAULT = 8;

/** Defaults of an engine for how it computes. */
export interface HostOptions<InstructionSet extends string> {
  /** Largest number of threads, 1 to 32; results do not depend on it; default: one per CPU core, up to 8. */
  readonly threads?: number | undefined;
  /** Instruction set; results differ in their last bits; default: the fastest that the machine supports. */
  readonly instructionSet?: InstructionSet | undefined;
}

/** What {@link KernelHosts} needs from its engine. */
export interface KernelHostsSetup<InstructionSet extends string, Host extends KernelHost> {
  /** What a host is, for descriptions of trainers: "WebAssembly". */
  readonly hostName: string;
  /** Names of all instruction sets, whether the machine has them or not. */
  readonly instructionSets: readonly InstructionSet[];
  /**
   * Returns the host for an instruction set, or in a sentence why there is none. It is called often: it keeps what it has found.
   *
   * @param instructionSet - the instruction set; undefined: the fastest that the machine supports.
   */
  find(instructionSet: InstructionSet | undefined): Host | string;
  /** Returns the number of CPU cores that this process may use. */
  countCores(): number;
  /**
   * Fails unless a value for {@link KernelHosts.configure} is an instruction set; default: with the names of all.
   *
   * @param value - the value, not undefined.
   * @throws TypeError with what was expected.
   */
  checkConfigured?: ((value: unknown) => void) | undefined;
}

/**
 * The hosts of an engine, at most one for each instruction set, and the defaults by which one is chosen.
 *
 *     const hosts = new KernelHosts({ hostName: "WebAssembly", instructionSets: ["simd"], find });
 *     hosts.configure({ threads: 4 });
 *     hosts.get().startThreads(hosts.threads);
 */
export class KernelHosts<InstructionSet extends string, Host extends KernelHost = KernelHost> {
  /** What a host is, for descriptions of trainers. */
  readonly hostName: string;
  readonly #setup: KernelHostsSetup<InstructionSet, Host>;
  #options: HostOptions<InstructionSet> = {};

  /**
   * Creates hosts when they are first needed.
   *
   * @param setup - the engine's own part.
   */
  constructor(setup: KernelHostsSetup<InstructionSet, Host>) {
    this.hostName = setup.hostName;
    this.#setup = setup;
  }

  /**
   * Sets the defaults.
   *
   * @param given - the new values; an absent option is reset to its default.
   * @throws RangeError if `threads` is not an integer from 1 to 32; TypeError for an unknown option or instruction set.
   */
  configure(given: HostOptions<InstructionSet>): void {
    checkObject("options", given);
    const { threads, instructionSet, ...rest } = given;
    for (const [name, value] of Object.entries(rest))
      if (value !== undefined) throw new TypeError(`options: unknown key "${name}"`);
    if (threads !== undefined && !(Number.isInteger(threads) && threads > 0 && threads <= MAX_THREADS))
      throw new RangeError(`threads: expected an integer from 1 to ${MAX_THREADS}, got ${threads}`);
    const { checkConfigured = (value) => this.checkInstructionSet(value) } = this.#setup;
    if (instructionSet !== undefined) checkConfigured(instructionSet);
    this.#options = { threads, instructionSet };
  }

  /** Number of threads to use: as configured, otherwise one per CPU core, up to 8. */
  get threads(): number {
    return this.#options.threads ?? Math.min(this.#setup.countCores(), MOST_THREADS_BY_DEFAULT);
  }

  /**
   * Fails unless a value is the name of an instruction set or undefined. The machine need not support it.
   *
   * @param value - the value that arrived.
   * @throws TypeError with the names of all.
   */
  checkInstructionSet(value: unknown): void {
    const { instructionSets } = this.#setup;
    if (value === undefined || instructionSets.includes(value as InstructionSet)) return;
    throw new TypeError(`instructionSet: expected one of ${instructionSets.join(", ")}, got ${formatValue(value)}`);
  }

  /**
   * Returns the host for an instruction set.
   *
   * @param requested - the instruction set; default: as configured, or the fastest that the machine supports.
   * @throws TypeError if there is none, with the reason.
   */
  get(requested?: InstructionSet): Host {
    const host = this.#find(requested);
    if (typeof host === "string") throw new TypeError(host);
    return host;
  }

  /**
   * Explains why there is no host for an instruction set.
   *
   * @param requested - the instruction set; default: as for `get`.
   * @returns the reason, in a sentence; undefined if there is a host.
   */
  whyNone(requested?: InstructionSet): string | undefined {
    const host = this.#find(requested);
    return typeof host === "string" ? host : undefined;
  }

  #find(requested: InstructionSet | undefined): Host | string {
    return this.#setup.find(requested ?? this.#options.instructionSet);
  }
}
