/**
 * Reproduces a bug of V8's baseline compiler without our code:
 * `node [--liftoff-only | --no-liftoff] kept-over-a-wait.mjs`.
 *
 * The function stores 0x12345678 in a local variable, waits on an address twice with a timeout of 0, and returns the
 * variable. V8 11.3 (Node 20) returns 0: it stores the address, an i32, as eight bytes in a slot of four and so
 * overwrites the variable next to it.
 *
 *     (func (export "f") (param $address i32) (param $expected i32) (result i32)
 *       (local $spins i32) (local $kept i32)
 *       (local.set $kept (i32.const 0x12345678))
 *       (loop $again
 *         (drop (memory.atomic.wait32 (local.get $address) (local.get $expected) (i64.const 0)))
 *         (local.set $spins (i32.add (local.get $spins) (i32.const 1)))
 *         (br_if $again (i32.lt_u (local.get $spins) (i32.const 2))))
 *       (local.get $kept))
 */
const BYTES =
  "AGFzbQEAAAABBwFgAn9/AX8CEAEDZW52Bm1lbW9yeQIDAQEDAgEABwUBAWYAAAosASoBAn9B+KzRkQEhAwNAIAAgAUIA/gECABogAkEBaiECIAJBAkkNAAsgAws=";
const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const module = new WebAssembly.Module(Buffer.from(BYTES, "base64"));
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const flags = process.execArgv.filter((flag) => flag.includes("liftoff")).join(" ") || "default flags";
console.log(
  `Node ${process.versions.node}, V8 ${process.versions.v8}, ${flags}: kept 0x${exports.f(0, 7).toString(16)}`,
);
