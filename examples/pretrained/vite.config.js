import { defineConfig } from "vite";

export default defineConfig({
  base: "./", // the page can be served from any folder
  optimizeDeps: { exclude: ["@dnc/pretrained"] }, // the development server would not find the files of the networks
});
