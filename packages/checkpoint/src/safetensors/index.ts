export { type DecodedSafetensors, decodeSafetensors, type SafeTensor } from "./decode.js";
export type { Dtype } from "./dtype.js";
export { type EncodeOptions, encodeSafetensors } from "./encode.js";
export { SafetensorsError } from "./safetensors-error.js";
export { toFloat32 } from "./to-float32.js";
