import { defineConfig } from "vite";
import { roundedNetworks } from "./rounded-networks.js";
import { themeCss } from "./theme.js";
import { versions } from "./versions.js";

export default defineConfig({
  base: "./", // the page can be served from any folder
  appType: "mpa", // a missing file is an error; the default would return this page
  plugins: [themeCss(), roundedNetworks("dist/page/assets")],
  build: {
    outDir: "dist/page",
    assetsInlineLimit: 0, // the content security policy has no data: URLs to fetch
    modulePreload: { polyfill: false },
  },
  worker: { format: "es", plugins: () => [versions()] },
  optimizeDeps: { exclude: ["@dnc/pretrained"] }, // the development server would not find the files of the networks
});
