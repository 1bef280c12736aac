import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "inspector",
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
