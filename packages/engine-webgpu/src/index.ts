import { registerEngine } from "@dnc/core/engine";
import { webGpuEngine } from "./engine.js";

export { webGpuEngine } from "./engine.js";
export { WebGpuTrainer } from "./trainer.js";

// Importing the package registers the engine. Kernels are generated on first use.
registerEngine(webGpuEngine);
