/** Flags of `npm run test:compat`. @type {Record<string, import("../flags.mjs").Flag>} */
export const FLAGS = {
  node: { kind: "text", help: "lowest, newest, or a version or prefix such as 22: the complete suite on that Node" },
  tensorflow: {
    kind: "text",
    help: "lowest or highest of each package's peer range, or a version: the libraries and engines that admit it",
  },
  typescript: { kind: "text", help: "lowest, newest, or a version or its beginning: the packages' declarations" },
  jest: { kind: "text", help: "newest, or a version or its beginning: jest loads the packages without transforms" },
  quick: {
    kind: "switch",
    help: "newest Node and lowest TensorFlow.js, with the fast and most informative tests",
  },
};
