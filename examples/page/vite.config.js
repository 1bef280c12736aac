import { defineConfig } from "vite";

export default defineConfig({
  base: "./", // the page may lie in any folder of a server
  appType: "mpa", // a file that is missing is an error, not this page again
});
