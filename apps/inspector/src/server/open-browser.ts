import { spawn } from "node:child_process";

/** The program that opens an address, by platform; none of them is a shell. */
const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, readonly [program: string, ...args: string[]]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Opens an address in the user's browser. Does nothing if there is no desktop or no such program.
 *
 * @param url - of `serveInspector`.
 */
export function openBrowser(url: string): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const isDesktop = process.platform in PROGRAMS || DISPLAY || WAYLAND_DISPLAY;
  if (!isDesktop) return;
  const [program, ...args] = PROGRAMS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () => {}); // the address is printed too
  child.unref();
}
