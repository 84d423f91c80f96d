// Photos are made smaller before they leave the telephone: at most 1,600 pixels, without place and time of taking. What cannot be read
// here goes out as it is, and the server says what it thinks of it.
const SIDE = 1600;

async function shrink(file) {
  let picture;
  try { picture = await createImageBitmap(file, { imageOrientation: 'from-image' }); } catch { return [file, null]; }
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  const small = document.createElement('canvas');
  const side = Math.min(canvas.width, canvas.height);
  small.width = small.height = 208;
  small.getContext('2d').drawImage(canvas, (canvas.width - side) / 2, (canvas.height - side) / 2, side, side, 0, 0, 208, 208);
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.82));
  return [blob && blob.size ? new File([blob], `photo-${Date.now()}.jpg`, { type: 'image/jpeg' }) : file, small];
}

export function photos(drop) {
  const input = drop.querySelector('input[type=file]');
  const shots = drop.querySelector('.shots');
  let chosen = [];
  const write = () => {
    const list = new DataTransfer();
    chosen.forEach((file) => list.items.add(file));
    input.files = list.files;
  };
  input.addEventListener('change', async () => {
    // Our own writing fires no change event: this is a person's choice.
    const fresh = Array.from(input.files);
    const room = Math.max(0, Number(drop.dataset.photos) - chosen.length - shots.querySelectorAll('[name^=kept-]').length);
    const kept = fresh.slice(0, room);
    drop.setAttribute('aria-busy', 'true');
    for (const file of kept) {
      const [smaller, preview] = await shrink(file);
      chosen.push(smaller);
      const shot = document.createElement('div');
      shot.className = 'shot';
      if (preview) { preview.className = 'shot-no'; shot.append(preview); }
      const out = document.createElement('button');
      out.type = 'button';
      out.className = 'shot-drop';
      out.textContent = drop.dataset.drop;
      out.addEventListener('click', () => { chosen = chosen.filter((f) => f !== smaller); shot.remove(); write(); input.focus(); });
      shot.append(out);
      shots.append(shot);
    }
    write();
    drop.removeAttribute('aria-busy');
    const said = drop.querySelector('[role=status]');
    if (said) said.textContent = fresh.length > room ? drop.dataset.most : kept.length ? drop.dataset.say : '';
  });
}
