/** Reads `count` floats of a buffer, from index `first`, after all commands submitted so far have finished. */
export async function readBack(
  device: GPUDevice,
  buffer: GPUBuffer,
  first: number,
  count: number,
): Promise<Float32Array> {
  const staging = device.createBuffer({ size: 4 * count, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  try {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 4 * first, staging, 0, 4 * count);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return new Float32Array(staging.getMappedRange().slice(0));
  } finally {
    staging.destroy();
  }
}
