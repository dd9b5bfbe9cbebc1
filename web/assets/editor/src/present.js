// Who else drafts this standard, and on which clause; and that somebody has
// submitted a new revision.
import { el, page } from './page.js';

export function present({ here, newer, name }) {
  const out = document.getElementById('dr-people');
  let source, stream = '', at = '', since = page.seq, timer;
  const tell = () => {
    if (!stream || document.hidden) return;
    fetch(page.url + '/live', { method: 'POST', body: new URLSearchParams({ stream, clause: at }) }).catch(() => {});
  };
  const show = (list) => {
    const others = list.filter((p) => p.id !== page.member);
    out.replaceChildren(...others.map((p) => el('span', { class: 'dr-person', title: name(p.clause) }, el('i', { class: 'rg r' + (p.region || '00') }, p.short || '·'), ' ', p.name, el('small', {}, ' ', name(p.clause)))));
    out.hidden = !others.length;
    here(others);
  };
  const open = () => {
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(`${page.url}/live?since=${since}`);
    source.addEventListener('hello', (e) => { stream = JSON.parse(e.data).stream; tell(); });
    source.addEventListener('people', (e) => show(JSON.parse(e.data).people));
    source.addEventListener('newer', (e) => { since = e.lastEventId || since; const d = JSON.parse(e.data); if (!d.mine) newer(d.says); });
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(open, 10000); };
  };
  setInterval(tell, 20000);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) { open(); tell(); } });
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', (e) => { if (e.persisted) open(); });
  open();
  return { at(clause) { if (clause === at) return; at = clause; clearTimeout(timer); timer = setTimeout(tell, 400); } };
}
