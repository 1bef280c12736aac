import { registerEngine } from "@dnc/core/engine";
import { tfjsEngine } from "./engine.js";

export { tfjsEngine } from "./engine.js";

// Importing the package registers the engine. An engine with custom kernels is tried before this one.
registerEngine(tfjsEngine);
