// ---- FLOPs and bytes of a 1×1 layer and the roof above it, tested against Python's course_utils.cost ----

// Every tensor is moved once; a multiply-add is two FLOPs; the bias is left out.
function pointwiseWork({ n, c_in, c_out, size }, itemsize) {
  const pixels = n * size * size;
  const [flops, moved] = [2 * pixels * c_in * c_out, itemsize * (pixels * (c_in + c_out) + c_in * c_out)];
  return { flops, moved, intensity: flops / moved };
}

const attainable = (intensity, peak, bandwidth) => Math.min(intensity * bandwidth, peak);

export { attainable, pointwiseWork };
