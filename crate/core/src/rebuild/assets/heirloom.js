// The script of the chat pages: lightbox, films, search. The pages can be read without it. It runs from a USB stick:
// no modules, no fetch, no network. Texts of the chat are only ever set as text, never as markup.
(() => {
  'use strict';

  /** Makes an element with attributes and children. */
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // --- Lightbox -----------------------------------------------------------------------------------------------------
  const links = [...document.querySelectorAll('a[data-view]')];
  let at = 0;
  let box = null;

  const show = (index) => {
    at = (index + links.length) % links.length;
    const link = links[at];
    // A `<picture>` chose what this browser can show.
    const inner = link.querySelector('img');
    box.picture.src = link.dataset.at === undefined && inner && inner.currentSrc ? inner.currentSrc : link.href;
    box.picture.alt = inner ? inner.alt : '';
    box.original.href = link.dataset.original || link.href;
    const message = link.dataset.at;
    box.message.hidden = !message;
    if (message) box.message.href = message;
  };

  const build = () => {
    const picture = make('img');
    const button = (text, label, act) => {
      const element = make('button', { type: 'button', 'aria-label': label }, text);
      element.addEventListener('click', act);
      return element;
    };
    const original = make('a', { target: '_blank', rel: 'noopener' }, 'Original file');
    const message = make('a', {}, 'In the chat');
    const dialog = make('dialog', { class: 'light', 'aria-label': 'Picture' },
      make('div', { class: 'stage' }, picture),
      make('div', { class: 'tools' }, button('‹', 'Earlier', () => show(at - 1)), message, original,
        button('Close', 'Close', () => dialog.close()), button('›', 'Later', () => show(at + 1))));
    dialog.addEventListener('click', (event) => { if (event.target.className === 'stage') dialog.close(); });
    dialog.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowLeft') show(at - 1);
      if (event.key === 'ArrowRight') show(at + 1);
    });
    let from = null;
    dialog.addEventListener('pointerdown', (event) => { from = event.clientX; });
    dialog.addEventListener('pointerup', (event) => {
      const moved = from === null ? 0 : event.clientX - from;
      from = null;
      if (Math.abs(moved) > 60) show(at + (moved < 0 ? 1 : -1));
    });
    document.body.append(dialog);
    return { dialog, picture, original, message };
  };

  links.forEach((link, index) => link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
    event.preventDefault();
    box = box || build();
    show(index);
    box.dialog.showModal();
  }));

  // --- Films --------------------------------------------------------------------------------------------------------
  // A film's first picture is loaded when it comes near; GIFs play while they are seen.
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const films = document.querySelectorAll('video');
  if (films.length && window.IntersectionObserver) {
    const near = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) target.preload = 'metadata';
        if (target.loop && !still) isIntersecting ? target.play().catch(() => {}) : target.pause();
      }
    }, { rootMargin: '200px' });
    films.forEach((film) => near.observe(film));
  }
  films.forEach((film) => film.addEventListener('loadedmetadata', () => {
    // Sound without a picture: the browser does not know the original's codec. The exported film plays everywhere.
    const sources = film.querySelectorAll('source');
    const last = sources[sources.length - 1];
    if (film.videoWidth === 0 && last && film.currentSrc !== last.src) film.src = last.src;
  }));

  // --- Dates menu ---------------------------------------------------------------------------------------------------
  const months = document.querySelector('.months');
  if (months) document.addEventListener('click', (event) => {
    if (!months.contains(event.target) || event.target.closest('a')) months.open = false;
  });

  // --- Search -------------------------------------------------------------------------------------------------------
  const query = document.getElementById('query');
  if (!query) return;
  const results = document.getElementById('results');
  const found = document.getElementById('found');
  const pages = Number(query.dataset.pages);
  const most = 200;
  const index = [];
  /** The same text for every way of writing it: no case, no accents. */
  const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  let loading = null;

  window.heirloomIndex = (page, file, rows) => {
    index[page] = { file, rows: rows.map((row) => ({ row, plain: plain(row[1] + ' ' + row[3]) })) };
  };
  const load = (page) => new Promise((done) => {
    const script = make('script', { src: `assets/search-${page + 1}.js` });
    script.onload = script.onerror = () => { script.remove(); done(); };
    document.head.append(script);
  });
  const loadAll = async () => {
    for (let page = 0; page < pages; page += 1) {
      found.textContent = `Reading page ${page + 1} of ${pages} …`;
      await load(page);
    }
  };

  /** The text around the first hit, with every hit marked. */
  const excerpt = (text, words) => {
    const lower = text.toLowerCase();
    const first = Math.max(0, Math.min(...words.map((word) => lower.indexOf(word)).filter((place) => place >= 0), text.length) - 60);
    const part = text.slice(first, first + 220);
    const parts = [first > 0 ? '…' : ''];
    let rest = part;
    while (rest) {
      const low = rest.toLowerCase();
      const hits = words.map((word) => [low.indexOf(word), word.length]).filter(([place]) => place >= 0).sort((a, b) => a[0] - b[0]);
      if (!hits.length || low.length !== rest.length) break;
      const [place, length] = hits[0];
      parts.push(rest.slice(0, place), make('mark', {}, rest.slice(place, place + length)));
      rest = rest.slice(place + length);
    }
    parts.push(rest, first + 220 < text.length ? '…' : '');
    return parts;
  };

  const when = (seconds) => seconds === null ? '' : new Date(seconds * 1000).toLocaleString(undefined, { timeZone: 'UTC', dateStyle: 'long', timeStyle: 'short' });

  const search = async () => {
    const words = plain(query.value).split(/\s+/).filter(Boolean);
    if (!words.length) { results.replaceChildren(); found.textContent = ''; return; }
    loading = loading || loadAll();
    await loading;
    if (plain(query.value).split(/\s+/).filter(Boolean).join(' ') !== words.join(' ')) return;
    let count = 0;
    const items = [];
    for (const page of index) {
      for (const { row, plain: text } of page ? page.rows : []) {
        if (!words.every((word) => text.includes(word))) continue;
        count += 1;
        if (items.length >= most) continue;
        const [message, sender, seconds, words_] = row;
        items.push(make('li', {}, make('a', { href: `${page.file}#m${message}`, dir: 'auto' },
          make('small', {}, [sender, when(seconds)].filter(Boolean).join(' · ')), ...excerpt(words_, words))));
      }
    }
    results.replaceChildren(...items);
    found.textContent = count === 0 ? 'Nothing found.' : count > most ? `${count} messages; the first ${most} are shown.` : `${count} ${count === 1 ? 'message' : 'messages'}`;
  };
  let timer = 0;
  query.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(search, 150); });
  query.focus();
  if (query.value) search();
})();
