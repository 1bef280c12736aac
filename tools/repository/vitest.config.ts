import { defineProject } from "vitest/config";

export default defineProject({
  test: { name: "repository", testTimeout: 600_000, hookTimeout: 600_000 },
});
