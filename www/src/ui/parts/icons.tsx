// The few drawings of the page, as strokes that take the colour of the text.

const PATHS = {
  chat: 'M4 5.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-8l-4.5 3.5v-3.5H4A1.5 1.5 0 0 1 2.5 16V7A1.5 1.5 0 0 1 4 5.5ZM7 10h10M7 13.2h6',
  photos:
    'M6 7.5V5.4A1.4 1.4 0 0 1 7.4 4h12.2A1.4 1.4 0 0 1 21 5.4v9.2a1.4 1.4 0 0 1-1.4 1.4H18M4.4 8h12.2A1.4 1.4 0 0 1 18 9.4v9.2a1.4 1.4 0 0 1-1.4 1.4H4.4A1.4 1.4 0 0 1 3 18.6V9.4A1.4 1.4 0 0 1 4.4 8ZM3.4 17.6l4-4.4 3.2 3.2 2-1.8 5 4.4',
  folder: 'M3 7.5A1.5 1.5 0 0 1 4.5 6h4.6l2 2.4h8.4A1.5 1.5 0 0 1 21 9.9v7.6a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5Z',
  zip: 'M6 3h8.5L19 7.5v12A1.5 1.5 0 0 1 17.5 21h-11A1.5 1.5 0 0 1 5 19.5V4M10 3v2M12 5v2M10 7v2M12 9v2M10 11v2m0 0h2v3.5h-2Z',
  lock: 'M6.5 10.5h11A1.5 1.5 0 0 1 19 12v6.5a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5V12a1.5 1.5 0 0 1 1.5-1.5ZM8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.4v2.2',
  check: 'm5 12.8 4.6 4.4L19 7.4',
  cross: 'M6.5 6.5l11 11m0-11-11 11',
  question: 'M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1.2-1.4 2.3M12 17.6v.1',
  play: 'M8.5 6.2v11.6l9.4-5.8Z',
  pause: 'M9 6.5v11M15 6.5v11',
  file: 'M6.5 3h7.8L19 7.7v11.8a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 19.5v-15A1.5 1.5 0 0 1 6.5 3ZM14 3.2V8h4.8',
  voice: 'M12 4a2.8 2.8 0 0 1 2.8 2.8v4.6a2.8 2.8 0 0 1-5.6 0V6.8A2.8 2.8 0 0 1 12 4ZM6 11.4a6 6 0 0 0 12 0M12 17.4V20',
  undo: 'M8.5 5 4.5 9l4 4M5 9h8.5a5 5 0 0 1 0 10H9',
  search: 'M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12Zm4.4 10.4 4.6 4.6',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  sides: 'M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5ZM12 5v14',
  swipe: 'M12 3.5v17M8.5 8.5 5 12l3.5 3.5M15.5 8.5 19 12l-3.5 3.5',
  zoom: 'M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12Zm4.4 10.4 4.6 4.6M10.5 8v5M8 10.5h5',
  gone: 'M4 4l16 16M8.4 5H19.5A1.5 1.5 0 0 1 21 6.5v11M18 19H4.5A1.5 1.5 0 0 1 3 17.5V6.5c0-.5.2-.9.6-1.2',
  down: 'm6.5 9.5 5.5 5.5 5.5-5.5',
  up: 'm6.5 14.5 5.5-5.5 5.5 5.5',
  gift: 'M4.5 11h15v8a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 19ZM3.5 7.5h17V11h-17ZM12 7.5v13M12 7.5C10 7.5 7.6 6.700 7.600 5A2 2 0 0 1 9.600 3C11.500 3 12 5.500 12 7.500Zm0 0c2 0 4.400-.8 4.400-2.500A2 2 0 0 0 14.400 3C12.500 3 12 5.500 12 7.500Z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the program: a bubble that is a framed photograph. */
export function Mark() {
  return (
    <svg class="mark" viewBox="92 94 328 330" aria-hidden="true" focusable="false">
      <path
        class="bubble"
        d="M138 102h236a44 44 0 0 1 44 44v176a44 44 0 0 1-44 44H238l-74 62c-8 7-20 1-20-9v-53h-6a44 44 0 0 1-44-44V146a44 44 0 0 1 44-44z"
      />
      <rect class="sky" x="142" y="146" width="228" height="164" rx="12" />
      <circle class="sun" cx="312" cy="200" r="27" />
      <path class="far" d="M142 307l66-81c7-8 18-8 25 0l69 84H154c-7 0-12-3-12-3z" />
      <path class="near" d="M240 310l52-60c7-8 17-8 24 0l53 58c-3 1-5 2-9 2z" />
    </svg>
  );
}
