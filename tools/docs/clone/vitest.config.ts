import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { name: "docs-clone", root: import.meta.dirname, testTimeout: 600_000, hookTimeout: 600_000 },
});
