// Zip files of text: written without compression, read with or without.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

function crc32(bytes) {
  let sum = -1;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}

const NAMES_ARE_UTF8 = 0x800;
const DAY = 0x21; // 1980-01-01, the first that a zip file can tell

/** The bytes of a zip file with these files, `{name: text}`. */
export function pack(files) {
  const [parts, directory] = [[], []];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const [title, data] = [name, text].map((one) => new TextEncoder().encode(one));
    const about = [NAMES_ARE_UTF8, 0, 0, DAY, crc32(data), data.length, data.length, title.length, 0];
    const local = numbers([0x04034b50, 20, ...about], [4, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2]);
    directory.push(
      numbers([0x02014b50, 20, 20, ...about, 0, 0, 0, 0, at], [4, 2, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4]),
      title,
    );
    parts.push(local, title, data);
    at += local.length + title.length + data.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const count = Object.keys(files).length;
  return new Blob([
    ...parts,
    ...directory,
    numbers([0x06054b50, 0, 0, count, count, size, at, 0], [4, 2, 2, 2, 2, 4, 4, 2]),
  ]);
}

function numbers(values, widths) {
  const bytes = new Uint8Array(widths.reduce((sum, width) => sum + width));
  let at = 0;
  values.forEach((value, i) => {
    for (let k = 0; k < widths[i]; k++) bytes[at++] = (value >>> (8 * k)) & 255;
  });
  return bytes;
}

/** The files in a zip file, `{name: text}`; folders are left out. */
export async function unpack(buffer) {
  const view = new DataView(buffer);
  let end = buffer.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error("that is not a zip file");
  const files = {};
  let at = view.getUint32(end + 16, true);
  for (let n = view.getUint16(end + 10, true); n > 0; n--) {
    const [method, size, long, extra, comment, local] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 20, true),
      view.getUint16(at + 28, true),
      view.getUint16(at + 30, true),
      view.getUint16(at + 32, true),
      view.getUint32(at + 42, true),
    ];
    const name = new TextDecoder().decode(new Uint8Array(buffer, at + 46, long));
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    let bytes = new Blob([new Uint8Array(buffer, start, size)]);
    if (method === 8)
      bytes = await new Response(bytes.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
    else if (method !== 0) throw new Error(`${name} is packed in a way that this page cannot read`);
    if (!name.endsWith("/")) files[name] = await bytes.text();
    at += 46 + long + extra + comment;
  }
  return files;
}
