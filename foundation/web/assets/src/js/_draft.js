// What is typed stays in this browser until it was sent: through a closed tab, an empty battery, a lost network. A send that failed is
// tried again with the same key, so that it never counts twice.
const DAYS = 7 * 864e5;
const WAITS = [4, 10, 30, 60, 120];
const skip = new Set(['token', 'key', 'version']);

const place = (form) => `songhan:${form.dataset.draft}:${new URL(form.action, location).pathname}`;
const kept = (form) => Array.from(form.elements).filter((el) => el.name && !skip.has(el.name) && !['file', 'password', 'submit', 'image', 'button'].includes(el.type) && !/^(kept|drop)-/.test(el.name));
const state = (form) => kept(form).map((el) => [el.name, el.type === 'radio' || el.type === 'checkbox' ? (el.checked ? `\u0001${el.value}` : '') : el.value]);
const store = { get: (k) => { try { return JSON.parse(localStorage.getItem(k)); } catch { return null; } }, set: (k, v) => { try { localStorage.setItem(k, JSON.stringify(v)); } catch { /* full or forbidden */ } }, drop: (k) => { try { localStorage.removeItem(k); } catch { /* forbidden */ } } };

export function forget(name) {
  try { Object.keys(localStorage).filter((k) => k.startsWith(`songhan:${name}:`)).forEach(store.drop); } catch { /* forbidden */ }
}

export function draft(form) {
  const at = place(form);
  const base = JSON.stringify(state(form));
  const key = form.elements.key;
  const note = form.querySelector('[data-sending]');
  const hint = document.querySelector('[data-draft-note]');
  const say = (word, left) => {
    if (!note) return;
    note.hidden = !word;
    if (word) note.querySelector('p').textContent = note.dataset[word].replace('{s}', left || '');
  };

  // A page with mistakes shows what was typed already.
  const old = store.get(at);
  if (old && Date.now() - old.at < DAYS && old.base === base && !document.getElementById('mistakes')) {
    const left = kept(form);
    old.fields.forEach(([name, value]) => {
      const i = left.findIndex((el) => el.name === name && !(el.type === 'radio' && value && value !== `\u0001${el.value}`));
      if (i < 0) return;
      const el = left.splice(i, 1)[0];
      if (el.type === 'radio' || el.type === 'checkbox') el.checked = !!value; else el.value = value;
    });
    if (key && old.key) key.value = old.key;
    say('restored');
    const chosen = form.querySelector('details:not([open]) input:checked');
    if (chosen) chosen.closest('details').open = true;
    setTimeout(() => { form.dispatchEvent(new Event('songhan:restored')); form.querySelectorAll('input:checked').forEach((el) => el.dispatchEvent(new Event('change', { bubbles: true }))); }, 0);
  } else if (old && (Date.now() - old.at >= DAYS || old.base !== base)) store.drop(at);

  let timer;
  const save = () => { store.set(at, { at: Date.now(), base, key: key && key.value, fields: state(form) }); if (hint) hint.hidden = false; };
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(save, 300); });
  addEventListener('pagehide', () => { if (timer && state(form).join() !== JSON.parse(base).join()) save(); });

  let pressed, busy;
  form.addEventListener('click', (e) => { pressed = e.target.closest('button[name]') || pressed; });
  form.addEventListener('submit', (e) => {
    const button = e.submitter === undefined ? pressed : e.submitter;
    if (!window.fetch || (button && button.closest('[data-region]')) || form.dataset.plain) return;
    e.preventDefault();
    if (busy) return;
    busy = true;
    save();
    const data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data);
    if (button) button.setAttribute('aria-busy', 'true');
    say('sending');
    attempt(body, button, 0);
  });

  async function attempt(body, button, n) {
    let answer;
    try {
      answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html', 'x-see': '1' } });
    } catch { return again(body, button, n); }
    if ([429, 502, 503, 504].includes(answer.status) && n < WAITS.length) return again(body, button, n, Number(answer.headers.get('retry-after')));
    const to = answer.headers.get('x-see');
    busy = false;
    if (to) { if (!to.startsWith('/sign-in')) store.drop(at); return location.assign(to); }
    if (answer.redirected) return location.assign(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const main = page.querySelector('main');
    if (!main) { form.dataset.plain = '1'; return form.submit(); }
    document.title = page.title;
    document.querySelector('main').replaceWith(document.importNode(main, true));
    document.dispatchEvent(new Event('songhan:drawn'));
    const first = document.getElementById('mistakes') || document.querySelector('h1');
    if (first) { first.tabIndex = -1; first.scrollIntoView(); first.focus(); }
  }

  function again(body, button, n, asked) {
    const seconds = Math.max(asked || 0, WAITS[Math.min(n, WAITS.length - 1)]);
    let left = navigator.onLine === false ? 0 : seconds;
    let clock;
    const go = () => { clearInterval(clock); removeEventListener('online', go); say('sending'); attempt(body, button, n + 1); };
    const tick = () => { if (left > 0) { say('waiting', String(left)); left -= 1; if (left <= 0) go(); } else say('offline'); };
    addEventListener('online', go);
    tick();
    clock = setInterval(tick, 1000);
  }
}
