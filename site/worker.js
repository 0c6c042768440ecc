// The network, in a thread of its own: a photo comes as ImageData, tile by tile it goes through ONNX Runtime, and comes back.
import * as ort from './ort.wasm.min.mjs';

const tile = 512, overlap = 64; // pixels
ort.env.wasm.wasmPaths = new URL('.', import.meta.url).href;
ort.env.wasm.numThreads = 1; // more need headers that a plain web server does not send
const address = name => new URL(name, import.meta.url);
const network = (async () => ({
  ...await (await fetch(address('network.json'))).json(),
  session: await ort.InferenceSession.create(address('network.onnx').href, { executionProviders: ['wasm'] }),
}))();

// Where tiles begin: all of one length, evenly spread, neighbours overlap.
function starts(side) {
  if (side <= tile) return [0];
  const count = Math.ceil((side - overlap) / (tile - overlap));
  return Array.from({ length: count }, (_, n) => Math.round(n * (side - tile) / (count - 1)));
}

// Like padding by reflection, or by repeating the edge where the photo is too small for that.
function inside(place, side, padded) {
  if (place < side) return place;
  return padded - side < side ? 2 * side - 2 - place : side - 1;
}

async function part({ session, multiple, smallest }, pixels, left, top, width, height) {
  const [right, bottom] = [width, height].map(side => Math.max(smallest, Math.ceil(side / multiple) * multiple));
  const reflect = right - width < width && bottom - height < height;
  const [columns, rows] = [[right, width], [bottom, height]].map(([padded, side]) =>
    Array.from({ length: padded }, (_, n) => reflect ? inside(n, side, padded) : Math.min(n, side - 1)));
  const values = new Float32Array(3 * bottom * right);
  for (let y = 0; y < bottom; y++) for (let x = 0; x < right; x++) for (let c = 0; c < 3; c++)
    values[(c * bottom + y) * right + x] = pixels.data[4 * ((top + rows[y]) * pixels.width + left + columns[x]) + c] / 127.5 - 1;
  const { restored } = await session.run({ blurred: new ort.Tensor('float32', values, [1, 3, bottom, right]) });
  return { data: restored.data, right, bottom };
}

// How much a tile counts at a place: full in its middle, falling to nothing over the overlap where it has a neighbour.
function weight(place, side, first, last) {
  const rise = first ? 1 : Math.min(1, (place + .5) / overlap);
  return Math.min(rise, last ? 1 : Math.min(1, (side - place - .5) / overlap));
}

async function restore(job, pixels) {
  const net = await network, { width, height } = pixels;
  const sum = new Float32Array(4 * width * height);
  const tiles = starts(height).flatMap(top => starts(width).map(left => [left, top]));
  for (const [n, [left, top]] of tiles.entries()) {
    postMessage({ job, part: n + 1, parts: tiles.length });
    const w = Math.min(tile, width - left), h = Math.min(tile, height - top);
    const { data, right, bottom } = await part(net, pixels, left, top, w, h);
    for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
      const share = weight(x, w, !left, left + w === width) * weight(y, h, !top, top + h === height);
      const place = 4 * ((top + y) * width + left + x);
      for (let c = 0; c < 3; c++) sum[place + c] += share * data[(c * bottom + y) * right + x];
      sum[place + 3] += share;
    }
  }
  const result = new ImageData(width, height);
  for (let i = 0; i < sum.length; i += 4) {
    for (let c = 0; c < 3; c++) result.data[i + c] = (sum[i + c] / sum[i + 3] + 1) * 127.5;
    result.data[i + 3] = 255;
  }
  return result;
}

let queue = Promise.resolve(); // one photo after another
onmessage = ({ data: { job, pixels } }) => {
  queue = queue.then(async () => {
    try { postMessage({ job, done: true, pixels: await restore(job, pixels) }); }
    catch (error) { postMessage({ job, error: `The network failed: ${error.message}` }); }
  });
};
