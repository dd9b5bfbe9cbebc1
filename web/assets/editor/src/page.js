// What the modules of the drafting page share: the page's element, its words in
// the reader's language, and requests to the server.

export const root = document.getElementById('drafting');
export const page = root ? root.dataset : {};
const words = root ? JSON.parse(page.words) : {};

// say is a sentence of the catalogue with its places filled in.
export const say = (key, ...args) => (words[key] ?? key).replace(/%[sd]/g, () => args.shift() ?? '');

// el makes an element: el('button', { type: 'button', onclick }, 'text', child …)
export function el(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) {
    if (v === undefined || v === null || v === false) continue;
    if (k.startsWith('on')) e.addEventListener(k.slice(2), v);
    else if (k === 'class') e.className = v;
    else if (k === 'data') Object.assign(e.dataset, v);
    else e.setAttribute(k, v === true ? '' : v);
  }
  e.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
  return e;
}

// Refused is an answer of the server that is not 200; body is what it said.
export class Refused extends Error {
  constructor(status, body) { super(body?.reason || String(status)); this.status = status; this.body = body || {}; }
}

// ask posts JSON and reads JSON. A network that is down throws a TypeError.
export async function ask(path, body, options = {}) {
  const res = await fetch(page.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify({ member: page.member, ...body }),
    redirect: 'manual', ...options,
  });
  if (res.type === 'opaqueredirect') throw new Refused(401);
  let said = null;
  try { said = await res.json(); } catch { /* a page, not an answer */ }
  if (!res.ok || !said) throw new Refused(res.status === 200 ? 502 : res.status, said);
  return said;
}

// time is an hour and a minute, with the day where it is not today.
export const time = (at) => {
  const d = new Date(at), now = new Date();
  return d.toDateString() === now.toDateString() ? d.toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false }) : d.toLocaleString('zh-CN', { hour12: false });
};
