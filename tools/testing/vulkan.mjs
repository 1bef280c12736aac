/** WebGPU in software, for machines without a GPU. */
import { existsSync } from "node:fs";

/** The software Vulkan driver of Debian's chromium. */
const SOFTWARE_VULKAN = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Returns an environment in which Vulkan runs in software, if the driver is installed and no other is selected. */
export function withVulkan(env = process.env) {
  return { ...(existsSync(SOFTWARE_VULKAN) ? { VK_ICD_FILENAMES: SOFTWARE_VULKAN } : {}), ...env };
}
