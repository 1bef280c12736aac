import type * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { mapState, NetworkCache, type UnrollInputs } from "../../src/engine/index.js";

class Network {
  isDisposed = false;
  dispose() {
    this.isDisposed = true;
  }
}

function tensor(): tf.TensorInfo {
  return { dataId: {}, shape: [1], dtype: "float32" };
}

const create = () => new Network();
const inputs = (): UnrollInputs<tf.TensorInfo> => ({
  inputs: tensor(),
  initialState: mapState(tensor),
  parameters: [tensor(), tensor()],
});

describe("NetworkCache", () => {
  it("returns the same network for the same key, and disposes the least recently used one", () => {
    const cache = new NetworkCache<Network>();
    const networks = ["a", "b", "c", "d"].map((key) => cache.get(key, create));
    expect(cache.get("a", create)).toBe(networks[0]);
    cache.get("e", create);
    expect(networks.map(({ isDisposed }) => isDisposed)).toEqual([false, true, false, false]);
    expect(cache.get("b", create)).not.toBe(networks[1]);
  });

  it("has residuals only for the tensors of the last forward pass, once", () => {
    const cache = new NetworkCache<Network>();
    const [network, other] = ["a", "b"].map((key) => cache.get(key, create));
    const given = inputs();
    cache.save(network, given);
    expect(cache.takeSaved(network, given)).toBe(true);
    expect(cache.takeSaved(network, given)).toBe(false);
    const others = [
      { ...given, inputs: tensor() },
      { ...given, initialState: { ...given.initialState, cell: tensor() } },
      { ...given, parameters: [given.parameters[0], tensor()] },
      { ...given, inputMask: tensor() },
    ];
    for (const changed of others) {
      cache.save(network, given);
      expect(cache.takeSaved(network, changed)).toBe(false);
    }
    cache.save(network, given);
    expect(cache.takeSaved(other, given)).toBe(false);
    cache.save(network, given);
    cache.clearSaved();
    expect(cache.takeSaved(network, given)).toBe(false);
  });

  it("has no residuals of a disposed network", () => {
    const cache = new NetworkCache<Network>();
    const given = inputs();
    const network = cache.get("a", create);
    cache.save(network, given);
    for (const key of ["b", "c", "d", "e"]) cache.get(key, create);
    expect(cache.takeSaved(network, given)).toBe(false);
  });
});
