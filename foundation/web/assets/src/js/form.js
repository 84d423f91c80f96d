// Forms, made more comfortable: drafts that survive, sends that are tried again, photos made smaller, characters counted, and messages that
// go when what they are about is corrected.
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

/** A message is about what was sent. It goes when its field says something else, and with it its line in the list of mistakes. */
function corrected(field) {
  if (field) {
    field.classList.remove('bad');
    field.querySelectorAll('.wrong').forEach((el) => el.remove());
    field.querySelectorAll('[aria-invalid]').forEach((el) => el.removeAttribute('aria-invalid'));
    [field, ...field.querySelectorAll('[aria-describedby]')].forEach((el) => {
      const left = (el.getAttribute('aria-describedby') || '').split(' ').filter((id) => document.getElementById(id));
      if (left.length) el.setAttribute('aria-describedby', left.join(' ')); else el.removeAttribute('aria-describedby');
    });
    const step = field.closest('.has-bad');
    if (step && !step.querySelector('.bad')) step.classList.remove('has-bad');
  }
  const mistakes = document.getElementById('mistakes');
  if (!mistakes) return;
  mistakes.querySelectorAll('a').forEach((a) => { if (!document.getElementById(`${a.hash.slice(1)}-error`)) a.closest('li').remove(); });
  const left = mistakes.querySelectorAll('li').length;
  const title = mistakes.querySelector('h2');
  if (!left) mistakes.remove();
  else title.textContent = left === 1 ? title.dataset.one : title.textContent.replace(/\d+/, left);
}
document.addEventListener('input', (e) => { if (e.target.closest('form[data-draft]')) corrected(e.target.closest('.bad')); });

function begin() {
  document.querySelectorAll('[data-sent]').forEach((el) => forget(el.dataset.sent));
  document.querySelectorAll('form[data-draft]').forEach(draft);
  document.querySelectorAll('[data-photos]').forEach((drop) => { if (window.DataTransfer && window.createImageBitmap) photos(drop); });
  document.querySelectorAll('textarea[data-most]').forEach(count);
}
begin();
document.addEventListener('songhan:drawn', begin);
