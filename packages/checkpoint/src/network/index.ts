export type { NetworkOptions } from "./create-network.js";
export { loadNetwork } from "./load-network.js";
export { type NetworkConfig, type NetworkSettings, networkConfig, networkSettings } from "./settings.js";
