// Live together: what others change shows here within a second, and who is on
// which row. Every piece of the page comes from the server as it writes it
// anyway; what somebody is typing into is left alone.
'use strict';
(() => {
  const root = document.getElementById('live');
  if (!root || !window.EventSource) return;
  const { url, row, page } = root.dataset;
  const grid = document.querySelector('table.grid');
  let seq = root.dataset.seq;
  let source, stream = '', waiting = null, whole = false, at = row;
  const changed = new Set();

  // ---- what came from the server, put in place ----
  const parse = (html) => new DOMParser().parseFromString(html, 'text/html');
  const fetchPage = async (address) => {
    const res = await fetch(address, { headers: { 'X-Live': '1' } });
    if (!res.ok) throw new Error(res.status);
    return parse(await res.text());
  };
  const busy = (part) => {
    const on = document.activeElement;
    if (on && part.contains(on) && on.matches('input:not([type=hidden]), textarea, select, [contenteditable]')) return true;
    if (part.querySelector('.unsaved, .problem, .offer')) return true;
    return [...part.querySelectorAll('input, textarea, option')].some((f) => {
      if (f.type === 'hidden') return false;
      if (f.matches('option')) return f.selected !== f.defaultSelected && [...f.parentElement.options].some((o) => o.defaultSelected);
      return f.type === 'checkbox' || f.type === 'radio' ? f.checked !== f.defaultChecked : f.value !== f.defaultValue;
    });
  };
  const swap = (old, now) => {
    if (old.isEqualNode(now)) return false;
    const on = document.activeElement;
    const focus = on && old.contains(on) ? [...old.querySelectorAll('a, button, summary')].indexOf(on) : -1;
    const open = [...old.querySelectorAll('details')].map((d) => d.open);
    const next = document.importNode(now, true);
    for (const k of ['here', 'open']) next.classList.toggle(k, old.classList.contains(k));
    old.replaceWith(next);
    const details = next.querySelectorAll('details');
    if (details.length === open.length) details.forEach((d, i) => { d.open = open[i]; });
    if (focus >= 0) next.querySelectorAll('a, button, summary')[focus]?.focus({ preventScroll: true });
    return next;
  };
  const swapAll = (doc, selector) => {
    for (const now of doc.querySelectorAll(selector)) {
      const old = now.id && document.getElementById(now.id);
      if (old) swap(old, now);
    }
  };

  // ---- the grid ----
  const fresh = (body) => {
    body.classList.add('fresh');
    setTimeout(() => body.classList.remove('fresh'), 2500);
  };
  const takeRows = (doc, asked) => {
    swapAll(doc, '#strip, #wb-bar');
    for (const now of doc.querySelectorAll('tbody[id]')) {
      const old = document.getElementById(now.id);
      const put = old && swap(old, now);
      if (put) fresh(put);
    }
    for (const id of asked) if (!doc.getElementById(id)) document.getElementById(id)?.remove();
  };
  // What a row says, without its number: that moves with every row before it.
  const said = (body) => {
    const copy = body.cloneNode(true);
    for (const e of copy.querySelectorAll('.no, .here')) e.remove();
    return copy.textContent;
  };
  const takeGrid = (doc) => {
    swapAll(doc, '#strip, #wb-bar');
    for (const q of ['.wb-ask .found', '.wb-foot .kept']) { // how many rows there are, and that none is lost
      const old = document.querySelector(q), now = doc.querySelector(q);
      if (old && now) swap(old, now);
    }
    const now = [...doc.querySelectorAll('table.grid > tbody')];
    if (!grid || !now.length) return;
    const kept = new Set(now.map((b) => b.id));
    for (const old of [...grid.tBodies]) if (!kept.has(old.id)) old.remove();
    let after = grid.tHead;
    for (const body of now) { // in their new order; those that stand right are not touched
      const old = document.getElementById(body.id);
      let put = old;
      if (!old) { put = document.importNode(body, true); fresh(put); } else { put = swap(old, body) || old; if (put !== old && said(old) !== said(put)) fresh(put); }
      if (after.nextElementSibling !== put) after.after(put);
      after = put;
    }
  };

  // ---- a page of sections: a row, the draft ----
  const takeSections = (doc) => {
    let before = null;
    for (const now of doc.querySelectorAll('main header.row-head, main section[id], main [data-live]')) {
      const old = now.id ? document.getElementById(now.id) : document.querySelector('main header.row-head');
      if (!old) {
        if (before) { const put = document.importNode(now, true); before.after(put); before = put; }
        continue;
      }
      before = busy(old) ? old : swap(old, now) || old;
    }
    for (const old of document.querySelectorAll('main section[id]')) if (!doc.getElementById(old.id) && !busy(old)) old.remove();
    document.dispatchEvent(new Event('live:swapped'));
  };

  const flush = async () => {
    waiting = null;
    const asked = [...changed], all = whole || asked.length > 40;
    changed.clear();
    whole = false;
    try {
      if (!grid) takeSections(await fetchPage(page || location.href));
      else if (all) takeGrid(await fetchPage(location.href));
      else takeRows(await fetchPage(`${url}/rows?${new URLSearchParams([...new URLSearchParams(location.search), ...asked.map((r) => ['row', r])])}`), asked);
      document.dispatchEvent(new Event('live:updated'));
    } catch { // the server is away: what is missing comes with the next change
      asked.forEach((r) => changed.add(r));
      whole ||= all;
    }
  };
  const later = () => { waiting ??= setTimeout(flush, 80); };

  // ---- what the stream says ----
  const notice = document.getElementById('live-notice');
  let hide;
  const say = (text) => {
    notice.textContent = text;
    notice.hidden = false;
    clearTimeout(hide);
    hide = setTimeout(() => { notice.hidden = true; }, 20000);
  };
  const heard = {
    hello(d, e) {
      stream = d.stream;
      if (e.lastEventId) seq = e.lastEventId;
      if (d.lost) { whole = true; later(); }
      here();
    },
    change(d, e) {
      seq = e.lastEventId;
      if (row && !d.whole && !d.rows?.includes(row)) return;
      if (!d.mine) say(d.says);
      d.rows?.forEach((r) => changed.add(r));
      whole ||= !!d.whole;
      later();
    },
    seen(d, e) { seq = e.lastEventId; },
    people(d) {
      const doc = parse(d.html);
      const people = document.getElementById('live-people');
      people.replaceChildren(...doc.getElementById('live-people').childNodes);
      for (const slot of document.querySelectorAll('[data-here]')) {
        const now = doc.querySelector(`[data-here="${CSS.escape(slot.dataset.here)}"]`);
        slot.replaceChildren(...(now ? now.childNodes : []));
      }
    },
  };
  const open = () => {
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(`${url}?since=${seq}`);
    for (const [name, fn] of Object.entries(heard)) source.addEventListener(name, (e) => fn(JSON.parse(e.data), e));
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(open, 30000); };
  };

  // ---- where this page is ----
  const here = () => {
    if (!stream || !root.dataset.member || document.hidden) return;
    fetch(url, { method: 'POST', body: new URLSearchParams({ stream, row: at }) }).catch(() => {});
  };
  let moving;
  document.addEventListener('live:here', (e) => {
    at = e.detail;
    clearTimeout(moving);
    moving = setTimeout(here, 300);
  });
  setInterval(here, 20000);

  // A page that nobody sees does not hold a connection: browsers have few.
  let closing;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(closing);
    if (document.hidden) closing = setTimeout(() => source.close(), 30000);
    else { open(); here(); }
  });
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', (e) => { if (e.persisted) open(); });
  open();
})();
