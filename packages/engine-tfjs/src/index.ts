import { registerEngine } from "@dnc/core/engine";
import { tfjsEngine } from "./engine.js";

export { tfjsEngine } from "./engine.js";

// Importing the package is all a user does. An engine with its own kernels is asked before this one.
registerEngine(tfjsEngine);
