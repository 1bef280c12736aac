/** The colours of `@dnc/report` for the page, so that page and report look alike. */
import { THEME } from "@dnc/report";

const NAME = "virtual:theme.css";

/** @returns {import("vite").Plugin} a plugin that serves the style sheet `virtual:theme.css`. */
export function themeCss() {
  return {
    name: "theme",
    resolveId: (id) => (id === NAME ? NAME : undefined),
    load: (id) => (id === NAME ? THEME : undefined),
  };
}
