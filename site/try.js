// The front page's experiment: a photo, the network in a worker, a wipe between before and after.
const here = new URL('.', import.meta.url);
const longest = 1280;
const [stage, before, after, wipe, status, save] = ['stage', 'before', 'after', 'wipe', 'status', 'save'].map(name => document.getElementById(`try-${name}`));
let worker, job = 0;

const say = text => { status.textContent = text; };

function show(share) {
  stage.style.setProperty('--wipe', `${share}%`);
}

function draw(canvas, width, height, pixels) {
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d').putImageData(pixels, 0, 0);
}

async function opened(blob) {
  let bitmap;
  try { bitmap = await createImageBitmap(blob); }
  catch { throw new Error('This file cannot be read as a photo: choose a JPEG, PNG or WebP file.'); }
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map(side => Math.max(1, Math.round(side * scale)));
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = 'white'; // what is transparent
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

function restored(pixels) {
  worker ??= new Worker(new URL('worker.js', here), { type: 'module' });
  const own = ++job;
  return new Promise((done, failed) => {
    worker.onerror = event => failed(new Error(`The network could not be started: ${event.message || 'the browser does not run it'}.`));
    worker.onmessage = ({ data }) => {
      if (data.job !== own) return;
      if (data.error) failed(new Error(data.error));
      else if (data.done) done(data.pixels);
      else say(`Restoring: part ${data.part} of ${data.parts}.`);
    };
    worker.postMessage({ job: own, pixels });
  });
}

async function restore(blob) {
  try {
    save.hidden = true;
    delete stage.dataset.done;
    say('Reading the photo.');
    const pixels = await opened(blob);
    draw(before, pixels.width, pixels.height, pixels);
    draw(after, pixels.width, pixels.height, pixels);
    say('Loading the network (20 MB, once).');
    const start = performance.now();
    const result = await restored(pixels);
    draw(after, result.width, result.height, result);
    show(wipe.value = 50);
    after.toBlob(file => { save.href = URL.createObjectURL(file); save.hidden = false; });
    say(`${result.width} x ${result.height} pixels, ${((performance.now() - start) / 1000).toFixed(1)} s. Left of the line the photo as it is, right of it restored.`);
    stage.dataset.done = job;
  } catch (error) { say(error.message); }
}

document.getElementById('try-sample').addEventListener('click', async () => {
  try { await restore(await (await fetch(new URL('sample.png', here))).blob()); }
  catch { say('The sample could not be loaded: open this site by deblur-lab --docs or from a web server.'); }
});
document.getElementById('try-file').addEventListener('change', ({ target }) => { if (target.files[0]) restore(target.files[0]); target.value = ''; });
wipe.addEventListener('input', () => show(wipe.value));
stage.addEventListener('dragover', event => { event.preventDefault(); stage.classList.add('try-over'); });
stage.addEventListener('dragleave', () => stage.classList.remove('try-over'));
stage.addEventListener('drop', event => {
  event.preventDefault();
  stage.classList.remove('try-over');
  if (event.dataTransfer.files[0]) restore(event.dataTransfer.files[0]);
});
stage.addEventListener('pointermove', event => {
  if (!event.buttons) return;
  const { left, width } = stage.getBoundingClientRect();
  show(wipe.value = Math.min(100, Math.max(0, 100 * (event.clientX - left) / width)));
});
show(50);
