import { registerUnroll } from "./unroll-kernel.js";

export { type FusedCore, isCovered } from "./core.js";

// Importing the package is all a user does. The kernels are generated when the backend first asks for them.
registerUnroll();
