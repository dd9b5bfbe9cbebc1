// Keeping what is typed: at every change into this browser, and from there to
// the server, without anybody asking for it. The state is said in words.
import { ask, page, say, time, Refused } from './page.js';
import * as store from './store.js';

const SOON = 600;          // ms after the last key
const LATEST = 1800;       // ms after the first key that the server does not have
const BACKOFF = [1000, 2000, 4000, 8000, 15000, 30000];
const BEACON = 60 << 10;   // bytes that a leaving page may still send

// prefix of the texts of this member's draft; each open page has a key of its
// own, so that two pages never overwrite each other here.
export const prefix = `${page.member}/${page.standard}/`;
const tab = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
export const key = prefix + tab;

// mark names a text shortly: which of those that were sent does the server hold?
export function mark(text) {
  let h = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i += 1 + (text.length >> 14)) h = BigInt.asUintN(64, (h ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return text.length + ':' + h.toString(36);
}

// A page that is open holds a lock, so that another one does not take its text
// for one that was left behind.
navigator.locks?.request('draft:' + key, () => new Promise(() => {}));
export async function orphans() {
  const held = new Set();
  try { for (const l of (await navigator.locks.query()).held) held.add(l.name); } catch { /* not over plain HTTP */ }
  return (await store.entries(prefix)).filter((e) => e.key !== key && !held.has('draft:' + e.key));
}

export class Keeper {
  // text() gives the text; met(copy) is called when the server holds another
  // one than this page started from.
  constructor({ version, source, text, met }) {
    Object.assign(this, { version, text, met, kept: source, tries: 0, sending: null, first: 0, stopped: false, writing: null, unanswered: [] });
    this.out = document.getElementById('dr-state');
    this.show('saved', say('editor.state.saved'));
    addEventListener('online', () => this.now());
    addEventListener('blur', () => this.now());
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.now(); else if (this.dirty) this.now(); });
    addEventListener('pagehide', () => this.leave());
    addEventListener('beforeunload', (e) => { if (this.dirty && this.homeless) e.preventDefault(); });
  }

  get dirty() { return !!this.first; }

  show(state, words) {
    this.out.dataset.state = state;
    this.out.textContent = words;
  }

  entry() { return { key, member: page.member, standard: page.standard, version: this.version, at: Date.now(), source: this.text(), sent: this.unanswered.map(mark) }; }

  // changed is called at every change.
  changed() {
    this.first ||= Date.now();
    this.local();
    if (this.stopped || this.tries) return; // a retry is under way by itself
    if (!this.sending) this.show('dirty', say('editor.state.typing'));
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    const wait = Math.max(0, Math.min(SOON, this.first + LATEST - Date.now()));
    this.timer = setTimeout(() => this.now(), wait);
  }

  // local writes the text into the browser; while one writing goes on the next
  // waits, and takes whatever has been typed by then.
  async local() {
    if (this.writing) { this.again = true; return; }
    this.writing = store.put(this.entry());
    try { await this.writing; this.homeless = false; } catch { this.homeless = true; }
    this.writing = null;
    if (this.again) { this.again = false; if (this.dirty) this.local(); }
  }

  // now saves at once; it resolves when the server has the text, or has not.
  async now() {
    clearTimeout(this.timer);
    if (this.sending) { await this.sending; }
    if (!this.dirty || this.stopped) return !this.dirty;
    this.sending = this.send();
    try { return await this.sending; } finally { this.sending = null; }
  }

  async send() {
    const source = this.text(), begun = this.first;
    if (source === this.kept) { this.clean(); return true; }
    this.show('saving', say('editor.state.saving'));
    this.first = 0;
    this.unanswered = [...this.unanswered.slice(-9), source];
    try {
      const done = await ask('/save', { version: this.version, source });
      this.version = done.version;
      this.kept = source;
      this.tries = 0;
      this.unanswered = [];
      if (this.text() === source) this.clean(); else { this.first ||= Date.now(); this.later(); }
      this.show(this.dirty ? 'dirty' : 'saved', this.dirty ? say('editor.state.typing') : say('editor.state.saved.at', time(done.saved)));
      return true;
    } catch (e) {
      this.first ||= begun;
      return this.failed(e, source);
    }
  }

  clean() {
    this.first = 0;
    store.forget(key);
    this.show('saved', say('editor.state.saved.at', time(Date.now())));
  }

  async failed(e, source) {
    this.local();
    if (e instanceof Refused && e.status === 409) {
      if (e.body.source === source) { // it arrived the last time, only the answer did not
        this.version = e.body.version;
        this.kept = source;
        this.clean();
        return true;
      }
      if (this.unanswered.includes(e.body.source)) { // an earlier one did, and more was typed since
        Object.assign(this, { version: e.body.version, kept: e.body.source, unanswered: [] });
        return this.send();
      }
      this.stopped = true;
      this.show('met', say('editor.state.met'));
      this.met(e.body);
      return false;
    }
    if (e instanceof Refused && e.status === 401) {
      this.show('expired', say('editor.state.expired'));
      const link = document.createElement('a');
      link.href = '/sign-in?next=' + encodeURIComponent('/account');
      link.target = '_blank';
      link.textContent = say('editor.state.signin');
      this.out.append(' ', link);
    } else if (e instanceof Refused && e.status < 500) {
      this.show('refused', say('editor.state.refused', e.message));
      return false;
    } else this.show('offline', this.homeless ? say('editor.state.nowhere') : say('editor.state.offline'));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), BACKOFF[Math.min(this.tries++, BACKOFF.length - 1)]);
    return false;
  }

  // resume goes on after a choice: the server's version is the one that the
  // page's text now follows.
  resume(version, kept) {
    Object.assign(this, { version, kept, stopped: false, tries: 0, first: this.text() === kept ? 0 : Date.now() });
    if (this.dirty) return this.now();
    this.clean();
    return true;
  }

  leave() {
    if (!this.dirty || this.left === this.text()) return;
    this.unanswered.push(this.text());
    const entry = this.entry();
    store.leave(entry);
    const body = JSON.stringify({ member: page.member, version: this.version, source: entry.source });
    if (!this.stopped && new Blob([body]).size < BEACON) navigator.sendBeacon(page.url + '/save', new Blob([body], { type: 'application/json' }));
    this.left = entry.source;
  }
}
