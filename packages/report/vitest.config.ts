import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "report",
    testTimeout: 600_000,
    hookTimeout: 600_000,
    isolate: false,
  },
});
