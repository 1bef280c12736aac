import type { UnrollState } from "@dnc/core/engine";

/** Names of the state's tensors in a network's buffers. */
export const SECTIONS = {
  memory: "memory",
  readWeights: "readWeights",
  writeWeights: "writeWeights",
  link: "link",
  precedenceWeights: "precedence",
  usage: "usage",
  readWords: "words",
  hidden: "hidden",
  cell: "cell",
} as const satisfies UnrollState<string>;
