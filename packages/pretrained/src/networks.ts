// Written by tools/pretrained.mjs from the records in networks/.
import type { PretrainedFacts } from "./facts.js";

/** Name of a trained network, which is that of its preset. */
export type PretrainedName =
  | "associative-recall"
  | "copy"
  | "dynamic-n-grams"
  | "graph-traversal"
  | "key-value"
  | "links"
  | "repeat-copy-small"
  | "two-way-key-value";

/** For each network a function that returns the URLs of its files. */
export const URLS: Readonly<Record<PretrainedName, () => Record<"state.json" | "model.safetensors", string>>> = {
  "associative-recall": () => ({
    "state.json": new URL("../networks/associative-recall/checkpoints/step-00020000/state.json", import.meta.url).href,
    "model.safetensors": new URL(
      "../networks/associative-recall/checkpoints/step-00020000/model.safetensors",
      import.meta.url,
    ).href,
  }),
  copy: () => ({
    "state.json": new URL("../networks/copy/checkpoints/step-00010000/state.json", import.meta.url).href,
    "model.safetensors": new URL("../networks/copy/checkpoints/step-00010000/model.safetensors", import.meta.url).href,
  }),
  "dynamic-n-grams": () => ({
    "state.json": new URL("../networks/dynamic-n-grams/checkpoints/step-00010000/state.json", import.meta.url).href,
    "model.safetensors": new URL(
      "../networks/dynamic-n-grams/checkpoints/step-00010000/model.safetensors",
      import.meta.url,
    ).href,
  }),
  "graph-traversal": () => ({
    "state.json": new URL("../networks/graph-traversal/checkpoints/step-00020000/state.json", import.meta.url).href,
    "model.safetensors": new URL(
      "../networks/graph-traversal/checkpoints/step-00020000/model.safetensors",
      import.meta.url,
    ).href,
  }),
  "key-value": () => ({
    "state.json": new URL("../networks/key-value/checkpoints/step-00020000/state.json", import.meta.url).href,
    "model.safetensors": new URL("../networks/key-value/checkpoints/step-00020000/model.safetensors", import.meta.url)
      .href,
  }),
  links: () => ({
    "state.json": new URL("../networks/links/checkpoints/step-00010000/state.json", import.meta.url).href,
    "model.safetensors": new URL("../networks/links/checkpoints/step-00010000/model.safetensors", import.meta.url).href,
  }),
  "repeat-copy-small": () => ({
    "state.json": new URL("../networks/repeat-copy-small/checkpoints/step-00012000/state.json", import.meta.url).href,
    "model.safetensors": new URL(
      "../networks/repeat-copy-small/checkpoints/step-00012000/model.safetensors",
      import.meta.url,
    ).href,
  }),
  "two-way-key-value": () => ({
    "state.json": new URL("../networks/two-way-key-value/checkpoints/step-00020000/state.json", import.meta.url).href,
    "model.safetensors": new URL(
      "../networks/two-way-key-value/checkpoints/step-00020000/model.safetensors",
      import.meta.url,
    ).href,
  }),
};

/** Facts about each network. */
export const FACTS: Readonly<Record<PretrainedName, PretrainedFacts>> = {
  "associative-recall": {
    description: "associative recall: 2 to 6 items of 3 vectors of 6 bits",
    preset: "associative-recall",
    task: "associative-recall",
    command: "dnc train --preset=associative-recall --seed=1 --backend=cpu --threads=1",
    commit: "63ad81bd74",
    date: "2026-11-27",
    seed: 1,
    iterations: 20000,
    minutes: 2.2,
    engine: "native",
    instructionSet: "avx512",
    parameters: 30038,
    bytes: 122392,
    grade: [
      {
        on: "6 items",
        metric: "bits per sequence",
        value: 0.174448502551475,
        standardError: 0.09094611269032177,
        sequences: 1000,
        atMost: 0.5,
        published:
          "NTM with a feed-forward controller 0 bits, with an LSTM 0, LSTM alone 2 (read off a curve of Graves et al. 2014, arXiv:1410.5401)",
      },
    ],
  },
  copy: {
    description: "copy: patterns of 1 to 20 vectors of 8 bits",
    preset: "copy",
    task: "copy",
    command: "dnc train --preset=copy --seed=1 --backend=cpu --threads=1",
    commit: "63ad81bd74",
    date: "2026-11-27",
    seed: 1,
    iterations: 10000,
    minutes: 1.5,
    engine: "native",
    instructionSet: "avx512",
    parameters: 30850,
    bytes: 126048,
    grade: [
      {
        on: "lengths 1 to 20",
        metric: "exact match",
        value: 1,
        standardError: 0,
        sequences: 1000,
        atLeast: 0.99,
        published:
          "NTM about 0.1 bit per sequence, LSTM 0.5 (read off the curves of Graves et al. 2014, arXiv:1410.5401)",
      },
      {
        on: "length 40",
        metric: "exact match",
        value: 1,
        standardError: 0,
        sequences: 1000,
        atLeast: 0.95,
      },
    ],
  },
  "dynamic-n-grams": {
    description: "dynamic 6-grams of 200 bits, without links",
    preset: "dynamic-n-grams",
    task: "dynamic-n-grams",
    command: "dnc train --preset=dynamic-n-grams --seed=1 --backend=cpu --threads=1",
    commit: "dcd26376ed",
    date: "2026-11-27",
    seed: 1,
    iterations: 10000,
    minutes: 7,
    engine: "native",
    instructionSet: "avx512",
    parameters: 27626,
    bytes: 112544,
    grade: [
      {
        on: "200 bits",
        metric: "bits above the optimum",
        value: 0.10413042131150035,
        standardError: 0.017250195449005634,
        sequences: 1000,
        atMost: 2,
        published:
          "NTM about 0.5 above the optimum, LSTM about 3 (read off the curves of Graves et al. 2014, arXiv:1410.5401)",
      },
    ],
  },
  "graph-traversal": {
    description: "graph traversal, the first lesson: an edge of a random graph of 3 to 10 nodes",
    preset: "graph-traversal",
    task: "graph-traversal",
    command: "dnc train --preset=graph-traversal --seed=2 --backend=cpu --threads=1",
    commit: "63ad81bd74",
    date: "2026-11-27",
    seed: 2,
    iterations: 20000,
    minutes: 9.1,
    engine: "native",
    instructionSet: "avx512",
    parameters: 185607,
    bytes: 744692,
    grade: [
      {
        on: "3 to 10 nodes, paths of 1",
        metric: "exact match",
        value: 0.9890000000000001,
        standardError: 0.003144660377352198,
        sequences: 1000,
        atLeast: 0.9,
        published: "90% ends the first lesson; an LSTM reached 37% at best",
      },
    ],
  },
  "key-value": {
    description: "key-value retrieval: 2 to 16 pairs of 6 bits, with masking",
    preset: "key-value",
    task: "key-value",
    command: "dnc train --preset=key-value --seed=1 --backend=cpu --threads=1",
    commit: "63ad81bd74",
    date: "2026-11-27",
    seed: 1,
    iterations: 20000,
    minutes: 0.5,
    engine: "native",
    instructionSet: "avx512",
    parameters: 16974,
    bytes: 70472,
    grade: [
      {
        on: "2 to 16 pairs",
        metric: "bits per sequence",
        value: 0.0000025029802430914084,
        standardError: 1.2345764326001674e-7,
        sequences: 1000,
        atMost: 0.1,
      },
    ],
  },
  links: {
    description: "copy with temporal links: patterns of 1 to 20 vectors of 6 bits, a feed-forward controller",
    preset: "links",
    task: "copy",
    command: "dnc train --preset=links --seed=1 --backend=cpu --threads=1",
    commit: "63ad81bd74",
    date: "2026-11-27",
    seed: 1,
    iterations: 10000,
    minutes: 1,
    engine: "native",
    instructionSet: "avx512",
    parameters: 13358,
    bytes: 55648,
    grade: [
      {
        on: "lengths 1 to 20",
        metric: "exact match",
        value: 1,
        standardError: 0,
        sequences: 1000,
        atLeast: 0.98,
        published: "solved with links, not without them",
      },
    ],
  },
  "repeat-copy-small": {
    description: "repeat copy: 1 to 5 vectors of 4 bits, 1 to 4 times, with one read head, so that one can watch it",
    preset: "repeat-copy-small",
    task: "repeat-copy",
    command: "dnc train --preset=repeat-copy-small --seed=2 --backend=cpu --threads=1",
    commit: "a97ab7a940",
    date: "2026-11-27",
    seed: 2,
    iterations: 12000,
    minutes: 0.8,
    engine: "native",
    instructionSet: "avx512",
    parameters: 25273,
    bytes: 103292,
    grade: [
      {
        on: "1 to 5 vectors, 1 to 4 times",
        metric: "exact match",
        value: 1,
        standardError: 0,
        sequences: 1000,
        atLeast: 0.99,
      },
    ],
  },
  "two-way-key-value": {
    description:
      "two-way key-value retrieval: 2 to 16 pairs of 6 bits, values by keys, then keys by values, with masking",
    preset: "two-way-key-value",
    task: "two-way-key-value",
    command: "dnc train --preset=two-way-key-value --seed=1 --backend=cpu --threads=1",
    commit: "63ad81bd74",
    date: "2026-11-27",
    seed: 1,
    iterations: 20000,
    minutes: 2.2,
    engine: "native",
    instructionSet: "avx512",
    parameters: 17102,
    bytes: 70984,
    grade: [
      {
        on: "2 to 16 pairs",
        metric: "bits per sequence",
        value: 0.002275685326788761,
        standardError: 0.0012790525237808285,
        sequences: 1000,
        atMost: 0.1,
      },
    ],
  },
};
