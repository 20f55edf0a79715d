// ---- tiles of a 1×1 convolution and what they move, tested against Python's course_utils.cost; numbers, not bytes ----

const tilesOf = ({ c_out, pixels, block_o, block_p }) => [Math.ceil(c_out / block_o), Math.ceil(pixels / block_p)];

// Tile k: where it begins, and how much of it exists. Outputs go first: tiles that follow one another share their pixels.
function tileAt(s, k) {
  const [down] = tilesOf(s);
  const [o, p] = [(k % down) * s.block_o, Math.floor(k / down) * s.block_p];
  return { o, p, outputs: Math.min(s.block_o, s.c_out - o), columns: Math.min(s.block_p, s.pixels - p) };
}

// What the first `count` tiles read and write.
function movedBy(s, count) {
  const sum = { x: 0, weight: 0, y: 0 };
  for (let k = 0; k < count; k++) {
    const { outputs, columns } = tileAt(s, k);
    sum.x += s.c_in * columns;
    sum.weight += outputs * s.c_in;
    sum.y += outputs * columns;
  }
  return sum;
}

export { movedBy, tileAt, tilesOf };
