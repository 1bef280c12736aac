/** The binaries of a bundle that are not from npm: Node.js and libraries that a bare machine may lack. */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * Libraries by their Debian package, which has their licence: the Vulkan loader, and what NVIDIA's Vulkan driver links to.
 * All have permissive licences.
 */
const LIBRARIES = {
  "libvulkan.so.1": "libvulkan1",
  "libGLdispatch.so.0": "libglvnd0",
  "libEGL.so.1": "libegl1",
  "libGLX.so.0": "libglx0",
  "libX11.so.6": "libx11-6",
  "libXext.so.6": "libxext6",
  "libxcb.so.1": "libxcb1",
  "libXau.so.6": "libxau6",
  "libXdmcp.so.6": "libxdmcp6",
  "libbsd.so.0": "libbsd0",
  "libmd.so.0": "libmd0",
};

/**
 * Copies the libraries that this machine has, each with its licence; one without a licence is left out.
 *
 * @param {string} folder - the bundle.
 * @returns {string[]} the libraries that were left out.
 */
export function copyLibraries(folder) {
  const env = { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` };
  const cache = execFileSync("ldconfig", ["-p"], { env, encoding: "utf8" });
  for (const part of ["lib", "licenses"]) mkdirSync(join(folder, part), { recursive: true });
  return Object.entries(LIBRARIES).flatMap(([name, debian]) => {
    const line = cache.split("\n").find((each) => each.trim().startsWith(`${name} (libc6,x86-64`));
    const license = `/usr/share/doc/${debian}/copyright`;
    if (line === undefined || !existsSync(license)) return [name];
    copyFileSync(realpathSync(line.split(" => ")[1]), join(folder, "lib", name));
    copyFileSync(license, join(folder, "licenses", `${debian}.txt`));
    return [];
  });
}

/**
 * Copies this Node.js, without symbols if `strip` is here, packed as `bin/node.gz`, with its licence.
 *
 * @param {string} folder - the bundle.
 */
export function copyNode(folder) {
  const node = realpathSync(process.execPath);
  const target = join(folder, "bin/node");
  mkdirSync(dirname(target), { recursive: true });
  try {
    execFileSync("strip", ["--strip-all", "-o", target, node], { stdio: "ignore" });
  } catch {
    copyFileSync(node, target); // there is no such program, or it refuses
  }
  pack(target);
  const prefix = dirname(dirname(node));
  const licenses = [
    join(prefix, "LICENSE"),
    join(prefix, "share/doc/nodejs/LICENSE"),
    "/usr/share/doc/nodejs/copyright",
  ];
  const found = licenses.find((file) => existsSync(file));
  if (found === undefined) throw new Error(`the licence of ${node} is not there: expected ${licenses.join(" or ")}`);
  copyFileSync(found, join(folder, "licenses/node.txt"));
}

/** Replaces a file by its packed form, which start.sh unpacks. */
export function pack(file) {
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
  rmSync(file);
}
