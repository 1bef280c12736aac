import { defineConfig } from "vite";

export default defineConfig({
  base: "./", // the page can be served from any folder
  appType: "mpa", // a missing file is an error; the default would return this page
});
