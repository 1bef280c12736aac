import { loadNetwork } from "@dnc/checkpoint/network";
import type { Dnc, LstmNetwork } from "@dnc/core";
import { applyLesions } from "../network/apply-lesions.js";
import type { Lesions } from "../network/lesion.js";
import type { NetworkFiles } from "./facts.js";

/** Variants that are kept: the one that is asked, and the intact one beside it. */
const KEPT = 2;

/** What a variant of a network is. */
export interface Variant {
  /** Slots of the memory; default: as in training. */
  readonly memorySize?: number | undefined;
  readonly lesions?: Lesions | undefined;
}

/** A network with other sizes of its memory and with lesions; those that were asked last are kept. */
export class NetworkVariants {
  readonly #files: NetworkFiles;
  readonly #kept = new Map<string, Promise<Dnc | LstmNetwork>>();

  constructor(files: NetworkFiles) {
    this.#files = files;
  }

  /**
   * Returns a variant, which belongs to these variants.
   *
   * @throws RangeError (as a rejection) if a size or a lesion is not one of the network.
   */
  async find({ memorySize, lesions = {} }: Variant): Promise<Dnc | LstmNetwork> {
    const key = JSON.stringify([memorySize, lesions]);
    const found = this.#kept.get(key) ?? this.#create({ memorySize, lesions });
    this.#kept.delete(key);
    this.#kept.set(key, found); // as the last one
    for (const old of [...this.#kept.keys()].slice(0, -KEPT)) this.#drop(old);
    try {
      return await found;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }

  dispose(): void {
    for (const key of [...this.#kept.keys()]) this.#drop(key);
  }

  async #create({ memorySize, lesions = {} }: Variant): Promise<Dnc | LstmNetwork> {
    const network = await loadNetwork(this.#files, { memorySize });
    if (network.config.memory !== false) await applyLesions(network as Dnc, lesions);
    return network;
  }

  #drop(key: string): void {
    this.#kept.get(key)?.then(
      (network) => network.dispose(),
      () => undefined,
    );
    this.#kept.delete(key);
  }
}
