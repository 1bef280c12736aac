/** Flags of `npm run test:compat`. @type {Record<string, import("../flags.mjs").Flag>} */
export const FLAGS = {
  node: { kind: "text", help: "lowest, newest, or a version or prefix such as 22: the complete suite on that Node" },
  tensorflow: {
    kind: "text",
    help: "lowest or highest of each package's peer range, or a version: the libraries and engines that admit it",
  },
  typescript: { kind: "text", help: "lowest, newest, or a version or prefix: checks the packages' declarations" },
  quick: {
    kind: "switch",
    help: "newest Node and lowest TensorFlow.js, with the fast and most informative tests",
  },
};
