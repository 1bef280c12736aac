import { defineConfig } from "vitest/config";

export default defineConfig({
  // Both files run beside each other.
  test: { name: "docs-clone", root: import.meta.dirname, testTimeout: 600_000, hookTimeout: 600_000, maxWorkers: 2 },
});
