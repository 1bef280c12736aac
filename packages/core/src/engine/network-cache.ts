import { UNROLL_STATE, type UnrollInputs } from "@dnc/access/unroll-op";
import type * as tf from "@tensorflow/tfjs-core";

/** What the cache disposes. */
export interface CachedNetwork {
  /** Frees its memory. */
  dispose(): void;
}

/** So many networks keep their memory; the least recently used one is disposed first. */
const MAX_NETWORKS = 4;

/**
 * The networks with which an engine computes the unroll op, and which of them has the residuals of the last forward pass.
 *
 * A backward pass may use these only if it is for the same tensors; otherwise it runs the sequence forward once more.
 *
 * @typeParam Network - an engine's network: its memory and how to run it.
 */
export class NetworkCache<Network extends CachedNetwork> {
  readonly #networks = new Map<string, Network>();
  #saved: { readonly network: Network; readonly inputs: readonly object[] } | undefined;

  /**
   * Finds or creates a network.
   *
   * @param key - all that the network depends on.
   * @param create - creates it, if there is none.
   * @returns the network; it may be disposed once four others have been asked for.
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
   * Notes that a network has the residuals of a forward pass.
   *
   * @param network - the network.
   * @param given - what the forward pass was given.
   */
  save(network: Network, given: UnrollInputs<tf.TensorInfo>): void {
    this.#saved = { network, inputs: dataIds(given) };
  }

  /**
   * Whether a network has the residuals of a forward pass; forgets it.
   *
   * @param network - the network.
   * @param given - what the forward pass must have been given.
   */
  takeSaved(network: Network, given: UnrollInputs<tf.TensorInfo>): boolean {
    const saved = this.#saved;
    this.#saved = undefined;
    if (saved?.network !== network) return false;
    const ids = dataIds(given);
    return saved.inputs.every((id, index) => id === ids[index]);
  }

  /** Forgets which network has residuals: to be called before any network runs. */
  clearSaved(): void {
    this.#saved = undefined;
  }
}

function dataIds({ inputs, initialState, parameters }: UnrollInputs<tf.TensorInfo>): object[] {
  const state = UNROLL_STATE.map((name) => initialState[name]);
  return [inputs, ...state, ...parameters].map(({ dataId }) => dataId);
}
