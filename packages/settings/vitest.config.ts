import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "settings",
    setupFiles: ["../../tools/testing/setup.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    isolate: false,
  },
});
