import { defineProject } from "vitest/config";

export default defineProject({
  test: { name: "parity", testTimeout: 60_000 },
});
