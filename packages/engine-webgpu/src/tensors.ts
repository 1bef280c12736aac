import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";

/** A place in a buffer; the offset is in bytes. */
export interface Place {
  readonly buffer: GPUBuffer;
  readonly offset: number;
}

/** Uploads tensors and submits everything that the backend has recorded, so that commands submitted next run after it. */
export function flush(backend: WebGPUBackend, tensors: readonly tf.TensorInfo[]): void {
  for (const tensor of tensors) if (bytesOf(tensor) > 0) backend.uploadToGPU(tensor.dataId);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
}

/** Returns the size of a float32 tensor in bytes. */
export function bytesOf({ shape }: tf.TensorInfo): number {
  return 4 * tf.util.sizeFromShape(shape);
}

/** Creates a float32 tensor on the device without setting its values. */
export function emptyTensor(backend: WebGPUBackend, shape: number[]): tf.TensorInfo {
  if (tf.util.sizeFromShape(shape) === 0) return backend.makeTensorInfo(shape, "float32", new Float32Array(0));
  return backend.makeTensorInfo(shape, "float32");
}

function bufferOf(backend: WebGPUBackend, { dataId }: tf.TensorInfo): GPUBuffer {
  return backend.tensorMap.get(dataId).resource as GPUBuffer;
}

/** Records a copy from a tensor to a buffer. */
export function copyFrom(backend: WebGPUBackend, encoder: GPUCommandEncoder, tensor: tf.TensorInfo, to: Place): void {
  const bytes = bytesOf(tensor);
  if (bytes > 0) encoder.copyBufferToBuffer(bufferOf(backend, tensor), 0, to.buffer, to.offset, bytes);
}

/** Records a copy from a buffer to a tensor. */
export function copyTo(backend: WebGPUBackend, encoder: GPUCommandEncoder, tensor: tf.TensorInfo, from: Place): void {
  const bytes = bytesOf(tensor);
  if (bytes > 0) encoder.copyBufferToBuffer(from.buffer, from.offset, bufferOf(backend, tensor), 0, bytes);
}
