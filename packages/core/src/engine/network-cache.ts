import { UNROLL_STATE, type UnrollInputs } from "@dnc/access/unroll-op";
import type * as tf from "@tensorflow/tfjs-core";

/** A network that the cache can hold and dispose. */
export interface CachedNetwork {
  /** Frees the network's memory. */
  dispose(): void;
}

/** Largest number of networks in the cache; the least recently used one is disposed first. */
const MAX_NETWORKS = 4;

/**
 * Caches the networks with which an engine computes the unroll op, and remembers which one has the residuals of the
 * last forward pass.
 *
 * A backward pass may use the residuals only if it is for the same tensors; otherwise it repeats the forward pass.
 *
 * @typeParam Network - the engine's class for a network: its memory and the code that runs it.
 */
export class NetworkCache<Network extends CachedNetwork> {
  readonly #networks = new Map<string, Network>();
  #saved: { readonly network: Network; readonly inputs: readonly object[] } | undefined;

  /**
   * Finds or creates a network.
   *
   * @param key - identifies the network: everything that it depends on.
   * @param create - creates the network if the cache has none for the key.
   * @returns the network; it may be disposed once four others have been requested.
   */
  get(key: string, create: () => Network): Network {
    const network = this.#networks.get(key) ?? create();
    this.#networks.delete(key);
    this.#networks.set(key, network);
    for (const [oldest, other] of this.#networks) {
      if (this.#networks.size <= MAX_NETWORKS) break;
      other.dispose();
      this.#networks.delete(oldest);
      if (this.#saved?.network === other) this.#saved = undefined;
    }
    return network;
  }

  /**
   * Records that a network has the residuals of a forward pass.
   *
   * @param network - the network.
   * @param given - the inputs of the forward pass.
   */
  save(network: Network, given: UnrollInputs<tf.TensorInfo>): void {
    this.#saved = { network, inputs: dataIds(given) };
  }

  /**
   * Whether a network has the residuals of a forward pass. Clears the record.
   *
   * @param network - the network.
   * @param given - the inputs of that forward pass.
   */
  takeSaved(network: Network, given: UnrollInputs<tf.TensorInfo>): boolean {
    const saved = this.#saved;
    this.#saved = undefined;
    if (saved?.network !== network) return false;
    const ids = dataIds(given);
    return saved.inputs.length === ids.length && saved.inputs.every((id, index) => id === ids[index]);
  }

  /** Clears the record of residuals. Call it before any network runs. */
  clearSaved(): void {
    this.#saved = undefined;
  }
}

function dataIds({ inputs, inputMask, initialState, parameters }: UnrollInputs<tf.TensorInfo>): object[] {
  const state = UNROLL_STATE.map((name) => initialState[name]);
  return [inputs, ...(inputMask ? [inputMask] : []), ...state, ...parameters].map(({ dataId }) => dataId);
}
