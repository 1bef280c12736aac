export { type DecodedSafetensors, type Dtype, decodeSafetensors, type SafeTensor, SafetensorsError } from "./decode.js";
export { encodeSafetensors } from "./encode.js";
export { toFloat32 } from "./to-float32.js";
