// Forms, made more comfortable: drafts that survive, sends that are tried again, photos made smaller, characters counted.
import { draft, forget } from './_draft.js';
import { photos } from './_photos.js';

function count(area) {
  const most = Number(area.dataset.most);
  const out = document.createElement('p');
  out.className = 'count';
  area.after(out);
  const show = () => {
    const n = Array.from(area.value.trim()).length;
    out.hidden = n < most * 0.7;
    out.classList.toggle('over', n > most);
    out.textContent = `${n.toLocaleString(document.documentElement.lang)} / ${most.toLocaleString(document.documentElement.lang)}`;
  };
  area.addEventListener('input', show);
  show();
}

function begin() {
  document.querySelectorAll('[data-sent]').forEach((el) => forget(el.dataset.sent));
  document.querySelectorAll('form[data-draft]').forEach(draft);
  document.querySelectorAll('[data-photos]').forEach((drop) => { if (window.DataTransfer && window.createImageBitmap) photos(drop); });
  document.querySelectorAll('textarea[data-most]').forEach(count);
}
begin();
document.addEventListener('songhan:drawn', begin);
