// The script of the chat pages: lightbox, films, calendar, whose messages stand right. The pages can be read without
// it. It runs from a USB stick: no modules, no fetch, no network. Texts of the chat are only ever set as text, never as
// markup.
(() => {
  'use strict';

  /** Makes an element with attributes and children. */
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const button = (text, label, act) => {
    const element = make('button', { type: 'button', 'aria-label': label }, text);
    element.addEventListener('click', act);
    return element;
  };
  const main = document.querySelector('main');
  /** Stands before the names of these files, where a file of the export has one of them. */
  const own = document.body.dataset.own || '';

  // --- The whole chat -----------------------------------------------------------------------------------------------
  // Pages opened by double click may not fetch files, but may load scripts: this one names every day and page.
  let loading = null;
  const wholeChat = () => {
    loading =
      loading ||
      new Promise((done) => {
        window.heirloomDates = done;
        document.head.append(make('script', { src: `${own}assets/dates.js` }));
      });
    return loading;
  };
  const addressOf = ({ first, starts }, message) => {
    let page = starts.findIndex((start) => start > message);
    page = page < 0 ? starts.length - 1 : Math.max(page - 1, 0);
    return `${page === 0 ? first : `${own}messages-${page + 1}.html`}#m${message}`;
  };

  // A link to a message of another page, such as one made before the chat grew.
  const toMessage = () => {
    const wanted = /^#m(\d+)$/.exec(location.hash);
    if (!wanted || !main.dataset.chat || document.getElementById(location.hash.slice(1))) return;
    wholeChat().then((chat) => {
      const address = addressOf(chat, Number(wanted[1]));
      if (!location.pathname.endsWith(`/${address.split('#')[0]}`)) location.replace(address);
    });
  };
  window.addEventListener('hashchange', toMessage);
  toMessage();

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
    box.place.textContent = `${at + 1} of ${links.length}`;
    box.original.href = link.dataset.original || link.href;
    const message = link.dataset.at;
    box.message.hidden = !message;
    if (message) box.message.href = message;
  };

  const buildLightbox = () => {
    const picture = make('img');
    const place = make('span', { class: 'place', 'aria-live': 'polite' });
    const original = make('a', { target: '_blank', rel: 'noopener' }, 'Original file');
    const message = make('a', {}, 'In the chat');
    const dialog = make(
      'dialog',
      { class: 'light', 'aria-label': 'Picture' },
      make('div', { class: 'stage' }, picture),
      make(
        'div',
        { class: 'tools' },
        button('‹', 'Earlier picture', () => show(at - 1)),
        place,
        message,
        original,
        button('Close', 'Close', () => dialog.close()),
        button('›', 'Later picture', () => show(at + 1)),
      ),
    );
    dialog.addEventListener('click', (event) => {
      if (event.target.className === 'stage') dialog.close();
    });
    message.addEventListener('click', () => dialog.close());
    dialog.addEventListener('keydown', (event) => {
      const steps = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: links.length - 1 };
      if (event.key in steps) {
        event.preventDefault();
        show(steps[event.key]);
      }
    });
    let from = null;
    dialog.addEventListener('pointerdown', (event) => {
      from = event.clientX;
    });
    dialog.addEventListener('pointerup', (event) => {
      const moved = from === null ? 0 : event.clientX - from;
      from = null;
      if (Math.abs(moved) > 60) show(at + (moved < 0 ? 1 : -1));
    });
    document.body.append(dialog);
    return { dialog, picture, place, original, message };
  };

  links.forEach((link, index) =>
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
      event.preventDefault();
      box = box || buildLightbox();
      show(index);
      box.dialog.showModal();
    }),
  );

  // --- Films --------------------------------------------------------------------------------------------------------
  // A film's first picture is loaded when it comes near; GIFs play while they are seen.
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const films = document.querySelectorAll('video');
  if (films.length && window.IntersectionObserver) {
    const near = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) target.preload = 'metadata';
          if (target.loop && !still) isIntersecting ? target.play().catch(() => {}) : target.pause();
        }
      },
      { rootMargin: '200px' },
    );
    films.forEach((film) => near.observe(film));
  }
  films.forEach((film) =>
    film.addEventListener('loadedmetadata', () => {
      // Sound without a picture: the browser does not know the original's codec. The exported film plays everywhere.
      const sources = film.querySelectorAll('source');
      const last = sources[sources.length - 1];
      if (film.videoWidth === 0 && last && film.currentSrc !== last.src) film.src = last.src;
    }),
  );

  // --- Whose messages stand right -----------------------------------------------------------------------------------
  const view = document.getElementById('view');
  if (view) {
    const me = document.getElementById('me');
    const key = `heirloom.me.${main.dataset.chat}`;
    const show = (number) => {
      for (const message of document.querySelectorAll('article[data-s]')) {
        const mine = message.dataset.s === number;
        message.classList.toggle('out', mine);
        message.classList.toggle('in', !mine);
      }
      // One's own name, and the other's in a chat of two, need not be repeated.
      document.body.classList.toggle('guess', number === '');
      document.body.classList.toggle('duo', number !== '' && me.options.length === 3);
    };
    const told = (act) => {
      // Some browsers refuse storage to files; then the choice lasts as long as the page.
      try {
        return act(window.localStorage);
      } catch {
        return null;
      }
    };
    const known = told((storage) => storage.getItem(key));
    if (known !== null && [...me.options].some(({ value }) => value === known)) {
      me.value = known;
      show(known);
    }
    me.addEventListener('change', () => {
      show(me.value);
      told((storage) => storage.setItem(key, me.value));
    });
    view.hidden = false;
    document.addEventListener('click', (event) => {
      if (!view.contains(event.target)) view.open = false;
    });
    view.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      view.open = false;
      view.querySelector('summary').focus();
    });
  }

  // --- Calendar -----------------------------------------------------------------------------------------------------
  // A month at a time; days without a message are no links. The page `dates.html` shows all months without a script.
  const opener = document.querySelector('.top a[href^="dates"]:not([aria-current])');
  const day = 86_400_000;
  const monthOf = (number) => new Date(number * day).toISOString().slice(0, 7);
  const name = (month) => new Date(`${month}-01T00:00Z`).toLocaleDateString('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

  const buildCalendar = (chat) => {
    const months = [...new Set(chat.days.map(([number]) => monthOf(number)))];
    const body = make('tbody');
    const select = make('select', { 'aria-label': 'Month' }, ...months.map((month) => make('option', { value: month }, name(month))));
    const draw = () => {
      const first = Date.parse(`${select.value}-01T00:00Z`) / day;
      const filled = new Map(chat.days.filter(([number]) => monthOf(number) === select.value).map((row) => [row[0], row]));
      const rows = [];
      for (let week = first - ((new Date(first * day).getUTCDay() + 6) % 7); rows.length < 6; week += 7) {
        const row = make('tr');
        for (let number = week; number < week + 7; number += 1) {
          const cell = make('td');
          const there = filled.get(number);
          const text = String(new Date(number * day).getUTCDate());
          if (there) {
            const label = `${new Date(number * day).toLocaleDateString('en', { dateStyle: 'long', timeZone: 'UTC' })}, ${there[2]} messages`;
            cell.append(make('a', { href: addressOf(chat, there[1]), 'aria-label': label }, text));
          } else if (monthOf(number) === select.value) cell.append(text);
          row.append(cell);
        }
        rows.push(row);
      }
      body.replaceChildren(...rows);
      before.disabled = select.selectedIndex === 0;
      after.disabled = select.selectedIndex === months.length - 1;
    };
    const step = (by) => {
      select.selectedIndex += by;
      draw();
    };
    const before = button('‹', 'Earlier month', () => step(-1));
    const after = button('›', 'Later month', () => step(1));
    select.addEventListener('change', draw);
    const days = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'].map((short) => make('th', { scope: 'col' }, short));
    const close = button('Close', 'Close', () => dialog.close());
    const dialog = make(
      'dialog',
      { class: 'calendar', 'aria-label': 'Go to a day' },
      make('div', { class: 'steps' }, before, select, after),
      make('table', { class: 'cal' }, make('thead', {}, make('tr', {}, ...days)), body),
      make('div', { class: 'steps' }, make('a', { href: `${own}dates.html` }, 'All months'), close),
    );
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog || event.target.closest('td a')) dialog.close();
    });
    dialog.addEventListener('keydown', (event) => {
      if (event.key === 'PageUp' && !before.disabled) step(-1);
      else if (event.key === 'PageDown' && !after.disabled) step(1);
      else return;
      event.preventDefault();
    });
    document.body.append(dialog);
    return {
      dialog,
      goTo: (month) => {
        select.value = months.includes(month) ? month : months[0];
        draw();
      },
    };
  };

  if (opener && window.HTMLDialogElement) {
    let calendar = null;
    opener.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      wholeChat().then((chat) => {
        if (!chat.days.length) return;
        calendar = calendar || buildCalendar(chat);
        // The month one is reading: that of the last day heading above the middle of the window.
        const seen = [...document.querySelectorAll('.day')].filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2).pop();
        const date = seen?.querySelector('time').dateTime.slice(0, 7);
        calendar.goTo(date || opener.hash.slice(2));
        calendar.dialog.showModal();
      });
    });
  }
})();
