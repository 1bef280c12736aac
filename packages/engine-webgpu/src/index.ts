import { registerEngine } from "@dnc/core/engine";
import { webGpuEngine } from "./engine.js";

export { webGpuEngine } from "./engine.js";
export { WebGpuTrainer } from "./trainer.js";

// Importing the package is all a user does. The kernels are generated when the backend first asks for them.
registerEngine(webGpuEngine);
