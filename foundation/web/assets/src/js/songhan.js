// On every page: the light changes without a reload, an open menu closes by Escape or a tap beside it, the mistakes get the focus.
// Every part of it works without this file.
const root = document.documentElement;

document.addEventListener('click', (e) => {
  const light = e.target.closest('a.light');
  if (light && !e.ctrlKey && !e.metaKey && !e.shiftKey && !e.button) {
    e.preventDefault();
    const shown = root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    const theme = shown === 'dark' ? 'light' : 'dark';
    root.dataset.theme = theme;
    // The cookie is the server's; the page that comes back is not needed.
    fetch(`/preferences?theme=${theme}&next=/preferences`, { redirect: 'manual' }).catch(() => {});
    document.querySelectorAll('input[type=image], img').forEach((el) => {
      const src = el.getAttribute('src');
      if (src && src.startsWith('/map?')) el.src = src.replace(/&light=\w+/, '') + `&light=${theme === 'dark' ? 'night' : 'day'}`;
    });
  }
  document.querySelectorAll('details.menu[open]').forEach((menu) => { if (!menu.contains(e.target)) menu.open = false; });
});
document.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape') return;
  document.querySelectorAll('details.menu[open]').forEach((menu) => { menu.open = false; menu.firstElementChild.focus(); });
});

// A link of the summary leads to the field itself, also when it hides in something that is folded.
document.addEventListener('click', (e) => {
  const link = e.target.closest('.summary a');
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  e.preventDefault();
  const folded = field.closest('details');
  if (folded) folded.open = true;
  (field.closest('.field') || field).scrollIntoView({ block: 'start' });
  field.focus({ preventScroll: true });
});
const mistakes = document.getElementById('mistakes');
if (mistakes) mistakes.focus();
