// The report form, made more comfortable. Without this file every part of it works by itself.
//
// Buttons inside [data-region] only draw the form again: here the same form is sent without its photos and only that region is taken
// from the answer, so that nothing scrolls away and no photo travels twice. A send that the network lost is tried again with the same key.
function begin() {
  const form = document.querySelector('form[data-draft="report"]');
  if (!form) return;
  const say = (name, on) => document.querySelectorAll(name).forEach((el) => { el.hidden = !on; });

  // ---- what the chosen category asks for
  const react = () => {
    const chosen = form.querySelector('input[name=category]:checked');
    say('[data-when-urgent]', !!chosen && 'urgent' in chosen.dataset);
    say('[data-when-contact=yes]', !!chosen && 'contact' in chosen.dataset);
    say('[data-when-contact=no]', !chosen || !('contact' in chosen.dataset));
  };
  form.addEventListener('change', (e) => { if (e.target.name === 'category') react(); });
  react();

  // ---- the place: find, tap, move
  let asking;
  async function redraw(extra) {
    const region = form.querySelector('[data-region]');
    const data = new FormData(form);
    Array.from(data.keys()).forEach((name) => { if (data.get(name) instanceof File) data.delete(name); });
    for (const name in extra) data.set(name, extra[name]);
    if (asking) asking.abort();
    asking = new AbortController();
    region.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(form.action, { method: 'POST', body: data, signal: asking.signal, headers: { accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('[data-region]');
      if (!fresh) throw new Error('no region');
      const focused = document.activeElement && document.activeElement.id;
      region.replaceWith(document.importNode(fresh, true));
      if (focused) { const el = document.getElementById(focused); if (el) el.focus(); }
      place();
      form.dispatchEvent(new Event('input', { bubbles: true }));
    } catch (e) {
      if (e.name !== 'AbortError') region.removeAttribute('aria-busy');
      return e.name === 'AbortError';
    }
    return true;
  }
  form.addEventListener('click', async (e) => {
    const button = e.target.closest('[data-region] button, [data-region] input[type=image]');
    if (!button || 'here' in button.dataset) return;
    e.preventDefault();
    const extra = {};
    if (button.type === 'image') {
      const box = button.getBoundingClientRect();
      const scale = Number(button.getAttribute('width')) / box.width;
      extra[`${button.name}.x`] = Math.round((e.clientX - box.left) * scale);
      extra[`${button.name}.y`] = Math.round((e.clientY - box.top) * scale);
    } else extra[button.name] = button.value;
    if (!(await redraw(extra))) form.requestSubmit ? form.requestSubmit(button.type === 'image' ? undefined : button) : form.submit();
  });
  form.addEventListener('keydown', (e) => {
    if (e.key === 'Enter' && e.target.id === 'address') { e.preventDefault(); redraw({ go: 'find' }); }
  });
  function place() {
    const here = form.querySelector('[data-here]');
    if (here && navigator.geolocation) {
      here.hidden = false;
      here.addEventListener('click', (e) => {
        e.preventDefault();
        here.setAttribute('aria-busy', 'true');
        navigator.geolocation.getCurrentPosition(
          (at) => redraw({ here: `${at.coords.latitude.toFixed(6)},${at.coords.longitude.toFixed(6)}` }),
          () => redraw({ here: 'failed' }),
          { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
      });
    }
  }
  place();
  // A draft that came back may hold a point: the map is drawn for it.
  form.addEventListener('songhan:restored', () => { react(); redraw({ go: 'photos' }); });
}
begin();
document.addEventListener('songhan:drawn', begin);
