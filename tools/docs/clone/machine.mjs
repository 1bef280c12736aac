/** What this machine lets the commands of the documentation do. */
import { existsSync } from "node:fs";

/** The software Vulkan that Debian's chromium brings. */
const VULKAN = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** The environment of the commands. */
export const env = { ...(existsSync(VULKAN) ? { VK_ICD_FILENAMES: VULKAN } : {}), ...process.env };

/** Whether WebGPU has a driver that it was told of; without one the commands have to say what is missing. */
export const WEBGPU = env.VK_ICD_FILENAMES !== undefined || env.VK_DRIVER_FILES !== undefined;
