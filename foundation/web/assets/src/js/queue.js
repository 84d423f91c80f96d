// The officer's queue: a look at one report beside the list, without leaving it. Without this file each row's own link does the same with a
// new page, and so it does where this file fails.
const beside = document.querySelector('[data-beside]');
const wide = matchMedia('(min-width: 80rem)');
const PAUSE = 120;
const rows = () => Array.from(beside.querySelectorAll('tbody tr'));
const link = (row) => row.querySelector('a.see');
const glance = () => beside.querySelector('.glance');
const say = (text) => { beside.querySelector('[role=status]').textContent = text; };
let asking;
let soon;

function mark(row) {
  rows().forEach((one) => {
    one.classList.toggle('chosen', one === row);
    if (one === row) one.setAttribute('aria-current', 'true'); else one.removeAttribute('aria-current');
  });
}

/** Chooses a row at once and asks for its report; while a key is held only the last one is asked for. */
function see(row, pause) {
  mark(row);
  link(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
  if (asking) asking.abort();
  clearTimeout(soon);
  soon = setTimeout(() => fill(link(row).href), pause);
}

async function fill(href) {
  const mine = new AbortController();
  asking = mine;
  const old = glance();
  if (old) old.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(href, { signal: mine.signal, headers: { accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('.glance');
    if (mine.signal.aborted) return;
    if (!answer.ok || !fresh) throw new Error('no glance');
    const here = document.importNode(fresh, true);
    if (old) old.replaceWith(here); else beside.querySelector('.beside-list').after(here);
    beside.classList.add('seeing');
    history.replaceState(history.state, '', href);
    const chosen = beside.querySelector('tr.chosen');
    if (!old && chosen) chosen.scrollIntoView({ block: 'nearest' });
    say(`${here.dataset.code}. ${here.querySelector('h2').textContent}`);
  } catch (e) {
    if (e.name !== 'AbortError') location.assign(href);
  }
}

function close() {
  const old = glance();
  const chosen = beside.querySelector('tr.chosen');
  if (asking) asking.abort();
  clearTimeout(soon);
  history.replaceState(history.state, '', old.querySelector('.glance-close').href);
  old.remove();
  beside.classList.remove('seeing');
  mark(null);
  say('');
  if (chosen) { link(chosen).focus({ preventScroll: true }); chosen.scrollIntoView({ block: 'nearest' }); }
}

const plain = (e) => !(e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey);

// On a telephone the views are wider than the screen: the one that is open is seen.
const tabs = document.querySelector('.tabs');
const open = tabs && tabs.querySelector('[aria-current]');
if (open) tabs.scrollLeft = open.offsetLeft + open.offsetWidth - tabs.clientWidth + 12;

if (beside) {
  beside.addEventListener('click', (e) => {
    if (!wide.matches || !plain(e)) return;
    if (e.target.closest('.glance-close')) { e.preventDefault(); close(); return; }
    const row = e.target.closest('tbody tr');
    const at = e.target.closest('a, button, input, label');
    if (!row || (at && !at.matches('.see')) || String(getSelection())) return;
    e.preventDefault();
    see(row, 0);
  });
  // Keys belong to the list and to what stands beside it, and to nothing else on the page: a voice or a slip elsewhere moves nothing.
  beside.addEventListener('keydown', (e) => {
    if (!wide.matches || !plain(e) || e.target.closest('input, textarea, select, [contenteditable]')) return;
    if (e.key === 'Escape' && glance()) { close(); return; }
    const list = !e.target.closest('.glance');
    const step = { j: 1, k: -1, ArrowDown: list ? 1 : 0, ArrowUp: list ? -1 : 0 }[e.key];
    if (!step) return;
    const all = rows();
    const from = all.indexOf(beside.querySelector('tr.chosen') || e.target.closest('tbody tr'));
    const next = all[beside.querySelector('tr.chosen') ? from + step : Math.max(from, 0)];
    e.preventDefault();
    if (next) see(next, PAUSE);
  });
}
