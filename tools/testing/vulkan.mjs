/** WebGPU in software, for machines without a GPU. */
import { existsSync } from "node:fs";

/** The Vulkan that Debian's chromium brings. */
const SOFTWARE_VULKAN = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** An environment in which Vulkan runs in software, where that is there and nothing else was chosen. */
export function withVulkan(env = process.env) {
  return { ...(existsSync(SOFTWARE_VULKAN) ? { VK_ICD_FILENAMES: SOFTWARE_VULKAN } : {}), ...env };
}
